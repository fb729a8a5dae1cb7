import { describe, expect, test } from 'vitest'
import { drizzle } from '../../src/systems/drizzle/drizzle.ts'
import { knex } from '../../src/systems/knex/knex.ts'
import { settingsOf as knexSettings } from '../../src/systems/knex/settings.ts'
import { kysely } from '../../src/systems/kysely/kysely.ts'
import { laravel } from '../../src/systems/laravel/laravel.ts'
import { settingsOf as shorthandsOf } from '../../src/systems/node-pg-migrate/settings.ts'
import { prisma } from '../../src/systems/prisma/prisma.ts'
import { packageVersion } from '../../src/systems/reading/package-version.ts'
import { settingsAt } from '../../src/systems/reading/program-settings.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { tables } from '../../src/systems/status/tables.ts'
import { typeorm } from '../../src/systems/typeorm/typeorm.ts'

function settings(path: string, text: string) {
  const found = settingsAt(mapTree({ [path]: text }), path)
  if (!found) throw new Error('There is no such file.')
  return found
}

describe('the value of a name, in each language', () => {
  test.each([
    ['a.js', "module.exports = { a: { 'b': 'c' } }"],
    ['a.ts', 'const b = `c`\nexport default { a: { b } as const } satisfies X'],
    ['a.mjs', "const own = { b: 'c' }\nexport default defineConfig(() => ({ a: { ...own } }))"],
    ['a.cjs', "const one = 'c'\nexports.x = { a: { ['b']: process.env.B ?? one } }"],
    ['a.ts', "export const x = new Source({ a: { /* b: 'd', */ b: 'c' /* b: 'e' */ } })"],
    ['a.json', '{"x": {"a": {"b": "c"}}}'],
    ['.arc', "module.exports = { a: { b: 'c' } }"],
    ['.arc', '{ "a": { "b": "c" } }'],
    ['.arc', "{ // JSON5\n  a: { b: 'c' } }"],
    ['a.yml', 'a:\n  b: c # d\n'],
    ['a.php', "<?php\n// 'a' => ['b' => 'd']\nreturn ['a' => ['b' => env('B', 'c')]];"],
    ['a.py', "x = dict(a={'b': 'c'})\n# b = 'd'\n"],
    ['a.py', "X = 'c'\na(b=os.environ.get('B', X))\n"],
    ['a.rb', "# a b: 'd'\na b: 'c'\n"],
    ['a.rb', 'x do |a|\n  a.a :y, b: :c\nend\n'],
    ['a.exs', 'import Config\nconfig :x, X, a: [b: :c]\n'],
  ])('%s: %s', (path, text) => {
    expect(settings(path, text).texts('a', 'b')).toEqual(['c'])
  })

  test.each([
    ['a.ts', "export default { a: { b: read('c') } }"],
    ['a.ts', "let b = 'c'\nb = 'd'\nexport default { a: { b } }"],
    ['a.ts', 'export default { a: { b: `c${x}` } }'],
    ['a.php', "<?php return ['a' => ['b' => config_of('c')]];"],
    ['a.py', 'a(b=x)\n'],
  ])('it is unknown, and not guessed: %s: %s', (path, text) => {
    expect(settings(path, text).texts('a', 'b')).toEqual([])
    expect(settings(path, text).isUnknown('a', 'b')).toBe(true)
  })

  test.each([
    ['a.ts', "const text = `a: { b: 'c' }`"],
    ['a.py', 'text = "a(b=\'c\')"\n'],
    ['a.php', "<?php /* return ['a' => ['b' => 'c']]; */"],
  ])('words in comments and texts are none: %s: %s', (path, text) => {
    expect(settings(path, text).values('a', 'b')).toEqual([])
  })

  test('deep, long and circular programs come to an end', () => {
    for (const text of [
      `export default ${'{ a: '.repeat(5000)}1${' }'.repeat(5000)}`,
      `export default { a: ${"'x' + ".repeat(20_000)}'y' }`,
      'const a = b\nconst b = a\nexport default { a, b, c: a.b.c }',
      `${Array.from({ length: 60 }, (_, i) => `const x${i} = { ...x${i + 1}, ...x${i + 1}, a: x${i + 1} }`).join('\n')}`,
    ])
      expect(settings('a.ts', text).values('q')).toEqual([])
    expect(settings('a.ts', 'const a = b\nconst b = a\nexport default { a, c: { a } }').isUnknown('c', 'a')).toBe(true)
  })
})

const sql = { 'x/0000_a.sql': 'SELECT 1;', 'x/meta/_journal.json': '{"entries":[{"tag":"0000_a","when":1}]}' }

