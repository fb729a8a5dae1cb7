import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'

// Findings that people have read in public projects and called wrong: each by its kind.

const rulesIn = async (files: Record<string, string>) =>
  (await lintTree(mapTree(files))).findings.map(({ rule }) => rule)

const sequelize = (...migrations: string[]) => ({
  'package.json': '{"dependencies":{"sequelize":"^6.0.0","pg":"8"}}',
  ...Object.fromEntries(
    migrations.map((body, i) => [
      `migrations/2024010${i + 1}000000-a.js`,
      `module.exports = { up: async (queryInterface, Sequelize) => {\n${body}\n} }\n`,
    ]),
  ),
})

test('a column that the same call lets be NULL loses no default that it needs, whatever was not read', async () => {
  const change = (allowNull: boolean) =>
    `await queryInterface.changeColumn('users', 'email', { type: Sequelize.STRING, allowNull: ${allowNull} })`
  expect(await rulesIn(sequelize(change(true)))).not.toContain('drop-default-of-not-null')
  expect(await rulesIn(sequelize(change(false)))).toContain('drop-default-of-not-null')
})

test('a column without a default loses none, whatever was not read', async () => {
  const made = (more: string) =>
    `await queryInterface.createTable('users', { id: { type: Sequelize.INTEGER, primaryKey: true }, email: { type: Sequelize.STRING, allowNull: false${more} } })`
  const change = `await other(queryInterface)
await queryInterface.changeColumn('users', 'email', { type: Sequelize.TEXT, allowNull: false })`
  expect(await rulesIn(sequelize(made(''), change))).not.toContain('drop-default-of-not-null')
  expect(await rulesIn(sequelize(made(", defaultValue: ''"), change))).toContain('drop-default-of-not-null')
})

test('CONCURRENTLY in a DO block is refused before it waits for the tool', async () => {
  const project = (sql: string) => ({
    'mix.exs': '{:ecto_sql, "~> 3.11"}, {:postgrex, "~> 0.17"}',
    'config/config.exs': 'config :shop, Shop.Repo, pool_size: 10',
    'priv/repo/migrations/20240101000000_a.exs': `defmodule A do
  use Ecto.Migration
  @disable_ddl_transaction true
  def up do
    execute("${sql}")
  end
  def down, do: :ok
end
`,
  })
  const build = 'CREATE INDEX CONCURRENTLY i ON users (email)'
  expect(await rulesIn(project(build))).toContain('concurrently-waits-for-runner')
  const inBlock = await rulesIn(project(`DO $$ BEGIN ${build}; END $$`))
  expect(inBlock).not.toContain('concurrently-waits-for-runner')
  expect(inBlock).toContain('concurrently-in-transaction')
})

test('ROLLBACK of a handler that throws on does not undo a migration that is recorded as applied', async () => {
  const project = (end: string) => ({
    'composer.json': '{"require":{"laravel/framework":"^11.0"}}',
    'database/migrations/2024_01_01_000000_a.php': `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Support\\Facades\\DB;
return new class extends Migration {
  public function up(): void {
    try {
      DB::beginTransaction();
      DB::statement('UPDATE users SET a = 1 WHERE id = 1');
      DB::commit();
    } catch (\\Exception $e) {
      DB::rollBack();
      ${end}
    }
  }
};
`,
  })
  expect(await rulesIn(project('throw $e;'))).not.toContain('commit-in-runner-transaction')
  expect(await rulesIn(project(''))).toContain('commit-in-runner-transaction')
})

test('advice to build an index again does not use names from before a renaming', async () => {
  const report = await lintTree(
    mapTree({
      'mix.exs': '{:ecto_sql, "~> 3.11"}, {:postgrex, "~> 0.17"}',
      'priv/repo/migrations/20240101000000_a.exs': `defmodule A do
  use Ecto.Migration
  def change do
    create table(:policies) do
      add :name, :string
      add :deleted_at, :utc_datetime
    end
    create index(:policies, [:name], where: "deleted_at IS NULL")
  end
end
`,
      'priv/repo/migrations/20240102000000_b.exs': `defmodule B do
  use Ecto.Migration
  def up do
    rename table(:policies), :name, to: :description
    alter table(:policies) do
      modify :description, :text
    end
  end
  def down, do: :ok
end
`,
    }),
  )
  const found = report.findings.filter(({ rule }) => rule === 'change-column-type-index-rebuild')
  expect(found).toHaveLength(1)
  expect(JSON.stringify(found[0]?.help)).not.toContain('[:name]')
})

