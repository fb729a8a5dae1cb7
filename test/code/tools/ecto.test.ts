import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ectoCalls } from '../../../src/systems/ecto/calls.ts'
import { settingsIn, settingsOf } from '../../../src/systems/ecto/settings.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'
import { sent } from '../kit/sent.ts'

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8')
const usual = ectoCalls(settingsIn([]))
const inModule = (body: string, name = 'change') =>
  `defmodule A do\n  use Ecto.Migration\n  def ${name} do\n${body}\n  end\nend\n`
const change = (body: string, direction: 'up' | 'down' = 'up') => sent(usual, inModule(body), direction, '1.exs')

test('the statements that a server logged, one by one', async () => {
  const read = await sent(usual, recorded('ecto.exs'), 'up', '1.exs')
  expect(read.unread).toEqual([])
  expect(read.sql).toEqual(recorded('ecto.sql').trimEnd().split('\n'))
})

test.each<[string, string, string[]]>([
  ['heredocs', 'execute """\n    a\n      b\n    """', ['a\n  b\n']],
  ['sigils and holes', 'x = "b"\nexecute ~s(a #{x} "c")\nexecute(~S"d#{x}")', ['a b "c"', 'd#{x}']],
  [
    'pipes',
    'table(:t) |> drop()\n:t |> index([:a]) |> create',
    ['DROP TABLE "t"', 'CREATE INDEX "t_a_index" ON "t" ("a")'],
  ],
  ['for', 'for t <- [:a, :b], t != :b, do: drop table(t)', ['DROP TABLE "a"']],
  ['Enum.each', 'Enum.each(~w(a b)a, fn t -> drop(table(t)) end)', ['DROP TABLE "a"', 'DROP TABLE "b"']],
  ['captures', 'Enum.each(["a"], &execute/1)\nEnum.each(["b"], &execute("x #{&1}"))', ['a', 'x b']],
  ['keywords', 'for {t, c} <- [a: "x"], do: execute("#{t} #{c}")', ['a x']],
  ['if', 'if direction() == :up do\n  execute "a"\nelse\n  execute "b"\nend', ['a']],
  ['case', 'case :b do\n  :a -> execute("a")\n  x when x == :b -> execute("b")\n  _ -> execute("c")\nend', ['b']],
  [
    'the repo, which does not wait',
    'execute "a"\nrepo().query!("b")\nflush()\nexecute(fn -> repo().query!("c") end)',
    ['b', 'a', 'c'],
  ],
  [
    'a transaction of the repo, which is a part of that of the migration',
    'App.Repo.transaction(fn -> App.Repo.query!("a") end)\nrepo().transaction(fn -> execute("b") end)',
    ['a', 'b'],
  ],
  [
    'the adapter, and the repo by its name',
    'execute "a"\nEcto.Adapters.SQL.query!(repo(), "b", [])\nApp.Repo.query!("c")\nalias Ecto.Adapters.SQL\nSQL.query(App.Repo, "d")',
    ['b', 'c', 'd', 'a'],
  ],
  [
    'blocks that are given by name',
    'alter table(:t), do: add(:a, {:array, :integer}, default: [1, 2], null: false)',
    ['ALTER TABLE "t" ADD COLUMN "a" integer[] DEFAULT ARRAY[1,2]::integer[] NOT NULL'],
  ],
  [
    'references with more columns',
    'alter table(:t) do\n  add :a, references(:u, with: [b: :c], on_delete: {:nilify, [:a]}, match: :full, prefix: "s")\nend',
    [
      'ALTER TABLE "t" ADD COLUMN "a" bigint, ADD CONSTRAINT "t_a_fkey" FOREIGN KEY ("a","b") REFERENCES "s"."u"("id","c") MATCH FULL ON DELETE SET NULL ("a")',
    ],
  ],
])('reads %s', async (_, body, sql) => {
  expect(await change(body)).toEqual({ sql, unread: [], doubts: [] })
})

test('functions of the module, by their arguments', async () => {
  const module = `defmodule A do
  use Ecto.Migration
  @tables [:a, :b]
  def up, do: Enum.each(@tables, &one/1)
  def down, do: nil
  defp one(:a), do: execute("first")
  defp one(t), do: execute("other #{t}")
end`
  expect((await sent(usual, module, 'up', '1.exs')).sql).toEqual(['first', 'other b'])
})

