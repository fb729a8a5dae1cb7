import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { steps } from '../../src/index.ts'
import type { MigrationFile } from '../../src/lint/history/history.ts'
import type { Step } from '../../src/postgres/step.ts'
import { compareFile } from './kit/compare.ts'
import { Database } from './kit/database.ts'

// A test of the tests: they must notice a wrong model.

let database: Database
beforeAll(async () => {
  database = await Database.start()
})
afterAll(() => database.stop())
beforeEach(() => database.reset())

const setup =
  'CREATE TABLE a (id bigint PRIMARY KEY, n int); CREATE TABLE b (id bigint REFERENCES a); CREATE INDEX a_n_idx ON a (n);'

async function file(sql: string): Promise<MigrationFile> {
  for (const statement of setup.split('; ')) expect(await database.run(statement)).toBe(null)
  await database.fill()
  const migrations = [
    { path: '1.sql', content: setup },
    { path: '2.sql', content: sql },
  ]
  const { files } = await steps({ migrations, config: { pgVersion: '18' } })
  const second = files[1]
  if (!second) throw new Error('no second file')
  return second
}

function tampered({ steps, ...rest }: MigrationFile, change: (step: Step) => Partial<Step>): MigrationFile {
  return { ...rest, steps: steps.map(step => ({ ...step, ...change(step) })) }
}

const scan = 'ALTER TABLE a ALTER COLUMN n SET NOT NULL;'
const rewrite = 'ALTER TABLE a ALTER COLUMN n TYPE bigint;'

test('the model is right', async () => {
  expect(await compareFile(await file(scan + rewrite), null, database)).toEqual([])
})

test('a missing lock', async () => {
  const wrong = tampered(await file('BEGIN; ALTER TABLE a ADD COLUMN x int; COMMIT;'), step => ({
    effects: step.effects.filter(effect => effect.relation !== 'a'),
  }))
  expect(await compareFile(wrong, null, database)).toEqual([
    'ALTER TABLE a ADD COLUMN x int: a is locked AccessExclusiveLock, predicted: not at all',
  ])
})

test('a lock of the model that is too strong', async () => {
  const wrong = tampered(await file('CREATE INDEX ON a (id);'), step => ({
    effects: step.effects.map(effect => ({ ...effect, lock: 'ShareRowExclusiveLock' as const })),
  }))
  expect(await compareFile(wrong, null, database)).toEqual([
    'CREATE INDEX ON a (id): a is locked ShareLock, predicted: ShareRowExclusiveLock',
  ])
})

test('a scan that was not predicted', async () => {
  const wrong = tampered(await file(scan), step => ({
    effects: step.effects.map(effect => ({ ...effect, work: 'none' as const })),
  }))
  expect(await compareFile(wrong, null, database)).toEqual([
    'ALTER TABLE a ALTER COLUMN n SET NOT NULL: 100 rows of a are read, predicted: none',
  ])
})

test('a rewrite that was not predicted', async () => {
  const wrong = tampered(await file(rewrite), step => ({
    effects: step.effects.map(effect => ({ ...effect, work: 'scan' as const })),
  }))
  expect(await compareFile(wrong, null, database)).toEqual([
    'ALTER TABLE a ALTER COLUMN n TYPE bigint: a is written again, predicted: scan',
    'ALTER TABLE a ALTER COLUMN n TYPE bigint: a_pkey is written again, predicted: scan',
  ])
})

test('an error that was not predicted, and a predicted one that does not occur', async () => {
  const fails = await file('ALTER TABLE a DROP COLUMN nothing;')
  expect(
    await compareFile(
      tampered(fails, () => ({ error: null })),
      null,
      database,
    ),
  ).toEqual(['ALTER TABLE a DROP COLUMN nothing: it fails with 42703, but no error was predicted'])
  await database.reset()
  const works = tampered(await file(scan), () => ({ error: { sqlstate: '42703', message: 'no' } }))
  expect(await compareFile(works, null, database)).toEqual([
    'ALTER TABLE a ALTER COLUMN n SET NOT NULL: it works, but 42703 was predicted',
  ])
})
