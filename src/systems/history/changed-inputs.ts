import type { MigrationInput } from '../../migration/migration.ts'
import type { Changes } from './changes.ts'

/** The migrations, each with its changes, followed by the missing ones. */
export function withChanges(inputs: readonly MigrationInput[], { present, gone, merged }: Changes): MigrationInput[] {
  const there = new Set(inputs.map(({ path }) => path))
  const left = new Map(gone.map(({ migration, change }) => [migration.path, [change]]))
  return [
    ...inputs.map(input => {
      const changes = [...(present.get(input.path) ?? []), ...(left.get(input.path) ?? [])]
      const discrepancies = [...(input.discrepancies ?? []), ...(merged?.get(input.path) ?? [])]
      return {
        ...input,
        ...(changes.length > 0 && { changes }),
        ...(discrepancies.length > 0 && { discrepancies }),
      }
    }),
    ...gone
      .filter(({ migration }) => !there.has(migration.path))
      .map(({ migration: { path, content }, change }): MigrationInput => {
        return { kind: 'gone', path, content, changes: [change] }
      }),
  ]
}