describe('settings of tools', () => {
  test.each([
    ["import { join } from 'path'\nexport default defineConfig({ out: join(__dirname, 'x'), dialect: 'postgresql' })"],
    ["const out = './x'\nexport default { schema: './s', out } satisfies Config"],
    ["// out: './y'\nexport default { out: `${import.meta.dirname}/x` }"],
    ["export default defineConfig({ out: process.env.OUT || 'x' })"],
  ])('Drizzle: %s', text => {
    const tree = mapTree({ 'drizzle.config.ts': text, ...sql })
    expect(drizzle.detect(tree, '')?.directory).toBe('x')
  })

  test('Drizzle: the table is that of `migrations`', () => {
    const tree = mapTree({
      'drizzle.config.ts': "export default { table: 'no', migrations: { table: 'own', schema: 's' } }",
    })
    expect(settingsAt(tree, 'drizzle.config.ts')?.text('migrations', 'table')).toBe('own')
  })

  test.each([
    ["module.exports = { migrations: { directory: path.join(__dirname, 'x') } }", 'x'],
    ["const shared = { directory: 'x' }\nmodule.exports = { production: { client: 'pg', migrations: shared } }", 'x'],
    ["module.exports = { seeds: { directory: 'y' }, migrations: { directory: ['x', 'y'] } }", 'x'],
    ["const text = \"migrations: { directory: 'y' }\"\nmodule.exports = { client: 'pg' }", 'migrations'],
  ])('Knex: %s', (text, directory) => {
    const files = { 'x/1.js': 'exports.up = knex => 1', 'y/1.js': '', 'migrations/1.js': '' }
    expect(knex.detect(mapTree({ 'knexfile.js': text, ...files }), '')?.directory).toBe(directory)
  })

  const how = (system: typeof knex, files: Readonly<Record<string, string>>, directory: string) =>
    system
      .migrations(mapTree(files), directory, { transaction: () => 'unknown' })
      .migrations.map(({ execution }) => execution?.inTransaction)

  test.each([
    ['disableTransactions: true', false],
    ['disableTransactions: false', true],
    ['disableTransactions: isProduction()', 'unknown'],
    ["comment: 'disableTransactions: true'", true],
  ])('Knex: %s', (setting, inTransaction) => {
    const files = {
      'knexfile.js': `module.exports = { migrations: { ${setting} } }`,
      'migrations/20240101000000_a.js': 'exports.up = knex => knex.raw("SELECT 1")',
    }
    expect(how(knex, files, 'migrations')).toEqual([inTransaction])
  })

  test.each([
    ["'none'", false],
    ["'each' as const", true],
    ['MODE', false],
    ['modeOf(process.env)', 'unknown'],
  ])('TypeORM: migrationsTransactionMode: %s', (mode, inTransaction) => {
    const files = {
      'package.json': '{"dependencies":{"typeorm":"0.3.20"}}',
      'src/data-source.ts': `const MODE = 'none'\nexport const x = new DataSource({ type: 'postgres', migrationsTransactionMode: ${mode} })`,
      'src/migrations/1700000000000-A.ts':
        'export class A1700000000000 implements MigrationInterface { async up(q: QueryRunner) { await q.query("SELECT 1") } }',
    }
    expect(how(typeorm, files, 'src/migrations')).toEqual([inTransaction])
  })

  test.each([
    ['...knexSnakeCaseMappers()', { changed: expect.any(Function) }],
    ['...knexSnakeCaseMappers({ upperCase: true })', { why: expect.stringContaining('knexfile.js') }],
    ['wrapIdentifier: (value, own) => own(value)', { why: expect.stringContaining('knexfile.js') }],
    ['wrapIdentifier(value, own) { return own(value) }', { why: expect.stringContaining('knexfile.js') }],
    ["x: 'wrapIdentifier'", undefined],
  ])('Knex: names by %s', (setting, names) => {
    const tree = mapTree({
      'package.json': '{"dependencies":{"knex":"3"}}',
      'knexfile.js': `module.exports = { ${setting} }`,
    })
    expect(knexSettings(tree, 'migrations').names).toEqual(names)
  })

  test.each([
    "export default { migrations: { path: path.join('db', 'steps') } }",
    "const steps = './db/steps'\nexport default defineConfig({ migrations: { path: steps } })",
  ])('Prisma: %s', text => {
    const tree = mapTree({ 'prisma.config.ts': text, 'db/steps/1/migration.sql': 'SELECT 1;' })
    expect(prisma.detect(tree, '')?.directory).toBe('db/steps')
  })

  test.each([
    [
      "export const shorthands: ColumnDefinitions | undefined = { own: 'text', 'more': { type: 'int' } }",
      ['own', 'more'],
    ],
    ['exports.shorthands = { own: 1, ...others }', ['own', 'any']],
    ['export const shorthands = undefined', []],
    ["const x = 'shorthands = { own: 1 }'", []],
  ])('node-pg-migrate: %s', (text, words) => {
    const of = shorthandsOf(mapTree({ '1.ts': text, '2.ts': '' }), ['1.ts', '2.ts'], false)('2.ts')
    expect(['own', 'more', 'any'].filter(word => of.isShorthand?.(word))).toEqual(expect.arrayContaining(words))
    expect(of.isShorthand?.('any')).toBe(words.includes('any'))
  })

  test.each([
    ["migrations: { migrationFolder: join('db', 'steps') }", 'db/steps'],
    [
      "// migrationFolder: 'x'\n dialect: new MysqlDialect({}), migrations: { migrationFolder: `db/steps` }",
      'db/steps',
    ],
  ])('Kysely: %s', (text, directory) => {
    const tree = mapTree({ 'kysely.config.ts': `export default defineConfig({ ${text} })`, 'db/steps/1.ts': '' })
    expect(kysely.detect(tree, '')).toMatchObject({ directory })
    expect(kysely.detect(tree, '')?.dialect).toBe(text.includes('Mysql') ? 'mysql' : undefined)
  })

  test('Laravel says that a prefix is not known', () => {
    const files = (prefix: string) => ({
      'composer.json': '{"require":{"laravel/framework":"^12"}}',
      'config/database.php': `<?php return ['connections' => ['pgsql' => ['prefix' => ${prefix}]]];`,
      'database/migrations/2024_01_01_000000_a.php': '<?php return new class extends Migration {};',
    })
    const notices = (prefix: string) =>
      laravel.migrations(mapTree(files(prefix)), 'database/migrations', { transaction: () => 'unknown' }).notices
    expect(notices('tenant()->prefix')).toContainEqual(
      expect.stringContaining('prefix of tables in config/database.php'),
    )
    expect(notices("env('DB_PREFIX', '')")).toEqual([])
  })

  test.each([
    [
      'knex',
      'knexfile.ts',
      "const t = 'own'\nexport default { x: { migrations: { tableName: t, schemaName: 's' } } }",
      { name: 'own', schema: 's' },
    ],
    ['db-migrate', '.db-migraterc', '{ "migration-table": "own" } // x', { name: 'own' }],
    ['laravel', 'config/database.php', "<?php return ['migrations' => ['table' => 'own']];", { name: 'own' }],
    ['laravel', 'config/database.php', "<?php return ['migrations' => 'own'];", { name: 'own' }],
    [
      'ecto',
      'config/config.exs',
      'config :a, A.Repo, migration_source: "own", migration_default_prefix: "s"',
      { name: 'own', schema: 's' },
    ],
    ['rails', 'config/application.rb', "ActiveRecord::Base.schema_migrations_table_name = 'own'", { name: 'own' }],
    [
      'typeorm',
      'src/data-source.ts',
      "new DataSource({ migrationsTableName: `own`, 'schema': 's' })",
      { name: 'own', schema: 's' },
    ],
    [
      'sequelize',
      'config/config.js',
      "module.exports = { production: { migrationStorageTableName: 'own' } }",
      { name: 'own' },
    ],
    [
      'mikro-orm',
      'mikro-orm.config.ts',
      "export default defineConfig({ migrations: { tableName: 'own' } })",
      { name: 'own' },
    ],
    [
      'kysely',
      'kysely.config.ts',
      "export default defineConfig({ migrations: { migrator: new Migrator({ migrationTableName: 'own' }) } })",
      { name: 'own' },
    ],
    ['node-pg-migrate', 'package.json', '{"scripts":{"up":"node-pg-migrate up -t own"}}', { name: 'own' }],
  ] as const)('the table of %s in %s', (system, path, text, named) => {
    expect(tables[system][0]?.configured?.(mapTree({ [path]: text }), 'x', new Map())).toEqual(named)
  })
})

