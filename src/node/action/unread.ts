import { isAbsolute, join } from 'node:path'
import type { Unread } from '../../lint/unread.ts'
import { decode } from '../../parse/source.ts'
import { holdsSql } from '../../parse/unread.ts'
import { baseName, parentOf, upwards } from '../../systems/reading/files.ts'
import { contains, type Entry, memoryOf, within } from '../../systems/reading/tree.ts'
import type { AsideKind, Migration } from '../../systems/system.ts'
import { Reading } from '../../systems/unread.ts'
import { beforeStart, type Run } from '../commands/run.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import type { Repository } from '../git/repository.ts'

/** A file that a change adds or alters and that was not read as a migration, or a part of such a file. Its path is that in the repository. */
export interface UnreadInChange extends Unread {
  /** For people: the path, and the line where it is a part. */
  readonly place: string
  /** False if the workflow or the configuration names the files to lint, and this one lies elsewhere. */
  readonly isAsked: boolean
}

/** Files of these kinds change databases in any case, even if there are others of their kind. */
const running: ReadonlySet<AsideKind> = new Set(['callback', 'repeatable'])

/** The commits between which a change lies. */
export interface Commits {
  readonly base: string
  readonly head: string
}

/**
 * The SQL that a change brings and that was not linted, by its files. Files that the base leaves unread in the same
 * place and for the same reason show how the project works and are not reported. Neither are files that the
 * configuration ignores, nor down migrations in a system that has them. `trustsTools`: the change may decide which tool
 * reads it.
 */
export async function unreadSince(
  { input, report }: Run,
  repository: Repository,
  { base, head }: Commits,
  trustsTools: boolean,
): Promise<UnreadInChange[]> {
  const { tree, projects, asked } = input
  const isSql = (path: string) => /\.sql$/i.test(path) && !isAbsolute(path) && !input.isIgnored(path)
  const inTree = (path: string) => tree.disk.realName(join(repository.root, path))
  const there = repository.files(head)
  const changed = [...repository.changedSince(base, head)].filter(name => there.has(name)).sort()
  const wanted = changed.map(name => ({ name, path: inTree(name) })).filter(({ path }) => isSql(path))
  if (wanted.length === 0) return []
  const now = new Reading(projects.flatMap(({ readings }) => readings.map(({ project }) => project)))
  const old = (await input.projectsAt(base)).flatMap(({ readings }) => readings)
  const before = new Reading(
    old.map(({ project }) => project),
    trustsTools,
  )
  const past = new Set([...repository.files(base).keys()].map(inTree).filter(isSql))
  const usual = usualPlaces(before, now, past)
  // A new migration is not an old one, wherever it stands in the order.
  const early = beforeStart(input)
  const real = realPaths(tree)
  const read = new Map([...now.migrations.values()].map(each => [real(each.path), each] as const))
  const judged = new Map<string, Migration | undefined>()
  for (const { path } of report.timelines) {
    if (past.has(path) || !early.has(path)) judged.set(real(path), now.migrations.get(path))
  }
  return wanted.flatMap(({ name, path }): UnreadInChange[] => {
    const migration = judged.get(real(path))
    if (judged.has(real(path))) return migration ? partsOf(name, migration, now, before) : []
    // A folder that became a link is another place for files that were there before.
    const moved = read.get(real(path))
    if (moved && isSame(moved.content, before.migrations.get(moved.path)?.content)) return []
    if (!holdsSql(textOf(tree, path) ?? 'unknown')) return []
    if (now.isWayBack(path, before) || isUsual(path, now, before, usual)) return []
    const isAsked = asked === null || asked.some(({ directory }) => contains(directory, path))
    const why = whyNot(path, now, input.isAsked(path))
    const tool = now.homeOf(path)?.system.title ?? 'plain SQL'
    return [{ path: name, place: name, extent: 'file', tool, at: [0, 0], why, isAsked }]
  })
}

/** One part of each kind: a file may have any number. */
function partsOf(name: string, migration: Migration, now: Reading, before: Reading): UnreadInChange[] {
  const parts = now.unreadOf(migration, before)
  const known = parts.length > 0 ? before.unreadKinds(now.homeOf(migration.path)) : new Set()
  const kinds = new Set(parts.map(({ kind }) => kind).filter(kind => !known.has(kind)))
  if (kinds.size === 0) return []
  const { text } = decode(migration.path, migration.content).source
  return [...kinds].map(kind => {
    const at = parts.find(part => part.kind === kind)?.span ?? [0, 0]
    const [start] = at
    const line = text.slice(0, start + Math.max(0, text.slice(start).search(/\S/))).split(/\r\n|\r|\n/).length
    const why = `${kind} is not read`
    return { path: name, place: `${name}:${line}`, extent: 'part', tool: migration.runner.name, at, why, isAsked: true }
  })
}

/** The folders in which the base has SQL that belongs to no project. */
interface UsualPlaces {
  /** The folders that contain it directly. */
  readonly own: ReadonlySet<string>
  /** Those folders, and all folders that contain them. */
  readonly around: ReadonlySet<string>
  /** All folders in or below which there are migrations. */
  readonly inhabited: ReadonlySet<string>
}

function usualPlaces(before: Reading, now: Reading, files: ReadonlySet<string>): UsualPlaces {
  const unread = [...files].filter(file => !before.migrations.has(file) && !before.asides.has(file))
  const own = new Set(unread.map(parentOf))
  const migrations = new Set([...before.migrations.keys(), ...now.migrations.keys()].map(parentOf))
  return {
    own,
    around: new Set([...own].flatMap(upwards)),
    inhabited: new Set([...migrations].flatMap(upwards)),
  }
}

/** True if the base leaves other files in the same place unread for the same reason. */
function isUsual(path: string, now: Reading, before: Reading, { own, around, inhabited }: UsualPlaces): boolean {
  const kind = now.asides.get(path)?.kind
  const folder = parentOf(path)
  if (kind === undefined) {
    // Folders without migrations belong together, up to the first one that has some.
    const widest = upwards(folder)
      .filter(each => each !== '')
      .findLast((_, i, all) => !all.slice(0, i + 1).some(each => inhabited.has(each)))
    return own.has(folder) || (widest !== undefined && around.has(widest))
  }
  if (running.has(kind)) return false
  const others = before.asidesLike(kind, now.homeOf(path)).map(aside => aside.path)
  // A down migration whose migration does not exist is unlike all others.
  if (kind === 'undo') return others.includes(path)
  return others.some(other => parentOf(other) === folder || baseName(other) === baseName(path))
}

function whyNot(path: string, now: Reading, isSelected: boolean): string {
  const aside = now.asides.get(path)
  if (aside) return aside.why
  if (now.migrations.has(path) && !isSelected) return 'it is not among the paths that are linted'
  if (now.migrations.has(path)) return 'it comes before "startAfter" of the configuration'
  const home = now.homeOf(path)
  return home === undefined
    ? 'the folder that it lies in is not read'
    : `${home.system.title} does not run it, or not from this folder`
}

/** The path of a file without links, by a path of the tree. */
function realPaths(tree: ProjectTree): (path: string) => string {
  const entries = memoryOf(folder => new Map<string, Entry>(tree.list(folder).map(entry => [entry.name, entry])))
  const folders = memoryOf(folder => tree.real(folder))
  return path => {
    const folder = parentOf(path)
    return entries(folder).get(baseName(path))?.real ?? within(folders(folder), baseName(path))
  }
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, i) => byte === b[i])
}

function textOf(tree: ProjectTree, path: string): string | null {
  try {
    return decode(path, tree.read(path)).source.text
  } catch {
    return null
  }
}
