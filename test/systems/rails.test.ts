import { expect, test } from 'vitest'
import { rails } from '../../src/systems/rails/rails.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const ruby = (body: string) => `class X < ActiveRecord::Migration[8.0]\n${body}\n  def change\n  end\nend\n`

const files = {
  'db/migrate/20260101000000_b.rb': ruby('  disable_ddl_transaction!'),
  'db/migrate/9_a.rb': ruby('  # disable_ddl_transaction!'),
  'db/migrate/20260102000000_c.engine.rb': ruby(''),
  'db/migrate/concerns.rb': '',
  'db/migrate/20260103000000_Upper.rb': ruby(''),
}

test('migrations are ordered by version as a number, and may opt out in their class', () => {
  const { migrations, notices } = rails.migrations(mapTree(files), 'db/migrate', options)
  expect(migrations.map(({ id, execution, opaque }) => [id, execution.inTransaction, opaque])).toEqual([
    ['9', true, 'it is written in Ruby'],
    ['20260101000000', false, 'it is written in Ruby'],
    ['20260102000000', true, 'it is written in Ruby'],
  ])
  expect(notices).toEqual([])
})

test('two migrations with one version stop it', () => {
  const tree = mapTree({ '1_a.rb': ruby(''), '01_b.rb': ruby('') })
  expect(rails.migrations(tree, '', options).notices).toEqual([
    'Rails refuses 01_b.rb and 1_a.rb: both have the version 1.',
  ])
})

test('is recognised by the classes; config/database.yml names the database', () => {
  const found = {
    directory: 'db/migrate',
    sign: 'marker',
    because: 'ActiveRecord::Migration in db/migrate/20260101000000_b.rb',
  }
  const database = (adapter: string) => ({ 'config/database.yml': `default: &default\n  adapter: ${adapter}\n` })
  expect(rails.detect(mapTree(files), 'db/migrate')).toEqual(found)
  expect(rails.detect(mapTree({ ...files, ...database('postgis') }), 'db/migrate')).toEqual(found)
  expect(rails.detect(mapTree({ ...files, ...database('mysql2') }), 'db/migrate')).toEqual({
    ...found,
    dialect: 'mysql',
  })
  expect(rails.detect(mapTree(files), 'db')).toBeNull()
})

test('of several databases, that of migrations_paths counts', () => {
  const config = `default: &default
  adapter: postgresql
production:
  primary:
    <<: *default
    url: <%= ENV['DATABASE_URL'] %>
  events:
    adapter: clickhouse
    migrations_paths: db/clickhouse_migrate
  reports:
    adapter: mysql2
    migrations_paths: [db/reports, db/more_reports]
  audit:
    <<: *default
    migrations_paths: db/audit
`
  const text = 'class A < ActiveRecord::Migration[7.1]\nend\n'
  const dialectOf = (folder: string, root = '') => {
    const tree = mapTree({ [`${root}${folder}/20260101000000_a.rb`]: text, [`${root}config/database.yml`]: config })
    return rails.detect(tree, `${root}${folder}`)?.dialect
  }
  for (const root of ['', 'apps/shop/'])
    expect(
      ['db/migrate', 'db/audit', 'db/clickhouse_migrate', 'db/reports', 'db/more_reports'].map(folder =>
        dialectOf(folder, root),
      ),
    ).toEqual([undefined, undefined, 'clickhouse', 'mysql', 'mysql'])
})
