import { expect, test } from 'vitest'
import { efCore } from '../../src/systems/ef-core/ef-core.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const snapshot = (version: string, provider: string) =>
  `[DbContext(typeof(Shop))]\npartial class ShopModelSnapshot : ModelSnapshot\n{\n  modelBuilder.HasAnnotation("ProductVersion", "${version}");\n  ${provider}ModelBuilderExtensions.UseIdentityByDefaultColumns(modelBuilder);\n}\n`

const files = (version: string, provider: string) => ({
  'Migrations/20260102000000_B.cs': 'public partial class B : Migration { }',
  'Migrations/20260102000000_B.Designer.cs': '[Migration("20260102000000_B")]',
  'Migrations/20260101000000_A.cs': 'public partial class A : Migration { }',
  'Migrations/20260101000000_A.Designer.cs': '[Migration("20260103000000_Late")]',
  'Migrations/ShopModelSnapshot.cs': snapshot(version, provider),
})

test('migrations are ordered by the id in the designer file', () => {
  const { migrations } = efCore.migrations(mapTree(files('8.0.1', 'Npgsql')), 'Migrations', options)
  expect(migrations.map(({ id, path, opaque }) => [id, path, opaque])).toEqual([
    ['20260102000000_B', 'Migrations/20260102000000_B.cs', 'it is written in C#'],
    ['20260103000000_Late', 'Migrations/20260101000000_A.cs', 'it is written in C#'],
  ])
})

test.each([
  ['8.0.1', false],
  ['9.0.3', true],
  ['10.0.0', false],
])('EF Core %s: one transaction for all: %s', (version, spansFiles) => {
  const { migrations } = efCore.migrations(mapTree(files(version, 'Npgsql')), 'Migrations', options)
  expect(migrations[0]?.execution).toEqual({ inTransaction: true, singleMessage: false, spansFiles })
})

test.each([
  ['Shop.csproj', '<PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="9.0.4" />', true],
  ['Shop.csproj', '<PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" />', false],
  ['Directory.Packages.props', '<PackageVersion Include="Microsoft.EntityFrameworkCore" Version="9.0.1" />', true],
  ['Directory.Packages.props', '<PackageVersion Include="Microsoft.Extensions.Logging" Version="9.0.1" />', false],
  [
    'Shop.csproj',
    "<Project><ItemGroup><PackageReference Version='[9.0.1,)'\n Include='Microsoft.EntityFrameworkCore'/></ItemGroup></Project>",
    true,
  ],
  [
    'Shop.csproj',
    '<Project><PackageReference Include="Microsoft.EntityFrameworkCore.Design"><PrivateAssets>all</PrivateAssets><Version>9.0.1</Version></PackageReference></Project>',
    true,
  ],
  [
    'Shop.csproj',
    '<Project><!-- <PackageReference Include="Microsoft.EntityFrameworkCore" Version="9.0.1" /> --></Project>',
    false,
  ],
])('the packages in use decide the version before the snapshot does: %s %s', (name, text, spansFiles) => {
  const tree = mapTree({ ...files('8.0.1', 'Npgsql'), [name]: text })
  expect(efCore.migrations(tree, 'Migrations', options).migrations[0]?.execution.spansFiles).toBe(spansFiles)
})

test.each([
  ['Up() { Sql("…", suppressTransaction: true); }', '9.0.1', 'suppressTransaction: true'],
  ['Up() { x.Annotation("Npgsql:CreatedConcurrently", true); }', '9.0.1', '"Npgsql:CreatedConcurrently", true'],
  ['Up() { Sql("…", suppressTransaction: false); }', '9.0.1', undefined],
  ['Up() {\n // suppressTransaction: true\n }', '9.0.1', undefined],
  ['Up() { }\n override void Down() { Sql("…", suppressTransaction: true); }', '9.0.1', undefined],
  ['Up() { Sql("…", suppressTransaction: true); }', '8.0.1', undefined],
])('%s in EF Core %s commits earlier migrations: %s', (body, version, expected) => {
  const text = `partial class C : Migration {\n override void ${body}\n}`
  const tree = mapTree({ ...files(version, 'Npgsql'), 'Migrations/20260104000000_C.cs': text })
  const last = efCore.migrations(tree, 'Migrations', options).migrations.at(-1)
  const [remark] = last?.remarks?.(text) ?? []
  expect(remark && text.slice(...remark.at)).toBe(expected)
  expect(remark?.kind).toBe(expected && 'opt-out-for-all')
})

test('the first migration has no earlier one to commit', () => {
  const text = 'void Up() { Sql("…", suppressTransaction: true); }'
  const tree = mapTree({ ...files('9.0.1', 'Npgsql'), 'Migrations/20250101000000_0.cs': text })
  expect(efCore.migrations(tree, 'Migrations', options).migrations[0]?.remarks?.(text) ?? []).toEqual([])
})

test('is recognised by the snapshot, which names the provider', () => {
  const found = { directory: 'Migrations', sign: 'file', because: 'Migrations/ShopModelSnapshot.cs' }
  expect(efCore.detect(mapTree(files('8.0.1', 'Npgsql')), 'Migrations')).toEqual(found)
  expect(efCore.detect(mapTree(files('8.0.1', 'SqlServer')), 'Migrations')).toEqual({ ...found, dialect: 'sqlserver' })
})

test.each([
  ['a model that several databases share', 'MySqlModelBuilderExtensions.AutoIncrementColumns(modelBuilder);', 'mysql'],
  ['the longest name of MySQL', '.HasAnnotation("Relational:MaxIdentifierLength", 64);', 'mysql'],
  ['the longest name of PostgreSQL', '.HasAnnotation("Relational:MaxIdentifierLength", 63);', undefined],
  ['types of SQLite', 'b.Property<string>("Name").HasColumnType("TEXT");', 'sqlite'],
])('%s shows which database it is', (_, sign, dialect) => {
  const text = `${snapshot('8.0.1', 'Other').replace(/Other.*\n/, `${sign}\n`)}b.HasAnnotation("Npgsql:IndexInclude", new[] { "A" });`
  const tree = mapTree({ ...files('8.0.1', 'Npgsql'), 'Migrations/ShopModelSnapshot.cs': text })
  expect(efCore.detect(tree, 'Migrations')?.dialect).toBe(dialect)
})
