import { describe, expect, test } from 'vitest'
import { helpText } from '../../src/lint/help.ts'
import { findings, found } from '../history/kit/repository.ts'
import { commit, type Files, git, repository } from '../kit/git.ts'

// Cases from public reports, other linters' tests and real histories, by their numbers, with variants.

/** sqlx compares every byte of applied migrations. */
const sqlx = { 'Cargo.toml': '[dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\n' }

/** `rule severity` of the findings of each file, with the reason before suppressed ones. */
async function saidOf(root: string, config = {}): Promise<Record<string, string[]>> {
  const all = await found(root, { since: 'main', config })
  const said: Record<string, string[]> = {}
  for (const line of all) {
    const [, reason = '', what = '', path = ''] = /^(\(.*?\) )?(\S+ \S+) (\S+): /.exec(line) ?? []
    if (!/suppression|directive/.test(what)) said[path] = [...(said[path] ?? []), reason + what]
  }
  return said
}

describe('F5: only allow-edit and the name of the rule silence changes to applied migrations', () => {
  const nameless = [
    '-- migrate-lint-disable-file',
    '-- migrate-lint-disable-file -- generated',
    '-- migrate-lint-disable-next-statement',
    '-- migrate-lint-disable',
    '-- migrate-lint-disable\n-- migrate-lint-enable edited-migration\n-- migrate-lint-disable',
    '-- migrate-lint-disable-file drop-table',
    '/* migrate-lint-disable-line */',
    '-- squawk-ignore-file',
    '-- squawk-ignore',
    '-- squawk-ignore-next-statement',
    '-- atlas:nolint\n\n',
    '-- atlas:nolint',
    '-- pgt-ignore-all lint: x',
    '-- pgls-ignore-start lint/safety: x',
    '-- eugene: ignore',
    '-- pgfence-ignore',
  ]
  const named: Readonly<Record<string, string>> = {
    '-- migrate-lint-disable-file edited-migration -- none has it': 'none has it',
    '/* migrate-lint-disable-file edited-migration, drop-table -- why */': 'why',
    '-- migrate-lint-allow-edit: it never ran': 'it never ran',
  }
  const comments = [...nameless, ...Object.keys(named)]
  const pathOf = (i: number) => `migrations/${20240101000000 + i}_t.sql`
  const files = (text: (comment: string, i: number) => string) =>
    Object.fromEntries(comments.map((comment, i) => [pathOf(i), text(comment, i)]))
  const expected = (spent: boolean) =>
    Object.fromEntries(
      comments.map((comment, i) => {
        const reason = named[comment]
        // A comment that allows an edit allows one.
        const isSilent = reason !== undefined && !(spent && comment.includes('allow-edit'))
        return [pathOf(i), [`${isSilent ? `(${reason}) ` : ''}edited-migration error`]]
      }),
    )

  test('if the file has the comment already', async () => {
    const root = repository({ ...sqlx, ...files((comment, i) => `${comment}\nCREATE TABLE t${i} (id int);\n`) })
    commit(
      root,
      files((comment, i) => `${comment}\nCREATE TABLE t${i} (id bigint);\n`),
    )
    expect(await saidOf(root, { compat: true })).toEqual(expected(true))
  })

  test('if the comment is the only edit', async () => {
    const root = repository({ ...sqlx, ...files((_, i) => `CREATE TABLE t${i} (id int);\n`) })
    commit(
      root,
      files((comment, i) => `${comment}\nCREATE TABLE t${i} (id int);\n`),
    )
    expect(await saidOf(root, { compat: true })).toEqual(expected(false))
  })

  test('but not for migrations that are renamed, out of order, squashed, or share a version', async () => {
    const quiet = '-- migrate-lint-disable-file\n'
    const part = (i: number) => `CREATE TABLE part${i} (id bigint PRIMARY KEY, note${i} text);\n`
    const root = repository({
      'm/1_a.up.sql': `${quiet}SELECT 1;\n`,
      'm/1_a.down.sql': 'SELECT 1;\n',
      'm/5_c.up.sql': `${quiet}SELECT 5;\n`,
      'm/5_c.down.sql': 'SELECT 5;\n',
      'parts/V1__a.sql': part(1),
      'parts/V2__b.sql': part(2),
      'parts/V3__c.sql': part(3),
    })
    git(root, 'mv', 'm/5_c.up.sql', 'm/6_c.up.sql')
    git(root, 'mv', 'm/5_c.down.sql', 'm/6_c.down.sql')
    git(root, 'rm', '-q', 'parts/V1__a.sql', 'parts/V2__b.sql', 'parts/V3__c.sql')
    commit(root, {
      'm/1_b.up.sql': `${quiet}SELECT 2;\n`,
      'm/4_d.up.sql': `${quiet}CREATE TABLE d (id int);\n`,
      'parts/V4__all.sql': `${quiet}${part(1)}${part(2)}${part(3)}`,
    })
    expect(await saidOf(root)).toMatchObject({
      'm/1_b.up.sql': ['duplicate-version error'],
      'm/4_d.up.sql': ['out-of-order-migration error'],
      'm/6_c.up.sql': ['renamed-migration error'],
      'parts/V4__all.sql': ['history-squashed warning'],
    })
  })
})

