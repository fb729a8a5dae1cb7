import { expect, test } from 'vitest'
import { lintTree } from '../../../src/index.ts'
import { ectoCalls } from '../../../src/systems/ecto/calls.ts'
import { settingsIn, settingsOf } from '../../../src/systems/ecto/settings.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'
import { sent } from '../kit/sent.ts'

/**
 * The SQL of queries. It is what test/ecto/adapters/postgres_test.exs of ecto_sql 3.14 expects of queries like these: of the 182 pairs in it of a query and its
 * SQL, 112 are read, and all of these are the same.
 */

const schemas = `
defmodule Order do
  use Ecto.Schema
  schema "orders" do
    field :total, :integer
    field :paid, :boolean, virtual: true
    field :tags, {:array, :string}
    belongs_to :user, User
    has_many :lines, Line
    timestamps()
  end
end
defmodule Line do
  use Ecto.Schema
  @primary_key false
  @schema_prefix "shop"
  schema "lines" do
    field :order_id, :integer
    field :note, :string
  end
end
defmodule Odd do
  use Ecto.Schema
  schema "odds" do
    a_macro()
  end
end
`
const usual = ectoCalls(settingsIn([]))
const migration = (body: string) =>
  `${schemas}defmodule M do\n  use Ecto.Migration\n  import Ecto.Query\n  alias App.Repo\n  def up do\n${body}\n  end\nend\n`
const read = (body: string, reader = usual) => sent(reader, migration(body), 'up', '1.exs')

const all = 'o0."id", o0."total", o0."tags", o0."user_id", o0."inserted_at", o0."updated_at"'

