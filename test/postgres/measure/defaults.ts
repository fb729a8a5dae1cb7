/**
 * Measures which defaults make ADD COLUMN rewrite a table, on every installed server, and writes
 * test/postgres/defaults.json: `npx tsx test/postgres/measure/defaults.ts`.
 */
import { writeFileSync } from 'node:fs'
import type { Client } from 'pg'
import { supportedVersions } from '../../../src/postgres/version.ts'
import { isInstalled } from '../servers/installed.ts'
import { startServer } from '../servers/server.ts'
import { defaults, functions } from './defaults-list.ts'

const outcomes = new Map<string, Map<number, string>>()

for (const major of supportedVersions.filter(isInstalled)) {
  const server = await startServer(major)
  const client = await server.connect()
  try {
    for (const name of ['"uuid-ossp"', 'pgcrypto', 'hstore', 'citext']) await client.query(`CREATE EXTENSION ${name}`)
    await client.query('CREATE SEQUENCE s')
    // Older versions know neither SQL bodies nor every conversion of a result.
    for (const sql of functions) await client.query(sql).catch(() => undefined)
    for (const [type, expression] of defaults) {
      const key = JSON.stringify([type, expression])
      outcomes.set(key, (outcomes.get(key) ?? new Map()).set(major, await outcome(client, type, expression)))
    }
  } finally {
    await client.end()
    await server.stop()
  }
}

async function outcome(client: Client, type: string, expression: string): Promise<string> {
  await client.query('BEGIN')
  try {
    await client.query('CREATE TABLE t (id int)')
    const before = await file(client)
    await client.query(`ALTER TABLE t ADD COLUMN c ${type} DEFAULT (${expression})`)
    return before === (await file(client)) ? 'keep' : 'rewrite'
  } catch (error) {
    return String((error as { code?: string }).code)
  } finally {
    await client.query('ROLLBACK')
  }
}

async function file(client: Client): Promise<unknown> {
  const { rows } = await client.query(`SELECT pg_relation_filenode('t') AS file`)
  return rows[0]?.file
}

const lines = [...outcomes].map(([key, seen]) => {
  const [type, expression] = JSON.parse(key) as [string, string]
  const distinct = new Set(seen.values())
  return JSON.stringify({
    type,
    expression,
    outcome: distinct.size === 1 ? [...distinct][0] : Object.fromEntries(seen),
  })
})
writeFileSync(new URL('../defaults.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`)
