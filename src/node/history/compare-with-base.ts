import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Config } from '../../lint/config/config.ts'
import { matcher } from '../../lint/config/glob.ts'
import { settings } from '../../lint/config/severity.ts'
import type { Registry } from '../../lint/registry.ts'
import { changeRules } from '../../migration/change.ts'
import type { MigrationInput } from '../../migration/migration.ts'
import { withChanges } from '../../systems/history/changed-inputs.ts'
import type { Allowance } from '../../systems/history/changes.ts'
import { type ComparedProject, compared, type ProjectReading } from '../../systems/history/compared.ts'
import { isInside, realPath } from '../disk/path.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { changedBetween, pathsFrom } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import type { Repository } from '../git/repository.ts'
import type { FoundProject } from '../input/projects.ts'
import type { ChangeOptions } from './change-options.ts'
import { type LostFile, lostFiles } from './lost-files.ts'
import { type OpenedBase, openBase, treeOf, unreadIn } from './opened-base.ts'
import { withRestorations } from './restored.ts'
import { goneSince, vanished } from './vanished.ts'

export interface Compared {
  readonly projects: readonly FoundProject[]
  /** True for files that changed according to the options; null: nobody asked. */
  readonly isChanged: ((path: string) => boolean) | null
  /** True if something has no base, although git can read what there is. */
  readonly lacksBase: boolean
  /** Files that decided how the base reads its migrations, and that are gone. */
  readonly lost: readonly LostFile[]
  /** Folders of migrations for which there is nothing to compare with. */
  readonly uncompared: readonly string[]
  /**
   * What could not be compared, and why, one sentence each. `expected`: the configuration or the environment said that
   * it could be. `isDamage`: a repository could not be read.
   */
  readonly missing: readonly { readonly message: string; readonly expected: boolean; readonly isDamage: boolean }[]
}

/** Why a repository could not be read completely, a sentence each. */
export function damageIn(missing: Compared['missing']): string[] {
  return missing.flatMap(({ message, isDamage }) => (isDamage ? message : []))
}

/**
 * Finds out what has happened to the migrations since they were applied, as far as the repositories that contain them
 * know.
 */
export function compareWithBase(
  found: readonly FoundProject[],
  tree: ProjectTree,
  config: Config,
  options: ChangeOptions,
): Compared {
  const missing = new Map<string, Pick<Compared['missing'][number], 'expected' | 'isDamage'>>()
  const bases = new Map<string, OpenedBase | null>()
  let isDamaged = false
  let lacksBase = false
  const uncompared: string[] = []
  const presentAt = (directory: string): OpenedBase | null => {
    const place = nearest(tree.disk.absolute(directory))
    const known = bases.get(place)
    if (known !== undefined) return known
    const opened = openBase(place, tree, config, options)
    if ('why' in opened) {
      const { why, expected, isDamage = false } = opened
      missing.set(`Applied migrations were not compared: ${why}.`, { expected, isDamage })
      if (isDamage) isDamaged = true
      else lacksBase = true
    }
    // All projects in a repository share what is known about it.
    const same = [...bases.values()].find(
      other => !('why' in opened) && other?.repository.root === opened.repository.root,
    )
    const present = 'why' in opened ? null : (same ?? opened)
    bases.set(place, present)
    const { editsAllowedUntil: tag } = config
    if (present && tag !== null && present.repository.commit(tag) === null) {
      missing.set(`"editsAllowedUntil" has no effect: git does not know a commit "${tag}".`, {
        expected: true,
        isDamage: false,
      })
    }
    return present
  }
  const refusals = new Map<OpenedBase, string>()
  const asFarAsReadable = <Outcome>(opened: OpenedBase, work: () => Outcome): Outcome | null => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof GitError)) throw error
      if (!refusals.has(opened)) refusals.set(opened, error.message)
      return null
    }
  }
  const followed = new Map<OpenedBase, Set<string>>()
  const projects = found.map(project => {
    const migrations = project.readings.reduce<readonly MigrationInput[]>((inputs, reading) => {
      const present = presentAt(reading.project.directory)
      if (!present) {
        uncompared.push(reading.project.directory)
        return inputs
      }
      const outcome = asFarAsReadable(present, () =>
        comparedIn(present, reading, tree, allowanceOf(present, tree, config, options)),
      )
      if (!outcome) {
        uncompared.push(reading.project.directory)
        return inputs
      }
      if (unreadIn(present) !== null) uncompared.push(reading.project.directory)
      followed.set(present, new Set([...(followed.get(present) ?? []), outcome.followed]))
      return withChanges(inputs, outcome.changes)
    }, project.migrations)
    return { ...project, migrations }
  })
  // If no project is left, there may have been one. If git does not know, there is also nothing to compare.
  if (bases.size === 0 && options.projectsIn) {
    const opened = openBase(tree.disk.root, tree, config, options)
    if (!('why' in opened)) bases.set(tree.disk.root, opened)
  }
  // The repository around all projects. If each project has a repository of its own, no repository can answer for all.
  const here =
    [...bases.values()].find(each => each && isInside(relative(each.repository.root, realPath(tree.disk.root)))) ?? null
  // A project that could not be compared may continue from any folder, so it cannot be said that another one is gone.
  const since =
    here === null || refusals.has(here)
      ? null
      : asFarAsReadable(here, () => {
          const gone = goneSince(here, tree, options)
          const inTree = gone.map(path => tree.disk.realName(join(here.repository.root, path)))
          const isGone = (path: string) => tree.kind(path) === null
          return {
            projects: goneFrom(here, gone, followed.get(here) ?? new Set(), tree, config, options),
            lost: lostFiles(here, inTree.filter(isGone), found, tree, options),
          }
        })
  const opened = [...new Set(bases.values())].filter(present => present !== null)
  const changedFiles = selecting(options)
    ? changedIn(opened.map(each => asFarAsReadable(each, () => changedSinceBase(each, tree, options))))
    : null
  const unread = new Set(opened.flatMap(each => unreadIn(each) ?? refusals.get(each) ?? []))
  for (const why of unread) {
    missing.set(`Applied migrations were not compared: ${why}.`, { expected: true, isDamage: true })
  }
  return {
    projects: [...projects, ...(since?.projects ?? [])],
    lost: since?.lost ?? [],
    // What is hidden by damage may have changed.
    isChanged: changedFiles && isDamaged ? () => true : changedFiles,
    lacksBase,
    uncompared,
    missing: [...missing].map(([message, about]) => ({ message, ...about })),
  }
}

