import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectReading } from '../../systems/history/compared.ts'
import { contains } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { pathsFrom } from '../git/commit-tree.ts'
import { RecordedTree } from '../git/recorded-tree.ts'
import type { ChangeOptions } from './change-options.ts'
import type { OpenedBase } from './opened-base.ts'

/**
 * Projects of the base that have disappeared with all of their migrations: no project of today continues them.
 * `followed`: the folders of the past that projects of today continue from.
 */
export function vanished(
  opened: OpenedBase,
  followed: ReadonlySet<string>,
  tree: ProjectTree,
  options: ChangeOptions,
): ProjectReading[] {
  const { base } = opened
  const { projectsIn } = options
  if (!projectsIn || !hasLost(opened, followed, tree, options)) return []
  return projectsIn(RecordedTree.of(base.commit, tree.disk.root))
    .flatMap(({ readings }) => readings)
    .filter(
      ({ project: { directory, migrations } }) =>
        migrations.length > 0 && !followed.has(directory) && migrations.every(({ path }) => tree.kind(path) === null),
    )
}

/** True if the base has a file that is gone, and no project of today is responsible for it. */
function hasLost(
  { repository, base }: OpenedBase,
  followed: ReadonlySet<string>,
  tree: ProjectTree,
  { head }: ChangeOptions,
): boolean {
  const now = head === undefined ? repository.index() : repository.files(head)
  const isOnDisk = (path: string) =>
    tree !== tree.disk || !repository.dirty().has(path) || existsSync(join(repository.root, path))
  const named = pathsFrom(tree.disk, repository.root)
  const known = [...followed].flatMap(directory => named(directory) ?? [])
  return [...repository.files(base.commit).keys()].some(
    path => !(now.has(path) && isOnDisk(path)) && !known.some(directory => contains(directory, path)),
  )
}