test('CASCADE that Django sends by itself is reported only where it drops something', async () => {
  const project = (more: string, operation: string) => ({
    'manage.py': 'DJANGO_SETTINGS_MODULE',
    'requirements.txt': 'Django==5.2\npsycopg==3.2\n',
    'shop/migrations/__init__.py': '',
    'shop/migrations/0001_initial.py': `from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunPython(fill),
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())]),
        migrations.RunPython(fill),
        ${more}
    ]
`,
    'shop/migrations/0002_next.py': `from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [${operation}]
`,
  })
  const cascades = async (more: string, operation: string) =>
    (await lintTree(mapTree(project(more, operation)))).findings.filter(({ rule }) => rule === 'drop-cascade')
  const removes = 'migrations.RemoveField(model_name="order", name="total")'
  expect(await cascades('', removes)).toEqual([])
  expect(await cascades('', "migrations.RunSQL('ALTER TABLE shop_order DROP COLUMN total CASCADE')")).toHaveLength(1)
  const [found] = await cascades('migrations.RunSQL("CREATE VIEW totals AS SELECT total FROM shop_order"),', removes)
  expect(found?.message).toContain('totals')
  expect(JSON.stringify(found?.help)).toContain('RemoveField and DeleteModel of Django always send CASCADE.')
})

const django = (...operations: string[]) => ({
  'manage.py': '',
  'shop/models.py': '',
  ...Object.fromEntries(
    operations.map((each, i) => [
      `shop/migrations/000${i + 1}_a.py`,
      `from django.db import migrations, models
from ..names import slug_of
from ..triggers import create_triggers
def data(apps, schema_editor):
    Order = apps.get_model('shop', 'Order')
    for order in Order.objects.filter(models.Q(name='a') | models.Q(name='b')):
        order.name = slug_of(order.name, max(1, int(order.id)))
        order.save()
def triggers(apps, schema_editor):
    create_triggers()
class Migration(migrations.Migration):
    dependencies = [${i === 0 ? '' : `('shop', '000${i}_a')`}]
    operations = [${each}]
`,
    ]),
  ),
  'shop/names.py': 'def slug_of(name, number):\n    return f"{name}-{number}"\n',
  'shop/triggers.py':
    'from django.db import connection\ndef create_triggers():\n    connection.cursor().execute("ALTER TABLE shop_order ALTER name TYPE text")\n',
})

const orders = (type: string) =>
  `migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('name', models.${type})])`

test('code that reads and writes rows does not change the type of a column', async () => {
  const longer = "migrations.AlterField('order', 'name', models.CharField(max_length=50))"
  const after = (code: string) =>
    rulesIn(django(orders('CharField(max_length=20)'), `migrations.RunPython(${code})`, longer))
  expect(await after('data')).not.toContain('change-column-type-rewrite')
  expect(await after('triggers')).toContain('change-column-type-rewrite')
})

test('the reason for an uncertain rewrite names the statement behind it', async () => {
  const why = async (...statements: string[]) => {
    const files = Object.fromEntries(statements.map((sql, i) => [`migrations/00${i + 1}_a.sql`, sql]))
    const { findings } = await lintTree(mapTree(files))
    return findings.find(({ rule }) => rule === 'change-column-type-rewrite')?.why
  }
  const change = 'ALTER TABLE orders ALTER COLUMN name TYPE text;'
  const table = 'CREATE TABLE orders (id bigint PRIMARY KEY, name varchar(20), CONSTRAINT positive CHECK (id > 0));'
  const unread = "DO $$ BEGIN EXECUTE 'ALTER ' || current_setting('a.b'); END $$;"
  expect(await why(change)).toContain('the type of "name" so far is not in the migrations.')
  expect(await why(unread, change)).toContain(
    'not in what was read of the migrations, and an earlier statement was not read',
  )
  expect(await why(table, unread, change)).toContain('"name" is varchar(20), unless an earlier statement changed that')
  expect(await why(table.replace('TABLE', 'TABLE IF NOT EXISTS'), change)).toContain('unless "orders" was there before')
  // A constraint that may not have been there is gone in any case.
  const drop = 'ALTER TABLE orders DROP CONSTRAINT IF EXISTS unknown_check;'
  expect(await why(table, drop, change)).toBeUndefined()
})

