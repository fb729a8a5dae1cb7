import type { Notice } from '../migration/notice.ts'
import type { SystemChoice, SystemId } from '../migration/system-id.ts'
import { append } from '../parse/list.ts'
import { systemOf, systems } from './index.ts'
import { plain } from './plain/plain.ts'
import { brokenSettings } from './reading/broken-settings.ts'
import { likelyFolders } from './reading/conventional-folder.ts'
import { dialectTitle, folderDialect, forPostgres } from './reading/dialect.ts'
import { baseName, join, parentOf } from './reading/files.ts'
import { numberedFolders, wholeOfNumbered } from './reading/numbered-folders.ts'
import { kept } from './reading/on-demand.ts'
import { isNumbered } from './reading/order.ts'
import { contains, realOf, remembering, type Tree, type Walk, walk, without } from './reading/tree.ts'
import { compareUnits } from './reading/version.ts'
import {
  type Aside,
  type Detection,
  type Migration,
  type MigrationList,
  type Schema,
  type System,
  type SystemOptions,
  signs,
} from './system.ts'

/** Migrations that one system applies, as one history. */
export interface Project {
  readonly system: System
  /** The folder of its migrations. */
  readonly directory: string
  /** The evidence for the system, for people: `prisma/migrations/migration_lock.toml`. */
  readonly because: string
  readonly migrations: readonly Migration[]
  readonly asides: readonly Aside[]
  /** See `MigrationList`. */
  readonly schema?: Schema
  readonly notices: readonly Notice[]
}

/** Migrations that are not for PostgreSQL. */
export interface Refusal {
  readonly directory: string
  /** For people: `Prisma migrations for MySQL`. */
  readonly what: string
  readonly because: string
}

/** For people, a sentence. */
export function refusalText({ directory, what, because }: Refusal): string {
  return `${directory || '.'}/ holds ${what} (${because}), which is not PostgreSQL.`
}

export interface Discovery {
  /** In the order of their directories. */
  readonly projects: readonly Project[]
  readonly refused: readonly Refusal[]
  /** Signs of a system that has no migrations yet, and settings that cannot be read. */
  readonly notices: readonly Notice[]
}

export interface DiscoveryOptions extends SystemOptions {
  /** The id of the only system to look for; `auto`: any. */
  readonly system?: SystemChoice
  /** The system of single folders of migrations, from the configuration: path → system id. */
  readonly systems?: Readonly<Record<string, SystemId>>
  /** Folders in which to look for signs as well, but not below them: those around the roots. */
  readonly around?: readonly string[]
  /** True for folders of migrations that matter; default: all. */
  readonly isWanted?: (directory: string) => boolean
  /** Folders whose system is settled: no sign in them, above them or below them changes it. */
  readonly settled?: readonly Settled[]
}

/** A folder of migrations, and the system as which it is read. */
export interface Settled {
  readonly directory: string
  readonly system: System
}

/**
 * Finds the projects in directories and in all folders below them by their strongest signs: the configuration, a lock
 * file or a journal, a marker in the migrations, a dependency, the grammar of file names. Plain SQL has no sign: see
 * `projectIn`.
 */
