import type { Discrepancy } from '../../migration/discrepancy.ts'
import { type Project, projectsOf } from '../discover.ts'
import { overlaid, remembering, type Tree } from '../reading/tree.ts'
import { type Allowance, type Changes, changesSince, type Reading } from './changes.ts'

/** A project of today, and the way to read it in another tree. */
export interface ProjectReading {
  readonly project: Project
  /** The same folder, or another one, read by the same system in another tree: in a commit. */
  again(tree: Tree, directory?: string): Project
}

/** The state with which a project is compared. */
export interface Applied {
  /** For people: `origin/main`. */
  readonly name: string
  /** The commit whose migrations are applied. */
  readonly commit: string
  /** The newest commit of the branch into which the work goes; often the same. */
  readonly tip: string
  /** The files of a commit. */
  at(commit: string): Tree
}

export interface ComparedProject {
  readonly changes: Changes
  /** The earlier folder that the project continues. */
  readonly followed: string
}

/** The changes to the applied migrations of a project whose files are in `tree` today. Throws what the trees throw. */
export function compared(
  reading: ProjectReading,
  tree: Tree,
  { name, commit, tip: newestCommit, at }: Applied,
  allowance: Allowance,
): ComparedProject {
  const past = pastReading(reading, at(commit))
  const followed = past.project.directory
  const now = { project: reading.project, tree }
  const tip = pathsOf(past.project)
  const there = pathsOf(now.project)
  if (newestCommit === commit && [...tip].every(path => there.has(path))) {
    return { changes: changesSince(now, { ...past, name, joined: now.project.migrations, tip }, allowance), followed }
  }
  const newest = at(newestCommit)
  const union = remembering(overlaid(tree, newest))
  const joined = reading.again(union).migrations
  const tipNow = pathsOf(reading.again(newest))
  const changes = changesSince(now, { ...past, name, joined, tip: tipNow }, allowance)
  return { changes: { ...changes, merged: headsOnce(now, union, name, tip) }, followed }
}

/** New heads that are no longer the only ones after a merge of the two. */
function headsOnce(
  { project, tree }: Reading,
  union: Tree,
  name: string,
  applied: ReadonlySet<string>,
): Map<string, Discrepancy[]> {
  const of = (files: Tree) =>
    (project.system.integrity?.(remembering(files), project.directory) ?? []).flatMap(({ path, discrepancies }) =>
      discrepancies.filter(({ kind }) => kind === 'heads').map(found => ({ path, found })),
    )
  const heads = of(union)
  const there = pathsOf(project)
  const told = new Set(heads.length > 0 ? of(tree).map(({ path }) => path) : [])
  const news = heads.filter(({ path }) => there.has(path) && !applied.has(path) && !told.has(path))
  return new Map(news.map(({ path, found }) => [path, [{ ...found, what: `${found.what} once ${name} has this` }]]))
}

/** The project in the commit. If its folder did not exist then, it is read in the folder that is missing since. */
function pastReading({ project, again }: ProjectReading, tree: Tree): Reading {
  const there = again(tree)
  if (there.migrations.length > 0 || project.migrations.length === 0) return { project: there, tree }
  const { projects } = projectsOf(tree, { transaction: () => 'unknown' })
  const names = new Set(namesIn(project.directory, project.migrations))
  const [only] = projects.filter(
    ({ system, directory, migrations }) =>
      system === project.system &&
      directory !== project.directory &&
      namesIn(directory, migrations).some(name => names.has(name)),
  )
  return { project: only ? again(tree, only.directory) : there, tree }
}

/** Paths of migrations within their folder. */
function namesIn(directory: string, migrations: Project['migrations']): string[] {
  return migrations.map(({ path }) => (directory === '' ? path : path.slice(directory.length + 1)))
}

function pathsOf({ migrations }: Project): Set<string> {
  return new Set(migrations.map(({ path }) => path))
}
