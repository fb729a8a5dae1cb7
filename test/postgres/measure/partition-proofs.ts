/**
 * Measures which constraints spare ATTACH PARTITION the reading of a table, on every installed server, and writes
 * test/postgres/partition-proofs.json: `npx tsx test/postgres/measure/partition-proofs.ts`. PostgreSQL says so at DEBUG1.
 */
import { writeFileSync } from 'node:fs'
import type { Client } from 'pg'
import { supportedVersions } from '../../../src/postgres/version.ts'
import { isInstalled } from '../servers/installed.ts'
import { startServer } from '../servers/server.ts'
import { type Attachment, attachments } from './partition-proofs-list.ts'

const outcomes = new Map<string, Map<number, string>>()

for (const major of supportedVersions.filter(isInstalled)) {
  const server = await startServer(major)
  const client = await server.connect()
  try {
    await client.query("CREATE TYPE mood AS ENUM ('sad', 'ok')")
    for (const attachment of attachments) {
      const key = JSON.stringify(attachment)
      outcomes.set(key, (outcomes.get(key) ?? new Map()).set(major, await outcome(client, attachment)))
    }
  } finally {
    await client.end()
    await server.stop()
  }
}

async function outcome(
  client: Client,
  { columns, by, bound, child, other, existing = [] }: Attachment,
): Promise<string> {
  const said: string[] = []
  const listen = (notice: { message: string | undefined }) => said.push(notice.message ?? '')
  const values = (text: string) => (text === 'DEFAULT' ? text : `FOR VALUES ${text}`)
  await client.query('BEGIN')
  try {
    await client.query(`CREATE TABLE parent (${columns}) PARTITION BY ${by}`)
    for (const [i, each] of existing.entries())
      await client.query(`CREATE TABLE p${i} PARTITION OF parent ${values(each)}`)
    if (other !== undefined) {
      await client.query(`CREATE TABLE other PARTITION OF parent DEFAULT`)
      if (other) await client.query(`ALTER TABLE other ADD ${other}`)
    }
    // NOT VALID is only a word of ALTER TABLE.
    const invalid = /CHECK \([^,]*\) NOT VALID,? ?/.exec(child)?.[0] ?? ''
    await client.query(`CREATE TABLE child (${child.replace(invalid, '')})`)
    if (invalid) await client.query(`ALTER TABLE child ADD ${invalid.replace(/, ?$/, '')}`)
    await client.query('SET LOCAL client_min_messages = debug1')
    client.on('notice', listen)
    await client.query(`ALTER TABLE parent ATTACH PARTITION child ${values(bound)}`)
    const about =
      other === undefined ? 'partition constraint for table "child"' : 'constraint for default partition "other"'
    return said.some(message => message.includes(about) && message.includes('implied')) ? 'proven' : 'read'
  } catch (error) {
    return `${(error as { code?: string }).code} ${(error as Error).message}`
  } finally {
    client.off('notice', listen)
    await client.query('ROLLBACK')
  }
}

const lines = [...outcomes].map(([key, seen]) => {
  const distinct = new Set(seen.values())
  return JSON.stringify({
    ...JSON.parse(key),
    outcome: distinct.size === 1 ? [...distinct][0] : Object.fromEntries(seen),
  })
})
writeFileSync(new URL('../partition-proofs.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`)
