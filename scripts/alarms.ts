/**
 * Counts how well the rules judge measured statements:
 *
 *   npm run alarms -- <cases.json> [more.json…]
 *
 * Every case in which real servers took a lock that blocks writes on an existing table, together with work that grows with
 * the data, must give an error. No other case may give an error because of a lock. Exit code 0 if both hold, otherwise 1.
 */
import { readFileSync } from 'node:fs'
import { registry } from '../src/index.ts'
import { alarms } from '../test/postgres/kit/alarm.ts'
import type { OracleCase } from '../test/postgres/kit/oracle.ts'

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error('usage: npm run alarms -- <cases.json>…')
  process.exit(2)
}
const all = []
for (const file of files) {
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: OracleCase[] }
  for (const each of cases) all.push(...(await alarms(each, registry)))
}
const dangerous = all.filter(alarm => alarm.dangerous)
const harmless = all.filter(alarm => !alarm.dangerous)
const missed = dangerous.filter(({ errors }) => errors.length === 0)
const needless = harmless.filter(({ errors }) => errors.length > 0)
for (const { id, version } of missed) console.log(`missed    ${id} (${version})`)
for (const { id, version, errors } of needless) console.log(`needless  ${id} (${version}): ${errors.join(', ')}`)
console.log(`${dangerous.length - missed.length} of ${dangerous.length} dangerous cases give an error`)
console.log(`${needless.length} of ${harmless.length} other cases give an error for a lock reason`)
process.exitCode = missed.length + needless.length === 0 ? 0 : 1
