import { describe, expect, test } from 'vitest'
import type { MigrationInput } from '../../src/migration/migration.ts'
import { discover, projectsOf } from '../../src/systems/discover.ts'
import { downInputsOf, inputsOf } from '../../src/systems/inputs.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

/** `system directory` of every project, and the refused databases. */
function found(files: Readonly<Record<string, string>>, more: Parameters<typeof projectsOf>[1] = options) {
  const { projects, refused } = projectsOf(mapTree(files), more)
  return [
    ...projects.map(({ system, directory }) => `${system.id} ${directory}`),
    ...refused.map(({ directory, what }) => `refused ${directory}: ${what}`),
  ]
}

const prisma = {
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'prisma/migrations/1_a/migration.sql': 'SELECT 1;',
}
const goose = '-- +goose Up\nSELECT 1;\n'

describe('a project', () => {
  test('is detected by one file, whatever lies around it', () => {
    expect(found({ ...prisma, 'sql/queries.sql': 'SELECT 1;' })).toEqual(['prisma prisma/migrations'])
  })

  test('is detected by a marker rather than by a file of checksums', () => {
    const files = { 'migrations/1_a.sql': goose, 'migrations/atlas.sum': 'h1:abc=\n1_a.sql h1:abc=\n' }
    expect(found(files)).toEqual(['goose migrations'])
  })

  test('has the system that the configuration sets', () => {
    const files = { 'a/1_x.sql': 'SELECT 1;', 'b/1_x.sql': goose }
    expect(found(files, { ...options, systems: { a: 'plain', b: 'plain' } })).toEqual(['plain a', 'plain b'])
    expect(found(files, { ...options, system: 'goose' })).toEqual(['goose b'])
    expect(found(files, { ...options, systems: { './b/': 'plain' } })).toEqual(['plain b'])
    expect(projectsOf(mapTree(files), { ...options, systems: { c: 'goose' } }).notices).toEqual([
      'The configuration names c/ under "systems", but there is no such folder.',
    ])
  })

  test('has the system of its own configuration, and signs of other systems are reported', () => {
    const files = {
      'supabase/config.toml': 'project_id = "x"\n',
      'supabase/migrations/0000_a.sql': '',
      'supabase/migrations/meta/_journal.json': '{"entries":[{"tag":"0000_a","when":1}],"dialect":"postgresql"}',
    }
    const { projects } = projectsOf(mapTree(files), options)
    expect(projects.map(({ system }) => system.id)).toEqual(['supabase'])
    expect(projects[0]?.notices).toEqual([
      'supabase/migrations/ is read as Supabase, but supabase/migrations/meta/_journal.json is a sign of Drizzle: if that tool runs it, use --system drizzle.',
    ])
    expect(found(files, { ...options, system: 'drizzle' })).toEqual(['drizzle supabase/migrations'])
  })

  test('may be one of several: each folder has its own system', () => {
    const files = Object.fromEntries(Object.entries(prisma).map(([path, text]) => [`apps/shop/${path}`, text]))
    expect(found({ ...files, 'services/mail/migrations/1_x.sql': goose })).toEqual([
      'prisma apps/shop/prisma/migrations',
      'goose services/mail/migrations',
    ])
  })

  test('is not searched for in packages, build results, hidden folders and test fixtures (OF-37)', () => {
    const paths = ['node_modules/x', 'vendor', 'dist', 'build', 'target', '.cache', 'test/fixtures', 'testdata']
    expect(found(Object.fromEntries(paths.map(path => [`${path}/migrations/1_x.sql`, goose])))).toEqual([])
  })

  test('is plain SQL without signs of a system: in the usual folder, or in folders with the usual names', () => {
    expect(found({ 'migrations/1.sql': '', 'sql/q.sql': '' })).toEqual(['plain migrations'])
    expect(found({ 'migrations/1.sql': '', 'x/migrations/1.sql': '', ...prisma })).toEqual([
      'plain migrations',
      'prisma prisma/migrations',
      'plain x/migrations',
    ])
    expect(found({ 'db/clickhouse/migrations/1.sql': '', 'db/migrations/1.sql': '' })).toEqual([
      'plain db/migrations',
      'refused db/clickhouse/migrations: SQL for ClickHouse',
    ])
    expect(found({ 'a/migrations/1.sql': '', 'b/db/migrations/x/1.sql': '', 'c/queries/q.sql': '' })).toEqual([
      'plain a/migrations',
      'plain b/db/migrations',
    ])
    expect(found({ '1_a.sql': '', 'sub/2_b.sql': '' })).toEqual(['plain '])
    expect(found({ 'README.md': '', 'schema.sql': '', 'a/migrations/x.md': '' })).toEqual([])
  })
})

