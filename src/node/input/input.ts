import { relative, resolve } from 'node:path'
import type { Config } from '../../lint/config/config.ts'
import type { Registry } from '../../lint/registry.ts'
import type { Server } from '../../lint/server.ts'
import { type Unread, unreadPlace } from '../../lint/unread.ts'
import { type Notice, noticeText, type UnreadableFile } from '../../migration/notice.ts'
import { append } from '../../parse/list.ts'
import { visible } from '../../report/visible.ts'
import type { Settled } from '../../systems/discover.ts'
import { withParsers } from '../../systems/reading/on-demand.ts'
import { memoryOf } from '../../systems/reading/tree.ts'
import { slashes } from '../disk/path.ts'
import { type ProjectTree, withFiles } from '../disk/project-tree.ts'
import { isDescriptor, readDescriptor } from '../disk/reading.ts'
import { namesInRepository } from '../disk/repository-root.ts'
import { isPiped, readStdin } from '../disk/stdin.ts'
import { WorkingTree } from '../disk/working-tree.ts'
import { Failure, reason } from '../failure.ts'
import type { LintFlags } from '../flags.ts'
import { GitError } from '../git/error.ts'
import { RecordedTree } from '../git/recorded-tree.ts'
import { Repository } from '../git/repository.ts'
import type { ConfigOptions } from './config-file.ts'
import { baseOf } from './expand.ts'
import { few, quotedFew } from './few.ts'
import { closedLinks, leftOut, passedOver } from './left-out.ts'
import { type FoundProject, findMigrations } from './projects.ts'
import { type ResolvedConfig, resolveConfig } from './resolve-config.ts'
import { type Selection, select, standardInput } from './selection.ts'
import { servers } from './server.ts'
import { withStatistics } from './statistics.ts'

/** Everything that a command works on. */
export interface Input extends ResolvedConfig {
  readonly projects: readonly FoundProject[]
  readonly tree: ProjectTree
  /** True for migrations to report on. */
  isAsked(path: string): boolean
  /** True for files that the configuration ignores. */
  isIgnored(path: string): boolean
  /** The places that the command line names, or else the configuration; null if neither does. */
  readonly asked: Selection['asked']
  /**
   * Files that are handed over, for instance by standard input, by path: they are reported on, whatever git knows about
   * their paths.
   */
  readonly given: ReadonlyMap<string, Uint8Array>
  /** For people, one line each. */
  readonly notices: readonly string[]
  /** The files and folders that could not be read, by their paths in the tree. */
  readonly unread: readonly Unread[]
  /** Why files on disk are read although the index was asked for, a sentence without a full stop; null: they are not. */
  readonly damage: string | null
  /** A line for people about each thing that was asked for and could not be read or compared. */
  readonly omitted: readonly string[]
  /** Why there is nothing to work on, if it may have disappeared (`mayBeGone`): a Failure, unless the past shows that it did. */
  readonly nothing: string | null
  /** The projects of another tree, found in the same way as those of this one; called within `withParsers`. */
  projectsIn(tree: ProjectTree): readonly FoundProject[]
  /** The projects of a commit. Rejects with a GitError if git does not have it. */
  projectsAt(commit: string): Promise<readonly FoundProject[]>
  /** The server that the migrations of a project run on, as the configuration says, or else files of the repository. */
  serverOf(project: FoundProject): Promise<Server>
  /** A path of the tree as people know it: relative to the working directory. */
  display(path: string): string
  /** A path of the tree as the host of the repository knows it. */
  hosted(path: string): string
}

/** The options of reading that are not flags. */
export interface InputOptions extends ConfigOptions {
  /** Having nothing to work on is not a Failure yet: the files may have disappeared, which the caller that knows the past reports. */
  readonly mayBeGone?: boolean | undefined
  /** The commit from which migrations are read. The configuration comes from its own source. */
  readonly commit?: string | undefined
  /** Folders that have migrations in this commit are read as in that commit, even if something names another system now. */
  readonly settledBy?: string | undefined
  /** Files that replace those on disk. Paths of the tree. */
  readonly overlay?: ReadonlyMap<string, Uint8Array> | undefined
  /** Files that could not be read, although the tree of today does not show it. */
  readonly unread?: readonly UnreadableFile[] | undefined
  /** The files that are handed over, if an earlier call has read them: standard input can be read once. */
  readonly given?: Input['given'] | undefined
}

