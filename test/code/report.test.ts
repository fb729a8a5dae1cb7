import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'
import { fixedTexts } from '../../src/lint/fix.ts'
import { coverage } from '../../src/lint/unread.ts'
import { reporters } from '../../src/report/index.ts'
import { plain } from '../report/kit/builder.ts'

// A migration in code from its file to the reports: everything is reported at its place in the code.

function project(up: string, before = '') {
  return mapTree({
    'package.json': '{"dependencies":{"typeorm":"^0.3.0","pg":"8"}}',
    'migrations/1700000000001-A.ts': `${before}
export class A1700000000001 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
${up}
  }
  public async down(queryRunner: QueryRunner): Promise<void> { await queryRunner.query('DROP TABLE z') }
}
`,
  })
}

const path = 'migrations/1700000000001-A.ts'
const text = async (tree: ReturnType<typeof project>) => new TextDecoder().decode(tree.read(path))

function placesOf(report: Awaited<ReturnType<typeof lintTree>>, source: string) {
  return report.findings.map(({ rule, at }) => `${rule}: ${source.slice(at[0], at[1])}`)
}

test('a finding is at the literal, or at the call if the program joins the SQL', async () => {
  const tree = project(
    `    await queryRunner.query('ALTER TABLE orders DROP COLUMN total')\n    await queryRunner.query(\`DROP TABLE \${name}\`)`,
    "const name = 'customers'",
  )
  const report = await lintTree(tree)
  const found = placesOf(report, await text(tree))
  expect(found).toContain('drop-column: DROP COLUMN')
  expect(found).toContain('drop-table: DROP TABLE')
  expect(coverage(report)).toEqual({ read: 1, readInPart: 0, notRead: 0, files: 0, places: 0 })
  const sql = new Map(report.findings.map(finding => [finding.rule, finding.sql]))
  expect(sql.get('drop-column')).toBe(undefined)
  expect(sql.get('drop-table')).toBe('DROP TABLE customers')
})

test('every format has the line of the code, and the SQL if the code does not contain it', async () => {
  const report = await lintTree(
    project(`    await queryRunner.query(\`DROP TABLE \${name}\`)`, "const name = 'customers'"),
  )
  const json = JSON.parse(reporters.json(report, plain))
  expect(json.findings.find((each: { rule: string }) => each.rule === 'drop-table')).toMatchObject({
    path,
    start: { line: 4 },
    sql: 'DROP TABLE customers',
  })
  const [run] = JSON.parse(reporters.sarif(report, plain)).runs
  const regions = run.results.map(
    (each: { locations: { physicalLocation: { region: { startLine: number } } }[] }) =>
      each.locations[0]?.physicalLocation.region.startLine,
  )
  expect(new Set(regions)).toEqual(new Set([4]))
  expect(reporters.text(report, plain)).toContain(`4 │     await queryRunner.query(\`DROP TABLE \${name}\`)`)
  expect(reporters.text(report, plain)).toMatch(/^ {4}DROP TABLE customers$/m)
  expect(reporters.markdown(report, plain)).toContain('```sql\nDROP TABLE customers\n```')
  expect(reporters.html(report, plain)).toContain('SQL that the migration sends')
  expect(reporters.github(report, plain)).toContain(`file=${path},line=4`)
})

test('a message calls an unknown name unknown, and uses the name of a variable', async () => {
  const report = await lintTree(
    project(
      '    await queryRunner.query(`DROP TABLE ${chosen()}`)\n    await queryRunner.query(`DROP TABLE ${table}`)',
      "import { chosen, table } from './elsewhere'",
    ),
  )
  const told = report.findings.flatMap(({ rule, message }) => (rule === 'drop-table' ? [message] : []))
  expect(told[0]).toContain('"${an unknown part}"')
  expect(told[1]).toContain('"${table}"')
  expect(report.findings.map(({ sql }) => sql)).toContain('DROP TABLE ${an unknown part}')
})

test('advice for SQL with an unknown part is SQL, because code would escape the part', async () => {
  const report = await lintTree(
    project(
      '    await queryRunner.query(`CREATE INDEX ${name} ON orders (total)`)',
      "import { name } from './elsewhere'",
    ),
  )
  const help = report.findings.find(({ rule }) => rule === 'blocking-index-build')?.help
  expect(help).toContainEqual({ code: 'CREATE INDEX CONCURRENTLY ${name} ON orders (total);', language: 'sql' })
  expect(JSON.stringify(help)).not.toContain('queryRunner.query')
})