test.each([
  ['catalog:', 'pnpm-workspace.yaml', 'catalog:\n  prisma: ^7.4.1\n'],
  ['catalog:default', 'pnpm-workspace.yaml', 'catalogs:\n  default:\n    prisma: ^7.4.1\n'],
  ['catalog:db', 'pnpm-workspace.yaml', 'catalog:\n  prisma: 6.0.0\ncatalogs:\n  db:\n    prisma: 7.4.1\n'],
  ['catalog:', '.yarnrc.yml', 'catalog:\n  prisma: ~7.4.1\n'],
  ['catalog:', 'package.json', '{"workspaces":{"packages":["a"],"catalog":{"prisma":"7.4.1"}}}'],
])('a version in a catalog: %s in %s', (wanted, file, text) => {
  const tree = mapTree({ [file]: text, 'a/package.json': `{"devDependencies":{"prisma":"${wanted}"}}` })
  expect(packageVersion(tree, 'a/prisma', 'prisma')?.from).toEqual([7, 4, 1])
})

test('a catalog without the package says nothing', () => {
  const tree = mapTree({
    'pnpm-workspace.yaml': 'catalog:\n  x: 1.0.0\n',
    'package.json': '{"devDependencies":{"prisma":"catalog:"}}',
  })
  expect(packageVersion(tree, 'prisma', 'prisma')).toBeNull()
})
