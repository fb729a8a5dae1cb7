import { PGlite } from '@electric-sql/pglite'
import { expect, test } from 'vitest'
import { lint, registry } from '../../src/index.ts'

// PostgreSQL's own parser keeps at most ten thousand words and signs that wait for what follows (YYMAXDEPTH of Bison). Beyond that, servers 12
// and 18 refuse a statement with the code of a syntax error, whatever their settings are: so does the report, in the same words.

const nested = {
  'NOT before NOT': `SELECT ${'NOT '.repeat(20_000)}true`,
  'minus before minus': `SELECT ${'- '.repeat(20_000)}1`,
  parentheses: `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
}

test.each(Object.entries(nested))('%s, 20,000 times, is refused as the server refuses it', async (_, sql) => {
  const db = new PGlite()
  const refused = await db.exec(sql).catch((error: { code?: string; message?: string }) => error)
  expect(refused).toMatchObject({ code: '42601', message: expect.stringContaining('memory exhausted at or near') })
  const { message } = refused as { readonly message: string }
  const { findings } = await lint({ migrations: [{ path: '1.sql', content: `${sql};\n` }], registry })
  expect(findings.map(each => [each.rule, each.message])).toEqual([
    ['syntax-error', `PostgreSQL cannot parse this: ${message}.`],
  ])
  await db.close()
})
