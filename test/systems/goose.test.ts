import { describe, expect, test } from 'vitest'
import { readHistory } from '../../src/lint/history/history.ts'
import type { MigrationInput } from '../../src/migration/migration.ts'
import { projectIn } from '../../src/systems/discover.ts'
import { readGoose } from '../../src/systems/goose/annotations.ts'
import { goose } from '../../src/systems/goose/goose.ts'
import { inputsOf } from '../../src/systems/inputs.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

function cut(text: string) {
  const { up, down, error } = readGoose(text)
  const shown = (spans: typeof up) => spans.map(([start, end]) => text.slice(start, end))
  return { up: shown(up), down: shown(down), error }
}

/** The kinds of remarks about a file. */
function remarksOn(text: string) {
  const [migration] = goose.migrations(mapTree({ '1_a.sql': text }), '', options).migrations
  return migration?.remarks?.(text).map(({ kind }) => kind)
}

const wrapped = (body: string) => `-- +goose Up\n${body}`

describe('statements', () => {
  test('end at a line that ends in ; and at StatementEnd', () => {
    const text = `-- a file
-- +goose Up
-- the users
CREATE TABLE a (
  x int -- ; not yet;
); -- now
INSERT INTO a VALUES (1); INSERT INTO a VALUES (2);

-- +goose StatementBegin
CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; $$ LANGUAGE sql
-- +goose StatementEnd
-- +goose Down
DROP TABLE a;
`
    expect(cut(text)).toEqual({
      up: [
        'CREATE TABLE a (\n  x int -- ; not yet;\n); -- now',
        'INSERT INTO a VALUES (1); INSERT INTO a VALUES (2);',
        'CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; $$ LANGUAGE sql',
      ],
      down: ['DROP TABLE a;'],
      error: null,
    })
  })

  test('goose is blind to quotes, and says so', () => {
    const text = wrapped('DO $$\nBEGIN\n  PERFORM 1;\nEND $$;\n')
    expect(cut(text).up).toEqual(['DO $$\nBEGIN\n  PERFORM 1;', 'END $$;'])
    expect(remarksOn(text)).toEqual(['cut-body'])
  })

  test('lines may end in \\r\\n', () => {
    expect(cut('-- +goose Up\r\nSELECT 1;\r\n-- +goose Down\r\nSELECT 2;\r\n')).toEqual({
      up: ['SELECT 1;'],
      down: ['SELECT 2;'],
      error: null,
    })
  })
})

test.each(['-- +goose up', '--+goose UP', '-- -- +goose Up --', '-- +goose   Up'])('%j is Up', marker => {
  expect(cut(`${marker}\nSELECT 1;`)).toEqual({ up: ['SELECT 1;'], down: [], error: null })
})

test.each([
  ['SELECT 1;', 'statements stand before `-- +goose Up`'],
  ['', 'it has no line `-- +goose Up`'],
  [' -- +goose Up\nSELECT 1;', 'line 1 is not an annotation that goose knows'],
  ['-- +goose Upp', 'line 1 is not an annotation that goose knows'],
  ['-- +goose Up\n-- see +goose docs', 'line 2 is not an annotation that goose knows'],
  ['-- +goose Up\n-- +goose Up', 'it has `-- +goose Up` twice'],
  ['-- +goose Down\n', '`-- +goose Down` must follow `-- +goose Up`'],
  ['-- +goose Up\nSELECT 1\n', 'the last statement has no ; at the end of a line'],
  ['-- +goose Up\nSELECT 1\n-- +goose Down\n', 'the last statement before line 3 has no ; at the end of a line'],
  ['-- +goose Up\n-- +goose StatementBegin\nSELECT 1;', '`-- +goose StatementEnd` is missing'],
  ['-- +goose Up\n-- +goose StatementEnd', '`-- +goose StatementEnd` must follow `-- +goose StatementBegin`'],
])('%j is refused', (text, why) => {
  expect(readGoose(text).error).toBe(why)
  expect(remarksOn(text)).toEqual(['refused'])
})

function inputs(files: Readonly<Record<string, string>>): MigrationInput[] {
  const tree = mapTree(files)
  return inputsOf(projectIn(tree, '', options, 'goose'), tree)
}