test('a call that was not read has no SQL in any report', async () => {
  const report = await lintTree(project('    await queryRunner.query("SELECT 1")\n    await helper(queryRunner)'))
  expect(report.findings.filter(({ rule }) => rule === 'opaque-sql').map(({ sql }) => sql)).toEqual([undefined])
  expect(reporters.text({ ...report }, { ...plain, notes: true })).not.toContain('DO')
  expect(reporters.json(report, plain)).not.toContain("DO ''")
})

test('a reason names an unknown function once', async () => {
  const report = await lintTree(
    project(
      '    await queryRunner.query("SELECT 1")\n    helper(queryRunner)\n    elsewhere(queryRunner)',
      "import { elsewhere } from './a'",
    ),
  )
  expect(report.unread.map(({ why }) => why)).toEqual([
    '`helper` is not known',
    '`elsewhere`: it comes from another file',
  ])
})

test('two unknown names are not taken for the same one', async () => {
  const report = await lintTree(
    project(
      '    await queryRunner.query(`CREATE TABLE ${chosen(1)} (a int)`)\n    await queryRunner.query(`CREATE TABLE ${chosen(2)} (a int)`)\n    await queryRunner.query(`CREATE TABLE t (a int)`)\n    await queryRunner.query(`CREATE TABLE t (a int)`)',
      "import { chosen } from './elsewhere'",
    ),
  )
  const failures = report.findings.filter(({ rule }) => /failure$/.test(rule)).map(({ message }) => message)
  expect(failures).toEqual(['This fails: relation "t" already exists (SQLSTATE 42P07).'])
})

test.each([
  [
    'a comment of the code before the call',
    '    // migrate-lint-disable-next-statement drop-table -- old\n    await queryRunner.query(`DROP TABLE a`)',
  ],
  [
    'one in a block',
    '    /* migrate-lint-disable-next-statement drop-table -- old */\n    await queryRunner.query(\n      `DROP TABLE a`)',
  ],
  ['one on its line', '    await queryRunner.query(`DROP TABLE a`) // migrate-lint-disable-line drop-table'],
  [
    'one in the SQL',
    '    await queryRunner.query(`\n      -- migrate-lint-disable-next-statement drop-table\n      DROP TABLE a`)',
  ],
  [
    'one for all of the file',
    '    // migrate-lint-disable-file drop-table\n    await queryRunner.query(`DROP TABLE a`)',
  ],
])('%s silences the finding, and is used', async (_, up) => {
  const report = await lintTree(project(up))
  expect(report.suppressed.map(({ rule }) => rule)).toEqual(['drop-table'])
  expect(report.findings.map(({ rule }) => rule)).not.toContain('unused-suppression')
})

test('a comment without an effect is reported, at its place', async () => {
  const tree = project('    // migrate-lint-disable-next-statement drop-table\n    await queryRunner.query(`SELECT 1`)')
  const report = await lintTree(tree)
  expect(report.findings.map(({ rule }) => rule)).toContain('unused-suppression')
})

test('findings keep their fingerprints when the layout of the code changes', async () => {
  const [one, other] = await Promise.all([
    lintTree(project("    await queryRunner.query('DROP TABLE a')")),
    lintTree(project("\n\n    // words\n    await queryRunner.query(\n      'DROP ' +\n        'TABLE   a',\n    )\n")),
  ])
  const known = (report: typeof one) =>
    report.findings.map(({ rule, fingerprint, statement }) => [rule, fingerprint, statement])
  expect(known(one)).toEqual(known(other))
})

test('a fix changes the literal, escaped for the literal', async () => {
  const tree = project(
    "    await queryRunner.query('SET TRANSACTION READ WRITE')\n    await queryRunner.query('ALTER TABLE orders ADD CONSTRAINT c CHECK (a <> \\'x\\')')",
  )
  const report = await lintTree(tree)
  for (const { text: fixed } of fixedTexts(report)) expect(fixed).toMatch(/query\('.*'\)/)
  for (const { fix } of report.findings)
    for (const { at } of fix?.edits ?? []) expect(at[1]).toBeLessThanOrEqual((await text(tree)).length)
})