export function discover(given: Tree, roots: readonly string[], options: DiscoveryOptions): Discovery {
  const whole = remembering(given)
  const { tree, left } = forPostgres(whole)
  const folders = new Set([...(options.around ?? []), ...roots.flatMap(root => foldersBelow(whole, root))])
  const claimsOf = (folder: string) =>
    kept([whole], `claims ${options.system} ${folder}`, () => claimsIn(whole, folder, options))
  const signed = [...folders].flatMap(claimsOf)
  const settled = (options.settled ?? []).filter(({ directory }) => whole.list(directory).length > 0)
  const claims = [...signed, ...wholesOf(signed, whole)].filter(claim => !isOverruled(claim, settled, whole))
  // Plain SQL has no signs: it is what remains.
  for (const { system, directory } of settled) {
    const detection: Detection = { directory, sign: 'file', because: 'as it was before' }
    if (system !== plain) claims.push({ system, detection, rank: -1 })
  }
  const empty: Notice[] = []
  for (const [written, id] of Object.entries(options.systems ?? {})) {
    const directory = join('', written)
    const system = systemOf(id)
    const detection: Detection = { directory, sign: 'file', because: 'the configuration says so' }
    if (system && whole.list(directory).length > 0) claims.push({ system, detection, rank: -1 })
    else empty.push(`The configuration names ${directory}/ under "systems", but there is no such folder.`)
  }
  // Among equally strong signs at the same depth the one that was found first wins: that of the first folder by name,
  // and of the first system.
  const found = new Map(claims.map((claim, i) => [claim, i]))
  claims.sort((a, b) => a.rank - b.rank || depth(a) - depth(b) || (found.get(a) ?? 0) - (found.get(b) ?? 0))
  const isWanted = options.isWanted ?? (() => true)

  const projects: Project[] = []
  const refused: Refusal[] = []
  const rivals: { directory: string; system: System; because: string }[] = []
  const taken: { real: string; directory: string; system: System; rank: number }[] = []
  for (const { system, detection, rank } of claims) {
    const { directory, because } = detection
    if (!isWanted(directory)) continue
    // Inside a folder of one system, only a sign of another system that is at least as strong shows that there is a
    // separate project.
    const real = realOf(whole, directory)
    const same = taken.find(other => real === other.real)
    if (same) {
      if (same.system !== system && same.rank === rank) rivals.push({ directory: same.directory, system, because })
      continue
    }
    if (taken.some(other => contains(other.real, real) && (other.system === system || other.rank < rank))) continue
    const claim = { real, directory, system, rank }
    const dialect = otherDatabase(detection, roots)
    if (dialect !== null) {
      taken.push(claim)
      refused.push({ directory, what: `${system.title} migrations for ${dialectTitle(dialect)}`, because })
      continue
    }
    const inner = taken.filter(other => contains(directory, other.directory)).map(other => other.directory)
    const list = migrationsIn(system, without(tree, inner), directory, options)
    const asides = [
      ...(list.asides ?? []),
      ...left(directory).filter(({ path }) => !inner.some(dir => contains(dir, path))),
    ]
    if (list.migrations.length === 0) {
      const tell = `${because} is a sign of ${system.title}, but there are no migrations in ${directory || '.'}/.`
      if (rank <= 0) append(empty, [tell, ...list.notices])
      continue
    }
    taken.push(claim)
    const { migrations, schema, notices } = list
    projects.push({ system, directory, because, migrations, asides, ...(schema && { schema }), notices })
  }
  const withRivals = projects.map(project => {
    const own = rivals.filter(({ directory }) => directory === project.directory)
    const notices = [...new Set(own.map(rival => rivalNotice(project, rival)))]
    return { ...project, notices: [...project.notices, ...notices] }
  })
  return {
    projects: withRivals.sort(byDirectory),
    refused: refused.sort(byDirectory),
    notices: [...new Set([...empty, ...[...folders].flatMap(folder => brokenSettings(whole, folder))])],
  }
}

/**
 * The folders that `migrate-lint` without arguments reads: the projects that are found, and folders that look like
 * plain SQL.
 */
export function projectsOf(given: Tree, options: DiscoveryOptions): Discovery {
  const tree = remembering(given)
  const found = discover(tree, [''], options)
  const known = [...found.projects, ...found.refused].map(({ directory }) => realOf(tree, directory))
  const { found: below, others } = projectFolders(tree, '')
  const folders = [...below.filter(({ kind }) => kind === 'directory'), ...others].map(({ path }) => path)
  const settled = (options.settled ?? []).filter(({ system }) => system === plain).map(({ directory }) => directory)
  const touches = (folder: string) => settled.some(other => contains(other, folder) || contains(folder, other))
  const likely = [
    ...settled.filter(folder => tree.list(folder).length > 0),
    ...likelyFolders(tree, folders, known.length === 0).filter(folder => !touches(folder)),
  ]
  const projects = [...found.projects]
  const refused = [...found.refused]
  // A link may have a likely name while its target has another one: then it is read by that name.
  for (const directory of new Set(likely.map(folder => realOf(tree, folder)))) {
    if (known.some(other => contains(other, directory) || contains(directory, other))) continue
    const refusal = refusalByName(directory, '')
    const project = projectIn(tree, directory, options, options.system)
    if (refusal) refused.push(refusal)
    else if (project.migrations.length + project.asides.length + project.notices.length > 0) projects.push(project)
  }
  return { ...found, projects: projects.sort(byDirectory), refused: refused.sort(byDirectory) }
}

/** The refusal of a folder of SQL that is named after another database, by its path below a folder that somebody asked for. */
export function refusalByName(directory: string, asked: string): Refusal | null {
  const dialect = folderDialect(asked === '' ? directory : directory.slice(asked.length + 1))
  return dialect === null
    ? null
    : { directory, what: `SQL for ${dialectTitle(dialect)}`, because: "the folder's name says so" }
}

/** A folder read as the system with that id, whatever the signs are; as plain SQL if there is no such system. */
export function projectIn(given: Tree, directory: string, options: SystemOptions, id: string = plain.id): Project {
  const { tree, left } = forPostgres(remembering(given))
  const system = systemOf(id) ?? plain
  const { migrations, asides = [], schema, notices } = migrationsIn(system, tree, directory, options)
  return {
    system,
    directory,
    because: 'no other system was recognised',
    migrations,
    asides: [...asides, ...left(directory)],
    ...(schema && { schema }),
    notices,
  }
}