test('a change is reverted in the opposite order', async () => {
  const body = `create table(:t) do
  add :a, :text
end
create index(:t, [:a])
alter table(:t) do
  add :b, :text
  remove :c, :integer, null: false
  modify :d, :text, from: :string
end
rename table(:t), :a, to: :e
execute "x", "y"
drop table(:z)`
  const read = await change(body, 'down')
  expect(read.sql).toEqual([
    'y',
    'ALTER TABLE "t" RENAME "e" TO "a"',
    'ALTER TABLE "t" ALTER COLUMN "d" TYPE varchar(255), ADD COLUMN "c" integer NOT NULL, DROP COLUMN "b"',
    'DROP INDEX "t_a_index"',
    'DROP TABLE "t"',
  ])
  expect(read.unread).toEqual(['drop table(:z): it cannot be reverted'])
})

test('options that Ecto does not know are ignored, as Ecto does', async () => {
  const read = await change(
    'alter table(:t) do\n  add :a, references(:u, null: false), nul: false, nullable: false\nend',
  )
  expect(read.sql).toEqual([
    'ALTER TABLE "t" ADD COLUMN "a" bigint, ADD CONSTRAINT "t_a_fkey" FOREIGN KEY ("a") REFERENCES "u"("id")',
  ])
})

test('unknown parts are reported', async () => {
  const read = await change(`create index(:t, [:a], unique: System.get_env("U"))
alter table(:t) do
  if System.get_env("X"), do: add(:a, :text)
end
helper()
App.Repo.update_all(Thing, set: [a: 1])
execute "b"`)
  expect(read.sql).toEqual(['b'])
  expect(read.unread).toHaveLength(4)
})

test('settings of the repo', async () => {
  const settings = settingsOf(
    mapTree({
      'config/config.exs':
        'config :app, App.Repo, migration_primary_key: [name: :uuid, type: :binary_id], migration_foreign_key: [column: :uuid, type: :binary_id], migration_timestamps: [type: :utc_datetime_usec]',
    }),
    'priv/repo/migrations',
  )
  const body = inModule('create table(:t) do\n  add :u, references(:us)\n  timestamps()\nend')
  expect((await sent(ectoCalls(settings), body, 'up', '1.exs')).sql).toEqual([
    'CREATE TABLE "t" ("uuid" uuid, "u" uuid, CONSTRAINT "t_u_fkey" FOREIGN KEY ("u") REFERENCES "us"("uuid"), "inserted_at" timestamp NOT NULL, "updated_at" timestamp NOT NULL, PRIMARY KEY ("uuid"))',
  ])
})

test('a migration without a transaction of its own gets that of the repo', async () => {
  const text = inModule('App.Repo.transaction(fn -> App.Repo.query!("a") end)')
  const alone = text.replace('use Ecto.Migration', 'use Ecto.Migration\n  @disable_ddl_transaction true')
  expect((await sent(usual, alone, 'up', '1.exs')).sql).toEqual(['begin', 'a', 'commit'])
})

test.each([
  ['deep nesting', `x = ${'('.repeat(3000)}1${')'.repeat(3000)}`],
  ['recursion', 'change()'],
  ['broken text', 'create table(:t do)\n]'],
  ['a long pipe', `1 ${'|> f() '.repeat(3000)}`],
])('%s ends', async (_, body) => {
  await change(body)
})

test('macros of queries only describe: what `^` pins and the source run, and the repo reaches rows alone', async () => {
  const body = `from(t in "trips", update: [set: [a: 1 / t.b]], where: not is_nil(t.b) and t.c == ^repo().query!("x"))
    |> App.Repo.update_all([])
    Drive |> where([d], d.a < 1) |> order_by(asc: :id) |> App.Repo.stream() |> Stream.each(fn _ -> execute("y") end) |> Stream.run()`
  const text = inModule(body).replace('use Ecto.Migration', 'use Ecto.Migration\n  import Ecto.Query')
  const read = await sent(usual, text, 'up', '1.exs')
  expect(read.sql).toEqual([
    'x',
    'UPDATE "trips" AS t0 SET "a" = 1 / t0."b" WHERE (NOT (t0."b" IS NULL) AND (t0."c" = $1))',
    'y',
  ])
  expect(read.unread.map(each => each.replace(/.*: `/s, '`'))).toEqual([
    '`App.Repo.stream`: it comes from another file',
  ])
  expect((await sent(usual, inModule('where([d], d.a)'), 'up', '1.exs')).unread).not.toEqual([])
})
