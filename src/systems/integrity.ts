import type { MigrationInput } from '../migration/migration.ts'
import { atlasSum } from './atlas/sum.ts'
import type { Project } from './discover.ts'
import type { Tree } from './reading/tree.ts'
import type { IntegrityFile } from './system.ts'

/**
 * The files that vouch for the migrations of a project: those of its own system, and sums that Atlas keeps beside the files of
 * another system. `tree` must be complete: a file that is only left out of it would seem to be missing.
 */
export function integrityOf({ system, directory }: Project, tree: Tree): readonly IntegrityFile[] {
  return [...(system.integrity?.(tree, directory) ?? []), ...atlasSum(tree, directory, system.id)]
}

/**
 * The migrations, each with its disagreements with the file that records it, followed by the files that are not
 * migrations.
 */
export function withIntegrity(
  inputs: readonly MigrationInput[],
  files: readonly IntegrityFile[],
  tree: Tree,
): MigrationInput[] {
  const paths = new Set(inputs.map(({ path }) => path))
  const own = new Map(files.map(file => [file.path, file.discrepancies]))
  return [
    ...inputs.map(input => {
      const discrepancies = own.get(input.path) ?? []
      return discrepancies.length > 0 ? { ...input, discrepancies } : input
    }),
    ...files
      .filter(({ path }) => !paths.has(path))
      .map(({ path, covers, discrepancies }): MigrationInput => {
        return { kind: 'vouching', path, content: tree.read(path), covers, discrepancies }
      }),
  ]
}
