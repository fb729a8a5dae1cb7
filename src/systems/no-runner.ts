import type { MigrationInput } from '../migration/migration.ts'

/** Of a file that nothing runs. */
export const noRunner: Pick<MigrationInput, 'execution' | 'runner'> = {
  execution: { inTransaction: false, singleMessage: false, spansFiles: false },
  runner: { name: '', outsideTransaction: () => '', laterMigration: () => '' },
}
