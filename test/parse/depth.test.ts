import { PGlite } from '@electric-sql/pglite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, type Script } from '../../src/parse/index.ts'
import { loadParser, ParserLost } from '../../src/parse/instance.ts'
import { forgetAnswers } from '../../src/parse/parser.ts'
import { chains } from './kit/chains.ts'

/** Reads a text as `readHistory` does: again when the parser was lost. */
async function read(text: string): Promise<Script> {
  for (;;) {
    await loadParser()
    try {
      return parse({ path: '1.sql', text })
    } catch (error) {
      if (!(error instanceof ParserLost)) throw error
    }
  }
}

const kindsOf = ({ problems }: Script) => problems.map(({ kind }) => kind)

describe('long and wide is not deep (OF-25b)', () => {
  test.each(Object.entries(chains))('%s', async (_, sql) => {
    for (const n of [1, 50, 1000]) {
      const script = await read(`${sql(n)};\nDROP TABLE t;`)
      expect([kindsOf(script), script.statements.length, script.statements[1]?.kind]).toEqual([[], 2, 'DropStmt'])
    }
  })

  test.each(['a list of IN', 'rows of VALUES', 'branches of CASE', 'OR in a row'])('100,000 times %s', async name => {
    const script = await read(chains[name]?.(100_000) ?? '')
    expect([kindsOf(script), script.statements.length]).toEqual([[], 1])
  })
})

describe('text that PostgreSQL parses is not a syntax error', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  })
  afterAll(() => database.close())

  /** What PostgreSQL's grammar says: PL/pgSQL parses the statements of a block, also of a branch that is never taken. */
  async function verdict(sql: string): Promise<string | null> {
    try {
      await database.exec(`DO $do$ BEGIN IF false THEN ${sql.replace(/^SELECT/, 'PERFORM')}; END IF; END $do$`)
      return null
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  test('chains of any length', { timeout: 120_000 }, async () => {
    const names = fc.constantFrom(...Object.keys(chains))
    const lengths = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 12_000 }))
    await fc.assert(
      fc.asyncProperty(names, lengths, async (name, n) => {
        const sql = chains[name]?.(n) ?? ''
        const refused = await verdict(sql)
        const script = await read(`${sql};\nDROP TABLE t;`)
        forgetAnswers()
        // The rest of the file is read in any case.
        expect(script.statements.at(-1)?.kind).toBe('DropStmt')
        // "memory exhausted": the grammar's own stack is at its end (YYMAXDEPTH).
        if (refused) expect(script.problems.map(({ message }) => message)).toEqual([refused])
        // What is too much for the parser here, without a thread, is said to be that.
        else expect(kindsOf(script)).toEqual(script.statements.length === 2 ? [] : ['beyond-limits'])
        if (n <= 1000) expect(kindsOf(script)).not.toContain('beyond-limits')
      }),
      { numRuns: 60 },
    )
  })
})

describe('text that is too much for the parser', () => {
  const tooDeep = (i: number) => `SELECT ${i} + ${'1 + '.repeat(50_000)}1`

  test('is one problem each, and does not affect later statements', async () => {
    const deep = Array.from({ length: 5 }, (_, i) => tooDeep(i))
    const script = await read(`CREATE TABLE t (a int);\n${deep.join(';\n')};\nDROP TABLE t;`)
    expect(kindsOf(script)).toEqual(Array.from({ length: 5 }, () => 'beyond-limits'))
    expect(script.statements.map(({ kind }) => kind)).toEqual(['CreateStmt', 'DropStmt'])
    for (const { span } of script.problems) expect(script.source.text.slice(...span)).toBe('SELECT')
    forgetAnswers()
  })

  test('the parser is as good as new after any number of them', { timeout: 120_000 }, async () => {
    for (let i = 0; i < 60; i++) expect(kindsOf(await read(tooDeep(i)))).toEqual(['beyond-limits'])
    forgetAnswers()
    expect(kindsOf(await read('SELECT 1'))).toEqual([])
    expect(kindsOf(await read(chains['AND in OR']?.(700) ?? ''))).toEqual([])
  })
})
