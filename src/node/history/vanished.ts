import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectReading } from '../../systems/history/compared.ts'
import { contains } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { pathsFrom } from '../git/commit-tree.ts'
import { RecordedTree } from '../git/recorded-tree.ts'
import type { ChangeOptions } from './change-options.ts'
import type { OpenedBase } from './opened-base.ts'

/** The files of the base that are gone, by their paths in the repository. */
export function goneSince(
  { repository, base }: OpenedBase,
  tree: ProjectTree,
  { head }: Pick<ChangeOptions, 'head'>,
): string[] {
  const now = head === undefined ? repository.index() : repository.files(head)
  const isOnDisk = (path: string) =>
    tree !== tree.disk || !repository.dirty().has(path) || existsSync(join(repository.root, path))
  return [...repository.files(base.commit).keys()].filter(path => !(now.has(path) && isOnDisk(path)))
}

/**
 * Projects of the base that have disappeared with all of their migrations: no project of today continues them.
 * `gone`: see `goneSince`. `followed`: the folders of the past that projects of today continue from.
 */
export function vanished(
  { repository, base }: OpenedBase,
  gone: readonly string[],
  followed: ReadonlySet<string>,
  tree: ProjectTree,
  { projectsIn }: ChangeOptions,
): ProjectReading[] {
  const named = pathsFrom(tree.disk, repository.root)
  const known = [...followed].flatMap(directory => named(directory) ?? [])
  if (!projectsIn || gone.every(path => known.some(directory => contains(directory, path)))) return []
  return projectsIn(RecordedTree.of(base.commit, tree.disk.root, repository))
    .flatMap(({ readings }) => readings)
    .filter(
      ({ project: { directory, migrations } }) =>
        migrations.length > 0 && !followed.has(directory) && migrations.every(({ path }) => tree.kind(path) === null),
    )
}
