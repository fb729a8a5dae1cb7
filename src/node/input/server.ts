import { relative, resolve } from 'node:path'
import type { Config } from '../../lint/config/config.ts'
import { type Server, serverIn, serverOf } from '../../lint/server.ts'
import { parentOf, upwards } from '../../systems/reading/files.ts'
import { memoryOf } from '../../systems/reading/tree.ts'
import { findVersions } from '../../systems/server/find.ts'
import { isInside, slashes } from '../disk/path.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { foldersInRepository } from '../disk/repository-root.ts'
import type { FileSource } from './file-source.ts'
import type { FoundProject } from './projects.ts'

/**
 * The server of each project: what the configuration says, or else the files in the folders of the project and in those around it, up to the
 * root of the repository. Like the configuration, these files come from its source. Their paths are those of the tree.
 */
export function servers(
  config: Config,
  source: FileSource,
  tree: ProjectTree,
): (project: Pick<FoundProject, 'readings' | 'migrations'>) => Promise<Server> {
  const named = serverIn(config)
  if (named.by !== 'nobody') return async () => named
  const root = foldersInRepository(tree.disk.root).at(-1) ?? tree.disk.root
  const all = memoryOf((of: string) => source.tree(of))
  const found = memoryOf(async (folder: string) => {
    const places = await findVersions(all(root), upwards(folder))
    const pathOf = (path: string) => tree.disk.name(resolve(root, path))
    return serverOf(places.map(({ version, path, line }) => ({ version, path: pathOf(path), line })))
  })
  return ({ readings, migrations }) => {
    const [first = migrations[0] ? parentOf(migrations[0].path) : ''] = readings.map(({ project }) => project.directory)
    const within = relative(root, tree.disk.absolute(first))
    return found(isInside(within) ? slashes(within) : '')
  }
}
