/** Projects with two migrations in each language: one of them is a stranger's, and the other one drops a table, after it. */

export interface Language {
  readonly name: string
  /** The project whose first migration consists of these lines, with `before` above them in its file. */
  readonly project: (body: string, before?: string) => Record<string, string>
  /** The path of the first migration. */
  readonly path: string
  /** Sends the SQL that this expression of the language is. */
  readonly send: (expression: string) => string
  /** A text. */
  readonly text: (content: string) => string
  /** A list of these. */
  readonly list: (items: readonly string[]) => string
  /** Gives a name a value, for the first time. */
  readonly set: (name: string, value: string) => string
  /** A name as it is read afterwards. */
  readonly variable: (name: string) => string
  /** Calls a function that is not in the file. */
  readonly call: (name: string, ...args: readonly string[]) => string
  /** Puts the second at the end of the first, a list; null: the reader follows no such call. */
  readonly push: ((list: string, item: string) => string) | null
  /** Both lists after one another, as a value. */
  readonly both: ((left: string, right: string) => string) | null
  /** Goes round as often. */
  readonly repeat: (times: number, body: string) => string
}

const quoted = (content: string) => `"${content}"`
const brackets = (items: readonly string[]) => `[${items.join(', ')}]`
const itself = (name: string) => name

const knexOf = (body: string, before: string) =>
  `${before}\nexports.up = async function (knex) {\n${body}\n}\nexports.down = async function (knex) {}\n`

const typeormOf = (name: string, body: string, before: string) =>
  `${before}\nexport class ${name} implements MigrationInterface {\n  async up(queryRunner) {\n${body}\n  }\n  async down(queryRunner) {}\n}\n`

const railsOf = (name: string, body: string, before: string) =>
  `${before}\nclass ${name} < ActiveRecord::Migration[8.0]\n  def up\n${body}\n  end\nend\n`

const alembicOf = (id: string, down: string, body: string, before: string) =>
  `from alembic import op\nimport sqlalchemy as sa\nrevision = '${id}'\ndown_revision = ${down}\n${before}\ndef upgrade():\n${indented(body)}\n    pass\n\ndef downgrade():\n    pass\n`

function indented(body: string): string {
  return body
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n')
}

const laravelOf = (body: string, before: string) =>
  `<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Support\\Facades\\DB;\n${before}\nreturn new class extends Migration\n{\n    public function up(): void\n    {\n${body}\n    }\n};\n`

const efCoreOf = (name: string, body: string, before: string) =>
  `using Microsoft.EntityFrameworkCore.Migrations;\n${before}\npublic partial class ${name} : Migration\n{\n    protected override void Up(MigrationBuilder migrationBuilder)\n    {\n${body}\n    }\n}\n`

const ectoOf = (name: string, body: string, before: string) =>
  `${before}\ndefmodule Shop.Repo.Migrations.${name} do\n  use Ecto.Migration\n\n  def up do\n${body}\n  end\nend\n`

const gooseOf = (body: string, before: string) =>
  `package migrations\n\nimport (\n\t"context"\n\t"database/sql"\n\t"fmt"\n\t"strings"\n\n\t"github.com/pressly/goose/v3"\n)\n${before}\nfunc init() {\n\tgoose.AddMigrationContext(up, nil)\n}\n\nfunc up(ctx context.Context, tx *sql.Tx) error {\n${body}\n\treturn nil\n}\n`

const flywayOf = (name: string, body: string, before: string) =>
  `package db.migration;\n\nimport java.util.List;\nimport org.flywaydb.core.api.migration.BaseJavaMigration;\nimport org.flywaydb.core.api.migration.Context;\n${before}\npublic class ${name} extends BaseJavaMigration {\n  public void migrate(Context context) throws Exception {\n    var s = context.getConnection().createStatement();\n${body}\n  }\n}\n`

