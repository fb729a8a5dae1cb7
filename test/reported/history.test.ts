import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { helpText } from '../../src/lint/help.ts'
import { projectIn } from '../../src/systems/discover.ts'
import { changesSince } from '../../src/systems/history/changes.ts'
import { mapTree, type Tree } from '../../src/systems/reading/tree.ts'
import { commit, type Files, findings, found, git, lastCommit, repository, write } from '../history/kit/repository.ts'

// What public reports, other linters' tests and real histories showed, each case by its number, with variants of it.

/** sqlx compares every byte of what is applied. */
const sqlx = { 'Cargo.toml': '[dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\n' }

/** `rule severity` of what is said of each file, and of what is silenced the reason in front. */
async function saidOf(root: string, config = {}): Promise<Record<string, string[]>> {
  const all = await found(root, { since: 'main', config })
  const said: Record<string, string[]> = {}
  for (const line of all) {
    const [, reason = '', what = '', path = ''] = /^(\(.*?\) )?(\S+ \S+) (\S+): /.exec(line) ?? []
    if (!/suppression|directive/.test(what)) said[path] = [...(said[path] ?? []), reason + what]
  }
  return said
}

describe('F5: only allow-edit and the name of the rule silence what became of applied migrations', () => {
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

  test('where the file has the comment already', async () => {
    const root = repository({ ...sqlx, ...files((comment, i) => `${comment}\nCREATE TABLE t${i} (id int);\n`) })
    commit(
      root,
      files((comment, i) => `${comment}\nCREATE TABLE t${i} (id bigint);\n`),
    )
    expect(await saidOf(root, { compat: true })).toEqual(expected(true))
  })

  test('where the comment is the edit', async () => {
    const root = repository({ ...sqlx, ...files((_, i) => `CREATE TABLE t${i} (id int);\n`) })
    commit(
      root,
      files((comment, i) => `${comment}\nCREATE TABLE t${i} (id int);\n`),
    )
    expect(await saidOf(root, { compat: true })).toEqual(expected(false))
  })

  test('and neither what is renamed, out of order, of one version, or squashed', async () => {
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

describe('F15: the comment that is advised is one in the language of the file, and is accepted there', () => {
  type Case = readonly [path: string, mark: string, text: (comment?: string) => string, beside?: Files]
  const alembic = (text = '') => `${text}revision = "aaa"\ndown_revision = None\n\ndef upgrade():\n    pass\n`
  const rails = (text = '') => `${text}class A < ActiveRecord::Migration[7.1]\n  def change\n  end\nend\n`
  const typeorm = (text = '') => `${text}export class A1700000000000 implements MigrationInterface {}\n`
  const php = (text = '') =>
    `<?php\n${text}use Illuminate\\Database\\Migrations\\Migration;\n\nreturn new class extends Migration {};\n`
  const ecto = (text = '') => `${text}defmodule Shop.A do\n  use Ecto.Migration\nend\n`
  const csharp = (text = '') => `${text}[Migration("20240101000000_A")]\npublic partial class A : Migration {}\n`
  const plain = (text = '') => `${text}SELECT 1;\n`
  const cases: readonly Case[] = [
    ['alembic/versions/aaa_a.py', '#', alembic, { 'alembic/env.py': '', 'alembic/script.py.mako': '' }],
    ['db/migrate/20240101000000_a.rb', '#', rails],
    ['src/migrations/1700000000000-A.ts', '//', typeorm],
    ['database/migrations/2024_01_01_000000_a.php', '//', php],
    ['priv/repo/migrations/20240101000000_a.exs', '#', ecto],
    ['Migrations/20240101000000_A.cs', '//', csharp, { 'Migrations/ShopContextModelSnapshot.cs': '' }],
    ['migrations/1_a.sql', '--', plain],
  ]

  test.each(cases.map(each => [each[0], each] as const))('%s', async (_, [path, mark, text, beside = {}]) => {
    const root = repository({ ...beside, [path]: text() })
    const more = mark === '--' ? 'SELECT 2;\n' : `${mark} An edit.\n`
    commit(root, { [path]: `${text()}${more}` })
    const [edited, ...others] = (await findings(root)).filter(({ rule }) => rule === 'edited-migration')
    expect(others).toEqual([])
    const advised = /`([^`]*allow-edit[^`]*)`/.exec(helpText(edited?.help ?? []))?.[1]
    expect(advised).toBe(`${mark} migrate-lint-allow-edit: <reason>`)
    commit(root, { [path]: `${text(`${advised?.replace('<reason>', 'it never ran')}\n`)}${more}` })
    expect((await found(root)).filter(line => line.includes('edited-migration'))).toEqual([
      expect.stringMatching(/^\(it never ran\) edited-migration error /),
    ])
  })
})

describe('R4: small files that make different objects are a deletion and a new migration', () => {
  const table = (name: string, more = '') => `CREATE TABLE ${name} (id bigint PRIMARY KEY${more});\n`
  const rails = (name: string) =>
    `class Make < ActiveRecord::Migration[7.1]\n  def change\n    create_table :${name} do |t|\n      t.string :note\n      t.timestamps\n    end\n  end\nend\n`
  const alembic = (id: string, name: string) =>
    `from alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\ndown_revision = "aaa"\n\ndef upgrade():\n    op.create_table("${name}", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("at", sa.DateTime()))\n`
  const typeorm = (time: string, name: string) =>
    `export class A${time} implements MigrationInterface {\n  async up(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(\`CREATE TABLE "${name}" ("id" bigint, "at" timestamptz)\`)\n  }\n}\n`
  type Texts = Readonly<Record<string, string>>
  const kinds = (id: string, before: Texts, after: Texts) => {
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
  }

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
  ])('%s', (_, before, after) => {
    const last = { '20240305_last.sql': 'SELECT 1;\n' }
    expect(kinds('plain', { '20240301_a.sql': before, ...last }, { '20240302_b.sql': after, ...last })).toEqual([
      'late',
      'deleted',
    ])
  })

  test.each([
    ['rails', ['20240101000000_a.rb', rails('orders')], ['20240101000001_b.rb', rails('customers')]],
    ['alembic', ['bbb.py', alembic('bbb', 'orders')], ['ccc.py', alembic('ccc', 'customers')]],
    [
      'typeorm',
      ['1700000000000-A.ts', typeorm('1700000000000', 'orders')],
      ['1700000000001-B.ts', typeorm('1700000000001', 'customers')],
    ],
  ] as const)('in %s', (id, [old, was], [now, is]) => {
    expect(kinds(id, { [old]: was }, { [now]: is })).toEqual(['deleted'])
    expect(
      kinds(id, { [old]: was }, { [now]: was.replace('"bbb"', '"ccc"').replace('A1700000000000', 'A1700000000001') }),
    ).toEqual(['renamed'])
  })

  test('what makes the same with an edit is renamed', () => {
    const before = { '1_a.sql': table('orders', ', name text, note text') }
    expect(kinds('plain', before, { '2_a.sql': table('orders', ', name varchar(20), note text, more int') })).toEqual([
      'renamed',
    ])
  })

  test('three that went are not squashed to one that makes something else', () => {
    const before = { '1_a.sql': table('a'), '2_b.sql': table('b'), '3_c.sql': table('c') }
    expect(kinds('plain', before, { '4_d.sql': table('late') })).toEqual(['deleted', 'deleted', 'deleted'])
    expect(kinds('plain', before, { '4_d.sql': table('a') + table('b') + table('c') })).toEqual(['squashed'])
  })
})

describe('F14: several heads of Alembic, several leaves of Django', () => {
  const revision = (id: string, down: string) => `revision = "${id}"\ndown_revision = ${down}\n`
  const home = { 'alembic/env.py': '', 'alembic/script.py.mako': '' }
  const aaa = {
    'alembic/versions/aaa.py': revision('aaa', 'None'),
    'alembic/versions/bbb.py': revision('bbb', '"aaa"'),
  }
  const heads = async (root: string) => (await found(root)).filter(line => line.startsWith('several-heads')).sort()
  const django = (...dependencies: string[]) =>
    `class Migration(migrations.Migration):\n    dependencies = [${dependencies.map(each => `("shop", "${each}")`).join(', ')}]\n`

  test('are found at each of them, until a migration joins them', async () => {
    const root = repository({ ...home, ...aaa })
    commit(root, { 'alembic/versions/ccc.py': revision('ccc', '"aaa"') })
    const what =
      'Alembic stops at `upgrade head` with "Multiple head revisions are present": "bbb" and "ccc" are both heads.'
    expect(await heads(root)).toEqual([
      `several-heads error alembic/versions/bbb.py: ${what}`,
      `several-heads error alembic/versions/ccc.py: ${what}`,
    ])
    commit(root, { 'alembic/versions/ddd.py': revision('ddd', '("bbb", "ccc")') })
    expect(await heads(root)).toEqual([])
  })

  test('are found where main has the other one by now', async () => {
    const root = repository({ ...home, 'alembic/versions/aaa.py': revision('aaa', 'None') })
    commit(root, { 'alembic/versions/ccc.py': revision('ccc', '"aaa"') })
    expect(await heads(root)).toEqual([])
    git(root, 'switch', '-q', 'main')
    commit(root, aaa)
    git(root, 'switch', '-q', 'work')
    expect(await heads(root)).toEqual([
      expect.stringMatching(/^several-heads error \S+ccc\.py: .*"bbb" and "ccc" are both heads once main has this\.$/),
    ])
  })

  test('and so are leaves of one app of Django', async () => {
    const root = repository({
      'manage.py': '',
      'shop/migrations/0001_initial.py': django(),
      'shop/migrations/0002_a.py': django('0001_initial'),
      'cart/migrations/0001_initial.py': django('0002_a'),
    })
    commit(root, { 'shop/migrations/0002_b.py': django('0001_initial') })
    const what =
      'Django stops at `migrate` with "Conflicting migrations detected": "0002_a" and "0002_b" are both leaf nodes of shop.'
    expect(await heads(root)).toEqual([
      `several-heads error shop/migrations/0002_a.py: ${what}`,
      `several-heads error shop/migrations/0002_b.py: ${what}`,
    ])
    commit(root, { 'shop/migrations/0003_merge.py': django('0002_a', '0002_b') })
    expect(await heads(root)).toEqual([])
  })
})

describe("F6: Drizzle's journal", () => {
  type Entry = readonly [tag: string, when: number]
  const journal = (...entries: readonly Entry[]) => ({
    'drizzle/meta/_journal.json': JSON.stringify({
      dialect: 'postgresql',
      entries: entries.map(([tag, when], idx) => ({ idx, when, tag })),
    }),
  })
  const one: Entry = ['0000_one', 1771200000000]
  const two: Entry = ['0001_two', 1771300000000]
  const files = {
    'drizzle/0000_one.sql': 'CREATE TABLE one (id int);\n',
    'drizzle/0001_two.sql': 'CREATE TABLE two (id int);\n',
  }
  const said = async (after: Files, before: Files = journal(one, two)) => {
    const root = repository({ ...files, ...before })
    commit(root, after)
    return found(root)
  }

  test('another time of an applied entry is an edit, and what Drizzle does is said', async () => {
    const begins =
      'edited-migration error drizzle/0001_two.sql: The journal drizzle/meta/_journal.json gives this migration another time'
    const later = await said(journal(one, ['0001_two', 1780000000000]))
    expect(later).toEqual([expect.stringMatching(/databases that have it run it again\.$/)])
    expect(later[0]?.startsWith(begins.replace('drizzle/meta', '"drizzle/meta').replace('.json', '.json"'))).toBe(true)
    expect(await said(journal(one, ['0001_two', 1771250000000]))).toEqual([
      expect.stringMatching(/^edited-migration error .*skip new migrations up to the old time, and others do not\.$/),
    ])
    expect(await said(journal(['0000_one', 1771200000001], two))).toEqual([
      expect.stringMatching(/^edited-migration error drizzle\/0000_one\.sql: .*runs it again, or never\.$/),
    ])
  })

  test('and so is another order; another name with the same time is a note', async () => {
    const turned = await said(journal(two, one))
    expect(turned.filter(line => line.startsWith('edited-migration error'))).toHaveLength(1)
    const root = repository({ ...files, ...journal(one, two) })
    git(root, 'mv', 'drizzle/0001_two.sql', 'drizzle/0001_second.sql')
    commit(root, journal(one, ['0001_second', two[1]]))
    expect(await found(root)).toEqual([
      expect.stringMatching(
        /^renamed-migration note .*Drizzle compares the time in its journal, which stayed the same\.$/,
      ),
    ])
    commit(root, journal(one, ['0001_second', two[1] + 1]))
    expect((await found(root)).filter(line => line.startsWith('edited-migration error'))).toHaveLength(1)
  })

  test.each([4070908800000, 1771400000000000, 1e300])('a time to come is told: %d', async when => {
    const after = {
      ...journal(one, two, ['0002_three', when]),
      'drizzle/0002_three.sql': 'CREATE TABLE three (id int);\n',
    }
    expect(await said(after)).toEqual([
      expect.stringMatching(
        /^integrity-file-stale error drizzle\/meta\/_journal\.json: .*dates "0002_three" in the future/,
      ),
    ])
  })

  test('a new entry with the time of today is not', async () => {
    const after = {
      ...journal(one, two, ['0002_three', Date.now()]),
      'drizzle/0002_three.sql': 'CREATE TABLE three (id int);\n',
    }
    expect(await said(after)).toEqual([])
  })

  test('F17: a new file that no entry lists is an error, one that was there before a note', async () => {
    const stray = { 'drizzle/0002_three.sql': 'CREATE TABLE three (id int);\n' }
    expect(await said(stray)).toEqual([
      expect.stringMatching(/^unlisted-migration error drizzle\/0002_three\.sql: .*_journal\.json lists/),
    ])
    expect(await said({ 'drizzle/0003.txt': '' }, { ...journal(one, two), ...stray })).toEqual([
      expect.stringMatching(/^not-a-migration note drizzle\/0002_three\.sql: /),
    ])
  })
})

test('a project whose last migration is deleted is told', async () => {
  const root = repository({ 'db/migrations/001_a.sql': 'CREATE TABLE a (id int);\n' })
  git(root, 'rm', '-q', 'db/migrations/001_a.sql')
  const gone = [expect.stringMatching(/^deleted-migration error db\/migrations\/001_a\.sql: /)]
  expect(await found(root)).toEqual(gone)
  expect(await found(root, { staged: true, orHead: true })).toEqual(gone)
  commit(root)
  expect(await found(root)).toEqual(gone)
})

describe('R10: what puts back what the history had is a restoration, and a note', () => {
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
  /** A repository whose main had `all`, and then what `damage` does to it; and that commit. */
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
    // What none of its versions was is an edit, whatever else is put back.
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

  test('a version that two had', async () => {
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
