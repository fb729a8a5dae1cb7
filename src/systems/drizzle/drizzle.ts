import type { Part } from '../../migration/migration.ts'
import type { Remark } from '../../migration/remark.ts'
import { databaseNamed } from '../../parse/database-name.ts'
import { jsonValue } from '../../parse/json.ts'
import { cutBodies } from '../reading/cut-bodies.ts'
import { allInOneByMessages, allInOneTransaction } from '../reading/execution.ts'
import { baseName, hasDirectory, hasFile, isProgram, join, namesIn, readMigrations, textOf } from '../reading/files.ts'
import { lines } from '../reading/lines.ts'
import { json, record } from '../reading/manifest.ts'
import { onlyNamed } from '../reading/named-path.ts'
import { settingsAt } from '../reading/program-settings.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareEnglish } from '../reading/version.ts'
import type { Aside, MigrationList, System } from '../system.ts'
import { firstSnapshot, journalFile, journalOf, rivalSnapshots } from './meta.ts'

/** Drizzle Kit: files that meta/_journal.json lists (0.x), or folders that hold migration.sql and snapshot.json (1.0). */
export const drizzle: System = {
  id: 'drizzle',
  title: 'Drizzle',

  facts: {
    order: 'meta/_journal.json; from 1.0 on folder name (localeCompare)',
    down: 'none',
    transaction: 'one around all pending migrations; each piece between breakpoints is one message',
    optOut: null,
    history: { checksum: 'SHA-256 of the file, never compared' },
  },

  detect(tree, dir) {
    const record = recordOf(tree, dir)
    if (record !== null)
      return { directory: dir, sign: 'file', because: record, ...otherThanPostgres(dialectOf(tree, dir)) }
    const config = namesIn(tree, dir).find(name => /^drizzle.*\.config\.(ts|js|mjs|cjs|mts|json)$/.test(name))
    if (config === undefined) return null
    const because = join(dir, config)
    const named = onlyNamed(tree, because, path => recordOf(tree, path) !== null)
    const settings = named === null ? settingsAt(tree, because) : null
    const directory = named ?? join(dir, settings?.text('out') ?? 'drizzle')
    return hasDirectory(tree, directory)
      ? {
          directory,
          sign: 'file',
          because,
          ...otherThanPostgres(settings?.text('dialect') ?? dialectOf(tree, directory)),
        }
      : null
  },

  migrations: (tree, directory) =>
    recordOf(tree, directory)?.startsWith(join(directory, 'meta'))
      ? journaled(tree, directory)
      : inFolders(tree, directory),

  integrity: (tree, directory) =>
    hasFile(tree, join(directory, journalFile)) ? [journalOf(tree, directory), ...rivalSnapshots(tree, directory)] : [],
}

/** The journal, or the first snapshot: beside the journal, or beside a migration of Drizzle 1.0; null: the folder has none. */
function recordOf(tree: Tree, dir: string): string | null {
  const journal = join(dir, journalFile)
  if (hasFile(tree, journal)) return journal
  const snapshots = folders(tree, dir).map(folder => join(folder, 'snapshot.json'))
  return snapshots.find(path => hasFile(tree, path)) ?? firstSnapshot(tree, dir)
}

function dialectOf(tree: Tree, dir: string): unknown {
  const path = recordOf(tree, dir)
  const own = path?.endsWith(journalFile) ? readJournal(tree, dir).dialect : undefined
  // A journal that is not one may have lost its first lines.
  const snapshot = path?.endsWith(journalFile) ? firstSnapshot(tree, dir) : path
  return own ?? (snapshot ? json(textOf(tree, snapshot) ?? '').dialect : undefined)
}

function journaled(tree: Tree, directory: string): MigrationList {
  const journal = join(directory, journalFile)
  const { entries } = readJournal(tree, directory)
  const found = entries?.flatMap(({ tag, when }) => {
    const path = join(directory, `${tag}.sql`)
    return hasFile(tree, path) ? [{ path, id: tag, when }] : []
  })
  if (!found) return unlisted(tree, directory)
  const later = laterThan(found)
  const read = readMigrations(tree, found, ({ id, when }) => {
    const after = later.get(id)
    return {
      id,
      ...run,
      stamp: { when, file: journal },
      remarks: text => [...(after === undefined ? [] : [skipped(text, after, journal)]), ...cuts(text)],
    }
  })
  const listed = new Set(found.map(({ path }) => path))
  const why = `Drizzle runs only what ${journal} lists`
  return { ...read, asides: asides(tree, directory, listed, why) }
}

/** The files of a folder whose journal is missing or is not one: in the order of their names, which the journal of most projects has, too. */
function unlisted(tree: Tree, directory: string): MigrationList {
  const path = join(directory, journalFile)
  const names = namesIn(tree, directory).filter(name => name.endsWith('.sql'))
  const found = names.map(name => ({ path: join(directory, name), id: name.slice(0, -'.sql'.length) }))
  const read = readMigrations(tree, found, ({ id }) => ({ id, ...run, remarks: cuts }))
  const why = hasFile(tree, path) ? 'it is not a journal of Drizzle' : 'it is missing, and Drizzle runs what it lists'
  return { ...read, notices: [{ path, why }, ...read.notices] }
}

