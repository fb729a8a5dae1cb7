import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { completeConfig, steps } from '../../src/index.ts'

/** What no migration makes. */
const unseen = [
  `CREATE TYPE mood AS ENUM ('calm')`,
  `CREATE TYPE other AS ENUM ('calm')`,
  'CREATE SCHEMA s',
  `CREATE TYPE s.mood AS ENUM ('calm')`,
]

type Mode = 'none' | 'wrapped' | 'unknown'

/** The statement at which PostgreSQL stops, with its error; null: all of them run. */
async function real(script: readonly string[], mode: Mode): Promise<string | null> {
  try {
    for (const statement of unseen) await db.exec(statement)
    if (mode === 'wrapped') await db.exec('BEGIN')
    for (const [at, statement] of script.entries()) {
      try {
        await db.exec(statement)
      } catch (error) {
        return `${at} ${error instanceof Error && 'code' in error ? error.code : error}`
      }
    }
    return null
  } finally {
    await db.exec('ROLLBACK')
    await db.exec(
      'RESET search_path; DROP SCHEMA IF EXISTS s, t CASCADE; DROP TYPE IF EXISTS mood, other, mood_old, known, d CASCADE',
    )
  }
}

/** The first certain failure in the report. */
async function told(script: readonly string[], transaction: Mode): Promise<string | null> {
  const { steps: all } = await steps({
    migrations: [{ path: '1.sql', content: script.map(each => `${each};\n`).join('') }],
    config: completeConfig({ pgVersion: '17', transaction }),
  })
  const outermost = all.filter(({ statement }) => script.some(each => statement.text.replace(/;$/, '') === each))
  const at = outermost.findIndex(({ error }) => error !== null)
  return at < 0 ? null : `${at} ${outermost[at]?.error?.sqlstate}`
}

const add = (label: string, type = 'mood') => `ALTER TYPE ${type} ADD VALUE '${label}'`
const perhaps = (label: string) => `ALTER TYPE mood ADD VALUE IF NOT EXISTS '${label}'`

let db: PGlite
beforeAll(async () => {
  db = await PGlite.create()
})
afterAll(() => db.close())

test.each<[...string[]]>([
  [add('x'), add('x')],
  [add('x'), add('y'), add('x')],
  [perhaps('x'), add('x')],
  [add('x'), perhaps('x'), add('x')],
  [`ALTER TYPE mood ADD VALUE 'x' BEFORE 'calm'`, `ALTER TYPE mood ADD VALUE 'x' AFTER 'calm'`],
  [add('x', 's.mood'), add('x', 's.mood')],
  [`ALTER TYPE mood RENAME VALUE 'calm' TO 'x'`, add('x')],
  [add('x'), `ALTER TYPE mood RENAME VALUE 'x' TO 'y'`, add('x'), add('y')],
  [add('x'), `ALTER TYPE mood RENAME VALUE 'calm' TO 'x'`],
  [add('X'), add('x'), add('X')],
  [`DO $$ BEGIN ALTER  TYPE mood ADD VALUE 'x'; END $$`, add('x')],
])('the second of one label is refused: %s; %s; …', async (...script) => {
  for (const mode of ['none', 'wrapped'] as const) {
    const refused = await real(script, mode)
    expect(refused).toContain('42710')
    expect(await told(script, mode)).toBe(refused)
  }
})

test.each<[...string[]]>([
  [add('x'), perhaps('x')],
  [add('x'), add('x', 'other')],
  [add('x'), add('x', 's.mood')],
  [add('x'), `ALTER TYPE mood RENAME VALUE 'x' TO 'y'`, add('x')],
  [add('x'), 'ALTER TYPE mood RENAME TO mood_old', 'ALTER TYPE other RENAME TO mood', add('x')],
  [add('x'), 'SET search_path = s', add('x')],
  [
    add('x', 's.mood'),
    'ALTER SCHEMA s RENAME TO t',
    'CREATE SCHEMA s',
    `CREATE TYPE s.mood AS ENUM ('a')`,
    add('x', 's.mood'),
  ],
  [add('x'), 'DROP TYPE mood', `CREATE TYPE mood AS ENUM ('a')`, add('x')],
  [add('x'), 'DROP TYPE mood', 'ALTER TYPE s.mood SET SCHEMA public', add('x')],
  ['BEGIN', add('x'), 'ROLLBACK', add('x')],
  ['BEGIN', 'SAVEPOINT a', add('x'), 'ROLLBACK TO a', add('x'), 'COMMIT'],
  [`DO $$ BEGIN IF false THEN ALTER TYPE mood ADD VALUE 'x'; END IF; END $$`, add('x')],
  [add('x'), `DO $$ BEGIN EXECUTE 'ALTER TYPE mood RENAME VALUE ''x'' TO ''y'''; END $$`, add('x')],
])('another label or type is not refused: %s; %s; …', async (...script) => {
  expect([await real(script, 'none'), await told(script, 'none')]).toEqual([null, null])
})

