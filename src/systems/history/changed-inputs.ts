import type { MigrationInput } from '../../migration/migration.ts'
import type { Changes } from './changes.ts'

/** The migrations, each with what has become of it, and after them those that are gone. */
export function withChanges(inputs: readonly MigrationInput[], { present, gone }: Changes): MigrationInput[] {
  const there = new Set(inputs.map(({ path }) => path))
  const left = new Map(gone.map(({ migration, change }) => [migration.path, [change]]))
  return [
    ...inputs.map(input => {
      const changes = [...(present.get(input.path) ?? []), ...(left.get(input.path) ?? [])]
      return changes.length > 0 ? { ...input, changes } : input
    }),
    ...gone
      .filter(({ migration }) => !there.has(migration.path))
      .map(({ migration: { path, content }, change }): MigrationInput => {
        return { kind: 'gone', path, content, changes: [change] }
      }),
  ]
}
