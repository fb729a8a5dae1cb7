import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { mergeReports } from '../../src/lint/merge.ts'
import type { Report } from '../../src/lint/report.ts'
import { sarifLog } from '../../src/report/sarif.ts'
import { finding, report, spanOf } from './kit/builder.ts'
import { oddPaths, reportOf } from './kit/hostile.ts'
import { complaints, makeStartable, missing } from './sarif-multitool/validate.ts'

// Microsoft's Sarif.Multitool, with the rules that GitHub adds to those of the format.

if (missing !== null) console.warn(`SARIF is not validated by Sarif.Multitool: ${missing}.`)

const table = { path: 'db/1_orders.sql', content: 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n' }

/** A run without the rules that found nothing: they are the same in every log, and the program looks at all of them for long. */
async function ran(...files: readonly [path: string, content: string][]): Promise<Report> {
  const found = await lint({ migrations: [table, ...files.map(([path, content]) => ({ path, content }))] })
  const named = new Set(found.findings.map(({ rule }) => rule))
  return { ...found, rules: found.rules.filter(({ id }) => named.has(id)) }
}

function demo(): Promise<Report> {
  const folder = fileURLToPath(new URL('../../fixtures/demo/migrations/', import.meta.url))
  const names = readdirSync(folder).filter(name => name.endsWith('.sql'))
  return lint({
    migrations: names.sort().map(name => ({ path: `migrations/${name}`, content: readFileSync(folder + name) })),
  })
}

describe.skipIf(missing !== null)('Sarif.Multitool has nothing to say (SA-01)', () => {
  beforeAll(makeStartable)

  test('of a run that finds much, with all rules', async () => {
    const found = await demo()
    expect(new Set(found.findings.map(({ rule }) => rule)).size).toBeGreaterThan(8)
    const provenance = { repository: 'https://example.org/acme/shop', commit: 'a'.repeat(40), branch: 'work' }
    expect(complaints(sarifLog(found, { provenance }))).toEqual([])
  })

  test('of one that finds nothing', async () => {
    const found = await ran()
    expect(found.findings).toEqual([])
    expect(complaints(sarifLog(found))).toEqual([])
  })

  test('of a file that does not parse', async () => {
    const found = await ran(['db/2_broken.sql', "SELEC 1;\nSELECT 'never closed"])
    expect(found.findings.map(({ rule }) => rule)).toContain('syntax-error')
    expect(complaints(sarifLog(found))).toEqual([])
  })

  test('of paths outside of ASCII, and of text with a meaning elsewhere', async () => {
    const found = await ran(['db/注文 #1/é%20[x].sql', 'DROP TABLE "orders](1)";\nDROP TABLE orders;\n'])
    expect(found.findings.map(({ rule }) => rule)).toContain('drop-table')
    expect(complaints(sarifLog(found))).toEqual([])
    expect(
      complaints(
        sarifLog(
          reportOf(
            oddPaths.filter(path => !path.startsWith('/')),
            'a "b" [c](d) {0} 📦',
          ),
        ),
      ),
    ).toEqual([])
  })

  test('of what is suppressed', async () => {
    const found = await ran([
      'db/2.sql',
      '-- migrate-lint-disable-next-statement drop-table -- nobody reads it\nDROP TABLE orders;\n',
    ])
    expect(found.suppressed).toHaveLength(1)
    const log = sarifLog(found, { includeSuppressed: true })
    expect(log).toContain('"justification":"nobody reads it"')
    expect(complaints(log)).toEqual([])
  })

  test('of more than GitHub shows', () => {
    const sql = 'CREATE INDEX i ON orders (email);\n'
    const one = finding({ path: 'db/2.sql', at: spanOf(sql, 'CREATE INDEX') })
    const found = report(
      { 'db/2.sql': sql },
      Array.from({ length: 5001 }, () => one),
    )
    expect(complaints(sarifLog(found))).toEqual([])
  })

  test('of a run that failed', () => {
    expect(complaints(sarifLog(mergeReports([]), { failure: 'There is no configuration.' }))).toEqual([])
  })

  test('but would have', async () => {
    const log = sarifLog(await ran(['db/2.sql', 'DROP TABLE orders;\n']))
    expect(complaints(log.replaceAll('db/2.sql', 'db/a b.sql'))).toContainEqual(
      expect.stringContaining('error SARIF1002'),
    )
    expect(complaints(log.replaceAll('"message":{"text":"', '"message":{"text":"","markdown":"'))).not.toEqual([])
  })
})
