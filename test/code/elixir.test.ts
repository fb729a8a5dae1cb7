import { expect, test } from 'vitest'
import { ectoCalls } from '../../src/systems/ecto/calls.ts'
import { settingsIn } from '../../src/systems/ecto/settings.ts'
import { sent } from './kit/sent.ts'

async function up(body: string, members = ''): Promise<Awaited<ReturnType<typeof sent>>> {
  const lines = body.split('\n').map(line => `    ${line}\n`)
  const text = `defmodule Shop.Repo.Migrations.A do
  use Ecto.Migration
  ${members}
  def up do
${lines.join('')}  end

  def down, do: :ok
end
`
  return sent(ectoCalls(settingsIn([])), text, 'up', '1.exs')
}

test.each<[string, string, string[]]>([
  ['texts one after another', 'execute "a" <> "b"', ['ab']],
  ['holes', 'x = 3\nexecute "a #{x} #{"b"}"', ['a 3 b']],
  ['escapes', String.raw`execute "a\tb\x41\u0042 \#{c} \\"`, ['a\tbAB #{c} \\']],
  ['a heredoc', 'execute """\n  a\n    b\n  """', ['a\n  b\n']],
  ['sigils', 'execute ~s(a "b")\nexecute ~S(a #{b})', ['a "b"', 'a #{b}']],
  ['a list', 'for t <- ["a", "b"], do: execute("drop " <> t)', ['drop a', 'drop b']],
  ['words', 'for t <- ~w(a b) do\n  execute t\nend', ['a', 'b']],
  ['atoms', 'for t <- [:a, :b], do: execute("drop #{t}")', ['drop a', 'drop b']],
  ['Enum.each', 'Enum.each(["a", "b"], fn t -> execute(t) end)', ['a', 'b']],
  ['a short function', 'Enum.each(["a", "b"], &execute/1)\nEnum.each(["c"], &execute("x" <> &1))', ['a', 'b', 'xc']],
  ['pairs', 'for {t, c} <- [a: "b", c: "d"], do: execute("#{t} #{c}")', ['a b', 'c d']],
  ['a filter', 'for t <- ["a", "b"], t != "a", do: execute(t)', ['b']],
  [
    'a condition that is known',
    'if 1 > 2 do\n  execute "a"\nelse\n  execute "b"\nend\nunless false, do: execute("c")',
    ['b', 'c'],
  ],
  ['case', 'case "b" do\n  "a" -> execute "1"\n  "b" -> execute "2"\n  _ -> execute "3"\nend', ['2']],
  ['cond', 'cond do\n  1 == 2 -> execute "1"\n  true -> execute "2"\nend', ['2']],
])('reads %s', async (_, body, sql) => {
  expect((await up(body)).sql).toEqual(sql)
})

test.each<[string, string]>([
  ['functions of a module that are handed over', 'execute ["a", "b"] |> Enum.map(&String.upcase/1) |> Enum.join(", ")'],
  ['patterns of lists in tuples', '{a, [b | _]} = {"x", ["y", "z"]}\nexecute a <> b'],
])('says that it does not read %s', async (_, body) => {
  const read = await up(body)
  expect(read.sql).toEqual([])
  expect(read.unread).not.toEqual([])
})

test('what raises sends nothing: Ecto collects commands first', async () => {
  expect(await up('execute "a"\nraise "no"\nexecute "b"')).toEqual({ sql: [], unread: [], doubts: [] })
})

test('what is broken is not read', async () => {
  await expect(up('execute "a')).rejects.toThrow('there is neither')
})

test('reads functions of several clauses, attributes and defaults', async () => {
  const members = `@tables ["a", "b"]
  defp go("a", _), do: execute("first")
  defp go(t, n) when n > 1, do: execute("#{t} many")
  defp go(t, n), do: execute("#{t} #{n}")
  defp other(t \\\\ "z"), do: execute(t)`
  expect(await up('Enum.each(@tables, &go(&1, 1))\ngo("c", 2)\nother()\nother("y")', members)).toEqual({
    sql: ['first', 'b 1', 'c many', 'z', 'y'],
    unread: [],
    doubts: [],
  })
})

test('both ways of an unknown condition are read', async () => {
  const read = await up('if System.get_env("X") do\n  execute "a"\nelse\n  execute "b"\nend')
  expect(read.sql).toEqual(['a', 'b'])
  expect(read.doubts).toHaveLength(1)
})

test('a module of another file is not read, and says so', async () => {
  const read = await up('Shop.Seeds.run()\nexecute "a"')
  expect(read.sql).toEqual(['a'])
  expect(read.unread).toHaveLength(1)
  expect(read.unread[0]).toContain('it comes from another file')
})

test.each<[string, string]>([
  ['deep parentheses', `execute ${'('.repeat(2000)}"a"${')'.repeat(2000)}`],
  ['a long chain', `execute ${'"a" <> '.repeat(3000)}"b"`],
])('says what it does not read, or reads it: %s', async (_, body) => {
  const read = await up(body)
  expect(read.sql.length + read.unread.length).toBeGreaterThan(0)
})
