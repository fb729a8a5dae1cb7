import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from '../../src/parse/parse.ts'
import type { Statement } from '../../src/parse/script.ts'
import { unsupported } from '../../src/postgres/grammar/syntax.ts'
import { supportedVersions } from '../../src/postgres/version.ts'
import { statement } from './kit/model.ts'

interface Measured {
  readonly sql: string
  readonly outcome: string | Record<string, string>
}

/** Message of the syntax error (SQLSTATE 42601) when the statement uses grammar newer than `version`, else null. */
function syntaxSince(statement: Statement, version: number): string | null {
  const found = unsupported(statement, version)
  return found?.sqlstate === '42601' ? found.message : null
}

const measured = JSON.parse(readFileSync(new URL('syntax.json', import.meta.url), 'utf8')) as Measured[]

const parsed = measured.flatMap(
  ({ sql, outcome }): { statement: Statement; sql: string; outcome: Measured['outcome'] }[] => {
    const { statements } = parse({ path: 'test.sql', text: sql })
    // Text that version 18 cannot parse is a problem, not a statement.
    return statements[0] ? [{ statement: statements[0], sql, outcome }] : []
  },
)

/** Refusals other than syntax errors that come before any look at what the statement names. */
const otherRefusals = new Set(['0A000', '22023'])

describe.each(supportedVersions)('grammar of PostgreSQL %i', version => {
  it(`refuses what it refused of ${parsed.length} statements, and nothing else`, () => {
    const wrong = parsed.flatMap(({ statement, sql, outcome }) => {
      const truth = typeof outcome === 'string' ? outcome : outcome[version]
      const said = unsupported(statement, version)
      const agrees = said ? said.sqlstate === truth : truth !== '42601'
      return agrees
        ? []
        : [`${sql}: ${truth} in truth, ${said ? `${said.sqlstate} ${said.message}` : 'accepted'} in the model`]
    })
    expect(parsed.length).toBeGreaterThan(300)
    expect(wrong).toEqual([])
  })

  it('reports all errors but syntax errors with their own SQLSTATE', () => {
    for (const { statement } of parsed) {
      const said = unsupported(statement, version)
      expect(syntaxSince(statement, version)).toBe(said?.sqlstate === '42601' ? said.message : null)
      if (said && said.sqlstate !== '42601') expect(otherRefusals).toContain(said.sqlstate)
    }
  })
})

describe('syntaxSince', () => {
  it.each([
    ['ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED', 17, 'NOT ENFORCED needs PostgreSQL 18'],
    ['ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a) VIRTUAL', 12, 'GENERATED … VIRTUAL needs PostgreSQL 18'],
    ['REINDEX (TABLESPACE x) TABLE t', 13, 'options of REINDEX needs PostgreSQL 14'],
    ['VACUUM (PROCESS_MAIN) t', 15, 'VACUUM option PROCESS_MAIN needs PostgreSQL 16'],
    ['VACUUM (NONSENSE) t', 18, 'unrecognized VACUUM option "nonsense"'],
    ['MERGE INTO t USING s ON a = b WHEN MATCHED THEN DELETE RETURNING 1', 14, 'MERGE … RETURNING needs PostgreSQL 17'],
    ['MERGE INTO t USING s ON a = b WHEN MATCHED THEN DELETE', 15, null],
  ])('of %s on %i', (sql, version, message) => {
    expect(syntaxSince(statement(sql), version)).toBe(message)
  })
})
