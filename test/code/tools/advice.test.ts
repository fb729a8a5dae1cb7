import { beforeAll, describe, expect, test } from 'vitest'
import { loadGrammar } from '../../../src/code/grammar.ts'
import { readCode } from '../../../src/code/read.ts'
import type { MigrationReader } from '../../../src/code/reader.ts'
import { inCode } from '../../../src/lint/advice/in-code.ts'
import type { Surroundings } from '../../../src/lint/advice/remedy.ts'
import { sqlOf } from '../../../src/lint/help.ts'
import { parse } from '../../../src/parse/parse.ts'
import { loadParser } from '../../../src/parse/parser.ts'
import { alembicCalls } from '../../../src/systems/alembic/calls.ts'
import { dbMigrateCalls } from '../../../src/systems/db-migrate/calls.ts'
import { djangoReader } from '../../../src/systems/django/calls.ts'
import { Project } from '../../../src/systems/django/project.ts'
import { settings as djangoSettings } from '../../../src/systems/django/settings.ts'
import { ectoCalls } from '../../../src/systems/ecto/calls.ts'
import { settingsIn as ectoSettings } from '../../../src/systems/ecto/settings.ts'
import { efCoreCalls } from '../../../src/systems/ef-core/calls.ts'
import { flywayCalls } from '../../../src/systems/flyway/calls.ts'
import { gooseCalls } from '../../../src/systems/goose/calls.ts'
import { knexCalls } from '../../../src/systems/knex/calls.ts'
import { kyselyCalls } from '../../../src/systems/kysely/calls.ts'
import { laravelCalls } from '../../../src/systems/laravel/calls.ts'
import { settingsWithout as laravelSettings } from '../../../src/systems/laravel/settings.ts'
import { liquibaseAdvice } from '../../../src/systems/liquibase/advice.ts'
import { changesetsIn } from '../../../src/systems/liquibase/document.ts'
import { mikroOrmCalls } from '../../../src/systems/mikro-orm/calls.ts'
import { nodePgMigrateCalls } from '../../../src/systems/node-pg-migrate/calls.ts'
import { railsCalls } from '../../../src/systems/rails/calls.ts'
import { sequelizeCalls } from '../../../src/systems/sequelize/calls.ts'
import { typeormCalls } from '../../../src/systems/typeorm/calls.ts'
import '../../kit/grammars.ts'
import { lintExample, pages } from '../../rules/kit/examples.ts'
import { indented } from '../kit/indented.ts'
import { sent } from '../kit/sent.ts'

// All SQL that any rule advises in its page, and odd names: said in each tool's language, and read by the tool's own reader, it is the same SQL.

interface Tool {
  readonly reader: MigrationReader
  readonly path: string
  /** A migration around the code of advice. */
  readonly migration: (code: string) => string
  /** The schema that the tool writes where none is given. */
  readonly schema?: string
  /** What it always says besides. */
  readonly always?: string
}

const inJavaScript = (reader: MigrationReader, migration: Tool['migration']): Tool => ({
  reader,
  path: '1.ts',
  migration,
})

/** A project of Django with a model for the table `t`. */
const shop = new Project(['shop.0001', 'shop.0002'], djangoSettings(new Map(), [5, 2]))
const models = `from django.db import migrations, models
class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel('Thing', [('a', models.IntegerField()), ('b', models.IntegerField(db_column='bee')), ('c', models.TextField())],
            options={'db_table': 't', 'indexes': [models.Index(fields=['a'], name='t_a')]}),
    ]
`

const changelog = {
  reader: changesetsIn(() => ({
    included: { context: '', isConditional: false },
    properties: new Map(),
    schema: 'public',
    file: () => null,
  })),
  schema: 'public',
}

