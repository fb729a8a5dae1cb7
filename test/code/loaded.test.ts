import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'

// Programs in C#, Go and Java that load files of SQL: the findings are at the call.

const sql = 'DROP TABLE customers;\n'

async function found(files: Readonly<Record<string, string>>) {
  const report = await lintTree(mapTree(files))
  return {
    dropped: report.findings.flatMap(({ rule, path, at, sql: shown }) =>
      rule === 'drop-table' ? [`${(files[path] ?? '').slice(at[0], at[1])}: ${shown}`] : [],
    ),
    unread: report.unread.map(({ why }) => why),
  }
}

const csharp = (up: string, others: Readonly<Record<string, string>> = {}) => ({
  'Shop/Shop.csproj':
    '<Project><ItemGroup><PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="9.0.0" /></ItemGroup></Project>\n',
  'Shop/Migrations/20260105090000_A.cs': `using System.IO;\nusing System.Reflection;\nusing Microsoft.EntityFrameworkCore.Migrations;\n[Migration("20260105090000_A")]\npublic partial class A : Migration\n{\n  protected override void Up(MigrationBuilder migrationBuilder)\n  {\n${up}\n  }\n}\n`,
  'Shop/Migrations/ShopContextModelSnapshot.cs': 'partial class ShopContextModelSnapshot : ModelSnapshot\n{\n}\n',
  ...others,
})

test.each([
  ['a path', 'migrationBuilder.Sql(File.ReadAllText("Scripts/a.sql"));'],
  [
    'a path from the folder of the program',
    'var path = Path.Combine(AppContext.BaseDirectory, "Scripts", "a.sql");\nmigrationBuilder.Sql(File.ReadAllText(path));',
  ],
  [
    'a path from another folder of the program',
    'migrationBuilder.Sql(File.ReadAllText(Path.Combine(Directory.GetCurrentDirectory(), "Scripts/a.sql")));',
  ],
  [
    'a resource',
    'using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Shop.Scripts.a.sql");\nusing var reader = new StreamReader(stream);\nmigrationBuilder.Sql(reader.ReadToEnd());',
  ],
  [
    'a resource in a block',
    'using (var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("Shop.Scripts.a.sql")))\n{\nmigrationBuilder.Sql(reader.ReadToEnd());\n}',
  ],
])('C#: %s', async (_, up) => {
  const { dropped, unread } = await found(csharp(up, { 'Shop/Scripts/a.sql': sql }))
  expect({ dropped: dropped.map(each => each.replace(/.*: /s, '')), unread }).toEqual({
    dropped: ['DROP TABLE customers'],
    unread: [],
  })
})

test('C#: a resource of another project is not guessed', async () => {
  const up =
    'migrationBuilder.Sql(new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("Other.Scripts.a.sql")).ReadToEnd());'
  expect(await found(csharp(up, { 'Shop/Scripts/a.sql': sql }))).toEqual({
    dropped: [],
    unread: ['there is no file of the resource "Other.Scripts.a.sql"'],
  })
})

const go = (before: string, up: string, others: Readonly<Record<string, string>>) => ({
  'go.mod': 'module example.com/shop\n\ngo 1.23\n\nrequire github.com/pressly/goose/v3 v3.24.1\n',
  'migrations/00001_a.sql': '-- +goose Up\nCREATE TABLE customers (id bigint PRIMARY KEY);\n',
  'migrations/00002_b.go': `package migrations\n\nimport (\n\t"context"\n\t"database/sql"\n\t"embed"\n\t"os"\n\t"github.com/pressly/goose/v3"\n)\n\n${before}\n\nfunc init() {\n\tgoose.AddMigrationContext(up, nil)\n}\n\nfunc up(ctx context.Context, tx *sql.Tx) error {\n${up}\n\treturn err\n}\n`,
  ...others,
})

test.each([
  ['a text that is embedded', '//go:embed sql/b.sql\nvar query string', '_, err := tx.ExecContext(ctx, query)'],
  [
    'bytes in a group of variables',
    'var (\n\t// The change.\n\t//go:embed "sql/b.sql"\n\tquery []byte\n)',
    '_, err := tx.ExecContext(ctx, string(query))',
  ],
  [
    'embedded files',
    '//go:embed sql/*.sql\nvar files embed.FS',
    'query, err := files.ReadFile("sql/b.sql")\nif err != nil {\n\treturn err\n}\n_, err = tx.ExecContext(ctx, string(query))',
  ],
  ['a file', '', 'query, err := os.ReadFile("migrations/sql/b.sql")\n_, err = tx.ExecContext(ctx, string(query))'],
])('Go: %s', async (_, before, up) => {
  const { dropped, unread } = await found(go(before, up, { 'migrations/sql/b.sql': sql }))
  expect({ dropped: dropped.map(each => each.replace(/.*: /s, '')), unread }).toEqual({
    dropped: ['DROP TABLE customers'],
    unread: [],
  })
})

