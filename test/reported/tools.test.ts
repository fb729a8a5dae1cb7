import { describe, expect, test } from 'vitest'
import { found } from '../history/kit/repository.ts'
import { commit, type Files, git, repository, write } from '../kit/git.ts'

// F5 and R10, by their numbers, in the languages of many tools; R4 and F6 where these need the files of a tool.

interface Project {
  /** Files from which the tool is recognised. */
  readonly home: Files
  readonly path: string
  /** A later one; left out where a name in the text is that of the migration. */
  readonly to?: string
  /** A migration that creates this table, below these lines. */
  readonly text: (table: string, head?: string) => string
  /** What begins a comment. */
  readonly mark: string
}

const python = (table: string, head = '') =>
  `${head}from alembic import op\nrevision = "aaa"\ndown_revision = None\n\ndef upgrade():\n    op.execute("CREATE TABLE ${table} (id int)")\n`
const sql =
  (before = '', after = '') =>
  (table: string, head = '') =>
    `${before}${head}CREATE TABLE ${table} (id int);\n${after}`

const projects: Readonly<Record<string, Project>> = {
  Rails: {
    home: { Gemfile: 'gem "rails"\n' },
    path: 'db/migrate/20240101000000_a.rb',
    to: 'db/migrate/20240315000000_b.rb',
    text: (table, head = '') =>
      `${head}class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :${table}\n  end\nend\n`,
    mark: '#',
  },
  Alembic: {
    home: { 'alembic/env.py': '', 'alembic/script.py.mako': '' },
    path: 'alembic/versions/aaa.py',
    text: python,
    mark: '#',
  },
  Laravel: {
    home: { artisan: '' },
    path: 'database/migrations/2024_01_01_000000_a.php',
    to: 'database/migrations/2024_03_15_000000_b.php',
    text: (table, head = '') =>
      `<?php\n${head}use Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Support\\Facades\\Schema;\nreturn new class extends Migration {\n  public function up(): void {\n    Schema::create('${table}', function ($table) { $table->id(); $table->timestamps(); });\n  }\n};\n`,
    mark: '//',
  },
  Ecto: {
    home: { 'mix.exs': '{:ecto_sql, "~> 3.0"}' },
    path: 'priv/repo/migrations/20240101000000_a.exs',
    to: 'priv/repo/migrations/20240315000000_b.exs',
    text: (table, head = '') =>
      `${head}defmodule A do\n  use Ecto.Migration\n  def change do\n    execute "CREATE TABLE ${table} (id int)"\n  end\nend\n`,
    mark: '#',
  },
  TypeORM: {
    home: { 'package.json': '{"dependencies":{"typeorm":"^0.3.0"}}' },
    path: 'src/migrations/1700000000000-A.ts',
    text: (table, head = '') =>
      `${head}import { MigrationInterface, QueryRunner } from 'typeorm'\nexport class A1700000000000 implements MigrationInterface {\n  async up(q: QueryRunner): Promise<void> {\n    await q.query('CREATE TABLE ${table} (id int)')\n  }\n  async down(): Promise<void> {}\n}\n`,
    mark: '//',
  },
  Knex: {
    home: { 'package.json': '{"dependencies":{"knex":"^3.0.0"}}', 'knexfile.js': 'module.exports = { client: "pg" }' },
    path: 'migrations/20240101000000_a.js',
    to: 'migrations/20240315000000_b.js',
    text: (table, head = '') =>
      `${head}exports.up = knex => knex.raw('CREATE TABLE ${table} (id int)')\nexports.down = () => {}\n`,
    mark: '//',
  },
  Flyway: {
    home: { 'flyway.conf': 'flyway.locations=filesystem:sql\n' },
    path: 'sql/V1__a.sql',
    to: 'sql/V2__b.sql',
    text: sql(),
    mark: '--',
  },
  goose: {
    home: {},
    path: 'migrations/00001_a.sql',
    to: 'migrations/00002_b.sql',
    text: (table, head = '') => `${head}-- +goose Up\nCREATE TABLE ${table} (id int);\n`,
    mark: '--',
  },
  Prisma: {
    home: { 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n' },
    path: 'prisma/migrations/20240101000000_a/migration.sql',
    to: 'prisma/migrations/20240315000000_b/migration.sql',
    text: sql(),
    mark: '--',
  },
  dbmate: {
    home: {},
    path: 'db/migrations/20240101000000_a.sql',
    to: 'db/migrations/20240315000000_b.sql',
    text: (table, head = '') => `${head}-- migrate:up\nCREATE TABLE ${table} (id int);\n-- migrate:down\n`,
    mark: '--',
  },
  Liquibase: {
    home: { 'liquibase.properties': 'changelogFile=changelog.sql\n' },
    path: 'changelog.sql',
    text: (table, head = '') => `--liquibase formatted sql\n${head}--changeset a:1\nCREATE TABLE ${table} (id int);\n`,
    mark: '--',
  },
}

/** The findings about changes, without their messages. */
async function changes(root: string, options = {}): Promise<string[]> {
  const all = await found(root, options)
  return all.flatMap(line => /^(\(.*?\) )?(?:edited|renamed|deleted)-migration \w+/.exec(line)?.[0] ?? [])
}

describe.each(Object.entries(projects))('%s', (_, { home, path, text, mark }) => {
  test('F5: a comment without the name of a rule silences no edit, allow-edit does', async () => {
    const quiet = `${mark} migrate-lint-disable-file\n`
    const root = repository({ ...home, [path]: text('one', quiet) })
    commit(root, { [path]: text('two', quiet) })
    expect(await changes(root)).toEqual(['edited-migration error'])
    commit(root, { [path]: text('two', `${quiet}${mark} migrate-lint-allow-edit: it never ran\n`) })
    expect(await changes(root)).toEqual(['(it never ran) edited-migration error'])
  })

  test('R10: the former text is a restoration, committed and staged', async () => {
    const root = repository({ ...home, [path]: text('one') })
    git(root, 'switch', '-q', 'main')
    commit(root, { [path]: text('two') })
    git(root, 'switch', '-qC', 'work')
    write(root, { [path]: text('one') })
    git(root, 'add', '-A')
    expect(await changes(root, { staged: true, orHead: true })).toEqual(['edited-migration note'])
    commit(root)
    expect(await changes(root)).toEqual(['edited-migration note'])
  })
})

// In Alembic, TypeORM and Liquibase the name of the file is not that of the migration.
const renamed = Object.entries(projects).flatMap(([name, project]) =>
  project.to === undefined ? [] : [{ name, ...project, to: project.to }],
)

test.each(renamed)('R4, $name: a file that creates another table is not the same one renamed', async each => {
  const { home, path, to, text } = each
  const root = repository({ ...home, [path]: text('orders') })
  git(root, 'rm', '-q', path)
  commit(root, { [to]: text('late') })
  expect(await changes(root)).toEqual(['deleted-migration error'])
  commit(root, { [to]: text('orders') })
  expect(await changes(root)).toEqual(['renamed-migration error'])
})

test('R10, F6: the former time in the journal of Drizzle is a restoration', async () => {
  const journal = (when: number) => ({
    'drizzle/meta/_journal.json': JSON.stringify({
      dialect: 'postgresql',
      entries: [{ idx: 0, when, tag: '0000_one' }],
    }),
  })
  const root = repository({ 'drizzle/0000_one.sql': 'CREATE TABLE one (id int);\n', ...journal(1771200000000) })
  git(root, 'switch', '-q', 'main')
  commit(root, journal(1771300000000))
  git(root, 'switch', '-qC', 'work')
  commit(root, journal(1771200000000))
  expect(await found(root)).toEqual([
    expect.stringMatching(/^edited-migration note drizzle\/0000_one\.sql: This is again the time from before commit /),
  ])
  commit(root, journal(1771250000000))
  expect(await changes(root)).toEqual(['edited-migration error'])
})