test('all messages of a file share one transaction; with NO TRANSACTION there is none', async () => {
  const text = wrapped('CREATE TABLE a (x int);\nCREATE TABLE b (x int);\n')
  const files = { '1_a.sql': text, '2_b.sql': `-- +goose NO TRANSACTION\n${text.replace(/ (a|b) /g, ' $1$1 ')}` }
  const migrations = inputs(files)
  const { steps } = await readHistory(migrations, { version: 16, compat: false })
  const transactions = steps.map(({ migration, transaction: { kind, id } }) => [migration, kind, id !== null])
  expect(transactions).toEqual([
    [0, 'runner', true],
    [0, 'runner', true],
    [1, 'autocommit', false],
    [1, 'autocommit', false],
  ])
  expect(new Set(steps.slice(0, 2).map(({ transaction }) => transaction.id)).size).toBe(1)
})

test('without a transaction, a BEGIN lasts until its COMMIT some messages later; a line of two statements is one message', async () => {
  const text = `-- +goose NO TRANSACTION\n-- +goose Up\nBEGIN;\nCREATE TABLE a (x int);\nCOMMIT;\nCREATE TABLE b (x int); CREATE TABLE c (x int);\n`
  const migrations = inputs({ '1_a.sql': text })
  const { steps } = await readHistory(migrations, { version: 16, compat: false })
  expect(steps.map(({ transaction }) => transaction.kind)).toEqual([
    'autocommit',
    'explicit',
    'explicit',
    'implicit',
    'implicit',
  ])
})

test('order, names, and Go', () => {
  const files = {
    '10_b.sql': wrapped(''),
    '9_a.sql': wrapped(''),
    '00011_c.go': 'goose.AddMigrationContext(up, down)',
    '12_d.go': 'goose.AddMigrationNoTxContext(up, down)',
    '12_d_test.go': '',
    'helpers.go': '',
    '0_zero.sql': wrapped(''),
    '13.sql': wrapped(''),
    'below/14_e.sql': wrapped(''),
  }
  const { migrations, asides } = goose.migrations(mapTree(files), '', options)
  expect(migrations.map(({ id, opaque, execution }) => [id, opaque, execution.inTransaction])).toEqual([
    ['9', undefined, true],
    ['10', undefined, true],
    ['11', 'it is written in Go', true],
    ['12', 'it is written in Go', false],
  ])
  expect(migrations[2]?.runner.outsideTransaction()).toBe(
    'In a migration of its own, which `goose.AddMigrationNoTxContext` adds',
  )
  expect(asides?.map(({ path, kind }) => `${path} ${kind}`)).toEqual(['0_zero.sql never-runs', '13.sql never-runs'])
})

test('detection: a folder with migrations in Go alone', () => {
  const found = { directory: 'm', sign: 'marker', because: 'goose.AddMigration in m/1_a.go' }
  const text = 'package m\n\nfunc init() { goose.AddMigrationContext(up, down) }\n\nvar sql = `SELECT 1`\n'
  expect(goose.detect(mapTree({ 'm/1_a.go': text }), 'm')).toEqual(found)
  expect(goose.detect(mapTree({ 'm/a.go': text, 'm/1_a_test.go': text, 'm/2_b.go': 'package m' }), 'm')).toBeNull()
})

test('detection: the marker; GOOSE_DRIVER names the database', () => {
  const files = { 'm/1_a.sql': wrapped('SELECT 1;') }
  const found = { directory: 'm', sign: 'marker', because: '-- +goose in m/1_a.sql' }
  expect(goose.detect(mapTree(files), 'm')).toEqual(found)
  expect(goose.detect(mapTree(files), '')).toBeNull()
  expect(goose.detect(mapTree({ 'm/1_a.sql': 'SELECT 1;' }), 'm')).toBeNull()
  const driver = (name: string) => goose.detect(mapTree({ ...files, '.env': `GOOSE_DRIVER=${name}\n` }), 'm')
  expect(driver('pgx')).toEqual(found)
  expect(driver('clickhouse')).toEqual({ ...found, dialect: 'clickhouse' })
})