/** The migrations of a folder. If only numbered folders in it have some, their migrations in order. */
function migrationsIn(system: System, tree: Tree, directory: string, options: SystemOptions): MigrationList {
  const own = system.migrations(tree, directory, options)
  if (own.migrations.length > 0) return own
  const folders = numberedFolders(tree, directory, folder => system.detect(tree, folder)?.directory === folder)
  if (folders.length === 0) return own
  const lists = folders.map(folder => ({ folder, ...system.migrations(tree, folder, options) }))
  return {
    // Each folder starts a new count.
    migrations: lists.flatMap(({ folder, migrations }) =>
      migrations.map(each => ({ ...each, id: `${baseName(folder)}/${each.id}` })),
    ),
    asides: lists.flatMap(({ asides = [] }) => asides),
    notices: [...own.notices, ...lists.flatMap(({ notices }) => notices)],
  }
}

/** If a system claims numbered folders one by one, replaces these claims by one to the folder around them, whose migrations they form together. */
function wholesOf(claims: readonly Claim[], tree: Tree): Claim[] {
  const found = new Map<string, Claim>()
  for (const claim of claims) {
    const { system, detection } = claim
    const whole = parentOf(detection.directory)
    const key = `${system.id} ${whole}`
    if (found.has(key) || !isNumbered(baseName(detection.directory))) continue
    if (detection.sign !== 'names' && detection.sign !== 'marker') continue
    if (claims.some(other => other.system === system && other.detection.directory === whole)) continue
    const isOwn = (folder: string) => system.detect(tree, folder)?.directory === folder
    if (wholeOfNumbered(tree, detection.directory, isOwn) === null) continue
    found.set(key, { ...claim, detection: { ...detection, directory: whole } })
  }
  return [...found.values()]
}

/** Two equally strong signs: one tool may write what another one runs. */
function rivalNotice(
  { directory, system }: Project,
  rival: { readonly system: System; readonly because: string },
): string {
  const read = `${directory || '.'}/ is read as ${system.title}, but ${rival.because} is a sign of ${rival.system.title}`
  return `${read}: if that tool runs it, use --system ${rival.system.id}.`
}

function byDirectory(a: { readonly directory: string }, b: { readonly directory: string }): number {
  return compareUnits(a.directory, b.directory)
}

interface Claim {
  readonly system: System
  readonly detection: Detection
  /** The smaller, the stronger. */
  readonly rank: number
}

function claimsIn(tree: Tree, folder: string, { system: wanted = 'auto' }: DiscoveryOptions): Claim[] {
  if (wanted === plain.id) return []
  return systems.flatMap((system): Claim[] => {
    if (wanted === 'auto' ? system === plain : system.id !== wanted) return []
    const detection = system.detect(tree, folder)
    return detection ? [{ system, detection, rank: signs.indexOf(detection.sign) }] : []
  })
}

/** True for a sign in a folder whose system is settled, where it does not count. */
function isOverruled({ system, detection }: Claim, settled: readonly Settled[], tree: Tree): boolean {
  const own = realOf(tree, detection.directory)
  const touching = settled
    .map(place => ({ system: place.system, real: realOf(tree, place.directory) }))
    .filter(({ real }) => contains(real, own) || contains(own, real))
  return touching.length > 0 && !touching.some(place => place.real === own && place.system === system)
}

function depth({ detection }: Claim): number {
  return detection.directory === '' ? 0 : detection.directory.split('/').length
}

/** The other database, from the tool's settings or a folder's name; the requested root folder's own name is ignored. */
function otherDatabase({ dialect, directory }: Detection, roots: readonly string[]): string | null {
  if (dialect !== undefined) return dialect
  const around = roots.filter(root => contains(root, directory)).sort((a, b) => b.length - a.length)[0] ?? ''
  return folderDialect(around === '' ? directory : directory.slice(around.length + 1))
}

/** Folders without migrations of the project itself: packages, build results, and test data. */
const skipped = new Set(['node_modules', 'vendor', 'dist', 'build', 'target', 'fixtures', '__fixtures__', 'testdata'])

/** A directory and all folders below it that may hold a project. */
export function foldersBelow(tree: Tree, dir: string): string[] {
  return projectFolders(tree, dir).found.flatMap(({ path, kind }) => (kind === 'directory' ? [path] : []))
}

function projectFolders(tree: Tree, dir: string): Walk {
  return kept([tree], `walk ${dir}`, () => walk(tree, dir, name => !name.startsWith('.') && !skipped.has(name)))
}