test('tables that one file creates are known in the other, in either language', async () => {
  const report = await lintTree(
    mapTree({
      'package.json': '{"dependencies":{"typeorm":"^0.3.0","pg":"8"}}',
      'migrations/1700000000001-A.ts':
        'export class A1700000000001 { async up(queryRunner) { await queryRunner.query(`CREATE TABLE a (id bigint PRIMARY KEY)`) } }',
      'migrations/1700000000002-B.ts':
        'export class B1700000000002 { async up(queryRunner) { await queryRunner.query(`ALTER TABLE a ADD COLUMN id bigint`) } }',
    }),
  )
  expect(report.findings.map(({ rule, path: at }) => `${at} ${rule}`)).toContain(
    'migrations/1700000000002-B.ts certain-failure',
  )
})

test('a part that is not read leaves the rest uncertain, and is counted', async () => {
  const report = await lintTree(
    project(
      '    await queryRunner.query(`CREATE TABLE a (id bigint)`)\n    await helper(queryRunner)\n    await queryRunner.query(`ALTER TABLE a ADD COLUMN id bigint`)',
      "import { helper } from './helper'",
    ),
  )
  expect(coverage(report)).toEqual({ read: 0, readInPart: 1, notRead: 0, files: 0, places: 0 })
  expect(report.unread).toMatchObject([{ extent: 'part', why: '`helper`: it comes from another file' }])
  const rules = report.findings.map(({ rule }) => rule)
  expect(rules).toContain('possible-failure')
  expect(rules).not.toContain('certain-failure')
  expect(report.summary.statements).toBe(2)
})

test('code that does something but could not be read at all counts as not read', async () => {
  const report = await lintTree(project('    await helper(queryRunner)', "import { helper } from './helper'"))
  expect(coverage(report)).toEqual({ read: 0, readInPart: 0, notRead: 1, files: 0, places: 0 })
  expect(coverage(await lintTree(project('')))).toEqual({ read: 1, readInPart: 0, notRead: 0, files: 0, places: 0 })
})

function knexProject(migrations: Readonly<Record<string, string>>) {
  const files = Object.entries(migrations).map(([name, code]) => [`migrations/${name}.js`, code])
  return mapTree({ 'package.json': '{"dependencies":{"knex":"3.1.0","pg":"8"}}', ...Object.fromEntries(files) })
}

test('advice is code of the tool, and that code no longer causes the finding', async () => {
  const table = 'exports.up = knex => knex.schema.createTable("orders", t => { t.increments(); t.integer("user_id") })'
  const blocking = 'exports.up = knex => knex.schema.alterTable("orders", t => { t.index("user_id", "by_user") })'
  const before = await lintTree(knexProject({ '20260101000000_a': table, '20260102000000_b': blocking }))
  const found = before.findings.find(({ rule }) => rule === 'blocking-index-build')
  const code = 'await knex.raw(`create index CONCURRENTLY "by_user" on "orders" ("user_id")`)'
  expect(found?.help).toEqual([
    'In a migration of its own with `exports.config = { transaction: false }`:',
    { code, language: 'js' },
  ])
  const advised = `exports.config = { transaction: false }\nexports.up = async knex => { ${code} }`
  const after = await lintTree(knexProject({ '20260101000000_a': table, '20260102000000_b': advised }))
  expect(after.findings.map(({ rule }) => rule)).not.toContain('blocking-index-build')
  expect(after.findings.map(({ rule }) => rule)).not.toContain('concurrently-in-transaction')
})

test('calls of the tool come before SQL', async () => {
  const drop = 'exports.up = knex => knex.schema.alterTable("orders", t => { t.dropColumn("total") })'
  const table = 'exports.up = knex => knex.schema.createTable("orders", t => { t.integer("total").notNullable() })'
  const report = await lintTree(knexProject({ '20260101000000_a': table, '20260102000000_b': drop }))
  const help = report.findings.find(({ rule }) => rule === 'drop-column')?.help ?? []
  expect(help.slice(1, 4)).toEqual([
    { code: "await knex.schema.alterTable('orders', table => { table.setNullable('total') })", language: 'js' },
    'Or in SQL:',
    { code: 'ALTER TABLE orders ALTER COLUMN total DROP NOT NULL;', language: 'sql' },
  ])
})