/**
 * Projects that the base had and that have disappeared as a whole: no project of today continues from their folders.
 */
function goneFrom(
  here: OpenedBase,
  gone: readonly string[],
  followed: ReadonlySet<string>,
  tree: ProjectTree,
  config: Config,
  options: ChangeOptions,
): FoundProject[] {
  return vanished(here, gone, followed, tree, options).map(reading => {
    const { project } = reading
    const empty = { ...reading, project: { ...project, migrations: [], asides: [], notices: [] } }
    const { changes } = comparedIn(here, empty, tree, allowanceOf(here, tree, config, options))
    return { system: project.system.title, migrations: withChanges([], changes), downs: [], readings: [] }
  })
}

/** True if only some of the migrations are reported on. */
export function selecting({ since, staged, changed }: ChangeOptions): boolean {
  return since !== undefined || staged === true || changed === true
}

/** True for files that any of the repositories reports as changed, and for all files if one of them cannot be read, which is null. */
function changedIn(sets: readonly (((path: string) => boolean) | null)[]): (path: string) => boolean {
  return path => sets.some(has => has === null || has(path))
}

function changedSinceBase(
  { repository, base }: OpenedBase,
  tree: ProjectTree,
  { staged, head }: Pick<ChangeOptions, 'staged' | 'head'>,
): (path: string) => boolean {
  const named = pathsFrom(tree.disk, repository.root)
  if (head !== undefined) {
    // The files on disk may belong to another commit, with other links.
    const isOther = changedBetween(repository, base.commit, head)
    return (path: string) => isOther(named(path) ?? '')
  }
  const changed = staged ? repository.staged(repository.head() ?? base.commit) : repository.changedSince(base.commit)
  // A damaged index is noticed here, where it is reported.
  const index = repository.index()
  // git knows the targets of links, but not the files behind them; all files that it knows are not behind links.
  const places = (path: string) => {
    const own = named(path)
    const isFile = own !== null && index.get(own)?.mode.startsWith('100')
    return isFile ? [own] : [own, named(realPath(tree.disk.absolute(path)))]
  }
  return (path: string) => places(path).some(place => place !== null && changed.has(place))
}

/** False if all rules about changes are off, so that git is not needed. */
export function changesMatter(config: Config, { rules }: Registry): boolean {
  const ids = new Set(Object.values(changeRules))
  const set = settings(config)
  return rules.some(rule => ids.has(rule.id) && set(rule, '').severity !== 'off')
}

/** The comparison of one project with what a repository has of it. */
function comparedIn(
  present: OpenedBase,
  reading: ProjectReading,
  tree: ProjectTree,
  allowance: Allowance,
): ComparedProject {
  const { name, commit, tip } = present.base
  const outcome = compared(reading, tree, { name, commit, tip, at: wanted => treeOf(present, wanted, tree) }, allowance)
  return { ...outcome, changes: withRestorations(outcome.changes, outcome.followed, present, tree) }
}

function allowanceOf({ repository }: OpenedBase, tree: ProjectTree, config: Config, options: ChangeOptions): Allowance {
  const byFlag = matcher(options.allowEdit ?? [])
  const byConfig = matcher(config.allowEdit)
  const released = releasedFiles(repository, config.editsAllowedUntil)
  const named = pathsFrom(tree.disk, repository.root)
  return (path, was) => {
    const is = (test: (path: string) => boolean) => test(path) || (was !== null && test(was))
    if (options.allowance !== undefined) return options.allowance
    if (is(byFlag)) return 'allowed by --allow-edit'
    if (is(byConfig)) return 'allowed by "allowEdit" in the configuration'
    if (released === null || was === null || released.has(named(was) ?? '')) return null
    return `not deployed: "${config.editsAllowedUntil}" does not have it`
  }
}

/** Null if the setting is missing or the tag does not exist: then nothing is known to be undeployed. */
function releasedFiles(repository: Repository, ref: string | null): { has(path: string): boolean } | null {
  const commit = ref === null ? null : repository.commit(ref)
  return commit === null ? null : repository.files(commit)
}

/** The directory itself, or the nearest one above it that exists. */
function nearest(directory: string): string {
  return existsSync(directory) || dirname(directory) === directory ? directory : nearest(dirname(directory))
}