/** Finds and reads configuration and migrations. Throws a Failure if there is nothing to work on. */
export async function readInput(
  typed: readonly string[],
  flags: Partial<LintFlags>,
  registry: Registry,
  options: InputOptions = {},
): Promise<Input> {
  const { commit, settledBy, overlay, unread = [], runsCode, source, mayBeGone } = options
  const workingDirectory = process.cwd()
  const written = await resolveConfig(flags, workingDirectory, registry, { runsCode, source })
  const measured = await withStatistics(written)
  const resolved = { ...written, config: measured.config }
  const { config, root } = resolved
  const { tree: recorded, damage } = treeOf(root, flags, commit)
  const given = options.given ?? (await filesGiven(typed, flags, recorded.disk, workingDirectory))
  const tree = withFiles(recorded, new Map([...(overlay ?? []), ...given]))
  const selection = selectFrom(typed, flags, config, tree, workingDirectory)
  const projectsIn = (other: ProjectTree) => {
    const there = selectionIn(other, selection, typed, flags, config, workingDirectory)
    return findMigrations(other, there, config, { down: false }).projects
  }
  const projectsAt = memoryOf((at: string) => withParsers(() => projectsIn(RecordedTree.of(at, root))))
  const settled = settledBy === undefined ? [] : placesOf(await projectsAt(settledBy))
  const isGiven = (path: string) => given.has(path)
  const reading = { down: flags.down ?? false, settled, isGiven }
  const found = await withParsers(() => findMigrations(tree, selection, config, reading))
  const { projects, refused, skipped } = found
  const notices = [...found.notices, unread]
  const paths = projects.flatMap(({ migrations, downs }) => [...migrations, ...downs].map(({ path }) => path))
  const display = (path: string) => shown(tree.disk.absolute(path), path, workingDirectory)
  const named = namesInRepository(workingDirectory)
  const hosted = (path: string) => (path === standardInput ? path : (named(tree.disk.absolute(path)) ?? display(path)))
  const around = closedLinks(tree, selection, projects)
  const words = (notice: Notice) => noticeText(notice, display)
  const unreadable = unreadableFiles(tree, notices.flat())
  // Files that cannot be read are among the notices of their system. Only this function knows about directories.
  const known = new Set(notices.flat().map(notice => (typeof notice === 'string' ? null : notice.path)))
  const others = unreadable.filter(({ path }) => !known.has(path))
  const damaged =
    damage === null ? [] : [`--staged: ${damage}. Instead, the files on disk are read, whether they changed or not.`]
  const omitted = [...unreadable.map(words), ...damaged].map(line => visible(line))
  const told = [
    ...damaged,
    ...measured.notices,
    ...few(selection.notices),
    ...few(leftOut(selection, paths, refused, skipped, tree, display)),
    ...notices.flatMap(own => few(own.map(words))),
    ...few(around),
    ...few(others.map(words)),
  ]
  // Each notice is one line, whatever the names of files are.
  const lines = told.map(line => visible(line))
  append(lines, few(passedOver(resolved, flags, paths, tree, workingDirectory)))
  let nothing: string | null = null
  const refusals = few(refused.map(({ message }) => message)).map(message => visible(message))
  if (!paths.some(path => selection.isAsked(path)) && !selection.isOnlyFiles) {
    if (refused.length > 0) throw new Failure([...refusals, ...lines].join('\n'))
    const complaint = noMigrations(typed, config)
    if (flags.errorOnUnmatchedPattern ?? true) {
      nothing = [...(omitted.length > 0 ? [] : [complaint]), ...lines].join('\n')
      if (!mayBeGone) throw new Failure(nothing)
    } else lines.push(complaint)
  }
  return {
    ...resolved,
    projects,
    tree,
    isAsked: selection.isAsked,
    isIgnored: selection.isIgnored,
    asked: selection.asked,
    given,
    notices: [...refusals, ...lines],
    unread: unreadable.map(unreadPlace),
    damage,
    omitted,
    nothing,
    projectsIn,
    projectsAt,
    serverOf: servers(config, resolved.source, tree),
    display,
    hosted,
  }
}

/** What the tree could not read, and what a system could not. */
function unreadableFiles(tree: ProjectTree, notices: readonly Notice[]): UnreadableFile[] {
  const told = notices.flatMap(notice => (typeof notice === 'string' ? [] : [[notice.path, notice.why] as const]))
  return [...new Map([...told, ...tree.unreadable])].map(([path, why]) => ({ path, why }))
}

