import type { Execution } from '../../migration/execution.ts'
import type { Part } from '../../migration/migration.ts'
import type { Remark } from '../../migration/remark.ts'
import { split } from '../../parse/split.ts'
import { autocommit, inTransaction, message } from '../reading/execution.ts'
import { hasFile, join, namesIn, parentOf, readMigrations, textOf } from '../reading/files.ts'
import { json } from '../reading/manifest.ts'
import { ignoredOptOuts } from '../reading/opt-out.ts'
import { isAtLeast, packageVersion, type Version, type VersionRange } from '../reading/package-version.ts'
import { toml } from '../reading/toml.ts'
import { compareBytes } from '../reading/version.ts'
import type { Aside, System } from '../system.ts'

/**
 * Supabase CLI: supabase/migrations. The CLI in Go, up to 2.108, sends a file as one pipeline; the one in TypeScript
 * cuts it at statements that cannot run in a transaction.
 */
export const supabase: System = {
  id: 'supabase',
  title: 'Supabase',

  facts: {
    order: 'file name',
    down: 'none',
    transaction:
      'one per file (a pipeline); from 2.109 on cut at statements that cannot run in one (DROP INDEX CONCURRENTLY from 2.116 on), from 2.115 on with an opt-out',
    optOut: '-- pg-delta: transaction=false',
    history: { checksum: 'none, but all statements' },
  },

  detect(tree, dir) {
    for (const folder of ['supabase', '']) {
      const because = ['config.toml', 'config.json']
        .map(name => join(dir, folder === '' ? name : `${folder}/${name}`))
        .find(path => hasFile(tree, path) && (folder !== '' || isConfiguration(textOf(tree, path) ?? '')))
      if (because !== undefined) return { directory: join(parentOf(because), 'migrations'), sign: 'file', because }
    }
    return null
  },

  migrations(tree, directory) {
    const names = [...namesIn(tree, directory)].sort(compareBytes)
    const found = names.flatMap((name, i) => {
      const id = isSkipped(name, i) ? undefined : MIGRATION.exec(name)?.[1]
      return id === undefined ? [] : [{ path: join(directory, name), id }]
    })
    const texts = found.map(({ path }) => textOf(tree, path) ?? '')
    const told = packageVersion(tree, directory, 'supabase')
    // The marker has no meaning for older versions.
    const version = told ?? (texts.some(optsOut) ? { from: optOut, below: null } : null)
    const read = readMigrations(tree, found, ({ id }) => ({
      id,
      execution: inTransaction,
      runner,
      parts: partsBy(version),
      ...(isAtLeast(version, optOut) && { remarks }),
    }))
    const own = new Set(found.map(({ path }) => path))
    const asides = names
      .filter(name => /\.sql$/i.test(name) && !own.has(join(directory, name)))
      .map((name): Aside => ({ path: join(directory, name), kind: 'never-runs', why: whyNot(name) }))
    return { ...read, asides }
  },
}

const runner = {
  name: 'Supabase',
  // This is true for every version: a single statement is the first one of its pipeline.
  outsideTransaction: () => 'In a migration of its own, with no other statement in it',
  laterMigration: () => 'In a later migration',
}

/** Since this version a file may opt out, and with BEGIN and COMMIT in it, it is sent statement by statement. */
const optOut: Version = [2, 115, 0]

// pkg/migration/list.go and file.go
const MIGRATION = /^([0-9]+)_(.*)\.sql$/

/** `<timestamp>_init.sql` of the first versions, when it comes first. */
function isSkipped(name: string, place: number): boolean {
  const timestamp = /([0-9]{14})_init\.sql/.exec(name)?.[1]
  return place === 0 && timestamp !== undefined && BigInt(timestamp) < 20211209000000n
}

function whyNot(name: string): string {
  return MIGRATION.test(name)
    ? 'Supabase skips a first file that is called init and older than December 2021'
    : 'Supabase runs only files whose names are a number, an underscore, a name and .sql'
}

function isConfiguration(text: string): boolean {
  return toml(text)?.has('project_id') ?? typeof json(text).project_id === 'string'
}

function remarks(text: string): Remark[] {
  if (optsOut(text)) return []
  const meant = /^--\s*pg-delta:?\s*transaction\s*[=:]\s*false/i
  return ignoredOptOuts(
    text,
    meant,
    'in the first line of the file, as `-- pg-delta: transaction=false` and nothing else',
  )
}