test.each<[string, string]>([
  // Sources
  ['Repo.all(Order)', `SELECT ${all} FROM "orders" AS o0`],
  ['Repo.all(from o in "orders", select: o.id)', 'SELECT o0."id" FROM "orders" AS o0'],
  ['Repo.all(from o in {"old_orders", Order}, select: o.id)', 'SELECT o0."id" FROM "old_orders" AS o0'],
  ['Repo.all(from l in Line, select: [:note])', 'SELECT l0."note" FROM "shop"."lines" AS l0'],
  ['"0rders" |> select([o], o.id) |> Repo.all()', 'SELECT t0."id" FROM "0rders" AS t0'],
  ['Repo.all(from(o in "orders", select: o.id), prefix: "x")', 'SELECT o0."id" FROM "x"."orders" AS o0'],
  [
    'q = from o in "orders", where: o.a > 1, select: %{x: o.a, y: count(o.id)}\nRepo.all(from s in subquery(q), select: s.x)',
    'SELECT s0."x" FROM (SELECT so0."a" AS "x", count(so0."id") AS "y" FROM "orders" AS so0 WHERE (so0."a" > 1)) AS s0',
  ],
  // What is selected
  ['Repo.all(from o in Order, select: {o.total, o})', `SELECT ${all}, o0."total" FROM "orders" AS o0`],
  ['Repo.all(from o in "orders", select: true)', 'SELECT TRUE FROM "orders" AS o0'],
  ['Repo.all(from o in "orders", select: map(o, [:id, :a]))', 'SELECT o0."id", o0."a" FROM "orders" AS o0'],
  ['Repo.all(from o in "orders", select: count(o.a, :distinct))', 'SELECT count(DISTINCT o0."a") FROM "orders" AS o0'],
  [
    'Repo.all(from o in "orders", select: count() |> filter(o.a > 1), distinct: true)',
    'SELECT DISTINCT count(*) FILTER (WHERE o0."a" > 1) FROM "orders" AS o0',
  ],
  [
    'Repo.all(from o in "orders", distinct: [desc: o.a], select: o.a)',
    'SELECT DISTINCT ON (o0."a") o0."a" FROM "orders" AS o0',
  ],
  [
    'Repo.all(from o in "orders", select: row_number() |> over(partition_by: o.a, order_by: [desc: o.b]))',
    'SELECT row_number() OVER (PARTITION BY o0."a" ORDER BY o0."b" DESC) FROM "orders" AS o0',
  ],
  // Conditions
  [
    '"o" |> where([o], o.a == 4 and not is_nil(o.b)) |> or_where([o], o.c in [1, ^2]) |> where(d: "it\'s") |> select([o], o.a) |> Repo.one!()',
    'SELECT o0."a" FROM "o" AS o0 WHERE ((((o0."a" = 4) AND NOT (o0."b" IS NULL))) OR (o0."c" IN (1,$1))) AND (o0."d" = \'it\'\'s\')',
  ],
  [
    'ids = [1]\nRepo.all(from o in "o", where: o.a in ^ids and o.b in ~w(x y) and 1 in o.c, select: o.a)',
    'SELECT o0."a" FROM "o" AS o0 WHERE ((o0."a" = ANY($1) AND o0."b" IN (\'x\',\'y\')) AND 1 = ANY(o0."c"))',
  ],
  ['Repo.all(from o in "o", where: o.a in [], select: o.a)', 'SELECT o0."a" FROM "o" AS o0 WHERE (false)'],
  [
    'Repo.all(from o in "o", where: {o.a, o.b} > {1, 2.50}, select: o.a)',
    'SELECT o0."a" FROM "o" AS o0 WHERE ((o0."a",o0."b") > (1,2.5::float))',
  ],
  [
    'Repo.all(from o in "o", where: [a: ^1, b: true], select: o.a)',
    'SELECT o0."a" FROM "o" AS o0 WHERE ((o0."a" = $1) AND (o0."b" = TRUE))',
  ],
  [
    'Repo.all(from o in "o", where: fragment("lower(?) = ? and \'\\\\?\' <> \'\'", o.a, ^"x"), select: o.a)',
    'SELECT o0."a" FROM "o" AS o0 WHERE (lower(o0."a") = $1 and \'?\' <> \'\')',
  ],
  [
    'Repo.all(from o in "o", where: o.a < ago(3, "month") and field(o, :b) == type(^"4", :integer), select: o.a)',
    'SELECT o0."a" FROM "o" AS o0 WHERE ((o0."a" < $1::timestamp + interval \'-3 month\') AND (o0."b" = $2::bigint))',
  ],
  [
    'Repo.all(from o in "o", where: o.a in subquery(from l in "lines", where: l.x == ^1, select: l.id) and o.b == ^2, select: o.a)',
    'SELECT o0."a" FROM "o" AS o0 WHERE (o0."a" IN (SELECT sl0."id" FROM "lines" AS sl0 WHERE (sl0."x" = $1)) AND (o0."b" = $2))',
  ],
  // Joins, groups and order
  [
    'Repo.all(from o in "o", join: l in Line, on: l.order_id == o.id, left_join: u in "users", on: [id: o.u], select: u.a)',
    'SELECT u2."a" FROM "o" AS o0 INNER JOIN "shop"."lines" AS l1 ON l1."order_id" = o0."id" LEFT OUTER JOIN "users" AS u2 ON u2."id" = o0."u"',
  ],
  [
    '"o" |> join(:inner, [o], l in "l", on: l.o == o.id) |> where([o, l], l.a == o.a) |> select([_, l], l.b) |> Repo.all()',
    'SELECT l1."b" FROM "o" AS o0 INNER JOIN "l" AS l1 ON l1."o" = o0."id" WHERE (l1."a" = o0."a")',
  ],
  [
    'Repo.all(from o in "o", group_by: [o.a, :b], having: count(o.c) > 1, order_by: [:a, desc_nulls_last: o.b], limit: ^5, offset: 2, select: o.a)',
    'SELECT o0."a" FROM "o" AS o0 GROUP BY o0."a", o0."b" HAVING (count(o0."c") > 1) ORDER BY o0."a", o0."b" DESC NULLS LAST LIMIT $1 OFFSET 2',
  ],
  ['Repo.all(from o in "o", select: o.a, lock: "FOR UPDATE")', 'SELECT o0."a" FROM "o" AS o0 FOR UPDATE'],
  // Functions of the repo
  ['Repo.get!(Order, 1)', `SELECT ${all} FROM "orders" AS o0 WHERE (o0."id" = $1)`],
  [
    'Repo.get_by(Order, total: 1, user_id: 2)',
    `SELECT ${all} FROM "orders" AS o0 WHERE ((o0."total" = $1) AND (o0."user_id" = $2))`,
  ],
  ['Repo.exists?(from o in "o", where: o.a == 1)', 'SELECT TRUE FROM "o" AS o0 WHERE (o0."a" = 1) LIMIT 1'],
  ['Repo.aggregate("o", :count)', 'SELECT count(*) FROM "o" AS o0'],
  ['Repo.aggregate(Order, :max, :total)', 'SELECT max(o0."total") FROM "orders" AS o0'],
  // Changes of rows
  ['Repo.update_all(Order, set: [total: 1, user_id: nil])', 'UPDATE "orders" AS o0 SET "total" = $1, "user_id" = $2'],
  [
    'from(o in "o", where: o.a == ^1, update: [set: [b: 0, c: o.d / 2], inc: [e: -3], push: [f: ^2]]) |> Repo.update_all([])',
    'UPDATE "o" AS o0 SET "b" = 0, "c" = o0."d" / 2, "e" = o0."e" + -3, "f" = array_append(o0."f", $1) WHERE (o0."a" = $2)',
  ],
  [
    'from(o in Order, join: l in Line, on: l.order_id == o.id, where: o.total == 1, update: [set: [total: l.x]]) |> repo().update_all([])',
    'UPDATE "orders" AS o0 SET "total" = l1."x" FROM "shop"."lines" AS l1 WHERE (l1."order_id" = o0."id") AND (o0."total" = 1)',
  ],
  ['from(o in "o", select: o.id) |> Repo.update_all(set: [a: 1])', 'UPDATE "o" AS o0 SET "a" = $1 RETURNING o0."id"'],
  [
    'Order |> where([o], is_nil(o.total)) |> Repo.delete_all()',
    'DELETE FROM "orders" AS o0 WHERE (o0."total" IS NULL)',
  ],
  [
    'Repo.delete_all(from o in "o", join: l in "l", on: o.x == l.z, where: o.x == 123)',
    'DELETE FROM "o" AS o0 USING "l" AS l1 WHERE (o0."x" = l1."z") AND (o0."x" = 123)',
  ],
  [
    'Repo.insert_all("o", [%{b: 1, a: nil}, %{a: 2}], on_conflict: :nothing, conflict_target: [:a], returning: [:id])',
    'INSERT INTO "o" ("a","b") VALUES (DEFAULT,$1),($2,DEFAULT) ON CONFLICT ("a") DO NOTHING RETURNING "id"',
  ],
  ['Ecto.Query.from(o in "o", select: o.a) |> Repo.stream()', 'SELECT o0."a" FROM "o" AS o0'],
])('%s', async (body, sql) => {
  expect((await read(body)).sql).toEqual([sql])
})

