import { describe, expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'
import type { Report } from '../../src/lint/report.ts'
import { coverage } from '../../src/lint/unread.ts'
import { formatNames } from '../../src/report/formats.ts'
import { reporters } from '../../src/report/index.ts'
import { plain } from '../report/kit/builder.ts'

// Unread files are not safe: cases from public reports, by their numbers.

const refinery = {
  'Cargo.toml': '[dependencies]\nrefinery = { version = "0.8", features = ["tokio-postgres"] }\n',
  'migrations/V1__idx.rs':
    'pub fn migration() -> String {\n  String::from("ALTER TABLE orders DROP COLUMN total")\n}\n',
}

/** A migration in a language without a reader, between others. */
const mixed = {
  'Cargo.toml': refinery['Cargo.toml'],
  'migrations/V1__a.sql': 'CREATE TABLE invoices (id bigint PRIMARY KEY);\n',
  'migrations/V2__b.rs': refinery['migrations/V1__idx.rs'],
  'migrations/V3__c.sql': 'CREATE TABLE receipts (id bigint PRIMARY KEY);\n',
}

function linted(files: Readonly<Record<string, string>>): Promise<Report> {
  return lintTree(mapTree(files))
}

function firstLine(report: Report, format: 'text' | 'compact' | 'markdown'): string {
  return reporters[format](report, plain).split('\n')[0] ?? ''
}

describe('files that a tool runs beside its migrations count as not read', () => {
  const flyway = { 'flyway.toml': '', 'sql/V1__a.sql': 'CREATE TABLE a (id int PRIMARY KEY);\n' }

  test.each([
    ['a callback', { ...flyway, 'sql/beforeMigrate.sql': 'DROP TABLE x;\n' }, 'Flyway runs it at beforeMigrate'],
    ['a baseline', { ...flyway, 'sql/B1__b.sql': 'CREATE TABLE a ();\n' }, 'on an empty database it replaces'],
  ])('%s counts', async (_, files, why) => {
    const report = await linted(files)
    expect(coverage(report)).toEqual({ read: 1, readInPart: 0, notRead: 0, files: 1, places: 0 })
    expect(report.unread[0]).toMatchObject({ extent: 'file', tool: 'Flyway', why: expect.stringContaining(why) })
    expect(firstLine(report, 'text')).toBe(
      '1 file beside the migrations was not read; no errors or warnings in the rest (1 statement)',
    )
    expect(report.notices.join()).not.toContain('left out')
    for (const format of formatNames) {
      expect(reporters[format](report, plain), format).not.toMatch(/No dangers|✅|h1 class="good"/)
    }
    // It has a test case for each file; that of the migration itself may pass.
    expect(reporters.junit(report, plain)).toMatch(/<testcase name="not read" classname="sql\/\w+\.sql">/)
  })

  test('files that never run by themselves do not', async () => {
    const report = await linted({ ...flyway, 'sql/U1__a.sql': 'DROP TABLE a;\n', 'sql/notes.sql': 'SELECT 1;\n' })
    expect(report.unread).toEqual([])
  })
})

describe('F11: migrations that are code (OF-25c)', () => {
  test('the first line counts them, and there is neither a tick nor "No dangers" in any format', async () => {
    const report = await linted(refinery)
    expect(firstLine(report, 'text')).toMatch(/^1 migration could not be checked \(Rust\) \(0 statements\)/)
    expect(firstLine(report, 'compact')).toMatch(/^1 migration could not be checked \(Rust\) \(0 statements\)/)
    expect(firstLine(report, 'markdown')).toMatch(
      /^### ⚠️ migrate-lint: 1 migration could not be checked \(Rust\) \(and \d notes?\)$/u,
    )
    for (const format of formatNames) {
      expect(reporters[format](report, plain), format).not.toMatch(/No dangers|✅|h1 class="good"|name="no findings"/)
    }
  })

  test('nothing is green', async () => {
    const coloured = { ...plain, color: true }
    const green = '\u001b[32m'
    expect(
      reporters.text(await linted({ 'migrations/1.sql': 'CREATE TABLE a (id int PRIMARY KEY);' }), coloured),
    ).toContain(green)
    expect(reporters.text(await linted(refinery), coloured)).not.toContain(green)
    expect(reporters.text(await linted(mixed), coloured)).not.toContain(green)
  })

  test('they are counted together with read migrations and with findings', async () => {
    expect(firstLine(await linted(mixed), 'text')).toBe(
      '1 of 3 migrations could not be checked (Rust); no errors or warnings in the rest (2 statements)',
    )
    const bad = await linted({ ...mixed, 'migrations/V4__d.sql': 'DROP TABLE old_things;\n' })
    const lines = reporters.text(bad, plain).split('\n')
    expect(lines.slice(0, 2)).toEqual([
      '1 of 4 migrations could not be checked (Rust)',
      '  migrations/: 1 migration not checked (Rust)',
    ])
    expect(reporters.text(bad, plain)).toContain(
      '1 error in 1 of 4 migrations; 1 of 4 migrations could not be checked (Rust)',
    )
    expect(firstLine(bad, 'markdown')).toContain(
      '❌ migrate-lint: 1 error in 1 of 4 migrations; 1 of 4 migrations could not',
    )
  })

  test('programs get the three counts, and the unread parts', async () => {
    const report = await linted(mixed)
    expect(coverage(report)).toEqual({ read: 2, readInPart: 0, notRead: 1, files: 0, places: 0 })
    const { summary, unread } = JSON.parse(reporters.json(report, plain))
    expect(summary).toMatchObject({ migrations: 3, read: 2, readInPart: 0, notRead: 1, unread: 1, earlierNotRead: 0 })
    const why = 'it is written in Rust'
    expect(unread).toMatchObject([{ path: 'migrations/V2__b.rs', extent: 'migration', why }])
    expect(report.unread).toMatchObject([{ why, language: 'Rust' }])
    const [run] = JSON.parse(reporters.sarif(report, plain)).runs
    expect(run.properties).toMatchObject({ migrations: 3, read: 2, notRead: 1 })
    const [invocation] = run.invocations
    expect(invocation.toolExecutionNotifications).toContainEqual({
      level: 'warning',
      message: { text: '1 of 3 migrations could not be checked (Rust)' },
    })
    expect(reporters.junit(report, plain)).toContain('<skipped message="it is written in Rust"/>')
    expect(reporters.github(report, plain)).toContain(
      '::warning title=migrate-lint::1 of 3 migrations could not be checked',
    )
    expect(reporters.html(report, plain)).toContain('<h1 class="doubt">1 of 3 migrations could not be checked (Rust)')
  })

  test('each folder has one note, which says how to get the SQL', async () => {
    const migration = (revision: string, before: string) =>
      `from alembic import op\nrevision = "${revision}"\ndown_revision = ${before}\ndef run():\n    pass\n`
    const report = await linted({
      'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://localhost/x\n',
      'alembic/env.py': '',
      'alembic/versions/a1_one.py': migration('a1', 'None'),
      'alembic/versions/b2_two.py': migration('b2', '"a1"'),
      'alembic/versions/c3_three.py': migration('c3', '"b2"'),
    })
    const notes = report.findings.filter(({ rule }) => rule === 'code-migration')
    expect(notes.map(({ message }) => message)).toEqual([
      'This migration was not checked, nor were 2 more in its folder: there is no function `upgrade` in it.',
    ])
    expect(notes[0]?.help.join('')).toContain('alembic upgrade <before>:<migration> --sql')
  })
})

describe('parts of migrations', () => {
  test('F1: dynamic SQL in a DO block is counted', async () => {
    const report = await linted({
      'migrations/1.sql': 'CREATE TABLE t (id int PRIMARY KEY);',
      'migrations/2.sql': "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN tenant int', 't'); END $$;",
    })
    expect(firstLine(report, 'text')).toBe(
      '1 of 2 migrations could be checked only in part; no errors or warnings in the rest (2 statements)',
    )
    expect(coverage(report)).toEqual({ read: 1, readInPart: 1, notRead: 0, files: 0, places: 0 })
  })

  test.each([
    ['L1: rows of a COPY without an end', 'COPY lands (code, name) FROM STDIN;\na\tb\n', 'data of a COPY'],
    ['a file that psql includes', '\\i other.sql\n', '\\i of psql is not read'],
    [
      'a template that is more than a name',
      'CREATE TABLE {{ table_name("a") }} (id int PRIMARY KEY);',
      'a template in {{ … }}',
    ],
    [
      'a branch of a template',
      '{% if large == 1 %}\nCREATE TABLE a (id int PRIMARY KEY);\n{% endif %}',
      'a template in {% … %}',
    ],
  ])('%s', async (_, sql, why) => {
    const report = await linted({ 'migrations/1.sql': sql })
    expect(report.unread.map(unread => [unread.extent, unread.why])).toEqual([['part', expect.stringContaining(why)]])
    for (const format of formatNames) expect(reporters[format](report, plain), format).not.toMatch(/No dangers|✅/)
  })

  test('a name that is filled in hides nothing', async () => {
    const sql =
      'CREATE TABLE {{ .Schema }}.a (id int PRIMARY KEY);\n\\echo done\nCREATE TABLE #{name} (id int PRIMARY KEY);'
    const report = await linted({ 'migrations/1.sql': sql })
    expect(report.unread).toEqual([])
    expect(firstLine(report, 'text')).toMatch(/^No dangers in 1 migration/)
  })
})

describe('F1: unread parts of an earlier file make no failure certain, and hide nothing', () => {
  const told = async (files: Readonly<Record<string, string>>) => {
    const { findings } = await linted({ ...files, 'sql/V9__z.sql': 'CREATE INDEX i ON invoices (tenant);\n' })
    return findings.filter(({ path }) => path === 'sql/V9__z.sql').map(({ severity, rule }) => `${severity} ${rule}`)
  }
  const created = { 'flyway.toml': '', 'sql/V1__a.sql': 'CREATE TABLE invoices (id bigint PRIMARY KEY);\n' }
  const uncertain = ['error blocking-index-build', 'note possible-failure']

  test.each([
    ['a file that psql includes', '\\i other.sql\n'],
    ['a program that psql starts', '\\! psql -f other.sql\n'],
    ['SQL that a query makes', "SELECT 'ALTER TABLE invoices ADD COLUMN tenant int' \\gexec\n"],
    ['a branch of psql', '\\if :new\nALTER TABLE invoices RENAME COLUMN id TO tenant;\n\\else\n\\endif\nSELECT 1;\n'],
    ['a template', '{% for c in columns %} ALTER TABLE invoices ADD COLUMN {{ c }} int; {% endfor %}\n'],
    ['SQL that does not parse', 'ALTER TABL invoices ADD COLUMN tenant int;\n'],
    ['SQL of MySQL', 'ALTER TABLE `invoices` ADD COLUMN `tenant` int AFTER `id`;\n'],
    [
      'a literal that never ends',
      "SELECT 1;\nCOMMENT ON TABLE invoices IS 'a;\nALTER TABLE invoices ADD COLUMN tenant int;\n",
    ],
    ['a file that is not text', '\u0000\u0000\u0001PK'],
    ['the other side of a conflict', '<<<<<<< a\nSELECT 1;\n=======\nSELECT 2;\n>>>>>>> b\n'],
    ['rows of COPY without an end', 'COPY invoices FROM STDIN;\nSELECT 1;\n'],
  ])('%s', async (_, content) => {
    expect(await told({ ...created, 'sql/V2__b.sql': content })).toEqual(expect.arrayContaining(uncertain.slice(0, 1)))
    expect(await told({ ...created, 'sql/V2__b.sql': content })).not.toContain('error certain-failure')
  })

  test.each([
    ['another database', '\\c other\nSELECT 1;\n'],
    ['another database, by the long name', '\\connect other\nSELECT 1;\n'],
    ['the end', '\\q\nSELECT 1;\n'],
    ['a statement that is discarded', 'ALTER TABLE invoices RENAME TO bills\n\\r\nSELECT 1;\n'],
    ['a statement that is only described', 'ALTER TABLE invoices RENAME TO bills \\gdesc\n'],
    ['a statement that is only prepared', 'ALTER TABLE invoices RENAME TO bills \\parse a\n'],
  ])('psql: %s', async (_, content) => {
    expect(await told({ ...created, 'sql/V2__b.sql': content })).not.toContain('error certain-failure')
  })

  test.each([
    ['DDL', 'ALTER TABLE invoices ADD COLUMN tenant int;\n', uncertain],
    ['a function', 'SELECT install();\n', uncertain],
    ['grants', 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;\nANALYZE;\n', ['error certain-failure']],
  ])('a callback of Flyway with %s', async (_, content, expected) => {
    expect(await told({ ...created, 'sql/beforeEachMigrate.sql': content })).toEqual(expected)
  })

  test('later statements of the same file lose certainty, and earlier ones keep it', async () => {
    const text = 'CREATE INDEX i ON a (b);\n\\i other.sql\nCREATE INDEX j ON a (c);\n'
    const { findings } = await linted({
      'flyway.toml': '',
      'sql/V1__a.sql': 'CREATE TABLE a (id int);\n',
      'sql/V2__b.sql': text,
    })
    const failures = findings.filter(({ rule }) => rule.endsWith('-failure'))
    expect(failures.map(({ rule, message }) => `${rule} ${/column "\w"/.exec(message)?.[0]}`)).toEqual([
      'certain-failure column "b"',
      'possible-failure column "c"',
    ])
  })
})

describe('psql goes to another database', () => {
  const rules = async (...texts: string[]) => {
    const files = Object.fromEntries(texts.map((text, i) => [`db/migrations/${i + 1}.sql`, text]))
    const { findings } = await linted(files)
    return findings.map(({ rule, path }) => `${path.slice(14, 15)} ${rule}`)
  }
  const table = 'CREATE TABLE a (n varchar(20));\n'
  const index = 'CREATE INDEX i ON a (n);\n'

  // A table of that name may be full of rows there.
  test.each([
    '\\c other',
    '\\connect other',
    '\\c "other"',
    '\\c :name',
    '\\c - - db.example',
    '\\c service=a',
    '\\c a \\\\',
  ])('%s: what was made before is not new any longer', async command => {
    expect(await rules(table + index)).not.toContain('1 blocking-index-build')
    expect(await rules(`${table}${command}\n${index}`)).toContain('1 blocking-index-build')
    expect(await rules(`${table}BEGIN;\n${command}\n${index}`)).toContain('1 blocking-index-build')
    // It is made there, too.
    expect(await rules(`${table}${command}\n${table}${index}`)).not.toContain('1 blocking-index-build')
  })

  test.each(['\\c', '\\c -', '\\c - owner', '\\connect - owner - -'])(
    '%s: that is the same database',
    async command => {
      expect(await rules(`${table}${command}\n${index}`)).not.toContain('1 blocking-index-build')
    },
  )

  test('what was made in one is known when a file comes back to it', async () => {
    const wrong = 'CREATE INDEX i ON a (x);\n'
    const isKnown = async (first: string, second: string) => (await rules(first, second)).includes('2 possible-failure')
    expect(await isKnown(table, `\\c other\n${wrong}`)).toBe(false)
    expect(await isKnown(`\\c other\n${table}`, `\\c other\n${wrong}`)).toBe(true)
    // The first file leads to the database of all of them.
    expect(await isKnown(`\\c other\n${table}`, wrong)).toBe(true)
    expect(await isKnown(`CREATE TABLE b ();\n\\c other\n${table}`, wrong)).toBe(false)
    expect(await isKnown(`CREATE TABLE b ();\n\\c other\n${table}`, `\\c other\n${wrong}`)).toBe(true)
    expect(await isKnown(`${table}\\c other\n\\c third\n`, `\\c other\n${wrong}`)).toBe(false)
    expect(await isKnown(`\\c :name\n${table}`, `\\c :name\n${wrong}`)).toBe(false)
  })

  test('each file begins in the first one, where nothing is certain any longer', async () => {
    const found = await rules(
      table,
      '\\c other\nCREATE TABLE b (n int);\n',
      'CREATE INDEX i ON a (x);\nDROP TABLE b;\n',
    )
    expect(found).toContain('3 possible-failure')
    expect(found.join()).not.toContain('certain-failure')
  })

  test('what a transaction has not committed is rolled back', async () => {
    const found = await rules(`BEGIN;\n${table}\\c other\nSELECT 1;\n`, index)
    expect(found).toContain('2 blocking-index-build')
    // The transaction is over: an index can be built concurrently.
    const concurrently = await rules('BEGIN;\n\\c other\nCREATE INDEX CONCURRENTLY i ON a (n);\n')
    expect(concurrently.join()).not.toContain('failure')
  })
})