const tools: Readonly<Record<string, Tool>> = {
  Knex: inJavaScript(knexCalls, code => `exports.up = async knex => {\n${code}\n}`),
  'node-pg-migrate': inJavaScript(nodePgMigrateCalls(), code => `exports.up = pgm => {\n${code}\n}`),
  'db-migrate': inJavaScript(dbMigrateCalls, code => `exports.up = async db => {\n${code}\n}`),
  Sequelize: {
    ...inJavaScript(sequelizeCalls, code => `module.exports = { up: async queryInterface => {\n${code}\n} }`),
    // removeIndexQuery
    always: 'missing_ok',
  },
  TypeORM: inJavaScript(typeormCalls, code => `export class A1 {\nasync up(queryRunner) {\n${code}\n} }`),
  MikroORM: inJavaScript(mikroOrmCalls, code => `export class A1 extends Migration {\nasync up() {\n${code}\n} }`),
  Kysely: inJavaScript(kyselyCalls, code => `import { sql } from 'kysely'\nexport async function up(db) {\n${code}\n}`),
  Rails: {
    reader: railsCalls(),
    path: '1_a.rb',
    migration: code => `class A < ActiveRecord::Migration[8.0]\n  def up\n${code}\n  end\nend\n`,
  },
  Django: {
    reader: djangoReader(shop, 'shop.0002'),
    path: '0002.py',
    // DatabaseSchemaEditor.sql_delete_index
    always: 'missing_ok',
    migration: code => `from django.db import migrations, models
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently, ValidateConstraint
class Migration(migrations.Migration):
    atomic = False
    operations = [
${code}
    ]
`,
  },
  Alembic: {
    reader: alembicCalls({
      convention: new Map([['ck', 'ck_%(table_name)s_%(constraint_name)s']]),
      storesComputed: true,
    }),
    path: '1.py',
    migration: code => `from alembic import op\nimport sqlalchemy as sa\ndef upgrade():\n${indented(code)}\n`,
  },
  Laravel: {
    reader: laravelCalls(laravelSettings),
    path: '1.php',
    migration: code =>
      `<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Database\\Schema\\Blueprint;\nuse Illuminate\\Support\\Facades\\DB;\nuse Illuminate\\Support\\Facades\\Schema;\nreturn new class extends Migration {\n    public function up(): void {\n${code}\n    }\n};\n`,
  },
  'EF Core': {
    reader: efCoreCalls,
    path: '1.cs',
    migration: code =>
      `public partial class A : Migration\n{\n    protected override void Up(MigrationBuilder migrationBuilder)\n    {\n${code}\n    }\n}\n`,
  },
  Ecto: {
    reader: ectoCalls(ectoSettings([])),
    path: '1.exs',
    migration: code => `defmodule A do\n  use Ecto.Migration\n  def up do\n${code}\n  end\nend\n`,
  },
  goose: {
    reader: gooseCalls(),
    path: '1.go',
    migration: code => {
      // Its functions are given the transaction or the database.
      const all = code.split(/^(?=if _, err)/m)
      const added = all.map((each, i) => `goose.AddMigration${each.includes('tx.') ? '' : 'NoTx'}Context(up${i}, nil)`)
      const functions = all.map(
        (each, i) =>
          `func up${i}(ctx context.Context, ${each.includes('tx.') ? 'tx *sql.Tx' : 'db *sql.DB'}) error {\n${each}\nreturn nil\n}`,
      )
      return `package migrations\nimport (\n"context"\n"database/sql"\n"github.com/pressly/goose/v3"\n)\nfunc init() {\n${added.join('\n')}\n}\n${functions.join('\n')}\n`
    },
  },
  'Flyway in Java': {
    reader: flywayCalls,
    path: 'V1__a.java',
    migration: code =>
      `package db.migration;\nimport org.flywaydb.core.api.migration.*;\nimport java.sql.Statement;\npublic class V1__a extends BaseJavaMigration {\n  public void migrate(Context context) throws Exception {\n${code}\n  }\n}\n`,
  },
  'Liquibase in XML': {
    ...changelog,
    path: '1.xml',
    migration: code =>
      `<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"><changeSet id="1" author="a">\n${code}\n</changeSet></databaseChangeLog>`,
  },
  'Liquibase in YAML': {
    ...changelog,
    path: '1.yaml',
    migration: code =>
      `databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n    changes:\n${code.replace(/^(?=.)/gm, '    ')}\n`,
  },
  'Liquibase in JSON': {
    ...changelog,
    path: '1.json',
    migration: code =>
      `{ "databaseChangeLog": [ { "changeSet": { "id": "1", "author": "a", "changes": [\n${code}\n] } } ] }`,
  },
}

