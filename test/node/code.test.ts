import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commit, git, repository, write } from '../kit/git.ts'
import { migrateLint } from './kit/program.ts'

// Migrations in code through the whole program, in each language: what is found, silenced, accepted and fixed stands in the code.

interface Project {
  readonly path: string
  /** Its comment to the end of the line. */
  readonly comment: string
  /** A migration outside of a transaction that executes these statements, each with the text before it. */
  readonly written: (statements: readonly (readonly [before: string, sql: string])[]) => string
  readonly others: Readonly<Record<string, string>>
}

const lines = (all: readonly (readonly [string, string])[], call: (sql: string) => string) =>
  all.map(([before, sql]) => `${before === '' ? '' : `    ${before}\n`}    ${call(sql)}\n`).join('')

const projects: Readonly<Record<string, Project>> = {
  Rails: {
    path: 'db/migrate/20240102000000_b.rb',
    comment: '#',
    written: all =>
      `class B < ActiveRecord::Migration[7.1]\n  disable_ddl_transaction!\n  def up\n${lines(all, sql => `execute "${sql}"`)}  end\nend\n`,
    others: {
      Gemfile: "gem 'rails'\ngem 'pg'\n",
      'config/database.yml': 'development:\n  adapter: postgresql\n',
      'db/migrate/20240101000000_a.rb':
        'class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table(:orders) { |t| t.string :email }\n  end\nend\n',
    },
  },
  Knex: {
    path: 'migrations/2_b.js',
    comment: '//',
    written: all =>
      `exports.up = async knex => {\n${lines(all, sql => `await knex.raw('${sql}')`)}}\nexports.config = { transaction: false }\n`,
    others: {
      'package.json': '{"dependencies":{"knex":"3","pg":"8"}}',
      'knexfile.js': "module.exports = { client: 'pg' }\n",
      'migrations/1_a.js':
        "exports.up = knex => knex.schema.createTable('orders', t => { t.increments(); t.text('email') })\n",
    },
  },
  Laravel: {
    path: 'database/migrations/2024_01_02_000000_b.php',
    comment: '#',
    written: all =>
      `<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Support\\Facades\\DB;\nreturn new class extends Migration {\n  public $withinTransaction = false;\n  public function up() {\n${lines(all, sql => `DB::statement('${sql}');`)}  }\n};\n`,
    others: {
      artisan: '',
      'composer.json': '{"require":{"laravel/framework":"^11.0"}}',
      'config/database.php':
        "<?php return ['default' => 'pgsql', 'connections' => ['pgsql' => ['driver' => 'pgsql']]];\n",
      'database/migrations/2024_01_01_000000_a.php':
        "<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Support\\Facades\\Schema;\nreturn new class extends Migration { public function up() { Schema::create('orders', function ($table) { $table->id(); $table->string('email'); }); } };\n",
    },
  },
  Ecto: {
    path: 'priv/repo/migrations/20240102000000_b.exs',
    comment: '#',
    written: all =>
      `defmodule A.B do\n  use Ecto.Migration\n  @disable_ddl_transaction true\n  @disable_migration_lock true\n  def up do\n${lines(all, sql => `execute "${sql}"`)}  end\nend\n`,
    others: {
      'mix.exs': 'defp deps, do: [{:ecto_sql, "~> 3.10"}, {:postgrex, ">= 0.0.0"}]\n',
      'priv/repo/migrations/20240101000000_a.exs':
        'defmodule A.A do\n  use Ecto.Migration\n  def change do\n    create table(:orders) do\n      add :email, :string\n    end\n  end\nend\n',
    },
  },
  Django: {
    path: 'shop/migrations/0002_b.py',
    comment: '#',
    written: all =>
      `from django.db import migrations\nclass Migration(migrations.Migration):\n  atomic = False\n  dependencies = [("shop", "0001_a")]\n  operations = [\n${lines(all, sql => `migrations.RunSQL("${sql}"),`)}  ]\n`,
    others: {
      'requirements.txt': 'django==5.2\npsycopg\n',
      'manage.py': '',
      'shop/migrations/__init__.py': '',
      'shop/migrations/0001_a.py':
        'from django.db import migrations\nclass Migration(migrations.Migration):\n  initial = True\n  dependencies = []\n  operations = [\n    migrations.RunSQL("CREATE TABLE orders (id bigint PRIMARY KEY, email text)"),\n  ]\n',
    },
  },
  Alembic: {
    path: 'migrations/versions/b.py',
    comment: '#',
    written: all =>
      `from alembic import op\nrevision = "b"\ndown_revision = "a"\ndef upgrade():\n  with op.get_context().autocommit_block():\n${lines(all, sql => `op.execute("${sql}")`)}`,
    others: {
      'alembic.ini': '[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://localhost/shop\n',
      'migrations/env.py': '',
      'migrations/versions/a.py':
        'from alembic import op\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, email text)")\n',
    },
  },
  TypeORM: {
    path: 'src/migrations/1770000000002-B.ts',
    comment: '//',
    written: all =>
      `import { MigrationInterface, QueryRunner } from 'typeorm'\nexport class B1770000000002 implements MigrationInterface {\n  transaction = false\n  async up(queryRunner: QueryRunner): Promise<void> {\n${lines(all, sql => `await queryRunner.query(\`${sql}\`)`)}  }\n  async down(): Promise<void> {}\n}\n`,
    others: {
      'package.json': '{"dependencies":{"typeorm":"0.3.20","pg":"8"}}',
      'src/data-source.ts':
        "export default new DataSource({ type: 'postgres', migrations: ['src/migrations/*.ts'], migrationsTransactionMode: 'each' })\n",
      'src/migrations/1770000000001-A.ts':
        "export class A1770000000001 {\n  async up(queryRunner) {\n    await queryRunner.query('CREATE TABLE orders (id bigint PRIMARY KEY, email text)')\n  }\n}\n",
    },
  },
  'EF Core': {
    path: 'Migrations/20260202090000_B.cs',
    comment: '//',
    written: all =>
      `using Microsoft.EntityFrameworkCore.Migrations;\npublic partial class B : Migration\n{\n  protected override void Up(MigrationBuilder migrationBuilder)\n  {\n${lines(all, sql => `migrationBuilder.Sql("${sql}", suppressTransaction: true);`)}  }\n}\n`,
    others: {
      'Shop.csproj':
        '<Project><ItemGroup><PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="9.0.0" /></ItemGroup></Project>\n',
      'Migrations/20260105090000_A.cs':
        'using Microsoft.EntityFrameworkCore.Migrations;\n[Migration("20260105090000_A")]\npublic partial class A : Migration\n{\n  protected override void Up(MigrationBuilder migrationBuilder)\n  {\n    migrationBuilder.Sql("CREATE TABLE orders (id bigint PRIMARY KEY, email text)");\n  }\n}\n',
      'Migrations/20260202090000_B.Designer.cs': '[Migration("20260202090000_B")]\npartial class B\n{\n}\n',
      'Migrations/ShopContextModelSnapshot.cs': 'partial class ShopContextModelSnapshot : ModelSnapshot\n{\n}\n',
    },
  },
  goose: {
    path: 'migrations/00002_b.go',
    comment: '//',
    written: all =>
      `package migrations\n\nfunc init() {\n\tgoose.AddMigrationNoTxContext(up, nil)\n}\n\nfunc up(ctx context.Context, db *sql.DB) error {\n${lines(all, sql => `db.ExecContext(ctx, "${sql}")`)}    return nil\n}\n`.replace(
        'package migrations\n',
        'package migrations\n\nimport (\n\t"context"\n\t"database/sql"\n\t"github.com/pressly/goose/v3"\n)\n',
      ),
    others: {
      'go.mod': 'module example.com/shop\n\ngo 1.23\n\nrequire github.com/pressly/goose/v3 v3.24.1\n',
      'migrations/00001_a.sql': '-- +goose Up\nCREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
    },
  },
  Flyway: {
    path: 'src/main/java/db/migration/V2__b.java',
    comment: '//',
    written: all =>
      `package db.migration;\nimport org.flywaydb.core.api.migration.BaseJavaMigration;\nimport org.flywaydb.core.api.migration.Context;\npublic class V2__b extends BaseJavaMigration {\n  public boolean canExecuteInTransaction() { return false; }\n  public void migrate(Context context) throws Exception {\n    var statement = context.getConnection().createStatement();\n${lines(all, sql => `statement.execute("${sql}");`)}  }\n}\n`,
    others: {
      'pom.xml':
        '<project><dependencies><dependency><groupId>org.flywaydb</groupId><artifactId>flyway-database-postgresql</artifactId><version>11.0.0</version></dependency></dependencies></project>\n',
      'src/main/resources/db/migration/V1__a.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
    },
  },
}

const index = 'CREATE INDEX new_idx ON orders (email)'
const concurrent = index.replace('INDEX', 'INDEX CONCURRENTLY')
const unnamed = 'CREATE INDEX ON orders (email)'
const config = {
  'migrate-lint.config.json': '{ "timeouts": { "setBy": "role" } }\n',
}

async function found(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await migrateLint(['-f', 'json', '--only', 'blocking-index-build', ...args], { cwd })
  if (stdout === '') throw new Error(stderr)
  const report: {
    findings: { path: string; start: { line: number } }[]
    summary: { suppressed: number }
  } = JSON.parse(stdout)
  return {
    code,
    found: report.findings.map(({ path, start }) => `${path}:${start.line}`),
    suppressed: report.summary.suppressed,
  }
}

describe.each(Object.entries(projects))('%s', (_, { path, comment, written, others }) => {
  const text = (cwd: string) => readFileSync(join(cwd, path), 'utf8')
  const lineOf = (code: string, part: string) => code.slice(0, code.indexOf(part)).split('\n').length
  const folder = (code: string) => {
    const cwd = repository({ ...others, ...config })
    write(cwd, { [path]: code })
    return cwd
  }

  test('--fix and --diff change the SQL in the code, and nothing else of it', async () => {
    const code = written([['', index]])
    const cwd = folder(code)
    expect((await found(cwd)).found).toEqual([`${path}:${lineOf(code, index)}`])
    const { stdout } = await migrateLint(['--diff'], { cwd })
    git(cwd, 'add', '-A')
    write(cwd, { 'fix.patch': stdout })
    git(cwd, 'apply', 'fix.patch')
    expect(text(cwd)).toBe(written([['', concurrent]]))
    write(cwd, { [path]: code })
    await migrateLint(['--fix'], { cwd })
    expect(text(cwd)).toBe(written([['', concurrent]]))
    expect((await found(cwd)).found).toEqual([])
  })

  test('comments of the code and of the SQL silence what is found', async () => {
    const cwd = folder(
      written([
        [`${comment} migrate-lint-disable-next-statement blocking-index-build -- small`, index],
        ['', `/* migrate-lint-disable-next-statement blocking-index-build */ ${unnamed}`],
      ]),
    )
    expect(await found(cwd)).toMatchObject({ found: [], suppressed: 2 })
  })

  test('a baseline counts equal statements of a file', async () => {
    const cwd = folder(
      written([
        ['', unnamed],
        ['', unnamed],
      ]),
    )
    expect((await found(cwd)).found).toHaveLength(2)
    write(cwd, {
      'migrate-lint.config.json': '{ "timeouts": { "setBy": "role" }, "baseline": "accepted.json" }\n',
    })
    await found(cwd, '--update-baseline')
    expect(await found(cwd)).toMatchObject({ code: 0, found: [], suppressed: 2 })
    const third = written([
      [`${comment} moved`, unnamed],
      ['', unnamed],
      ['', unnamed],
    ])
    write(cwd, { [path]: third })
    expect(await found(cwd)).toMatchObject({
      found: [`${path}:${third.slice(0, third.lastIndexOf(unnamed)).split('\n').length}`],
      suppressed: 2,
    })
  })

  test('only an edit of what it sends is one of an applied migration', async () => {
    const cwd = folder(written([['', concurrent]]))
    git(cwd, 'switch', '-q', 'main')
    commit(cwd)
    git(cwd, 'switch', '-qc', 'later')
    const told = async (code: string) => {
      write(cwd, { [path]: code })
      const { stdout } = await migrateLint(['history', '-f', 'json'], { cwd })
      return JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule)
    }
    expect(await told(written([[`${comment} why`, concurrent]]))).toEqual([])
    expect(await told(written([['', concurrent.replace('new_idx', 'other_idx')]]))).toEqual(['edited-migration'])
  })
})

test('an edit of a file of SQL that code loads from elsewhere is seen, and is one of the migration', async () => {
  const { path, others } = projects.Rails as Project
  const file = 'lib/sql/orders.sql'
  const cwd = repository({ ...others, ...config, [file]: 'SELECT 1;\n' })
  git(cwd, 'switch', '-q', 'main')
  commit(cwd, { [file]: 'SELECT 2;\n' })
  const code = (name: string) =>
    `class ${name} < ActiveRecord::Migration[7.1]\n  def up\n    execute File.read(Rails.root.join('${file}'))\n  end\nend\n`
  commit(cwd, { [path]: code('B') })
  commit(cwd, { [file]: 'SELECT 2; -- two\n' })
  commit(cwd, { [file]: 'SELECT 3;\n' })
  const { stdout } = await migrateLint(['history', '--audit', '-f', 'json'], { cwd })
  const seen = JSON.parse(stdout).map((each: { path: string; kind: string; edit: string }) => [
    each.path,
    each.kind,
    each.edit,
  ])
  // Changes from before the migration loaded it are not edits of the migration.
  expect(seen).toEqual([
    [file, 'edited', 'comments'],
    [file, 'edited', 'statements'],
  ])
  git(cwd, 'switch', '-qc', 'later')
  write(cwd, { [file]: 'DROP TABLE orders;\n' })
  const report = async (...args: string[]) => {
    const run = await migrateLint([...args, '-f', 'json'], { cwd })
    return JSON.parse(run.stdout).findings.map((each: { rule: string; path: string }) => `${each.path} ${each.rule}`)
  }
  expect(await report('history')).toEqual([`${path} edited-migration`])
  expect(await report('--changed')).toContain(`${path} drop-table`)
})

test('an edit of a constant that code imports from elsewhere is seen, and is one of the migration', async () => {
  const { path, others } = projects.Knex as Project
  const file = 'lib/names.js'
  const cwd = repository({ ...others, ...config, [file]: "exports.name = 'early'\n" })
  git(cwd, 'switch', '-q', 'main')
  commit(cwd, { [file]: "exports.name = 'orders'\n" })
  const up = path
    .split('/')
    .slice(0, -1)
    .map(() => '..')
    .join('/')
  commit(cwd, {
    [path]: `const { name } = require('${up}/${file}')\nexports.up = knex => knex.schema.dropTable(name)\nexports.down = () => {}\n`,
  })
  commit(cwd, { [file]: "// why\nexports.name = 'orders'\nexports.other = 1\n" })
  commit(cwd, { [file]: "exports.name = 'customers'\n" })
  const { stdout } = await migrateLint(['history', '--audit', '-f', 'json'], { cwd })
  const seen = JSON.parse(stdout).map((each: { path: string; kind: string; edit: string }) => [
    each.path,
    each.kind,
    each.edit,
  ])
  expect(seen).toEqual([[file, 'edited', 'statements']])
  git(cwd, 'switch', '-qc', 'later')
  write(cwd, { [file]: "exports.name = 'users'\n" })
  const report = await migrateLint(['history', '-f', 'json'], { cwd })
  expect(
    JSON.parse(report.stdout).findings.map((each: { rule: string; path: string }) => `${each.path} ${each.rule}`),
  ).toEqual([`${path} edited-migration`])
})
