import type { UnreadableFile } from '../../migration/notice.ts'
import type { Project } from '../../systems/discover.ts'
import { integrityOf } from '../../systems/integrity.ts'
import { plain } from '../../systems/plain/plain.ts'
import { parentOf, upwards } from '../../systems/reading/files.ts'
import { contains, remembering } from '../../systems/reading/tree.ts'
import { type ProjectTree, withFiles } from '../disk/project-tree.ts'
import { RecordedTree } from '../git/recorded-tree.ts'
import type { FoundProject } from '../input/projects.ts'
import type { ChangeOptions } from './change-options.ts'
import type { OpenedBase } from './opened-base.ts'

/** A file by which a tool finds, orders or checks its migrations, and which is gone although the migrations are there. */
export interface LostFile extends UnreadableFile {
  /** What the base has in it, if the migrations cannot be read as those of the tool without it; otherwise null. */
  readonly content: Uint8Array | null
}

/**
 * The files that decided in the base how a folder of migrations is read, or without which the tool runs none. Without its journal, plan or settings, a
 * folder would be read as plain SQL, or not at all, and seem safe. A new sign of another tool shows that the change is intended.
 * `gone`: all files of the base that are gone, by their paths in the tree.
 */
export function lostFiles(
  { base, repository }: OpenedBase,
  gone: readonly string[],
  found: readonly FoundProject[],
  tree: ProjectTree,
  { projectsIn }: ChangeOptions,
): LostFile[] {
  if (!projectsIn || gone.length === 0) return []
  const past = RecordedTree.of(base.commit, tree.disk.root, repository)
  const today = projectsOf(found)
  const lost = projectsOf(projectsIn(past)).flatMap((project): LostFile[] => {
    const { directory, system, migrations } = project
    if (system === plain || migrations.every(({ path }) => tree.kind(path) !== 'file')) return []
    const own = new Set(migrations.map(({ path }) => path))
    const near = gone.filter(
      path => !own.has(path) && (contains(directory, path) || contains(parentOf(path), directory)),
    )
    if (near.length === 0) return []
    const place = `${directory || '.'}/`
    if (isRead(project, today)) {
      const why = `${base.name} has it, and ${system.title} runs nothing without it; put it back`
      return needed(project, past, near).map(path => ({ path, why: `it is gone, but ${why}`, content: null }))
    }
    if (hasNewSign(project, today, past)) return []
    const remedy = `put it back, or name the tool that runs ${place} now under "systems" in the configuration`
    const why = `it is gone, but ${base.name} has it, and ${place} is read as ${system.title} because of it; ${remedy}`
    return deciding(project, near, past, tree, projectsIn).map(([path, content]) => ({ path, why, content }))
  })
  return [...new Map(lost.map(each => [each.path, each])).values()]
}

function projectsOf(found: readonly FoundProject[]): Project[] {
  return found.flatMap(({ readings }) => readings.map(({ project }) => project))
}

function isRead({ directory, system }: Project, projects: readonly Project[]): boolean {
  return projects.some(each => each.directory === directory && each.system === system && each.migrations.length > 0)
}

/** True if another tool is recognised for the folder, by something that the past did not have. */
function hasNewSign({ directory }: Project, today: readonly Project[], past: ProjectTree): boolean {
  return today.some(other => {
    if (other.system === plain) return false
    if (!contains(directory, other.directory) && !contains(other.directory, directory)) return false
    return upwards(other.directory).every(folder => other.system.detect(past, folder)?.directory !== other.directory)
  })
}

/** The files without which the tool runs none of the migrations. */
function needed(project: Project, past: ProjectTree, near: readonly string[]): string[] {
  return integrityOf(project, remembering(past))
    .filter(({ path, isNeeded }) => isNeeded && near.includes(path))
    .map(({ path }) => path)
}

/** The files with each of which the folder is read as before; if it needs several, all of them; none if these are not the reason. */
function deciding(
  project: Project,
  near: readonly string[],
  past: ProjectTree,
  tree: ProjectTree,
  projectsIn: NonNullable<ChangeOptions['projectsIn']>,
): [string, Uint8Array][] {
  const contents = near.map((path): [string, Uint8Array] => [path, past.read(path)])
  const decide = (files: [string, Uint8Array][]) =>
    isRead(project, projectsOf(projectsIn(withFiles(tree, new Map(files)))))
  const single = contents.filter(file => decide([file]))
  return single.length > 0 ? single : decide(contents) ? contents : []
}
