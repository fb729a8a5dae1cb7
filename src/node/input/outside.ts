import { type DiscoveryOptions, discover } from '../../systems/discover.ts'
import { plain } from '../../systems/plain/plain.ts'
import { conventionalFolders } from '../../systems/reading/conventional-folder.ts'
import { join } from '../../systems/reading/files.ts'
import { filesBelow, type Tree } from '../../systems/reading/tree.ts'

/** Common names of folders of migrations, in any system. */
const telling = conventionalFolders.filter(folder => folder.includes('migrat'))

/**
 * The folder with the migrations of these folders, found by the signs in them and by usual names, without a search through everything
 * below them. Null if there is none: then a file that somebody names is a migration, because they say so.
 */
export function migrationsElsewhere(
  tree: Tree,
  folders: readonly string[],
  options: DiscoveryOptions,
): { readonly directory: string; readonly title: string } | null {
  const usual = [...new Set(folders.flatMap(folder => telling.map(name => join(folder, name))))]
  const there = usual.filter(folder => tree.list(folder).length > 0)
  const { projects } = discover(tree, [], { ...options, around: [...folders, ...there] })
  const [project] = projects
  if (project) return { directory: project.directory, title: project.system.title }
  const directory = there.find(folder => filesBelow(tree, folder).some(path => /\.sql$/i.test(path)))
  return directory === undefined ? null : { directory, title: plain.title }
}