test.each<[...string[]]>([
  ['DROP TYPE mood', 'ALTER TYPE other RENAME TO mood', add('x')],
  ['DROP TYPE mood', 'ALTER TYPE s.mood SET SCHEMA public', add('x')],
  [`CREATE TYPE known AS ENUM ('a')`, 'DROP TYPE known', 'ALTER TYPE mood RENAME TO known', add('x', 'known')],
  [`CREATE DOMAIN d AS int`, 'DROP DOMAIN d', 'ALTER TYPE public.mood RENAME TO d', add('x', 'public.d')],
])('a type that no migration makes takes the name of a dropped one: %s; %s; %s', async (...script) => {
  expect([await real(script, 'none'), await told(script, 'none')]).toEqual([null, null])
})

test.each<[Mode, ...string[]]>([
  ['none', 'RELEASE a'],
  ['none', 'ROLLBACK TO a'],
  ['none', 'SAVEPOINT a'],
  ['none', 'BEGIN', 'RELEASE a'],
  ['none', 'BEGIN', 'SAVEPOINT a', 'RELEASE b'],
  ['none', 'BEGIN', 'SAVEPOINT a', 'RELEASE a', 'ROLLBACK TO a'],
  ['none', 'BEGIN', 'SAVEPOINT a', 'SAVEPOINT b', 'ROLLBACK TO a', 'RELEASE b'],
  ['none', 'BEGIN', 'SAVEPOINT a', 'COMMIT', 'BEGIN', 'RELEASE a'],
  ['none', 'BEGIN', 'SAVEPOINT "A"', 'RELEASE a'],
  ['wrapped', 'ROLLBACK TO SAVEPOINT a'],
  ['wrapped', 'SAVEPOINT a', 'RELEASE a', 'RELEASE a'],
])('%s: an unknown savepoint is refused: %s; %s; …', async (mode, ...script) => {
  const refused = await real(script, mode)
  expect(refused).toMatch(/3B001|25P01/)
  expect(await told(script, mode)).toBe(refused)
})

test('in or outside of a transaction, one of the two errors is certain', async () => {
  for (const script of [['RELEASE a'], ['ROLLBACK TO a'], ['SAVEPOINT a', 'RELEASE b']]) {
    for (const mode of ['none', 'wrapped'] as const) expect(await real(script, mode)).not.toBeNull()
    expect(await told(script, 'unknown')).toBe(`${script.length - 1} 3B001`)
  }
})

test.each<[Mode, ...string[]]>([
  ['none', 'BEGIN', 'SAVEPOINT a', 'ROLLBACK TO a', 'RELEASE a', 'COMMIT'],
  ['none', 'BEGIN', 'SAVEPOINT a', 'SAVEPOINT a', 'RELEASE a', 'RELEASE a', 'COMMIT'],
  ['none', 'BEGIN', 'SAVEPOINT A', 'RELEASE "a"', 'COMMIT'],
  ['wrapped', 'SAVEPOINT a', 'RELEASE a'],
])('%s: a known one is not: %s; %s; …', async (mode, ...script) => {
  expect([await real(script, mode), await told(script, mode)]).toEqual([null, null])
})

test('what psql includes may have made it', async () => {
  const { steps: all } = await steps({
    migrations: [{ path: '1.sql', content: 'BEGIN;\n\\i savepoints.sql\nRELEASE a;\nCOMMIT;\n' }],
    config: completeConfig({ pgVersion: '17' }),
  })
  expect(all.map(({ error }) => error)).toEqual([null, null, null])
})