/** The selection with the places that exist only in another tree, such as a configured folder that has disappeared. */
function selectionIn(
  other: ProjectTree,
  selection: Selection,
  typed: readonly string[],
  flags: Partial<LintFlags>,
  config: Config,
  workingDirectory: string,
): Selection {
  const { asked } = selection
  if (asked === null || selection.askedFiles.includes(standardInput)) return selection
  const there = selectFrom(typed, { ...flags, errorOnUnmatchedPattern: false }, config, other, workingDirectory)
  const known = new Set(asked.map(({ directory }) => directory))
  const news = (there.asked ?? []).filter(({ directory }) => !known.has(directory))
  return news.length > 0 ? { ...selection, asked: [...asked, ...news], files: there.files } : selection
}

/** The folders of projects that have migrations, each with its system. */
function placesOf(projects: readonly FoundProject[]): Settled[] {
  return projects.flatMap(({ readings }) =>
    readings.flatMap(({ project }) => (project.migrations.length > 0 ? project : [])),
  )
}

/** Throws a Failure if the staged files are asked for where there is no repository. */
function treeOf(
  root: string,
  { staged }: Partial<LintFlags>,
  commit: string | undefined,
): { readonly tree: ProjectTree; readonly damage: string | null } {
  if (commit !== undefined) return { tree: RecordedTree.of(commit, root), damage: null }
  if (!staged) return { tree: new WorkingTree(root), damage: null }
  try {
    return { tree: RecordedTree.staged(root), damage: null }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (!error.isDamage) throw new Failure(`--staged: ${error.message}.`)
    return { tree: new WorkingTree(root), damage: error.message }
  }
}

/** The files that are handed over, by their names in the tree: standard input, and those that the shell has opened. */
async function filesGiven(
  typed: readonly string[],
  { stdinFilename }: Partial<LintFlags>,
  disk: WorkingTree,
  workingDirectory: string,
): Promise<Map<string, Uint8Array>> {
  const paths = typed.filter(path => path !== '-')
  if (stdinFilename !== undefined || paths.length < typed.length) {
    if (paths.length > 0) throw new Failure('Standard input and paths cannot be linted together.')
    const name = stdinFilename === undefined ? standardInput : disk.name(resolve(workingDirectory, stdinFilename))
    return new Map([[name, await readStdin()]])
  }
  const opened = paths.map(path => resolve(workingDirectory, baseOf(path))).filter(isDescriptor)
  return new Map(opened.map(path => [disk.name(path), contentOf(path)]))
}

function contentOf(descriptor: string): Uint8Array {
  try {
    return readDescriptor(descriptor)
  } catch (error) {
    throw new Failure(`${descriptor} could not be read: ${reason(error)}.`)
  }
}

function selectFrom(
  typed: readonly string[],
  flags: Partial<LintFlags>,
  config: Config,
  tree: ProjectTree,
  workingDirectory: string,
): Selection {
  const { paths, ignore } = config
  const common = {
    workingDirectory,
    tree,
    paths,
    ignore,
    errorOnUnmatchedPattern: flags.errorOnUnmatchedPattern ?? true,
    isDeleted: deletedIn(workingDirectory),
  }
  if (flags.stdinFilename !== undefined) return select({ ...common, typed: [flags.stdinFilename] })
  if (!typed.includes('-')) return select({ ...common, typed })
  return {
    asked: [],
    files: null,
    homesOf: () => [],
    isAsked: () => true,
    askedFiles: [standardInput],
    isIgnored: () => false,
    ignoredFiles: [],
    goneFiles: [],
    isOnlyFiles: true,
    notices: [],
  }
}

/** The shorter one of the path from the working directory and the path from the root of the file system. */
function shown(absolute: string, path: string, workingDirectory: string): string {
  if (path === standardInput) return path
  const seen = slashes(relative(workingDirectory, absolute))
  return seen.length <= absolute.length ? seen : slashes(absolute)
}

/** Looks into the last commit, once for all paths. If git cannot answer, a missing path is a mistake. */
function deletedIn(workingDirectory: string): (path: string) => boolean {
  const committed = memoryOf((directory: string) => {
    try {
      const repository = Repository.at(directory)
      const head = repository.commit('HEAD')
      return head === null ? null : { root: repository.root, files: repository.files(head) }
    } catch (error) {
      if (error instanceof GitError) return null
      throw error
    }
  })
  return path => {
    const known = committed(workingDirectory)
    return known?.files.has(slashes(relative(known.root, path))) ?? false
  }
}

function noMigrations(typed: readonly string[], config: Config): string {
  const where = typed.length > 0 ? typed : config.paths
  if (where.length === 0) {
    const piped = isPiped() ? ' To lint standard input, name "-".' : ''
    return `No migrations were found here, of any system. Name their folder, or run "migrate-lint init".${piped}`
  }
  return `No migrations found in ${quotedFew(where)}.`
}