test.each([
  ['Repo.all("o")', 'the columns of the schema are not known'],
  ['Repo.all(Odd)', 'the columns of the schema are not known'],
  ['Repo.all(from o in Missing, select: o.a)', 'it comes from another file'],
  ['Repo.all(from o in "o", preload: [:lines])', '`preload` of the query is not read'],
  ['Repo.all(from o in "o", where: ^filters(), select: o.a)', 'a condition is not known'],
  ['Repo.all(from o in "o", where: my_macro(o.a), select: o.a)', '`my_macro` in the query is not read'],
  ['Repo.all(from o in "o", where: o.a == :atom, select: o.a)', 'an atom in the query is not read'],
  ['Repo.all(from o in "o", where: p.a == 1, select: o.a)', '`p` in the query is not known'],
  ['Repo.update_all("o", changes())', 'the columns that it changes are unknown'],
  ['Repo.update_all(from(o in "o", limit: 1), set: [a: 1])', '`update_all` does not take all parts of the query'],
  ['Repo.insert_all(Order, [%{total: 1}])', 'the columns that its schema fills in are not known'],
  ['Repo.update!(Ecto.Changeset.change(%Order{}, total: 1))', 'its SQL is not known'],
])('%s is not read: %s', async (body, why) => {
  const { sql, unread } = await read(body)
  expect(sql).toEqual([])
  expect(unread.join('\n')).toContain(why)
})