describe('F15: the advised comment is in the language of the file, and is accepted there', () => {
  type Case = readonly [path: string, mark: string, text: (comment: string, sent: string) => string, beside?: Files]
  // An edit that sends the same statements is not reported, so each of these sends something.
  const alembic = (text: string, sent: string) =>
    `${text}from alembic import op\nrevision = "aaa"\ndown_revision = None\n\ndef upgrade():\n    op.execute("${sent}")\n`
  const rails = (text: string, sent: string) =>
    `${text}class A < ActiveRecord::Migration[7.1]\n  def up\n    execute "${sent}"\n  end\nend\n`
  const typeorm = (text: string, sent: string) =>
    `${text}export class A1700000000000 implements MigrationInterface {\n  async up(q) { await q.query('${sent}') }\n}\n`
  const php = (text: string, sent: string) =>
    `<?php\n${text}use Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Support\\Facades\\DB;\n\n` +
    `return new class extends Migration {\n  public function up() { DB::statement('${sent}'); }\n};\n`
  const ecto = (text: string, sent: string) =>
    `${text}defmodule Shop.A do\n  use Ecto.Migration\n\n  def up do\n    execute "${sent}"\n  end\nend\n`
  const csharp = (text: string, sent: string) =>
    `${text}[Migration("20240101000000_A")]\npublic partial class A : Migration {\n` +
    `  protected override void Up(MigrationBuilder migrationBuilder) { migrationBuilder.Sql("${sent}"); }\n}\n`
  const plain = (text: string, sent: string) => `${text}${sent};\n`
  const knex = (text: string, sent: string) => `${text}exports.up = async knex => { await knex.raw('${sent}') }\n`
  const java = (text: string, sent: string) =>
    `${text}package db.migration;\n\npublic class V1__A extends BaseJavaMigration {\n` +
    `  public void migrate(Context context) throws Exception {\n    context.getConnection().createStatement().execute("${sent}");\n  }\n}\n`
  const go = (text: string, sent: string) =>
    `${text}package migrations\n\nfunc init() {\n  goose.AddMigrationContext(up, nil)\n}\n\n` +
    `func up(ctx context.Context, tx *sql.Tx) error {\n  _, err := tx.ExecContext(ctx, "${sent}")\n  return err\n}\n`
  const xml = (text: string, sent: string) =>
    `<?xml version="1.0"?>\n${text}<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">\n` +
    `  <changeSet id="1" author="a"><sql>${sent}</sql></changeSet>\n</databaseChangeLog>\n`
  const yaml = (text: string, sent: string) =>
    `${text}databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: a\n      changes:\n        - sql:\n            sql: ${sent}\n`
  const django = (text: string, sent: string) =>
    `${text}from django.db import migrations\n\nclass Migration(migrations.Migration):\n    dependencies = []\n    operations = [migrations.RunSQL("${sent}")]\n`
  const cases: readonly Case[] = [
    ['migrations/20240101000000_a.js', '//', knex, { 'package.json': '{"dependencies":{"knex":"3.1.0"}}' }],
    ['src/main/java/db/migration/V1__A.java', '//', java],
    ['migrations/00001_a.go', '//', go, { 'migrations/00002_b.sql': '-- +goose Up\nSELECT 1;\n' }],
    ['db/changelog.xml', '<!--', xml],
    ['db/changelog.yaml', '#', yaml],
    ['shop/migrations/0001_a.py', '#', django, { 'manage.py': '', 'shop/migrations/__init__.py': '' }],
    ['alembic/versions/aaa_a.py', '#', alembic, { 'alembic/env.py': '', 'alembic/script.py.mako': '' }],
    ['db/migrate/20240101000000_a.rb', '#', rails],
    ['src/migrations/1700000000000-A.ts', '//', typeorm],
    ['database/migrations/2024_01_01_000000_a.php', '//', php],
    ['priv/repo/migrations/20240101000000_a.exs', '#', ecto],
    ['Migrations/20240101000000_A.cs', '//', csharp, { 'Migrations/ShopContextModelSnapshot.cs': '' }],
    ['migrations/1_a.sql', '--', plain],
  ]

  test.each(cases.map(each => [each[0], each] as const))('%s', async (_, [path, mark, text, beside = {}]) => {
    const root = repository({ ...beside, [path]: text('', 'SELECT 1') })
    commit(root, { [path]: text('', 'SELECT 2') })
    const [edited, ...others] = (await findings(root)).filter(({ rule }) => rule === 'edited-migration')
    expect(others).toEqual([])
    const advised = /`([^`]*allow-edit[^`]*)`/.exec(helpText(edited?.help ?? []))?.[1]
    expect(advised).toBe(`${mark} migrate-lint-allow-edit: <reason>${mark === '<!--' ? ' -->' : ''}`)
    commit(root, { [path]: text(`${advised?.replace('<reason>', 'it never ran')}\n`, 'SELECT 2') })
    expect((await found(root)).filter(line => line.includes('edited-migration'))).toEqual([
      expect.stringMatching(/^\(it never ran\) edited-migration error /),
    ])
  })
})
