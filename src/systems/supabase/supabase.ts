import type { Execution } from '../../migration/execution.ts'
import type { Part } from '../../migration/migration.ts'
import type { Remark } from '../../migration/remark.ts'
import { split } from '../../parse/split.ts'
import { autocommit, inTransaction, message } from '../reading/execution.ts'
import { hasFile, join, namesIn, parentOf, readMigrations, textOf, upwards } from '../reading/files.ts'
import { json, record } from '../reading/manifest.ts'
import { ignoredOptOuts } from '../reading/opt-out.ts'
import { toml } from '../reading/toml.ts'
import type { Tree } from '../reading/tree.ts'
import { compareBytes } from '../reading/version.ts'
import type { Aside, System } from '../system.ts'

/**
 * Supabase CLI: supabase/migrations. Up to version 2 it is written in Go and sends a file as one pipeline; version 3 is
 * written in TypeScript and cuts pipelines at what cannot run in a transaction.
 */
export const supabase: System = {
  id: 'supabase',
  title: 'Supabase',

  facts: {
    order: 'file name',
    down: 'none',
    transaction: 'one per file (a pipeline); from version 3 on cut at what cannot run in one, and with an opt-out',
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
    const version = versionOf(tree, directory) ?? (texts.some(optsOut) ? 3 : null)
    const isNew = version !== null && version >= 3
    const read = readMigrations(tree, found, ({ id }) => ({
      id,
      execution: inTransaction,
      runner,
      parts: isNew ? cutPipelines : onePipeline,
      ...(isNew && { remarks }),
    }))
    const doubtful = version === null && texts.some(text => statements(text).some(({ alone }, i) => alone && i > 0))
    const assumed = 'Read as version 2 of the Supabase CLI runs it, as no package.json says "supabase" of version 3.'
    const asides = names
      .filter(name => /\.sql$/i.test(name) && !found.some(({ path }) => path === join(directory, name)))
      .map((name): Aside => ({ path: join(directory, name), kind: 'never-runs', why: whyNot(name) }))
    return { ...read, asides, notices: [...read.notices, ...(doubtful ? [assumed] : [])] }
  },
}

const runner = {
  name: 'Supabase',
  // True for every version: one statement alone is the first of its pipeline.
  outsideTransaction: () => 'In a migration of its own, with no other statement in it:',
  laterMigration: () => 'In a later migration:',
}

// pkg/migration/list.go and file.go
const MIGRATION = /^([0-9]+)_(.*)\.sql$/

/** `<timestamp>_init.sql` of the first versions, when it comes first. */
function isSkipped(name: string, place: number): boolean {
  const timestamp = /([0-9]{14})_init\.sql/.exec(name)?.[1]
  return place === 0 && timestamp !== undefined && BigInt(timestamp) < 20211209000000n
}

function whyNot(name: string): string {
  return MIGRATION.test(name)
    ? 'Supabase skips a first file that is called init and older than December 2021.'
    : 'Supabase runs only files whose names are a number, an underscore, a name and .sql.'
}

function isConfiguration(text: string): boolean {
  return toml(text)?.has('project_id') ?? typeof json(text).project_id === 'string'
}

/** The major version that the nearest package.json wants. */
function versionOf(tree: Tree, directory: string): number | null {
  for (const dir of upwards(directory)) {
    const manifest = json(textOf(tree, join(dir, 'package.json')) ?? '')
    for (const list of [manifest.devDependencies, manifest.dependencies]) {
      const range = record(list)?.supabase
      const major = typeof range === 'string' ? /\d+/.exec(range)?.[0] : undefined
      if (major !== undefined) return Number(major)
    }
  }
  return null
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
  /** It cannot run in a transaction, nor in a pipeline behind another one. */
  readonly alone: boolean
  /** It begins or ends a transaction. */
  readonly control: boolean
}

const ALONE =
  /^(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY|DROP\s+INDEX\s+CONCURRENTLY|REINDEX\b[^;]*\bCONCURRENTLY|VACUUM|ALTER\s+SYSTEM|CLUSTER)\b/i
const CONTROL = /^(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ABORT|ROLLBACK|PREPARE\s+TRANSACTION)\b/i

function statements(text: string): Sent[] {
  return split(text).pieces.map(({ span: [start], end }) => {
    const sql = text.slice(start, end)
    return { start, end, alone: ALONE.test(sql), control: CONTROL.test(sql) }
  })
}

/** Version 2: all statements are one pipeline, hence one transaction. Only the first may be one that refuses to be in one. */
function onePipeline(text: string): Part[] {
  const [first, ...more] = statements(text)
  if (!first?.alone) return [{ span: [0, text.length] }]
  const rest: Part = { span: [first.end, text.length], execution: inTransaction }
  return [{ span: [0, first.end], execution: autocommit }, ...(more.length > 0 ? [rest] : [])]
}

/** Version 3: pipelines up to the next statement that has to be alone, unless the file has transactions of its own or wants none. */
function cutPipelines(text: string): Part[] {
  const all = statements(text)
  if (optsOut(text) || all.some(({ control }) => control)) return [{ span: [0, text.length], execution: autocommit }]
  const found: Part[] = []
  let from = 0
  let pending = false
  const flush = (to: number, execution: Execution) => {
    found.push({ span: [from, to], execution })
    from = to
  }
  for (const { start, end, alone } of all) {
    if (alone) {
      if (pending) flush(start, message)
      flush(end, autocommit)
    }
    pending = !alone
  }
  if (pending || found.length === 0) flush(text.length, message)
  return found
}