describe('another database', () => {
  test('is refused by the name of the folder, and PostgreSQL beside it is read', () => {
    const files = { 'db/mysql/1_x.sql': goose, 'db/postgres/1_x.sql': goose, 'db/sqlite3/1_x.sql': goose }
    expect(found(files)).toEqual([
      'goose db/postgres',
      'refused db/mysql: goose migrations for MySQL',
      'refused db/sqlite3: goose migrations for SQLite',
    ])
    // People who name the folder itself have seen its name.
    const { projects } = discover(mapTree(files), ['db/mysql'], options)
    expect(projects.map(({ directory }) => directory)).toEqual(['db/mysql'])
  })

  test('is refused when the project says so', () => {
    const files = { ...prisma, 'prisma/migrations/migration_lock.toml': 'provider = "cockroachdb"\n' }
    expect(found(files)).toEqual(['refused prisma/migrations: Prisma migrations for CockroachDB'])
  })

  test('has its own files in the same folder: they are reported, and the file for PostgreSQL replaces the common one', () => {
    const names = [
      '1_a.up.sql',
      '1_a.mysql.up.sql',
      '1_a.mysql.down.sql',
      '2_b.up.sql',
      '2_b.postgres.up.sql',
      '2_b.sqlite3.up.sql',
    ]
    const { projects } = projectsOf(mapTree(Object.fromEntries(names.map(name => [`migrations/${name}`, '']))), options)
    expect(projects.flatMap(({ migrations }) => migrations.map(({ path }) => path))).toEqual([
      'migrations/1_a.up.sql',
      'migrations/2_b.postgres.up.sql',
    ])
    expect(
      projects.flatMap(({ asides }) => asides.map(({ path, kind, why }) => `${kind} ${path}: ${why}`)).sort(),
    ).toEqual([
      'other-dialect migrations/1_a.mysql.up.sql: its name says that it is for MySQL',
      'other-dialect migrations/2_b.sqlite3.up.sql: its name says that it is for SQLite',
      'other-dialect migrations/2_b.up.sql: on PostgreSQL, 2_b.postgres.up.sql is run in its place',
      'undo migrations/1_a.mysql.down.sql: its name says that it is for MySQL',
    ])
  })
})

test('signs without migrations are reported, and the folder is left to the next system', () => {
  const tree = mapTree({ 'supabase/config.toml': 'project_id = "x"\n', 'supabase/migrations/README.md': '' })
  expect(projectsOf(tree, options).notices).toEqual([
    'supabase/config.toml is a sign of Supabase, but there are no migrations in supabase/migrations/.',
  ])
})

test('down migrations are ordered from the last one to the first, each by itself', () => {
  const tree = mapTree({
    'migrations/1_a.up.sql': '',
    'migrations/1_a.down.sql': 'DROP TABLE a;',
    'migrations/2_b.up.sql': '',
    'migrations/2_b.down.sql': 'DROP TABLE b;',
    'migrations/3_c.up.sql': '',
  })
  const { projects } = projectsOf(tree, options)
  const downs = projects.flatMap(project => downInputsOf(project, tree))
  const downOf = (input: MigrationInput) => [input.path, input.kind === 'sql' ? input.down : 'not SQL']
  expect(downs.map(downOf)).toEqual([
    ['migrations/2_b.down.sql', 'migrations/2_b.up.sql'],
    ['migrations/1_a.down.sql', 'migrations/1_a.up.sql'],
  ])
  expect(projects.flatMap(project => inputsOf(project, tree)).every(input => downOf(input)[1] === undefined)).toBe(true)
})