test('hidden effects of a tool are the first reason of findings there', async () => {
  const table =
    'exports.up = knex => knex.schema.createTable("orders", t => { t.string("state").notNullable().defaultTo("a") })'
  const alter = 'exports.up = knex => knex.schema.alterTable("orders", t => { t.text("state").alter() })'
  const report = await lintTree(knexProject({ '20260101000000_a': table, '20260102000000_b': alter }))
  const reasons = new Map(report.findings.map(({ rule, why }) => [rule, why]))
  expect(reasons.get('drop-not-null')).toMatch(
    /^Knex drops the default and NOT NULL of a column that `.alter\(\)` changes/,
  )
  expect(reasons.get('change-column-type-rewrite') ?? '').not.toMatch(/^Knex drops/)
})

test('of SQL with unknown parts, the statements around them are read, and those in which the part is a name', async () => {
  const tree = project(
    [
      '    await queryRunner.query(`DROP TABLE a; ${helper("a")} CREATE INDEX ON b (c); DROP TABLE d`)',
      '    await queryRunner.query(`DROP TABLE ${config.schema}.e`)',
      '    await queryRunner.query(`DROP TABLE part_${config.number}`)',
      '    await queryRunner.query(`ALTER TABLE f ${config.action}`)',
      '    await queryRunner.query(`CREATE TABLE ${config.definition}`)',
      '    await queryRunner.query(`DO $$ BEGIN ${config.body} END $$; DROP TABLE g`)',
    ].join('\n'),
    "import { config, helper } from './elsewhere'",
  )
  const report = await lintTree(tree)
  const source = await text(tree)
  const dropped = report.findings.flatMap(({ rule, message }) => (rule === 'drop-table' ? message : []))
  expect(dropped).toEqual([
    expect.stringContaining('"a"'),
    expect.stringContaining('"d"'),
    expect.stringContaining('.e'),
    expect.stringContaining('part_'),
    expect.stringContaining('"g"'),
  ])
  expect(report.findings.map(({ rule }) => rule)).not.toContain('syntax-error')
  const lines = report.unread.map(({ at }) => source.slice(0, at[0]).split('\n').length)
  const first = source.split('\n').findIndex(line => line.includes('helper("a")')) + 1
  expect(lines).toEqual([first, first + 1, first + 2, first + 3, first + 4, first + 5])
  expect(coverage(report)).toEqual({ read: 0, readInPart: 1, notRead: 0, files: 0, places: 0 })
})

test('the reason for a program of which nothing is read is in its text, and is not its language', async () => {
  const tree = project('    await seed(queryRunner)', "import { seed } from './seed'")
  const report = await lintTree(tree)
  expect(coverage(report)).toMatchObject({ read: 0, notRead: 1 })
  expect(report.unread).toEqual([
    expect.objectContaining({ extent: 'migration', why: '`seed`: it comes from another file' }),
  ])
  expect(report.unread[0]?.language).toBe(undefined)
  expect(reporters.text(report, plain)).toMatch(
    /^1 migration could not be checked \(`seed`: it comes from another file\)/,
  )
})

test('a comment above a chain of calls applies to all that the chain sends, and not to the next line', async () => {
  const chain = (table: string) => `t.integer('${table}_id').references('id').inTable('${table}s')`
  const comment = '// migrate-lint-disable-next-statement foreign-key-without-not-valid -- small'
  const lines = [comment, chain('team'), chain('shop'), comment, chain('plan')]
  const migration = (up: string) => `exports.up = knex => ${up}\nexports.down = () => {}\n`
  const tree = mapTree({
    'package.json': '{"dependencies":{"knex":"^3.1.0","pg":"8"}}',
    'knexfile.js': "module.exports = { client: 'pg' }",
    'migrations/1_a.js': migration("knex.schema.createTable('users', t => { t.increments('id') })"),
    'migrations/2_b.js': migration(`knex.schema.alterTable('users', t => {\n  ${lines.join('\n  ')}\n})`),
  })
  const report = await lintTree(tree)
  const own = (found: readonly { rule: string; message: string }[]) =>
    found.filter(({ rule }) => rule === 'foreign-key-without-not-valid').map(({ message }) => message.split('"')[1])
  expect(own(report.suppressed)).toEqual(['users_team_id_foreign', 'users_plan_id_foreign'])
  expect(own(report.findings)).toEqual(['users_shop_id_foreign'])
  expect(report.findings.map(({ rule }) => rule)).not.toContain('unused-suppression')
})
