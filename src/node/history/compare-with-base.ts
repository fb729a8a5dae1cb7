import { existsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import type { Config } from '../../lint/config/config.ts'
import { matcher } from '../../lint/config/glob.ts'
import { settings } from '../../lint/config/severity.ts'
import type { Registry } from '../../lint/registry.ts'
import { changeRules } from '../../migration/change.ts'
import type { MigrationInput } from '../../migration/migration.ts'
import { type Project, projectsOf } from '../../systems/discover.ts'
import { withChanges } from '../../systems/history/changed-inputs.ts'
import { type Allowance, changesSince, type Reading } from '../../systems/history/changes.ts'
import { overlaid, type Tree } from '../../systems/reading/tree.ts'
import { isInside, realPath } from '../disk/path.ts'
import type { WorkingTree } from '../disk/working-tree.ts'
import { changedBetween, pathsFrom } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import type { Repository } from '../git/repository.ts'
import type { FoundProject, ProjectReading } from '../input/projects.ts'
import type { ChangeOptions } from './change-options.ts'
import { type OpenedBase, openBase, treeOf } from './opened-base.ts'
import { vanished } from './vanished.ts'

export interface Compared {
  readonly projects: readonly FoundProject[]
  /** True for files that were changed as the options say; null: nobody asked. */
  readonly isChanged: ((path: string) => boolean) | null
  /** False when something has no base. */
  readonly isComplete: boolean
  /** A repository could not be read, or not all of it. */
  readonly isDamaged: boolean
  /** What could not be compared, and why, a sentence each; `expected`: although something said that it could be. */
  readonly missing: readonly { readonly message: string; readonly expected: boolean }[]
}

/** Tells the migrations what has become of them since they were applied, as far as the repositories know that they lie in. */
export function compareWithBase(
  found: readonly FoundProject[],
  tree: WorkingTree,
  config: Config,
  options: ChangeOptions,
): Compared {
  const missing = new Map<string, boolean>()
  const bases = new Map<string, OpenedBase | null>()
  let isDamaged = false
  const presentAt = (directory: string): OpenedBase | null => {
    const place = nearest(tree.absolute(directory))
    const known = bases.get(place)
    if (known !== undefined) return known
    const opened = openBase(place, config, options)
    if ('why' in opened) {
      missing.set(`Applied migrations were not compared: ${opened.why}.`, opened.expected)
      isDamaged ||= opened.isDamage ?? false
    }
    // What is known of a repository is known for all projects in it.
    const same = [...bases.values()].find(
      other => !('why' in opened) && other?.repository.root === opened.repository.root,
    )
    const present = 'why' in opened ? null : (same ?? opened)
    bases.set(place, present)
    const { editsAllowedUntil: tag } = config
    if (present && tag !== null && present.repository.commit(tag) === null) {
      missing.set(`"editsAllowedUntil" allows nothing: git knows no commit "${tag}".`, true)
    }
    return present
  }
  const projects = found.map(project => {
    const migrations = project.readings.reduce<readonly MigrationInput[]>((inputs, reading) => {
      const present = presentAt(reading.project.directory)
      if (!present) return inputs
      const changes = asFarAsReadable(present, () =>
        compared(reading, tree, present, allowanceOf(present, tree, config, options)),
      )
      return changes ? withChanges(inputs, changes) : inputs
    }, project.migrations)
    return { ...project, migrations }
  })
  // The repository around all of them; where each has one of its own, there is none that could tell.
  const here =
    [...bases.values()].find(each => each && isInside(relative(each.repository.root, realPath(tree.root)))) ?? null
  const gone = here === null ? null : asFarAsReadable(here, () => goneFrom(here, tree, config, options))
  const opened = [...new Set(bases.values())].filter(present => present !== null)
  const isChanged = selecting(options) ? changedIn(opened, tree, options) : null
  const unread = new Set(opened.flatMap(({ unreadable }) => unreadable ?? []))
  for (const why of unread) missing.set(`Applied migrations were not compared: ${why}.`, true)
  const isComplete = unread.size === 0 && ![...bases.values()].includes(null)
  return {
    projects: [...projects, ...(gone ?? [])],
    isChanged,
    isComplete,
    isDamaged: isDamaged || unread.size > 0,
    missing: [...missing].map(([message, expected]) => ({ message, expected })),
  }
}

/** Projects that the base had, and that are gone as a whole. */
function goneFrom(here: OpenedBase, tree: WorkingTree, config: Config, options: ChangeOptions): FoundProject[] {
  return vanished(here, tree, options).map(reading => {
    const { project } = reading
    const empty = { ...reading, project: { ...project, migrations: [], asides: [], notices: [] } }
    const changes = compared(empty, tree, here, allowanceOf(here, tree, config, options))
    return { system: project.system.title, migrations: withChanges([], changes), downs: [], readings: [] }
  })
}

/** Null where the repository cannot be read, which it remembers. */
function asFarAsReadable<Outcome>(opened: OpenedBase, work: () => Outcome): Outcome | null {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    opened.unreadable ??= error.message
    return null
  }
}

