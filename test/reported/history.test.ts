import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectIn } from '../../src/systems/discover.ts'
import { changesSince } from '../../src/systems/history/changes.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { mapTree, type Tree } from '../../src/systems/reading/tree.ts'
import { found } from '../history/kit/repository.ts'
import { commit, type Files, git, lastCommit, repository, write } from '../kit/git.ts'

// Cases from public reports, other linters' tests and real histories, by their numbers, with variants.

describe('R4: small files that make different objects are a deletion and a new migration', () => {
  const table = (name: string, more = '') => `CREATE TABLE ${name} (id bigint PRIMARY KEY${more});\n`
  const rails = (name: string) =>
    `class Make < ActiveRecord::Migration[7.1]\n  def change\n    create_table :${name} do |t|\n      t.string :note\n      t.timestamps\n    end\n  end\nend\n`
  const alembic = (id: string, name: string) =>
    `from alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\ndown_revision = "aaa"\n\ndef upgrade():\n    op.create_table("${name}", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("at", sa.DateTime()))\n`
  const typeorm = (time: string, name: string) =>
    `export class A${time} implements MigrationInterface {\n  async up(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(\`CREATE TABLE "${name}" ("id" bigint, "at" timestamptz)\`)\n  }\n}\n`
  type Texts = Readonly<Record<string, string>>
  const kinds = (id: string, before: Texts, after: Texts) =>
    withParsers(() => {
      const [past, tree] = [mapTree(before), mapTree(after)]
      const read = (files: Tree) => projectIn(files, '', { transaction: () => 'unknown' }, id)
      const [base, project] = [read(past), read(tree)]
      const tip = new Set(base.migrations.map(({ path }) => path))
      const { present, gone } = changesSince(
        { project, tree },
        { project: base, tree: past, name: 'main', joined: project.migrations, tip },
        () => null,
      )
      return [...[...present.values()].flat(), ...gone.map(({ change }) => change)].map(({ kind }) => kind)
    })

  test.each([
    ['tables', table('t03', ', name text'), table('late')],
    [
      'tables of the same columns',
      table('customers', ', at timestamptz NOT NULL DEFAULT now(), name text, note text'),
      table('orders', ', at timestamptz NOT NULL DEFAULT now(), name text, note text'),
    ],
    ['columns of one table', 'ALTER TABLE orders ADD COLUMN a int;', 'ALTER TABLE orders ADD COLUMN b int;'],
    ['indexes', 'CREATE INDEX orders_a ON orders (a);', 'CREATE INDEX orders_b ON orders (b);'],
    ['indexes without names', 'CREATE INDEX ON orders (a);', 'CREATE INDEX ON orders (b);'],
    ['rows', "INSERT INTO roles (name) VALUES ('admin');", "INSERT INTO roles (name) VALUES ('owner');"],
  ])('%s', async (_, before, after) => {
    const last = { '20240305_last.sql': 'SELECT 1;\n' }
    expect(await kinds('plain', { '20240301_a.sql': before, ...last }, { '20240302_b.sql': after, ...last })).toEqual([
      'late',
      'deleted',
    ])
  })

  test('Django’s squashed migration is neither, beside those that it replaces and in their place', async () => {
    const django = (body: string) =>
      `from django.db import migrations\n\nclass Migration(migrations.Migration):\n    ${body}\n    operations = []\n`
    const old = {
      'shop/migrations/0001_initial.py': django('dependencies = []'),
      'shop/migrations/0002_a.py': django("dependencies = [('shop', '0001_initial')]"),
    }
    const squashed = {
      'shop/migrations/0001_squashed_0002_a.py': django(
        "replaces = [('shop', '0001_initial'), ('shop', '0002_a')]\n    dependencies = []",
      ),
    }
    expect(await kinds('django', old, { ...old, ...squashed })).toEqual([])
    expect(await kinds('django', old, squashed)).toEqual(['squashed'])
    expect(await kinds('django', { ...old, ...squashed }, squashed)).toEqual([])
    expect(
      await kinds('django', old, { 'shop/migrations/0001_initial.py': old['shop/migrations/0001_initial.py'] }),
    ).toEqual(['deleted'])
  })

  test.each([
    ['rails', ['20240101000000_a.rb', rails('orders')], ['20240101000001_b.rb', rails('customers')]],
    ['alembic', ['bbb.py', alembic('bbb', 'orders')], ['ccc.py', alembic('ccc', 'customers')]],
    [
      'typeorm',
      ['1700000000000-A.ts', typeorm('1700000000000', 'orders')],
      ['1700000000001-B.ts', typeorm('1700000000001', 'customers')],
    ],
  ] as const)('in %s', async (id, [old, was], [now, is]) => {
    expect(await kinds(id, { [old]: was }, { [now]: is })).toEqual(['deleted'])
    expect(
      await kinds(
        id,
        { [old]: was },
        { [now]: was.replace('"bbb"', '"ccc"').replace('A1700000000000', 'A1700000000001') },
      ),
    ).toEqual(['renamed'])
  })

  test('an edited file that creates the same objects is renamed', async () => {
    const before = { '1_a.sql': table('orders', ', name text, note text') }
    expect(
      await kinds('plain', before, { '2_a.sql': table('orders', ', name varchar(20), note text, more int') }),
    ).toEqual(['renamed'])
  })

  test('three missing migrations are not squashed into one that creates other objects', async () => {
    const before = { '1_a.sql': table('a'), '2_b.sql': table('b'), '3_c.sql': table('c') }
    expect(await kinds('plain', before, { '4_d.sql': table('late') })).toEqual(['deleted', 'deleted', 'deleted'])
    expect(await kinds('plain', before, { '4_d.sql': table('a') + table('b') + table('c') })).toEqual(['squashed'])
  })
})

