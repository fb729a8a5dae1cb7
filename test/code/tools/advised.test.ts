import { expect, test } from 'vitest'
import { lintTree } from '../../../src/index.ts'
import { helpText } from '../../../src/lint/help.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'

// What projects of other languages than JavaScript get to read, from end to end.

/** The help and the reasons of findings of a rule in a project. */
async function found(rule: string, files: Readonly<Record<string, string>>) {
  const { findings } = await lintTree(mapTree(files))
  return findings
    .filter(each => each.rule === rule)
    .map(({ message, help, why }) => ({ message, help: helpText(help), why }))
}

test('Rails: the model ignores a column before it is dropped', async () => {
  const [finding] = await found('drop-column', {
    'db/migrate/20260101000000_create_users.rb':
      'class CreateUsers < ActiveRecord::Migration[8.0]\n  def change\n    create_table(:users) { |t| t.string :name }\n  end\nend\n',
    'db/migrate/20260102000000_drop_name.rb':
      'class DropName < ActiveRecord::Migration[8.0]\n  def change\n    remove_column :users, :name, :string\n  end\nend\n',
  })
  expect(finding?.help).toBe(`First deploy code that does not use it.
In its model, let Rails ignore the column:
    self.ignored_columns += ["name"]
In a later migration:
    remove_column :users, :name
Or in SQL:
    ALTER TABLE users DROP COLUMN name;`)
})

const django = (app: string, number: string, operations: string, before = '') => ({
  [`${app}/migrations/${number}.py`]: `from django.db import migrations, models\nclass Migration(migrations.Migration):\n    dependencies = [${before}]\n    operations = [${operations}]\n`,
})
const shop = {
  'manage.py': '',
  'requirements.txt': 'Django==5.2\npsycopg==3.2\n',
  ...django(
    'shop',
    '0001_initial',
    "migrations.CreateModel('Order', [('id', models.BigAutoField(primary_key=True)), ('name', models.TextField()), ('at', models.DateField(null=True))])",
  ),
}

test('Django: a migration takes the field out of the state before the column is dropped', async () => {
  const [finding] = await found('drop-column', {
    ...shop,
    ...django('shop', '0002_name', "migrations.RemoveField('order', 'name')", "('shop', '0001_initial')"),
  })
  expect(finding?.help).toContain(
    'migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "name")]),',
  )
  expect(finding?.help).toContain('migrations.RunSQL("ALTER TABLE shop_order DROP COLUMN name"),')
})

test('Django: an index is built by the operation that does so concurrently', async () => {
  const [finding] = await found('blocking-index-build', {
    ...shop,
    ...django(
      'shop',
      '0002_index',
      "migrations.AddIndex('order', models.Index(fields=['name'], name='order_name'))",
      "('shop', '0001_initial')",
    ),
  })
  expect(finding?.help).toContain('AddIndexConcurrently("order", models.Index(fields=["name"], name="order_name")),')
  expect(finding?.help).toContain('atomic = False')
})

test('Django: a function in the body of the migration that reaches rows is unread, and one that sends SQL is read', async () => {
  const run = (body: string) =>
    lintTree(
      mapTree({
        ...shop,
        'shop/migrations/0002_a.py': `from django.db import migrations\nclass Migration(migrations.Migration):\n    def fill(apps, schema_editor):\n        ${body}\n    dependencies = [('shop', '0001_initial')]\n    operations = [migrations.RunPython(fill)]\n`,
      }),
    )
  const { unread } = await run("apps.get_model('shop', 'Order').objects.all().delete()")
  expect(unread.map(({ why }) => why)).toEqual(['it runs application code'])
  const { findings } = await run("schema_editor.execute('DROP TABLE shop_order')")
  expect(findings.map(({ rule }) => rule)).toContain('drop-table')
})

test('Django: that it fills rows, and drops a default, is the reason', async () => {
  const files = {
    ...shop,
    ...django(
      'shop',
      '0002_at',
      "migrations.AlterField('order', 'at', models.DateField(default='2020-01-01'))",
      "('shop', '0001_initial')",
    ),
  }
  const all = (await lintTree(mapTree(files))).findings.map(({ why }) => why).join('\n')
  expect(all).toContain('Django fills all rows that have no value in one UPDATE')
})

