import { describe, expect, test } from 'vitest'
import { dbmate } from '../../src/systems/dbmate/dbmate.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

function read(text: string) {
  const { migrations, notices } = dbmate.migrations(mapTree({ '1_a.sql': text }), '', options)
  const [migration] = migrations
  const shown = (direction: 'parts' | 'downParts') =>
    migration?.[direction]?.(text).map(({ span: [start, end], execution }) => {
      return [text.slice(start, end), execution?.inTransaction]
    })
  const refusals = migration?.remarks?.(text).flatMap(remark => (remark.kind === 'refused' ? [remark.why] : []))
  return { up: shown('parts'), down: shown('downParts'), notices, refusals }
}

test('names are ordered as text, by bytes; the version is the digits', () => {
  const text = '-- migrate:up\n-- migrate:down\n'
  const names = ['10_b.sql', '9_a.sql', '20240101.sql', '1é.sql', '1z.sql', '2_A.sql', 'x1_b.sql', '3_c.SQL']
  const { migrations, asides } = dbmate.migrations(
    mapTree(Object.fromEntries(names.map(name => [name, text]))),
    '',
    options,
  )
  expect(migrations.map(({ path, id }) => `${path} ${id}`)).toEqual([
    '10_b.sql 10',
    '1z.sql 1',
    '1é.sql 1',
    '20240101.sql 20240101',
    '2_A.sql 2',
    '9_a.sql 9',
  ])
  expect(asides?.map(({ path }) => path)).toEqual(['3_c.SQL', 'x1_b.sql'])
})

describe('markers', () => {
  test('cut the text, each with its own transaction', () => {
    expect(read('-- what\n\n-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 2;\n')).toEqual({
      up: [['-- migrate:up transaction:false\nSELECT 1;\n', false]],
      down: [['-- migrate:down\nSELECT 2;\n', true]],
      notices: [],
      refusals: [],
    })
  })

  test.each([
    ['-- migrate:up transaction:false', false],
    ['--migrate:up   x:y transaction:false', false],
    ['-- migrate:up transaction:false\r', false],
    ['-- migrate:up transaction: false', true],
    ['-- migrate:up transaction:FALSE', true],
    ['-- migrate:up transaction:false:no', true],
    ['-- migrate:up Transaction:false', true],
    ['-- migrate:up transaction:false transaction:true', true],
    ['-- migrate:up', true],
    // The regular expression allows white space, and so a line break, before the option; but only the marker's line has options.
    ['-- migrate:up\ntransaction:false', true],
  ])('%j runs in a transaction: %s', (marker, wrapped) => {
    expect(read(`${marker}\nSELECT 1;\n-- migrate:down\n`).up?.map(([, inTransaction]) => inTransaction)).toEqual([
      wrapped,
    ])
  })

  test.each([
    ' -- migrate:up',
    '-- MIGRATE:UP',
    '-- migrate: up',
    '-- migrate:upwards',
    '/* -- migrate:up */',
    'x -- migrate:up',
    '-- migrate:up;',
  ])('%j is not a marker', marker => {
    expect(read(`${marker}\n-- migrate:down\n`).refusals).toEqual(['it has no line `-- migrate:up`'])
  })
})

test.each([
  ['SELECT 1;', 'it has no line `-- migrate:up`'],
  ['-- migrate:up\nSELECT 1;', 'it has no line `-- migrate:down`'],
  ['-- migrate:up\nSELECT 1;\n -- migrate:down\nSELECT 2;', 'it has no line `-- migrate:down`'],
  ['SELECT 1;\n-- migrate:up\n-- migrate:down', 'statements stand before `-- migrate:up`'],
  ['-- migrate:up\n-- migrate:down\n-- migrate:down', 'a second `-- migrate:down` follows one `-- migrate:up`'],
  ['-- migrate:down\nSELECT 1;\n-- migrate:up\n', '`-- migrate:down` stands before `-- migrate:up`'],
  [
    '-- migrate:up\n-- migrate:down\n-- migrate:up\n-- migrate:down\n',
    'it has `-- migrate:up` more than once, so its version is recorded twice',
  ],
])('%j is refused', (text, why) => {
  expect(read(text).refusals).toEqual([why])
})

test('files that dbmate refuses are still read', () => {
  expect(read('DROP TABLE a;').up).toEqual([['DROP TABLE a;', undefined]])
  expect(read('-- migrate:up\nDROP TABLE a;').up).toEqual([['-- migrate:up\nDROP TABLE a;', true]])
})

test('detection: the marker in a folder, or the package', () => {
  const marked = { 'db/migrations/1_a.sql': '-- migrate:up\n', '.env': 'DATABASE_URL=postgres://u:p@h/d' }
  const found = { directory: 'db/migrations', sign: 'marker', because: '-- migrate:up in db/migrations/1_a.sql' }
  expect(dbmate.detect(mapTree(marked), 'db/migrations')).toEqual(found)
  expect(dbmate.detect(mapTree(marked), '')).toBeNull()
  const manifest = JSON.stringify({ devDependencies: { dbmate: '^2.0.0' } })
  expect(dbmate.detect(mapTree({ ...marked, 'package.json': manifest }), '')).toEqual({
    directory: 'db/migrations',
    sign: 'dependency',
    because: 'dbmate in package.json',
  })
  const other = mapTree({ ...marked, '.env': 'DATABASE_URL=sqlite:db/x.sqlite3' })
  expect(dbmate.detect(other, 'db/migrations')).toEqual({ ...found, dialect: 'sqlite' })
})