function optsOut(text: string): boolean {
  return /^-- pg-delta: transaction=false\r?(?:\n|$)/.test(text)
}

interface Sent {
  readonly start: number
  readonly end: number
  /** It cannot run in a transaction, nor in a pipeline after another statement. */
  readonly alone: boolean
  /** It begins or ends a transaction. */
  readonly control: boolean
}

const ALONE =
  /^(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY|REINDEX\b[^;]*\bCONCURRENTLY|VACUUM|ALTER\s+SYSTEM|CLUSTER)\b/i
const DROPPED = /^DROP\s+INDEX\s+CONCURRENTLY\b/i
const CONTROL = /^(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ABORT|ROLLBACK|PREPARE\s+TRANSACTION)\b/i
const SAVEPOINT = /^ROLLBACK\s+(?:(?:WORK|TRANSACTION)\s+)?TO\b/i

function statements(text: string, drops = true): Sent[] {
  return split(text).pieces.map(({ span: [start], end }) => {
    const sql = text.slice(start, end)
    const alone = ALONE.test(sql) || (drops && DROPPED.test(sql))
    return { start, end, alone, control: CONTROL.test(sql) && !SAVEPOINT.test(sql) }
  })
}

/**
 * The way in which a file is sent, by the version that introduced it. Read in the programs of npm's
 * @supabase/cli-linux-x64, 2.108.0 to 3.1.0 (each version from 2.109.0 to 2.116.0), and in supabase/cli, pull requests
 * 5671 and 6276.
 */
const senders: readonly { readonly since: Version; readonly send: (text: string) => Part[] }[] = [
  { since: [0, 0, 0], send: onePipeline },
  { since: [2, 109, 0], send: text => cut(statements(text, false), text, inTransaction) },
  { since: optOut, send: text => cutPipelines(text, false) },
  { since: [2, 116, 0], send: text => cutPipelines(text, true) },
]

/** If the version is not known exactly, only the common behaviour of all possible versions is certain. */
function partsBy(version: VersionRange | null): (text: string) => readonly Part[] {
  const range = version ?? { from: [0, 0, 0], below: null }
  const possible = senders.filter(({ since }, i) => {
    const next = senders[i + 1]?.since
    return isAtLeast(range, since) !== false && (next === undefined || isAtLeast(range, next) !== true)
  })
  return text => {
    const all = possible.map(({ since, send }) => ({ since, parts: send(text) }))
    const differs = all.findLastIndex(({ parts }, i) => i > 0 && way(parts) !== way(all[i - 1]?.parts ?? []))
    const newest = all.at(-1)?.parts ?? []
    if (differs < 0) return newest
    const where = `where the Supabase CLI is older than ${all[differs]?.since.slice(0, 2).join('.')}`
    return [{ span: [0, text.length], execution: { ...autocommit, inTransaction: 'unknown', where } }]
  }
}

/** A pipeline is a transaction, whichever program sends it. */
function way(parts: readonly Part[]): string {
  return JSON.stringify(parts.map(({ span, execution }) => [span, execution === autocommit]))
}

/**
 * Before 2.109 all statements are one pipeline, and so one transaction. Only the first may be one that cannot run in a
 * transaction.
 */
function onePipeline(text: string): Part[] {
  const [first, ...more] = statements(text)
  if (!first?.alone) return [{ span: [0, text.length] }]
  const rest: Part = { span: [first.end, text.length], execution: inTransaction }
  return [{ span: [0, first.end], execution: autocommit }, ...(more.length > 0 ? [rest] : [])]
}

/** From 2.115 on: as before, unless the file has its own transactions or opts out. */
function cutPipelines(text: string, drops: boolean): Part[] {
  const all = statements(text, drops)
  if (optsOut(text) || all.some(({ control }) => control)) return [{ span: [0, text.length], execution: autocommit }]
  return cut(all, text, message)
}

/** A statement that must be alone is sent alone; the statements between two such are sent together. */
function cut(all: readonly Sent[], text: string, together: Execution): Part[] {
  const found: Part[] = []
  let from = 0
  let pending = false
  const flush = (to: number, execution: Execution) => {
    found.push({ span: [from, to], execution })
    from = to
  }
  for (const { start, end, alone } of all) {
    if (alone) {
      if (pending) flush(start, together)
      flush(end, autocommit)
    }
    pending = !alone
  }
  if (pending || found.length === 0) flush(text.length, together)
  return found
}