test('Laravel: what change() does not say again is lost, which is the reason', async () => {
  const head =
    '<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Database\\Schema\\Blueprint;\nuse Illuminate\\Support\\Facades\\Schema;\nreturn new class extends Migration {\n'
  const up = (work: string) => `${head}    public function up(): void { ${work} }\n};\n`
  const [finding] = await found('set-not-null', {
    'database/migrations/2026_01_01_000000_a.php': up(
      "Schema::create('t', function (Blueprint $table) { $table->id(); $table->string('a')->nullable(); });",
    ),
    'database/migrations/2026_01_02_000000_b.php': up(
      "Schema::table('t', function (Blueprint $table) { $table->text('a')->change(); });",
    ),
  })
  expect(finding?.why).toContain('`change()` makes the column NOT NULL')
})

test('Ecto: an index that waits for the lock of the migrator', async () => {
  const ecto = (name: string, body: string) => ({
    [`priv/repo/migrations/${name}.exs`]: `defmodule Shop.${name.replace(/\W|\d|_/g, '')} do\n  use Ecto.Migration\n${body}\nend\n`,
  })
  const [finding] = await found('concurrently-waits-for-runner', {
    'config/config.exs': 'config :shop, Shop.Repo, pool_size: 10\n',
    ...ecto('1_a', '  def change do\n    create table(:t) do\n      add :a, :text\n    end\n  end'),
    ...ecto(
      '2_b',
      '  @disable_ddl_transaction true\n  def change do\n    create index(:t, [:a], concurrently: true)\n  end',
    ),
  })
  expect(finding?.message).toContain('never ends: Ecto keeps a transaction open meanwhile')
  expect(finding?.help).toContain('migration_lock: :pg_advisory_lock')
})

const rails = (number: number, body: string) => ({
  [`db/migrate/2026010${number}000000_a${number}.rb`]: `class A${number} < ActiveRecord::Migration[8.0]\n  def up\n    ${body}\n  end\nend\n`,
})

test('Rails: an enum is one, whatever was not read before it', async () => {
  const history = { ...rails(1, 'create_table :users'), ...rails(2, 'Backfill.run!') }
  const add = rails(4, 'add_column :users, :mood, :enum, enum_type: "mood", default: "ok", null: false')
  const known = { ...history, ...rails(3, 'create_enum :mood, %w[ok sad]'), ...add }
  expect(await found('add-column-volatile-default', known)).toEqual([])
})

test('a question that somebody asks the database stays SQL', async () => {
  const [finding] = await found('add-column-volatile-default', {
    ...rails(1, 'create_table :users'),
    ...rails(2, 'add_column :users, :mood, :mood, default: "ok"'),
  })
  expect(finding?.help).toBe(`Ask the database. Unless this says "d" (a domain), there is no danger:
    SELECT typtype FROM pg_type WHERE oid = 'mood'::regtype;
If it says so, add the column with the type behind the domain, then give it the default, and fill existing rows in batches.`)
})

test('goose: a statement that contains others stands in a block', async () => {
  const goose = (number: number, sql: string) => ({ [`db/${number}_a.sql`]: `-- +goose Up\n${sql}\n` })
  const [finding] = await found('add-column-volatile-default', {
    ...goose(1, 'CREATE TABLE users (id bigint PRIMARY KEY);'),
    ...goose(2, 'ALTER TABLE users ADD COLUMN mark uuid DEFAULT gen_random_uuid();'),
  })
  expect(finding?.help).toMatch(
    /^ {4}-- \+goose StatementBegin\n {4}DO \$\$\n[\s\S]*^ {4}END \$\$;\n {4}-- \+goose StatementEnd$/m,
  )
})

test('Liquibase: a statement that contains others is not cut', async () => {
  const change = (number: number, sql: string) => ({
    [`changes/${number}.sql`]: `--liquibase formatted sql\n--changeset a:${number}\n${sql}\n`,
  })
  const [finding] = await found('add-column-volatile-default', {
    ...change(1, 'CREATE TABLE users (id bigint PRIMARY KEY);'),
    ...change(2, 'ALTER TABLE users ADD COLUMN mark uuid DEFAULT gen_random_uuid();'),
  })
  expect(finding?.help).toMatch(/^ {4}END \$\$;\nPut `splitStatements:false` on its `--changeset` line too/m)
})
