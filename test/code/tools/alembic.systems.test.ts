import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alembicCalls } from '../../../src/systems/alembic/calls.ts'
import { usual } from '../../../src/systems/alembic/convention.ts'
import '../../kit/grammars.ts'
import { python, withoutPython } from '../../systems/kit/python.ts'
import { sent } from '../kit/sent.ts'
import { revisions } from './kit/alembic-operations.ts'
import { Tally } from './kit/tally.ts'

// Generated migrations that Alembic writes as SQL (`upgrade --sql`): what is read is the same, statement by statement.

const why = withoutPython()
if (why !== null) console.warn(`Alembic is not compared: ${why}.`)
const program = fileURLToPath(new URL('programs/run-alembic.py', import.meta.url))

describe.skipIf(why !== null)('what Alembic sends', () => {
  test('Alembic 1.20, SQLAlchemy 2.1', async () => {
    const cases = fc.sample(revisions, { seed: 13, numRuns: 3000 })
    const ran = python<(string[] | null)[]>('alembic', program, { cases })
    const tally = new Tally('Alembic')
    const reader = alembicCalls({ convention: usual, storesComputed: false })
    for (const [i, text] of cases.entries())
      tally.compare(
        text.slice(text.indexOf('def upgrade')),
        ran[i] ?? null,
        await sent(reader, text, 'up', '1.py'),
        plainly,
      )
    tally.print()
    expect(tally.claimed.slice(0, 25)).toEqual([])
    expect(tally.exact).toBeGreaterThan(2000)
  }, 600_000)
})

/** SQLAlchemy keeps the indexes of a table in a set: their order is that of chance. */
function plainly(statements: readonly string[]): string[] {
  const all = statements.map(sql =>
    sql.replace(/;\s*$/, '').replace(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(' )', ')').trim(),
  )
  const isOfTable = (sql: string | undefined) => /^CREATE (?:UNIQUE )?INDEX/.test(sql ?? '')
  return all.flatMap((sql, i) => {
    if (!isOfTable(sql)) return [sql]
    if (isOfTable(all[i - 1])) return []
    const end = all.findIndex((each, j) => j > i && !isOfTable(each))
    return all.slice(i, end < 0 ? all.length : end).sort()
  })
}
