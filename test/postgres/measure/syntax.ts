/**
 * Measures which versions accept a statement, for the statements of syntax.sql (one per line), and writes
 * test/postgres/syntax.json: `npx tsx test/postgres/measure/syntax.ts`. Most fail with an error other than a syntax error,
 * because the objects that they name do not exist; this shows that they were parsed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Client } from 'pg'
import { supportedVersions } from '../../../src/postgres/version.ts'
import { isInstalled } from '../servers/installed.ts'
import { startServer } from '../servers/server.ts'

const statements = readFileSync(new URL('syntax.sql', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
const outcomes = new Map<string, Map<number, string>>()

for (const major of supportedVersions.filter(isInstalled)) {
  const server = await startServer(major)
  const client = await server.connect()
  try {
    await client.query("SET statement_timeout = '5s'")
    await client.query('CREATE TABLE copied (a int)')
    for (const sql of statements) {
      outcomes.set(sql, (outcomes.get(sql) ?? new Map()).set(major, await outcome(client, sql)))
    }
  } finally {
    await client.end()
    await server.stop()
  }
}

async function outcome(client: Client, sql: string): Promise<string> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    return 'ok'
  } catch (error) {
    return String((error as { code?: string }).code)
  } finally {
    await client.query('ROLLBACK')
  }
}

const lines = [...outcomes].map(([sql, seen]) => {
  const distinct = new Set(seen.values())
  return JSON.stringify({ sql, outcome: distinct.size === 1 ? [...distinct][0] : Object.fromEntries(seen) })
})
writeFileSync(new URL('../syntax.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`)