export const languages: readonly Language[] = [
  {
    name: 'JavaScript',
    path: 'migrations/20260101000000_a.js',
    project: (body, before = '') => ({
      'knexfile.js': "module.exports = { client: 'pg' }\n",
      'package.json': '{"dependencies":{"knex":"3","pg":"8"}}',
      'migrations/20260101000000_a.js': knexOf(body, before),
      'migrations/20260102000000_b.js': knexOf("  await knex.raw('DROP TABLE later')", ''),
    }),
    send: expression => `await knex.raw(${expression})`,
    text: quoted,
    list: brackets,
    set: (name, value) => `let ${name} = ${value}`,
    variable: itself,
    call: (name, ...args) => `${name}(${args.join(', ')})`,
    push: (list, item) => `${list}.push(${item})`,
    both: (left, right) => `${left}.concat(${right})`,
    repeat: (times, body) => `for (let i = 0; i < ${times}; i++) {\n${body}\n}`,
  },
  {
    name: 'TypeScript',
    path: 'migrations/1700000000001-A.ts',
    project: (body, before = '') => ({
      'package.json': '{"dependencies":{"typeorm":"^0.3.0","pg":"8"}}',
      'migrations/1700000000001-A.ts': typeormOf('A1700000000001', body, before),
      'migrations/1700000000002-B.ts': typeormOf('B1700000000002', 'await queryRunner.query("DROP TABLE later")', ''),
    }),
    send: expression => `await queryRunner.query(${expression})`,
    text: quoted,
    list: brackets,
    set: (name, value) => `let ${name}: any = ${value}`,
    variable: itself,
    call: (name, ...args) => `${name}(${args.join(', ')})`,
    push: (list, item) => `${list}.push(${item})`,
    both: (left, right) => `[...${left}, ...${right}]`,
    repeat: (times, body) => `for (let i: number = 0; i < ${times}; i++) {\n${body}\n}`,
  },
  {
    name: 'Ruby',
    path: 'db/migrate/20260101000000_a.rb',
    project: (body, before = '') => ({
      'db/migrate/20260101000000_a.rb': railsOf('A', body, before),
      'db/migrate/20260102000000_b.rb': railsOf('B', '    drop_table :later', ''),
    }),
    send: expression => `execute(${expression})`,
    text: quoted,
    list: brackets,
    set: (name, value) => `${name} = ${value}`,
    variable: itself,
    call: (name, ...args) => `${name}(${args.join(', ')})`,
    push: (list, item) => `${list} << ${item}`,
    both: (left, right) => `${left} + ${right}`,
    repeat: (times, body) => `${times}.times do\n${body}\nend`,
  },
  {
    name: 'Python',
    path: 'alembic/versions/a_a.py',
    project: (body, before = '') => ({
      'alembic.ini': '[alembic]\nscript_location = alembic\n',
      'alembic/env.py': '',
      'alembic/script.py.mako': '',
      'alembic/versions/a_a.py': alembicOf('a', 'None', body, before),
      'alembic/versions/b_b.py': alembicOf('b', "'a'", "op.drop_table('later')", ''),
    }),
    send: expression => `op.execute(${expression})`,
    text: quoted,
    list: brackets,
    set: (name, value) => `${name} = ${value}`,
    variable: itself,
    call: (name, ...args) => `${name}(${args.join(', ')})`,
    push: (list, item) => `${list}.append(${item})`,
    both: (left, right) => `${left} + ${right}`,
    repeat: (times, body) => `for i in range(${times}):\n${indented(body)}`,
  },
  {
    name: 'PHP',
    path: 'database/migrations/2026_01_01_000000_a.php',
    project: (body, before = '') => ({
      artisan: '',
      'composer.json': '{"require":{"laravel/framework":"^12.0"}}',
      '.env.example': 'DB_CONNECTION=pgsql\n',
      'database/migrations/2026_01_01_000000_a.php': laravelOf(body, before),
      'database/migrations/2026_01_02_000000_b.php': laravelOf("DB::statement('DROP TABLE later');", ''),
    }),
    send: expression => `DB::statement(${expression});`,
    text: quoted,
    list: brackets,
    set: (name, value) => `$${name} = ${value};`,
    variable: name => `$${name}`,
    call: (name, ...args) => `${name}(${args.join(', ')});`,
    push: (list, item) => `${list}[] = ${item};`,
    both: (left, right) => `array_merge(${left}, ${right})`,
    repeat: (times, body) => `for ($i = 0; $i < ${times}; $i++) {\n${body}\n}`,
  },
  {
    name: 'C#',
    path: 'Migrations/20260101000000_A.cs',
    project: (body, before = '') => ({
      'Shop.csproj':
        '<Project><PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="9.0.0" /></Project>',
      'Migrations/20260101000000_A.cs': efCoreOf('A', body, before),
      'Migrations/20260101000000_A.Designer.cs': '[Migration("20260101000000_A")]\npartial class A\n{\n}\n',
      'Migrations/20260102000000_B.cs': efCoreOf('B', 'migrationBuilder.DropTable(name: "later");', ''),
      'Migrations/20260102000000_B.Designer.cs': '[Migration("20260102000000_B")]\npartial class B\n{\n}\n',
    }),
    send: expression => `migrationBuilder.Sql(${expression});`,
    text: quoted,
    list: items => `new[] { ${items.join(', ')} }`,
    set: (name, value) => `var ${name} = ${value};`,
    variable: itself,
    call: (name, ...args) => `${name}(${args.join(', ')});`,
    push: (list, item) => `${list}.Add(${item});`,
    both: (left, right) => `${left}.Concat(${right})`,
    repeat: (times, body) => `for (var i = 0; i < ${times}; i++)\n{\n${body}\n}`,
  },
  {
    name: 'Elixir',
    path: 'priv/repo/migrations/20260101000000_a.exs',
    project: (body, before = '') => ({
      'mix.exs': '',
      'priv/repo/migrations/20260101000000_a.exs': ectoOf('A', body, before),
      'priv/repo/migrations/20260102000000_b.exs': ectoOf('B', '    drop table(:later)', ''),
    }),
    send: expression => `execute(${expression})`,
    text: quoted,
    list: brackets,
    set: (name, value) => `${name} = ${value}`,
    variable: itself,
    call: (name, ...args) => `${name}(${args.join(', ')})`,
    push: null,
    both: (left, right) => `Enum.concat(${left}, ${right})`,
    repeat: (times, body) =>
      `Enum.each(${brackets(Array.from({ length: Math.min(times, 200) }, (_, i) => String(i)))}, fn i ->\n${body}\nend)`,
  },
  {
    name: 'Go',
    path: 'migrations/00001_a.go',
    project: (body, before = '') => ({
      'go.mod': 'module shop\n\nrequire github.com/pressly/goose/v3 v3.20.0\n',
      'migrations/00001_a.go': gooseOf(body, before),
      'migrations/00002_b.go': gooseOf('\ttx.ExecContext(ctx, "DROP TABLE later")', ''),
      'migrations/00003_c.sql': '-- +goose Up\nSELECT 1;\n',
    }),
    send: expression => `tx.ExecContext(ctx, ${expression})`,
    text: quoted,
    list: items => `[]any{${items.join(', ')}}`,
    set: (name, value) => `${name} := ${value}`,
    variable: itself,
    call: (name, ...args) => `${name}(${args.join(', ')})`,
    push: (list, item) => `${list} = append(${list}, ${item})`,
    both: (left, right) => `append(${left}, ${right}...)`,
    repeat: (times, body) => `for i := 0; i < ${times}; i++ {\n${body}\n}`,
  },
  {
    name: 'Java',
    path: 'src/main/java/db/migration/V1__a.java',
    project: (body, before = '') => ({
      'flyway.toml':
        '[flyway]\nlocations = ["classpath:db/migration"]\n[environments.default]\nurl = "jdbc:postgresql://localhost/x"\n',
      'src/main/java/db/migration/V1__a.java': flywayOf('V1__a', body, before),
      'src/main/java/db/migration/V2__b.java': flywayOf('V2__b', 's.execute("DROP TABLE later");', ''),
    }),
    send: expression => `s.execute(${expression});`,
    text: quoted,
    list: items => `List.of(${items.join(', ')})`,
    set: (name, value) => `var ${name} = ${value};`,
    variable: itself,
    call: (name, ...args) => `${name}(${args.join(', ')});`,
    push: (list, item) => `${list}.add(${item});`,
    both: null,
    repeat: (times, body) => `for (int i = 0; i < ${times}; i++) {\n${body}\n}`,
  },
]
