/**
 * Compares the model with measured behaviour of real PostgreSQL servers.
 *
 *   npm run oracle -- <cases.json> [more.json…] [--group "drop table"] [--id some-case] [--misses] [--versions 12,18]
 *
 * The format is that of test/postgres/measure/README.md. Exit code 0 when everything agrees, else 1.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadParser } from '../src/parse/index.ts'
import { compare, dimensions, type OracleCase } from '../test/postgres/kit/oracle.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    group: { type: 'string' },
    id: { type: 'string' },
    misses: { type: 'boolean', default: false },
    versions: { type: 'string' },
  },
})
if (positionals.length === 0) {
  console.error('usage: npm run oracle -- <cases.json>… [--group NAME] [--id ID] [--versions 12,18] [--misses]')
  process.exit(2)
}
await loadParser()

const right = new Map<string, number>()
let total = 0
let exact = 0
const versions = values.versions?.split(',').map(Number)
const missed = new Map<string, string[]>()
for (const file of positionals) {
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: OracleCase[] }
  for (const each of cases) {
    if (values.group && each.group !== values.group) continue
    if (values.id && each.id !== values.id) continue
    for (const outcome of compare(each, versions)) {
      total++
      if (outcome.misses.length === 0) exact++
      for (const dimension of dimensions) {
        if (!outcome.misses.some(miss => miss.dimension === dimension))
          right.set(dimension, (right.get(dimension) ?? 0) + 1)
      }
      for (const miss of outcome.misses) {
        const line = `${each.id}: ${miss.dimension}: expected ${miss.expected || '(nothing)'}, model says ${miss.predicted || '(nothing)'}`
        missed.set(line, [...(missed.get(line) ?? []), String(outcome.version)])
      }
    }
  }
}
for (const [line, at] of missed) if (values.misses || missed.size <= 40) console.log(`${line}   [${at.join(' ')}]`)
const percent = (count: number) => `${((100 * count) / Math.max(total, 1)).toFixed(1)} %`
for (const dimension of dimensions) {
  console.log(
    `${dimension.padEnd(16)} ${String(right.get(dimension) ?? 0).padStart(6)} of ${total}  ${percent(right.get(dimension) ?? 0)}`,
  )
}
console.log(`${'exact'.padEnd(16)} ${String(exact).padStart(6)} of ${total}  ${percent(exact)}`)
process.exitCode = exact === total ? 0 : 1
