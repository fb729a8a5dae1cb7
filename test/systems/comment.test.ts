import { describe, expect, test } from 'vitest'
import { databaseNamed } from '../../src/parse/database-name.ts'
import { discover } from '../../src/systems/discover.ts'
import { stringsIn, withoutComments } from '../../src/systems/reading/comment.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

describe('comments become spaces, and the other text keeps its place', () => {
  test.each([
    ['a.ts', `a // b\nc`, `a     \nc`],
    ['a.ts', `x: 'src/**/*.ts', // y\nz /* 'w' */`, `x: 'src/**/*.ts',     \nz          `],
    ['a.js', '`http://a\n// b` // c', '`http://a\n// b`     '],
    ['a.js', `'it\\'s // a' // b`, `'it\\'s // a'     `],
    ['a.js', `it's // no string\nb`, `it's // no string\nb`],
    ['a.js', '/* a', '    '],
    ['a.js', '/* a\r\nb */ c', '     \n     c'],
    ['.gmrc', '{ "a": "//b" /* c */ }', '{ "a": "//b"         }'],
    ['a.py', `"""\n# a\n""" # b`, `"""\n# a\n"""    `],
    ['a.py', `x = "# a" # 'b'`, `x = "# a"      `],
    ['a.php', `$a = '# a'; # b\n// c`, `$a = '# a';    \n    `],
    ['a.exs', '"#{a}" # b', '"#{a}"    '],
    ['a.prisma', 'url = "http://a" /// b', 'url = "http://a"      '],
    ['a.yml', 'a: b # c', 'a: b # c'],
  ])('%s: %j', (path, text, expected) => {
    expect(withoutComments(text, path)).toBe(expected)
  })

  test('strings are those outside of comments', () => {
    expect(stringsIn(`id "a" // "b"\n'''c\n"d"''' /* 'e' */ 'f`, 'build.gradle')).toEqual(['a', 'c\n"d"', 'f'])
  })
})

const migration = {
  knex: {
    'db/migrations/20240101000000_a.js': "exports.up = knex => knex.raw('SELECT 1')\n",
    'package.json': '{"dependencies":{"knex":"3"}}',
  },
  rails: { 'db/migrate/20240101000000_a.rb': 'class A < ActiveRecord::Migration[7.0]\nend\n' },
  laravel: {
    'database/migrations/2024_01_01_000000_a.php': '<?php\nuse Illuminate\\Database\\Migrations\\Migration;\n',
  },
  typeorm: {
    'package.json': '{"dependencies":{"typeorm":"0.3","pg":"8"}}',
    'migrations/1700000000001-A.ts': 'export class A1700000000001 implements MigrationInterface {}\n',
  },
  django: {
    'manage.py': '',
    'a/migrations/0001_initial.py': 'class Migration(migrations.Migration):\n    operations = []\n',
  },
}

/** The other databases for which the project is refused; empty: it is read. */
function refused(files: Readonly<Record<string, string>>): string[] {
  const found = discover(mapTree(files), [''], { transaction: () => 'unknown' })
  expect(found.projects.length + found.refused.length).toBe(1)
  return found.refused.map(({ what }) => databaseNamed(what.split(' ').at(-1) ?? '') ?? what)
}

describe('settings are read by their meaning, not by the words in them', () => {
  test.each<[string, Readonly<Record<string, string>>, string, string, string[]]>([
    [
      'Rails, inline',
      migration.rails,
      'config/database.yml',
      'production: { "adapter": mysql2, database: a }\n',
      ['mysql'],
    ],
    [
      'Rails, by a URL and ERB',
      migration.rails,
      'config/database.yml',
      'default: &d\n  pool: <%= ENV.fetch("POOL") { 5 } %>\n<% if true %>\nproduction:\n  <<: *d\n  url: mysql2://h/d\n<% end %>\n',
      ['mysql'],
    ],
    [
      'Rails, a text that only looks like it',
      migration.rails,
      'config/database.yml',
      'production:\n  adapter: postgresql\nnote: |\n  adapter: mysql2\n',
      [],
    ],
    [
      'Rails, nothing but a text',
      migration.rails,
      'config/database.yml',
      'production:\n  note: |\n    adapter: mysql2\n',
      [],
    ],
    [
      'Laravel, a comment',
      migration.laravel,
      'config/database.php',
      "<?php return [\n  // 'default' => 'mysql',\n  'default' => 'pgsql' ];",
      [],
    ],
    [
      'Laravel, a comment alone',
      migration.laravel,
      'config/database.php',
      "<?php return [ # 'default' => 'mysql',\n ];",
      [],
    ],
    [
      'Django, a comment',
      migration.django,
      'a/settings.py',
      "DATABASES = {'default': {\n  # 'ENGINE': 'django.db.backends.mysql',\n}}\n",
      [],
    ],
    [
      'Knex, a comment',
      migration.knex,
      'knexfile.js',
      "module.exports = { /* client: 'mysql2' */ connection: 'x' }\n",
      [],
    ],
    [
      'TypeORM, a comment',
      migration.typeorm,
      'data-source.ts',
      "new DataSource({ // type: 'mysql',\n entities: ['a/*.ts'], type: 'postgres' })\n",
      [],
    ],
    [
      'TypeORM, behind a pattern',
      migration.typeorm,
      'data-source.ts',
      "new DataSource({ entities: ['a/*'], type: 'mysql' })\n",
      ['mysql'],
    ],
  ])('%s', (_, files, path, text, expected) => {
    expect(refused({ ...files, [path]: text })).toEqual(expected)
  })

  test('the images of its services decide whether a compose file is for PostgreSQL', () => {
    const files = { ...migration.laravel, 'config/database.php': "<?php return ['default' => 'sqlite'];" }
    expect(refused({ ...files, 'compose.yaml': 'services: { db: { image: "postgres:17" } }\n' })).toEqual([])
    expect(refused({ ...files, 'compose.yaml': 'services: {}\nx-note: |\n  image: postgres:17\n' })).toEqual(['sqlite'])
  })

  test.each([
    ['knex', migration.knex, 'db/migrations/20240101000000_a.js', '// exports.config = { transaction: false }\n'],
    [
      'laravel',
      migration.laravel,
      'database/migrations/2024_01_01_000000_a.php',
      '// public $withinTransaction = false;\n',
    ],
  ])('%s: an opt-out in a comment has no effect', (_, files, path, comment) => {
    const text = Object.entries(files).find(([name]) => name === path)?.[1]
    const runs = (more: string) =>
      discover(mapTree({ ...files, [path]: `${text}${more}` }), [''], { transaction: () => 'unknown' }).projects[0]
        ?.migrations[0]?.execution
    expect(runs(comment)?.inTransaction).toBe(true)
    expect(runs(comment.slice(3))?.inTransaction).toBe(false)
  })

  test('the end of an inner object does not end the outer one', () => {
    const config =
      "module.exports = { client: 'pg', migrations: { loadExtensions: ['.js'], schema: { a: {} }, directory: './db/steps' } }\n"
    const { projects } = discover(
      mapTree({ 'knexfile.js': config, 'db/steps/1_a.js': "exports.up = knex => knex.raw('')\n" }),
      [''],
      { transaction: () => 'unknown' },
    )
    expect(projects.map(({ directory }) => directory)).toEqual(['db/steps'])
  })
})
