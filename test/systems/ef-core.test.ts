import { expect, test } from 'vitest'
import { efCore } from '../../src/systems/ef-core.ts'
import { mapTree } from '../../src/systems/tree.ts'

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

test('by the id that the designer file gives', () => {
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

test('is told by the snapshot, which names the provider', () => {
  const found = { directory: 'Migrations', sign: 'file', because: 'Migrations/ShopModelSnapshot.cs' }
  expect(efCore.detect(mapTree(files('8.0.1', 'Npgsql')), 'Migrations')).toEqual(found)
  expect(efCore.detect(mapTree(files('8.0.1', 'SqlServer')), 'Migrations')).toEqual({ ...found, dialect: 'sqlserver' })
})