test('a schema of the project has its table, but no columns: it may be of a later time', async () => {
  const module = (name: string, body: string) => `defmodule ${name} do\n  use Ecto.Schema\n${body}\nend\n`
  const settings = settingsOf(
    mapTree({
      'mix.exs': '',
      'lib/app/users/user.ex': module('App.Users.User', '  @schema_prefix "x"\n  schema "users" do\n  end'),
      'lib/app/team.ex': module('App.Other.Team', '  schema("teams") do\n  end'),
      'lib/app/odd.ex': module('App.Odd', '  schema "odds" do\n    field :a, :string, source: :b\n  end'),
    }),
    'priv/repo/migrations',
  )
  const body = `alias App.Users
    alias App.{Other, Odd}
    Repo.update_all(Users.User, set: [a: 1])
    Repo.update_all(Other.Team, set: [a: 1])
    Repo.update_all(Odd, set: [a: 1])
    Repo.all(Users.User)`
  const found = await read(body, ectoCalls(settings))
  expect(found.sql).toEqual(['UPDATE "x"."users" AS u0 SET "a" = $1', 'UPDATE "teams" AS t0 SET "a" = $1'])
  expect(found.unread).toHaveLength(2)
})

test('code that runs for the rows of a query is read once, under a condition', async () => {
  const found = await read(`for %Order{id: id} <- Repo.all(Order) do
      from(o in Order, where: o.id == ^id, update: [set: [total: 1]]) |> Repo.update_all([])
    end
    Repo.all(from o in "o", select: o.a) |> case do
      [] -> execute("a")
      [_ | _] = some -> execute("b")
    end
    with [one] <- Repo.all(from o in "p", select: o.a), x = "c" do
      execute(x)
    else
      _ -> execute("d")
    end`)
  expect(found.unread).toEqual([])
  expect(found.sql).toEqual([
    `SELECT ${all} FROM "orders" AS o0`,
    'UPDATE "orders" AS o0 SET "total" = 1 WHERE (o0."id" = $1)',
    'SELECT o0."a" FROM "o" AS o0',
    'SELECT p0."a" FROM "p" AS p0',
    'a',
    'b',
    'c',
    'd',
  ])
})

test('changes of rows are judged as their SQL is', async () => {
  const create = `defmodule C do\n  use Ecto.Migration\n  def change do\n    create table(:orders) do\n      add :total, :integer\n      add :paid, :boolean\n    end\n  end\nend\n`
  const findings = async (body: string) => {
    const report = await lintTree(
      mapTree({
        'mix.exs': 'defp deps, do: [{:ecto_sql, "~> 3.0"}, {:postgrex, ">= 0.0.0"}]',
        'priv/repo/migrations/1_c.exs': create,
        'priv/repo/migrations/2_a.exs': migration(`alter table(:orders), do: add(:note, :text)\nflush()\n${body}`),
      }),
    )
    return report.findings.map(({ rule, severity, message }) => ({ rule, severity, message }))
  }
  const sql = await findings('execute("UPDATE orders AS o0 SET total = 0 WHERE (o0.paid IS NULL)")')
  expect(sql.map(({ rule }) => rule)).toContain('backfill-in-schema-transaction')
  expect(await findings('from(o in "orders", where: is_nil(o.paid)) |> App.Repo.update_all(set: [total: 0])')).toEqual(
    sql,
  )
  expect(
    await findings('Order |> where([o], is_nil(o.paid)) |> update(set: [total: 0]) |> Repo.update_all([])'),
  ).toEqual(sql)
  expect(await findings('from(o in "orders", where: o.id == ^1) |> Repo.update_all(set: [total: 0])')).toEqual(
    await findings('execute("UPDATE orders AS o0 SET total = 0 WHERE (o0.id = 1)")'),
  )
})
