/**
 * Measures what ALTER COLUMN … TYPE does on every installed server and writes test/postgres/type-changes.json:
 * `npx tsx test/postgres/measure/type-changes.ts`. Table and index were rewritten when their file has another number.
 */
import { writeFileSync } from 'node:fs'
import type { Client } from 'pg'
import { supportedVersions } from '../../../src/postgres/version.ts'
import { isInstalled } from '../servers/installed.ts'
import { startServer } from '../servers/server.ts'
import { changes, prelude, types } from './type-changes-list.ts'

interface Change {
  readonly from: string
  readonly to: string
  readonly using?: string
  readonly timezone?: string
  /** `$table` and `c`: the index to watch. */
  readonly index?: string
}

const matrix: Change[] = types.flatMap(from => types.map(to => ({ from, to })))
const outcomes = new Map<string, Map<number, string>>()

for (const major of supportedVersions.filter(isInstalled)) {
  const server = await startServer(major)
  const client = await server.connect()
  try {
    for (const sql of prelude) await client.query(sql)
    for (const change of [...matrix, ...changes]) {
      const key = JSON.stringify(change)
      const seen = outcomes.get(key) ?? new Map<number, string>()
      outcomes.set(key, seen.set(major, await outcome(client, change)))
    }
  } finally {
    await client.end()
    await server.stop()
  }
}

async function outcome(client: Client, change: Change): Promise<string> {
  await client.query('BEGIN')
  try {
    return await measured(client, change)
  } catch (error) {
    return String((error as { code?: string }).code)
  } finally {
    await client.query('ROLLBACK')
  }
}

async function measured(client: Client, { from, to, using, timezone, index }: Change): Promise<string> {
  await client.query(`CREATE TABLE t (c ${from})`)
  await client.query('SAVEPOINT indexed')
  try {
    await client.query(index ?? 'CREATE INDEX i ON t (c)')
  } catch {
    await client.query('ROLLBACK TO indexed')
  }
  await client.query(`SET LOCAL TimeZone = '${timezone ?? 'UTC'}'`)
  const before = await files(client)
  await client.query(`ALTER TABLE t ALTER COLUMN c TYPE ${to} ${using === undefined ? '' : `USING ${using}`}`)
  const after = await files(client)
  if (before.t !== after.t) return 'rewrite'
  return before.i === undefined ? 'keep' : before.i === after.i ? 'keep, index kept' : 'keep, index rebuilt'
}

async function files(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ relname: string; file: string }>(
    `SELECT relname, pg_relation_filenode(oid)::text AS file FROM pg_class WHERE relname IN ('t', 'i')`,
  )
  return Object.fromEntries(rows.map(({ relname, file }) => [relname, file]))
}

/** `rewrite`, or where versions differ `12-14: rewrite; 15-18: 42804`. */
function summary(key: string): string {
  const groups: { first: number; last: number; outcome: string }[] = []
  for (const [major, outcome] of outcomes.get(key) ?? []) {
    const last = groups.at(-1)
    if (last?.outcome === outcome) last.last = major
    else groups.push({ first: major, last: major, outcome })
  }
  const only = groups.length === 1 ? groups[0]?.outcome : undefined
  return only ?? groups.map(({ first, last, outcome }) => `${first}-${last}: ${outcome}`).join('; ')
}

const rows = types.map(from => {
  const row: Record<string, string[]> = {}
  for (const to of types) {
    const outcome = summary(JSON.stringify({ from, to }))
    row[outcome] = [...(row[outcome] ?? []), to]
  }
  return `${JSON.stringify(from)}: ${JSON.stringify(row)}`
})
const lines = changes.map(change => JSON.stringify({ ...change, outcome: summary(JSON.stringify(change)) }))
writeFileSync(
  new URL('../type-changes.json', import.meta.url),
  `{"matrix": {\n${rows.join(',\n')}\n},\n"changes": [\n${lines.join(',\n')}\n]}\n`,
)