const java = (up: string, others: Readonly<Record<string, string>>) => ({
  'pom.xml':
    '<project><dependencies><dependency><groupId>org.flywaydb</groupId><artifactId>flyway-database-postgresql</artifactId><version>11.0.0</version></dependency></dependencies></project>\n',
  'src/main/resources/db/migration/V1__a.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY);\n',
  'src/main/java/db/migration/V2__b.java': `package db.migration;\nimport java.nio.file.Files;\nimport java.nio.file.Path;\nimport java.nio.charset.StandardCharsets;\nimport org.flywaydb.core.api.migration.BaseJavaMigration;\nimport org.flywaydb.core.api.migration.Context;\npublic class V2__b extends BaseJavaMigration {\n  public void migrate(Context context) throws Exception {\n    var statement = context.getConnection().createStatement();\n${up}\n  }\n}\n`,
  ...others,
})

test.each([
  [
    'a resource of the class path',
    'statement.execute(new String(getClass().getResourceAsStream("/scripts/b.sql").readAllBytes(), StandardCharsets.UTF_8));',
  ],
  [
    'one of a loader',
    'try (var in = V2__b.class.getClassLoader().getResourceAsStream("scripts/b.sql")) {\n  String sql = new String(in.readAllBytes());\n  statement.execute(sql);\n}',
  ],
  ['a file', 'statement.execute(Files.readString(Path.of("src/main/resources", "scripts/b.sql")));'],
])('Java: %s', async (_, up) => {
  const { dropped, unread } = await found(java(up, { 'src/main/resources/scripts/b.sql': sql }))
  expect({ dropped: dropped.map(each => each.replace(/.*: /s, '')), unread }).toEqual({
    dropped: ['DROP TABLE customers'],
    unread: [],
  })
})

test('Java: a resource of the package of the class', async () => {
  const up = 'statement.execute(new String(V2__b.class.getResourceAsStream("b.sql").readAllBytes()));'
  const { dropped } = await found(java(up, { 'src/main/resources/db/migration/b.sql': sql }))
  expect(dropped).toHaveLength(1)
})

const python = (path: string) => ({
  'alembic.ini': '[alembic]\nscript_location = alembic\n',
  'alembic/versions/001_a.py': `import os\nfrom pathlib import Path\nfrom alembic import op\nrevision = "a"\ndown_revision = None\n\ndef upgrade():\n    op.execute(open(${path}).read())\n`,
})

test.each([
  ['"sql/a.sql"', ['op.execute']],
  ['os.path.join(os.path.dirname(__file__), "../../sql/a.sql")', ['op.execute']],
  ['Path(__file__).parent.parent.parent / "sql" / "a.sql"', ['op.execute']],
  ['f"{os.path.dirname(os.path.abspath(__file__))}/../../sql/a.sql"', ['op.execute']],
  ['"/sql/a.sql"', 'the file "/sql/a.sql" is outside of the project'],
  ['Path("/") / "sql" / "a.sql"', 'the file "//sql/a.sql" is outside of the project'],
  ['os.path.dirname("/sql/b/c") + "/../a.sql"', 'the file "/sql/b/../a.sql" is outside of the project'],
  ['os.path.join(os.path.dirname(__file__), "/sql/a.sql")', 'the file "/sql/a.sql" is outside of the project'],
  [
    'os.path.join(os.path.dirname(__file__), "../../../sql/a.sql")',
    'there is no file "/alembic/versions/../../../sql/a.sql"',
  ],
])('a path that a program writes from the root of the disk is not one of the project: %s', async (path, expected) => {
  const { dropped, unread } = await found({ ...python(path), 'sql/a.sql': sql })
  if (typeof expected === 'string') expect({ dropped, unread }).toEqual({ dropped: [], unread: [expected] })
  else expect({ dropped: dropped.length, unread }).toEqual({ dropped: 1, unread: [] })
})

test('files of one relative path that differ leave the program unread, because the folder of the start decides', async () => {
  const files = { ...python('"sql/a.sql"'), 'sql/a.sql': sql }
  expect(await found({ ...files, 'alembic/sql/a.sql': 'SELECT 1;\n' })).toEqual({
    dropped: [],
    unread: ['there are several files "sql/a.sql", and they differ'],
  })
  expect((await found({ ...files, 'alembic/sql/a.sql': sql })).dropped).toHaveLength(1)
})
