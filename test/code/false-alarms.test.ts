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