test('SQL that PostgreSQL refuses stops a migration only if it is sent', async () => {
  const severities = async (body: string) =>
    (await lintTree(mapTree(sequelize(body)))).findings.flatMap(({ rule, severity }) =>
      rule === 'syntax-error' ? [severity] : [],
    )
  const wrong = "await queryInterface.sequelize.query('ALTER TABEL users ADD a int')"
  expect(await severities(wrong)).toEqual(['error'])
  expect(await severities(`if (process.env.OLD === '1') { ${wrong} }`)).toEqual(['warning'])
})

test('unknown values of rows are values, and other unknown parts are unread', async () => {
  const unread = async (sql: string) =>
    (
      await lintTree(
        mapTree(
          sequelize(
            `const [rows] = await queryInterface.sequelize.query('SELECT * FROM users')
for (const row of rows) { const data = JSON.parse(row.data); await queryInterface.sequelize.query(\`${sql}\`) }`,
          ),
        ),
      )
    ).unread.length
  const loop = await unread('SELECT 1')
  expect(await unread("UPDATE users SET name = '${data.name}' WHERE id = '${row.id}'")).toBe(loop)
  expect(await unread("DELETE FROM users WHERE id IN (${row.ids}) AND name = 'a'")).toBe(loop)
  expect(await unread('UPDATE users SET name = ${data.name}')).toBeGreaterThan(loop)
  expect(await unread("SELECT make_table('${data.name}')")).toBeGreaterThan(loop)
  expect(await unread('ALTER TABLE users ADD ${data.name} int')).toBeGreaterThan(loop)
})

test('one row of a table that no migration makes, found by its id, does not count as a backfill', async () => {
  const rules = (where: string) =>
    rulesIn({
      'migrations/001_a.sql': `BEGIN;\nALTER TABLE users ADD COLUMN x int;\nUPDATE users SET x = 1 WHERE ${where};\nCOMMIT;\n`,
    })
  expect(await rules('id = 5')).not.toContain('backfill-in-schema-transaction')
  expect(await rules('id IN (5, 6)')).not.toContain('backfill-in-schema-transaction')
  expect(await rules('id > 5')).toContain('backfill-in-schema-transaction')
  expect(await rules("name = 'a'")).toContain('backfill-in-schema-transaction')
})

test('a constraint or index whose name says that it is of another kind is not taken for a unique one', async () => {
  const rules = (drop: string) => rulesIn({ 'migrations/001_a.sql': `${drop};\n` })
  expect(await rules('ALTER TABLE orders DROP CONSTRAINT fk_orders_users')).not.toContain('drop-unique')
  expect(await rules('ALTER TABLE orders DROP CONSTRAINT orders_total_check')).not.toContain('drop-unique')
  expect(await rules('DROP INDEX songs_title_fulltext')).not.toContain('drop-unique')
  expect(await rules('ALTER TABLE orders DROP CONSTRAINT orders_email')).toContain('drop-unique')
})

test('advice keeps IF EXISTS of the index that it drops', async () => {
  const { findings } = await lintTree(
    mapTree({
      'migrations/001_a.sql': 'CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);\n',
      'migrations/002_b.sql': 'DROP INDEX IF EXISTS i;\n',
    }),
  )
  const help = findings.find(({ rule }) => rule === 'blocking-index-drop')?.help
  expect(JSON.stringify(help)).toContain('DROP INDEX CONCURRENTLY IF EXISTS i;')
})