const odd = [
  `CREATE UNIQUE INDEX CONCURRENTLY "it's" ON "my.schema"."Odd ""Table""" USING gin ("a.b", "c\\d") WHERE "x" = 'it''s';`,
  `CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t (a, b);`,
  `CREATE INDEX i ON t (lower(a) DESC, b) INCLUDE (c);`,
  `ALTER TABLE s.t ADD CONSTRAINT "k k" FOREIGN KEY (a, b) REFERENCES s.o (c, d) ON DELETE CASCADE NOT VALID;`,
  `ALTER TABLE t ADD CONSTRAINT c CHECK (a ~ '^\\w\${x}\`?$' AND b ? 'k') NOT VALID;`,
  `ALTER TABLE s."a b" ALTER COLUMN "c.d" SET NOT NULL; ALTER TABLE t ALTER COLUMN c DROP NOT NULL;`,
  `ALTER TABLE t DROP CONSTRAINT IF EXISTS c; ALTER TABLE s.t DROP CONSTRAINT "c'c"; ALTER TABLE t DROP COLUMN "C";`,
  `DROP INDEX CONCURRENTLY IF EXISTS s.i; ALTER TABLE t DROP COLUMN c CASCADE;`,
  `CREATE INDEX CONCURRENTLY t_c ON t (a, bee); DROP INDEX CONCURRENTLY t_a; DROP INDEX t_a; DROP INDEX s.t_a;`,
  `ALTER TABLE t ADD CONSTRAINT t_c CHECK (bee IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT t_c;`,
  `ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES o (id) ON UPDATE SET NULL NOT VALID;`,
  `ALTER TABLE t ADD CONSTRAINT t_u UNIQUE USING INDEX t_u; CREATE INDEX CONCURRENTLY i ON t USING gin (a);`,
  `UPDATE t SET a = 'it''s :x'::text || '%s ? \\ "',\n  b = '<&]]>';`,
  `ALTER TABLE ONLY t ALTER COLUMN c SET NOT NULL, ALTER COLUMN d SET NOT NULL;`,
]

/** What PostgreSQL makes of it, without places, and without a schema that the tool adds. */
function tree(sql: string, { schema, always }: Pick<Tool, 'schema' | 'always'> = {}): unknown {
  const { statements, problems } = parse({ path: 'a.sql', text: sql })
  const bare = (key: string, value: unknown) =>
    /location$|_list_start$|_list_end$/.test(key) || (key === 'schemaname' && value === schema) || key === always
      ? undefined
      : value
  return JSON.parse(JSON.stringify([problems, statements.map(({ kind, node }) => [kind, node])], bare))
}

let advised: string[] = []

beforeAll(async () => {
  await loadParser()
  const all = new Set(odd)
  for (const { rule, page } of pages)
    for (const example of page.examples)
      for (const { help } of (await lintExample(rule, example)).findings) for (const sql of sqlOf(help)) all.add(sql)
  advised = [...all]
})

/** Indexes of advice are of this table. */
const around: Surroundings = {
  tableOf: ({ schema }) => ({ schema, name: 't' }),
  kindOf: name => (/check|null/.test(name) ? 'check' : /fk/.test(name) ? 'foreign key' : null),
}

describe.each(Object.entries(tools))('%s', (_, tool) => {
  const { reader, path, migration } = tool
  test('code of advice sends the SQL of advice', async () => {
    await loadGrammar('python')
    readCode('0001.py', models, djangoReader(shop, 'shop.0001'), () => {})
    readCode('0002.py', models.slice(0, models.indexOf('operations')), djangoReader(shop, 'shop.0002'), () => {})
    const advice = 'read' in reader ? liquibaseAdvice(path) : reader.advice
    if (!advice) throw new Error('it has no advice')
    const own = new Set<string>()
    const calls = Object.fromEntries(
      Object.entries(advice.calls ?? {}).map(([kind, call]) => [
        kind,
        (remedy: never) => {
          const made = call(remedy)
          if (made !== null) own.add(kind)
          return made
        },
      ]),
    )
    let count = 0
    for (const sql of advised) {
      const made = inCode(sql, { ...advice, calls }, around)
      if (!made) continue
      const read = await sent(reader, migration(made.code), 'up', path)
      expect(read.unread, made.code).toEqual([])
      expect(tree(read.sql.map(each => `${each.replace(/;\s*$/, '')};`).join('\n'), tool), made.code).toEqual(
        tree(sql, tool),
      )
      count++
    }
    // Rules have more than two hundred pieces of advice.
    expect(count).toBeGreaterThan(200)
    expect([...own].sort()).toEqual(Object.keys(advice.calls ?? {}).sort())
  })
})

test('only what cannot be parsed, has comments or an unknown part stays SQL', () => {
  const { advice } = knexCalls
  const left = advised.filter(sql => advice && inCode(sql, advice) === null)
  for (const sql of left) {
    const { problems, comments } = parse({ path: 'a.sql', text: sql })
    expect(problems.length > 0 || comments.length > 0 || sql.includes('${'), sql).toBe(true)
  }
  expect(left.length).toBeLessThan(advised.length / 20)
})
