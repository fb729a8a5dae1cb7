import { expect, test } from 'vitest'
import { efCoreCalls } from '../../src/systems/ef-core/calls.ts'
import { sent } from './kit/sent.ts'

async function up(body: string, members = '', before = ''): Promise<Awaited<ReturnType<typeof sent>>> {
  const text = `using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Shop.Helpers;

namespace Shop.Migrations
{
    ${before}
    public partial class Init : Migration
    {
        ${members}
        protected override void Up(MigrationBuilder m)
        {
${body}
        }
    }
}
`
  return sent(efCoreCalls, text, 'up', '1.cs')
}

test.each<[string, string, string[]]>([
  ['sums', 'var x = "b"; m.Sql("a" + x + \'c\' + 1);', ['abc1']],
  ['escapes', String.raw`m.Sql("a\tb\x41\u0042\n\"");`, ['a\tbAB\n"']],
  ['a literal as it stands', 'm.Sql(@"a ""b"" \\n");', ['a "b" \\n']],
  ['holes', 'var x = 3; m.Sql($"a {x} {"b"} {{c}}");', ['a 3 b {c}']],
  ['a raw literal', 'm.Sql("""\n    a "b"\n      {c}\n    """);', ['a "b"\n  {c}']],
  ['a raw literal with holes', 'var x = 1; m.Sql($$"""a {{x}} {b}""");', ['a 1 {b}']],
  ['a loop over an array', 'foreach (var t in new[] { "a", "b" }) { m.Sql("drop " + t); }', ['drop a', 'drop b']],
  ['a loop over a list', 'foreach (var t in new List<string> { "a", "b" }) m.Sql(t);', ['a', 'b']],
  ['a loop that counts', 'for (int i = 0; i < 2; i++) { m.Sql($"x{i}"); }', ['x0', 'x1']],
  [
    'continue and break',
    'for (var i = 0; i < 4; i++) { if (i == 1) continue; if (i == 3) break; m.Sql($"{i}"); }',
    ['0', '2'],
  ],
  ['while', 'var i = 0; while (i < 2) { m.Sql(i.ToString()); i++; }', ['0', '1']],
  [
    'a condition that is known',
    'if (1 > 2 || !true) m.Sql("a"); else if (true) { m.Sql("b"); } else m.Sql("c");',
    ['b'],
  ],
  ['a choice', 'm.Sql(1 == 1 ? "a" : "b"); m.Sql(null ?? "c");', ['a', 'c']],
  ['string.Join', 'm.Sql(string.Join(", ", new[] { "a", "b" }));', ['a, b']],
  [
    'methods of lists',
    'm.Sql(string.Join(" ", new[] { "a", "b" }.Where(x => x != "b").Select(x => x.ToUpper()).ToArray()));',
    ['A'],
  ],
  ['a function inside', 'void Run(string t) { m.Sql(t); } Run("a"); Run(t: "b");', ['a', 'b']],
  ['a lambda', 'Func<string, string> f = x => x + "b"; m.Sql(f("a"));', ['ab']],
  ['return', 'm.Sql("a"); return; m.Sql("b");', ['a']],
  [
    'using and try',
    'using (var x = Thing()) { m.Sql("a"); } try { m.Sql("b"); } finally { m.Sql("c"); }',
    ['a', 'b', 'c'],
  ],
  ['nameof', 'm.Sql(nameof(Init));', ['Init']],
])('reads %s', async (_, body, sql) => {
  expect((await up(body)).sql).toEqual(sql)
})

test.each<[string, string]>([['a switch of values', 'var x = 2; m.Sql(x switch { 1 => "a", 2 => "b", _ => "c" });']])(
  'says that it does not read %s',
  async (_, body) => {
    const read = await up(body)
    expect(read.sql).toEqual([])
    expect(read.unread).not.toEqual([])
  },
)

test.each([
  ['@$"a ""{x}"""', 'a "3"'],
  ['$@"a ""{x}"""', 'a "3"'],
  ['@$"a ""{x}"" {{y}} \\n"', 'a "3" {y} \\n'],
  ['$@"""{x}"""', '"3"'],
  ['$@"""{x}"" {(x == 3 ? "b" : "c")}"', '"3" b'],
  ['"x@$"', 'x@$'],
  ['@"c ""d"""', 'c "d"'],
  ['""', ''],
])('a literal with marks in either order and doubled quotes: %s', async (literal, text) => {
  expect(await up(`var x = 3; m.Sql("before"); m.Sql(${literal} + ";"); m.Sql("after");`)).toMatchObject({
    sql: ['before', `${text};`, 'after'],
    unread: [],
  })
})

test('a raw literal whose holes the grammar does not find is not read', async () => {
  const { sql, unread } = await up('var x = 3; m.Sql($$"""a {{{x}}}""");')
  expect([sql, unread.length]).toEqual([[], 1])
})

test('what throws sends nothing: Entity Framework collects operations first', async () => {
  expect(await up('m.Sql("a"); throw new Exception("no");')).toEqual({ sql: [], unread: [], doubts: [] })
})

test('all ways of a switch are read', async () => {
  const ways = 'switch (x) { case "a": m.Sql("1"); break; case "b": m.Sql("2"); break; default: m.Sql("3"); break; }'
  const read = await up(`var x = "b"; ${ways}`)
  expect(read.sql).toEqual(['1', '2', '3'])
  expect(read.doubts).not.toEqual([])
})

test('reads constants, methods and other classes of the file', async () => {
  const members = `private const string Q = "q"; private static string Name(string t, string end = "!") => Q + t + end;
  private void Go(MigrationBuilder b, string t) { b.Sql(Name(t)); }`
  const before = 'internal static class Texts { public const string A = "a"; public static string B => "b"; }'
  expect(await up('Go(m, "x"); this.Go(m, "y"); m.Sql(Texts.A); m.Sql(Name("z", end: "?"));', members, before)).toEqual(
    {
      sql: ['qx!', 'qy!', 'a', 'qz?'],
      unread: [],
      doubts: [],
    },
  )
})

test('both ways of an unknown condition are read', async () => {
  const read = await up('if (Environment.GetEnvironmentVariable("X") != null) { m.Sql("a"); return; } m.Sql("b");')
  expect(read.sql).toEqual(['a', 'b'])
  expect(read.doubts.map(each => each.slice(each.lastIndexOf(': ') + 2)).at(-1)).toBe(
    'it decides whether the rest runs',
  )
  expect(read.doubts).toHaveLength(2)
})

test('a class of another file is not read where the builder is given to it', async () => {
  const read = await up('Seeds.Run(m); m.Sql("a"); m.Sql(Seeds.Text);')
  expect(read.sql).toEqual(['a'])
  expect(read.unread).toHaveLength(2)
  expect(read.unread[0]).toBe('Seeds.Run(m): `Seeds.Run`: it comes from another file')
})

test.each<[string, string]>([
  ['deep parentheses', `m.Sql(${'('.repeat(3000)}"a"${')'.repeat(3000)});`],
  ['a long sum', `m.Sql(${'"a" + '.repeat(3000)}"b");`],
  ['an endless loop', 'while (true) { var x = 1; }'],
  ['a function that calls itself', 'void F() { F(); m.Sql("a"); } F();'],
  ['what is broken', 'm.Sql("a"'],
])('says what it does not read, or reads it: %s', async (_, body) => {
  const read = await up(body)
  expect(read.sql.length + read.unread.length).toBeGreaterThan(0)
})
