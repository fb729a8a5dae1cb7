import { type Discovery, foldersBelow, type Refusal, refusalByName } from '../../systems/discover.ts'
import { likelyFolders } from '../../systems/reading/conventional-folder.ts'
import { contains, filesBelow, realOf, type Tree } from '../../systems/reading/tree.ts'

/**
 * Folders of plain SQL in a folder that somebody asked for and that holds projects with signs of their own: a run over the folder reads
 * them, as a run over the whole repository does. Those of other databases are refused in the same way.
 */
export function plainBeside(
  tree: Tree,
  directory: string,
  { projects, refused }: Discovery,
): { readonly folders: readonly string[]; readonly refused: readonly Refusal[] } {
  const known = [...projects, ...refused].map(project => realOf(tree, project.directory))
  const isKnown = (folder: string) => known.some(other => contains(other, folder) || contains(folder, other))
  const below = foldersBelow(tree, directory).filter(folder => folder !== directory)
  const likely = likelyFolders(tree, below, false).filter(folder => !isKnown(realOf(tree, folder)))
  const refusals = likely.flatMap(folder => refusalByName(folder, directory) ?? [])
  const others = new Set(refusals.map(refusal => refusal.directory))
  return { folders: likely.filter(folder => !others.has(folder)), refused: refusals }
}

/** SQL files in folders that somebody asked for, of which no project knows: one sentence, or null if there are none. */
export function unknownSql(
  tree: Tree,
  directories: readonly string[],
  isKnown: (path: string) => boolean,
): string | null {
  const files = directories.flatMap(directory => filesBelow(tree, directory).filter(path => /\.sql$/i.test(path)))
  const [first, ...others] = new Set(files.filter(path => !isKnown(path)))
  if (first === undefined) return null
  const what =
    others.length === 0
      ? `${first} belongs to no project and was not read. If it is a migration, name it`
      : `${others.length + 1} SQL files belong to no project and were not read: ${first} and ${others.length} more. If they are migrations, name their folder`
  return `${what}.`
}