/** True when only a part of the migrations is reported on. */
export function selecting({ since, staged, changed }: ChangeOptions): boolean {
  return since !== undefined || staged === true || changed === true
}

function changedIn(
  opened: readonly OpenedBase[],
  tree: WorkingTree,
  { staged, head }: ChangeOptions,
): (path: string) => boolean {
  const sets = opened.map(each => asFarAsReadable(each, () => changedSinceBase(each, tree, { staged, head })))
  return path => sets.some(has => has?.(path))
}

function changedSinceBase(
  { repository, base }: OpenedBase,
  tree: WorkingTree,
  { staged, head }: Pick<ChangeOptions, 'staged' | 'head'>,
): (path: string) => boolean {
  const named = pathsFrom(tree, repository.root)
  if (head !== undefined) {
    // What is on disk may be of another commit, with other links.
    const isOther = changedBetween(repository, base.commit, head)
    return (path: string) => isOther(named(path) ?? '')
  }
  const changed = staged ? repository.staged(repository.head() ?? base.commit) : repository.changedSince(base.commit)
  // git knows what links lead to, not what lies behind them; what it knows lies behind none.
  const places = (path: string) => {
    const own = named(path)
    const isFile = own !== null && repository.index().get(own)?.mode.startsWith('100')
    return isFile ? [own] : [own, named(realPath(tree.absolute(path)))]
  }
  return (path: string) => places(path).some(place => place !== null && changed.has(place))
}

/** False when all rules about changes are off: then git need not be asked. */
export function changesMatter(config: Config, { rules }: Registry): boolean {
  const ids = new Set(Object.values(changeRules))
  const set = settings(config)
  return rules.some(rule => ids.has(rule.id) && set(rule, '').severity !== 'off')
}

function compared(reading: ProjectReading, tree: WorkingTree, present: OpenedBase, allowance: Allowance) {
  const { base } = present
  const past = pastReading(reading, treeOf(present, base.commit, tree))
  present.followed.add(past.project.directory)
  const now = { project: reading.project, tree }
  const tip = pathsOf(past.project)
  const there = pathsOf(now.project)
  if (base.tip === base.commit && [...tip].every(path => there.has(path))) {
    return changesSince(now, { ...past, name: base.name, joined: now.project.migrations, tip }, allowance)
  }
  const newest = treeOf(present, base.tip, tree)
  const joined = reading.again(overlaid(tree, newest)).migrations
  return changesSince(now, { ...past, name: base.name, joined, tip: pathsOf(reading.again(newest)) }, allowance)
}

/** The project in the commit; where its folder was not there yet, in the folder that is gone since. */
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

function allowanceOf({ repository }: OpenedBase, tree: WorkingTree, config: Config, options: ChangeOptions): Allowance {
  const byFlag = matcher(options.allowEdit ?? [])
  const byConfig = matcher(config.allowEdit)
  const released = releasedFiles(repository, config.editsAllowedUntil)
  const named = pathsFrom(tree, repository.root)
  return (path, was) => {
    const is = (test: (path: string) => boolean) => test(path) || (was !== null && test(was))
    if (options.allowance !== undefined) return options.allowance
    if (is(byFlag)) return 'allowed by --allow-edit'
    if (is(byConfig)) return 'allowed by "allowEdit" in the configuration'
    if (released === null || was === null || released.has(named(was) ?? '')) return null
    return `not deployed: "${config.editsAllowedUntil}" does not have it`
  }
}

/** Null when nothing is said, or the tag is not there: then nothing is known to be undeployed. */
function releasedFiles(repository: Repository, ref: string | null): { has(path: string): boolean } | null {
  const commit = ref === null ? null : repository.commit(ref)
  return commit === null ? null : repository.files(commit)
}

/** The directory itself, or the nearest one above it that is there. */
function nearest(directory: string): string {
  return existsSync(directory) || dirname(directory) === directory ? directory : nearest(dirname(directory))
}