test('a project whose last migration is deleted is reported', async () => {
  const root = repository({ 'db/migrations/001_a.sql': 'CREATE TABLE a (id int);\n' })
  git(root, 'rm', '-q', 'db/migrations/001_a.sql')
  const gone = [expect.stringMatching(/^deleted-migration error db\/migrations\/001_a\.sql: /)]
  expect(await found(root)).toEqual(gone)
  expect(await found(root, { staged: true, orHead: true })).toEqual(gone)
  commit(root)
  expect(await found(root)).toEqual(gone)
})

describe('R10: an edit that restores an earlier text is a note', () => {
  const prisma = { 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n' }
  const at = (name: string) => `prisma/migrations/${name}/migration.sql`
  const [one, two, three] = ['20260101000000_one', '20260102000000_two', '20260103000000_three'].map(at) as [
    string,
    string,
    string,
  ]
  const all: Readonly<Record<string, string>> = {
    ...prisma,
    [one]: '-- see docs/a.md\nCREATE TABLE one (id int);\n',
    [two]: 'CREATE TABLE two (id int);\n',
    [three]: 'CREATE TABLE three (id int);\n',
  }
  /** A repository whose main had `all` before `damage` changed it, and the commit of that change. */
  const damaged = (damage: (root: string) => void, files: Files = all) => {
    const root = repository(files)
    git(root, 'switch', '-q', 'main')
    damage(root)
    commit(root)
    const by = lastCommit(root)
    git(root, 'switch', '-qC', 'work')
    return { root, by: by.slice(0, 10) }
  }

  test('an edited text', async () => {
    const edited = { [one]: '-- see docs/b.md\nCREATE TABLE one (id int);\n' }
    const { root, by } = damaged(root => write(root, edited))
    commit(root, { [one]: all[one] ?? '' })
    expect(await found(root)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^edited-migration note \\S+: This is again the text from before commit ${by} \\(\\d{4}-\\d\\d-\\d\\d\\): `,
        ),
      ),
    ])
    const [note = ''] = await found(root)
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const shown = note.slice(note.indexOf('This is')).replace(/commit \w+ \(.*?\)/, 'commit 51fa288659 (2026-07-27)')
    expect(readme).toContain(`${shown}\n`)
    // A text that the file never had is an edit, even if other files are restored.
    commit(root, { [one]: '-- see docs/c.md\nCREATE TABLE one (id int);\n' })
    expect(await found(root)).toEqual([expect.stringMatching(/^edited-migration error /)])
  })

  test('a deleted migration', async () => {
    const { root, by } = damaged(root => git(root, 'rm', '-q', two))
    commit(root, { [two]: all[two] ?? '' })
    const back = `out-of-order-migration note ${two}: This migration is back, which commit ${by} `
    const said = await found(root)
    expect(said.map(line => line.slice(0, back.length))).toEqual([back])
    commit(root, { [two]: 'CREATE TABLE other (id int);\n' })
    expect((await found(root)).filter(line => line.includes('is back'))).toEqual([])
  })

  test('an old name', async () => {
    const { root, by } = damaged(root => {
      mkdirSync(dirname(join(root, at('20260102000000_zwei'))))
      git(root, 'mv', two, at('20260102000000_zwei'))
    })
    mkdirSync(dirname(join(root, two)), { recursive: true })
    git(root, 'mv', at('20260102000000_zwei'), two)
    commit(root)
    expect(await found(root)).toEqual([
      expect.stringMatching(new RegExp(`^renamed-migration note ${two}: This undoes the name that commit ${by} `)),
    ])
  })

  test('a version that two migrations had', async () => {
    const files = { 'm/1_a.up.sql': 'SELECT 1;\n', 'm/1_a.down.sql': 'SELECT 1;\n' }
    const again = { 'm/1_b.up.sql': 'CREATE TABLE b (id int);\n' }
    const { root, by } = damaged(root => write(root, again), files)
    git(root, 'mv', 'm/1_b.up.sql', 'm/2_b.up.sql')
    commit(root)
    expect(await found(root)).toEqual([
      expect.stringMatching(
        new RegExp(`^renamed-migration note m/2_b\\.up\\.sql: This undoes the name that commit ${by} `),
      ),
    ])
    git(root, 'rm', '-q', 'm/2_b.up.sql')
    commit(root)
    expect(await found(root)).toEqual([
      expect.stringMatching(
        new RegExp(`^deleted-migration note m/1_b\\.up\\.sql: This frees the version that commit ${by} `),
      ),
    ])
  })
})