function inFolders(tree: Tree, directory: string): MigrationList {
  const found = folders(tree, directory).map(folder => ({ path: join(folder, 'migration.sql'), id: baseName(folder) }))
  const there = found.filter(({ path }) => hasFile(tree, path))
  const read = readMigrations(tree, there, ({ id }) => ({ id, ...run, remarks: cuts }))
  const why = 'Drizzle runs only migration.sql, in folders of their own'
  return { ...read, asides: asides(tree, directory, new Set(there.map(({ path }) => path)), why) }
}

const run = {
  execution: allInOneTransaction,
  parts: pieces,
  runner: {
    name: 'Drizzle',
    outsideTransaction: () => 'By hand, before the migrations are run (Drizzle runs all of them in one transaction)',
    // All pending migrations share the transaction: only another deployment has another one.
    laterMigration: () => 'In a migration that is deployed later',
  },
}

const breakpoint = '--> statement-breakpoint'

/** Drizzle cuts at exactly this text, wherever it is (drizzle-orm, src/migrator.ts); the text between two cuts is one message. */
function pieces(text: string): Part[] {
  const found: Part[] = []
  for (let start = 0; start <= text.length; ) {
    const stop = text.indexOf(breakpoint, start)
    const end = stop < 0 ? text.length : stop
    found.push({ span: [start, end], execution: allInOneByMessages })
    start = stop < 0 ? text.length + 1 : stop + breakpoint.length
  }
  return found
}

/** Breakpoints inside a string or a body: the text on either side of them is not SQL. */
function cuts(text: string): Remark[] {
  const spans = pieces(text).map(({ span }) => span)
  return cutBodies(text, spans, 'Remove the breakpoint from it: Drizzle cuts there, whatever is around it.')
}

interface Entry {
  readonly tag: string
  readonly when: number
}

/** The entries of the journal; null: there is none, as is usual since version 1.0. */
export function journalEntries(tree: Tree, directory: string): readonly Entry[] | null {
  return hasFile(tree, join(directory, journalFile)) ? (readJournal(tree, directory).entries ?? []) : null
}

/** `entries`: null if there is no journal, or if it is not one. */
function readJournal(tree: Tree, directory: string): { entries: Entry[] | null; dialect: unknown } {
  // Text that is not JSON, such as merge markers, is skipped here, and reported with the journal.
  const { entries, dialect } = record(jsonValue(textOf(tree, join(directory, journalFile)) ?? '')) ?? {}
  if (!Array.isArray(entries)) return { entries: null, dialect }
  const found = entries.flatMap((entry: unknown) => {
    const { tag, when } = record(entry) ?? {}
    return typeof tag === 'string' ? [{ tag, when: Number(when) || 0 }] : []
  })
  return { entries: found, dialect }
}

/**
 * Entries that are not later than an earlier entry, each with that entry. Entries later than the last applied one are
 * applied (drizzle-orm, src/pg-core/dialect.ts), so these are skipped on databases that have the earlier one.
 */
function laterThan(entries: readonly { readonly id: string; readonly when: number }[]): ReadonlyMap<string, string> {
  let latest: (typeof entries)[number] | null = null
  const found = new Map<string, string>()
  for (const entry of entries) {
    if (latest && entry.when <= latest.when) found.set(entry.id, latest.id)
    else latest = entry
  }
  return found
}

function skipped(text: string, after: string, journal: string): Remark {
  const { start, end } = lines(text).find(line => line.text.trim() !== '') ?? { start: 0, end: 0 }
  return {
    at: [start, end],
    kind: 'skipped',
    why: `its "when" in ${journal} is not later than that of ${after}`,
    help: 'Generate it again after the merge, or give it a "when" that is later than all others.',
  }
}

/** Folders of Drizzle 1.0, in its order. */
function folders(tree: Tree, dir: string): string[] {
  const names = namesIn(tree, dir, 'directory').filter(name => /^\d{14}_/.test(name))
  return names.sort(compareEnglish).map(name => join(dir, name))
}

function asides(tree: Tree, directory: string, run: ReadonlySet<string>, why: string): Aside[] {
  const others = filesBelow(tree, directory).filter(path => !run.has(path))
  return others.flatMap((path): Aside | [] => {
    if (/\.sql$/i.test(path)) return { path, kind: 'never-runs', why }
    const isNumbered = /(?:^|\/)\d{4,}_/.test(path)
    return isNumbered && isProgram(path)
      ? { path, kind: 'by-hand', why: 'it is code beside the migrations, which Drizzle does not run' }
      : []
  })
}

function otherThanPostgres(dialect: unknown): { dialect?: string } {
  if (typeof dialect !== 'string') return {}
  const database = databaseNamed(dialect) ?? dialect
  return database === 'postgresql' ? {} : { dialect: database }
}
