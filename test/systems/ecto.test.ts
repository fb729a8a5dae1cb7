import { expect, test } from 'vitest'
import { ecto } from '../../src/systems/ecto/ecto.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const elixir = (body: string) =>
  `defmodule Shop.Repo.Migrations.X do\n  use Ecto.Migration\n${body}\n  def change do\n  end\nend\n`

const files = {
  'priv/repo/migrations/20260102000000_b.exs': elixir(
    '  @disable_ddl_transaction true\n  @disable_migration_lock true',
  ),
  'priv/repo/migrations/9_a.exs': elixir(''),
  'priv/repo/migrations/more/20260101000000_c.exs': elixir('  # @disable_ddl_transaction true'),
  'priv/repo/migrations/.formatter.exs': '[]',
}

test('migrations are ordered by version as a number, also in subfolders, and may opt out in their module', () => {
  const { migrations } = ecto.migrations(mapTree(files), 'priv/repo/migrations', options)
  expect(migrations.map(({ id, execution, opaque }) => [id, execution.inTransaction, opaque])).toEqual([
    ['9', true, 'it is written in Elixir'],
    ['20260101000000', true, 'it is written in Elixir'],
    ['20260102000000', false, 'it is written in Elixir'],
  ])
})

test('reports the transaction in which the migrator locks its table, unless something says that there is none', () => {
  const lockOf = (attributes: string, more: Record<string, string> = {}) => {
    const text = elixir(`  @disable_ddl_transaction true\n${attributes}`)
    const tree = mapTree({ 'priv/repo/migrations/1_a.exs': text, ...more })
    const [migration] = ecto.migrations(tree, 'priv/repo/migrations', options).migrations
    return migration?.remarks?.(text).map(each => each.kind === 'own-lock' && [each.setting, each.certain])
  }
  const setting = 'migration_lock: :pg_advisory_lock'
  const config = (text: string) => ({ 'config/config.exs': `config :shop, Shop.Repo, ${text}` })
  expect(lockOf('')).toEqual([[setting, false]])
  expect(lockOf('', config('pool_size: 10'))).toEqual([[setting, true]])
  expect(lockOf('  # @disable_migration_lock true', config('pool_size: 10'))).toEqual([[setting, true]])
  expect(lockOf('  @disable_migration_lock true')).toEqual([])
  for (const none of [':pg_advisory_lock', 'false', 'nil'])
    expect(lockOf('', config(`migration_lock: ${none}`))).toEqual([])
})

test('is recognised by the modules; mix.exs names the driver', () => {
  const detect = (mix: string) => ecto.detect(mapTree({ ...files, 'mix.exs': mix }), 'priv/repo/migrations')
  expect(detect('{:ecto_sql, "~> 3.0"}, {:postgrex, ">= 0.0.0"}')).toEqual({
    directory: 'priv/repo/migrations',
    sign: 'marker',
    because: 'Ecto.Migration in priv/repo/migrations/20260102000000_b.exs',
  })
  expect(detect('{:myxql, ">= 0.0.0"}')).toMatchObject({ dialect: 'mysql' })
})
