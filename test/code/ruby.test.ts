import { expect, test } from 'vitest'
import { functionOf, host, sends } from '../../src/code/host.ts'
import type { ProgramReader } from '../../src/code/reader.ts'
import type { Run } from '../../src/code/run.ts'
import type { Entries, Host, Value } from '../../src/code/value.ts'
import { nothing } from '../../src/code/value.ts'
import { sent } from './kit/sent.ts'

/** A tool that runs `up` or `down` of a class that extends `Tool`, which has `execute`, `options` and `block`. */
const tool: ProgramReader = {
  helpersReach: true,
  globals: run => new Map([['Tool', base(run)]]),
  start: ({ classes, instance }, run, direction) => {
    const found = classes.find(({ bases }) => bases?.some(each => each.kind === 'host' && each.name === 'Tool'))
    const self: Entries | null = found ? instance(found, base(run)) : null
    const method = self?.entries.get(direction)
    if (!self || !method) return 'there is no class in it'
    run.invoke(method, [], found?.at ?? [0, 0], self)
    return null
  },
}

function base(run: Run): Host {
  return host('Tool', {
    execute: sends(run, 'execute'),
    options: functionOf('options', ({ named, args, at }) => {
      const text: Value = { kind: 'text', pieces: [] }
      const names = [...(named ?? [])].map(
        ([name, value]) => `${name}=${value.kind === 'plain' ? value.value : value.kind}`,
      )
      run.send({ ...text, pieces: [{ text: [args.length, ...names].join(' '), at, isVerbatim: false }] }, { at })
      return nothing(at)
    }),
    block: functionOf('block', ({ block, at }) =>
      block ? run.invoke(block, [host('given', { send: sends(run, 'send') })], at) : nothing(at),
    ),
  })
}

async function up(body: string, before = ''): Promise<Awaited<ReturnType<typeof sent>>> {
  const lines = body.split('\n').map(line => `    ${line}\n`)
  return sent(tool, `class A < Tool\n${before}\n  def up\n${lines.join('')}  end\nend\n`, 'up', '1.rb')
}

test.each<[string, string, string[]]>([
  ['texts one after another', `execute "a" 'b' \\\n  "c"`, ['abc']],
  ['sums', `x = "b"\nexecute "a" + x + 'c'`, ['abc']],
  ['what is put into a text', `x = 3\nexecute "a #{x} #{'b'}#{nil} \\#{c}"`, ['a 3 b #{c}']],
  ['a format', `execute("a %s %d %%" % ["x", 1])\nexecute format("%{a} %<b>s", a: "x", b: 2)`, ['a x 1 %', 'x 2']],
  ['join', `execute %w[a b].join(", ")`, ['a, b']],
  ['each', `%i[a b].each { |t| execute "drop #{t}" }`, ['drop a', 'drop b']],
  [
    'each by a name',
    `['a', "b"].each(&method(:x)) if false\n['a', 'b'].map(&:upcase).each do |t| execute t end`,
    ['A', 'B'],
  ],
  ['pairs', `[["a", 1], ["b", 2]].each do |t, c|\n  execute "x " + t + c.to_s\nend`, ['x a1', 'x b2']],
  ['pairs with an index', `[["a", 1]].each_with_index { |(t, c), i| execute "#{t}#{c}#{i}" }`, ['a10']],
  ['a record', `{ a: 1, 'b' => 2 }.each { |k, v| execute "#{k}#{v}" }`, ['a1', 'b2']],
  ['times', `3.times { |i| next if i == 1\nexecute "x#{i}" }`, ['x0', 'x2']],
  ['a range', `(1..2).each { execute "x#{it}" }\n(1...2).each { execute "y#{_1}" }`, ['x1', 'x2', 'y1']],
  ['break', `[1, 2, 3].each { |i| break if i == 2\nexecute "x#{i}" }\nexecute "y"`, ['x1', 'y']],
  ['return out of a block', `[1].each { |i| return }\nexecute "y"`, []],
  ['return out of a lambda', `f = -> { return "x" }\nexecute f.call\nexecute f.()`, ['x', 'x']],
  ['a text that grows', `x = +"a"\nx << "b"\nx += "c"\nexecute x`, ['abc']],
  ['a list that grows', `x = []\n%w[a b].each { |t| x << t }\nexecute x.join(",")`, ['a,b']],
  ['a condition behind', `execute "a" if 1 > 2\nexecute "b" unless nil\nexecute "c" if 0`, ['b', 'c']],
  ['case', `x = :b\ncase x\nwhen :a then execute "1"\nwhen "c", :b\n  execute "2"\nelse execute "3"\nend`, ['2']],
  ['a value of if', `x = if false then "a" elsif true then "b" else "c" end\nexecute x`, ['b']],
  ['one of two', `x = nil\nexecute x || "a"\nx ||= "b"\nexecute x\nexecute(x ? "c" : "d")`, ['a', 'b', 'c']],
  ['several at once', `a, (b, *c), @d = "1", ["2", "3", "4"], "5"\nexecute a + b + c.join + @d`, ['12345']],
  ['a variable of the instance', `@a ||= "x"\nexecute @a`, ['x']],
  ['until', `i = 0\nuntil i == 2\n  execute i.to_s\n  i += 1\nend`, ['0', '1']],
  ['loop', `loop do\n  execute "a"\n  break\nend`, ['a']],
  ['begin', `begin\n  execute "a"\nensure\n  execute "b"\nend`, ['a', 'b']],
  ['raise', `execute "a"\nraise "no"\nexecute "b"`, ['a']],
  ['escapes', String.raw`execute "a\tb\u0041\u{42 43}\x44\s\q"`, ['a\tbABCD q']],
  ['single quotes', String.raw`execute 'a\'b\\c\n'`, [String.raw`a'b\c\n`]],
  ['other marks', `execute %q(a 'b' "c")\nexecute %Q[a #{1}]\nexecute %(b)`, [`a 'b' "c"`, 'a 1', 'b']],
  ['squish', `execute "  a\n   b ".squish`, ['a b']],
])('reads %s', async (_, body, sql) => {
  expect(await up(body)).toEqual({ sql, unread: [], doubts: [] })
})

test.each<[string, string, string]>([
  ['<<~', 'execute <<~SQL\n  a\n    b #{1 + 1}\n\n  c\nSQL', 'a\n  b 2\n\nc\n'],
  ['<<~ that begins with what is put into it', 'execute <<~SQL\n  #{1}\n    b\nSQL', '1\n  b\n'],
  ['<<-', 'execute <<-SQL\n  a\n    SQL', '      a\n'],
  ['quotes', "execute <<~'SQL'\n  a #{b} \\n\nSQL", 'a #{b} \\n\n'],
  ['a method of it', 'execute(<<~SQL.squish)\n  a\n  b\nSQL', 'a b'],
  ['two of them', 'execute <<~A + <<~B\n  a\nA\n  b\nB', 'a\nb\n'],
])('reads a document with %s', async (_, body, sql) => {
  expect(await up(body)).toEqual({ sql: [sql], unread: [], doubts: [] })
})

test('options are named, whether they are written in braces, spread out, or not', async () => {
  expect((await up('options :a, b: 1, :c => 2, "d": 3')).sql).toEqual(['1 b=1 c=2 d=3'])
  expect((await up('o = { b: 1 }\noptions :a, **o, c: 2')).sql).toEqual(['1 b=1 c=2'])
})

test('reads methods of the file, with arguments by place and by name, a block, and a record at the end', async () => {
  const before =
    '  T = %w[t].freeze\n' +
    '  def helper(a, b = "x", *rest, c:, **more, &block)\n    execute "#{a}#{b}#{c}"\n    block&.call(T.first)\n    yield "z"\n    "y"\n  end\n' +
    '  def options_of(a, options = {})\n    execute "#{a}#{options[:b]}"\n  end\n' +
    '  def self.of_class = execute("s")\n'
  const read = await up(
    'execute helper("1", c: "3") { |t| execute t }\nself.options_of(1, b: 2)\noptions_of 1, { b: 3 }\nself.class.of_class if false',
    before,
  )
  expect(read).toEqual({ sql: ['1x3', 't', 'z', 'y', '12', '13'], unread: [], doubts: [] })
})

test('a block gets what the tool gives to it', async () => {
  expect(await up('block do |t|\n  t.send "a"\nend\nblock { |x| x&.send("b") }')).toEqual({
    sql: ['a', 'b'],
    unread: [],
    doubts: [],
  })
})

test('both branches of an unknown condition are read, and the code after one that returns', async () => {
  const read = await up('if ENV["X"]\n  execute "a"\n  return\nend\nexecute "b"')
  expect(read.sql).toEqual(['a', 'b'])
  expect(read.doubts).not.toEqual([])
  const inBlock = await up('block { return if ENV["X"] }\nexecute "b"')
  expect(inBlock.sql).toEqual(['b'])
  expect(inBlock.doubts).toHaveLength(1)
})

test('a name that is assigned under a condition is unknown afterwards', async () => {
  const read = await up('x = "a" if ENV["X"]\nexecute x')
  expect(read.sql).toEqual([])
  expect(read.unread).toHaveLength(1)
})

test('code of the application and methods of other files are not read, and say so', async () => {
  const read = await up('User.update_all(a: 1)\nhelper :x\nUser.find_each { |user| execute "a" }\nother\nexecute "b"')
  expect(read.sql).toEqual(['a', 'b'])
  expect(read.unread).toEqual([
    'User.update_all(a: 1): `User.update_all`: it runs code of the application',
    'helper :x: `helper`: it is not defined in this file',
    'User.find_each { |user| execute "a" }: `User.find_each`: it runs code of the application',
    'other: `other`: it is not defined in this file',
  ])
})

test('code that reaches no database is not reported', async () => {
  expect(await up('puts "a"\nTime.now\nx = Rails.env.production?\nrequire "y"\n3.days')).toEqual({
    sql: [],
    unread: [],
    doubts: [],
  })
})

test.each([
  ['recursion', 'up'],
  ['an endless loop', 'loop { x = 1 }'],
  ['an endless while', 'while true\n  x = 1\nend'],
  ['deep nesting', `x = ${'('.repeat(3000)}1${')'.repeat(3000)}`],
  ['a long sum', `x = ${Array.from({ length: 5000 }, () => '"a"').join(' + ')}`],
  ['a long chain', `x = "a"${'.strip'.repeat(5000)}`],
  ['text that grows', 'x = "a"\n100.times { x = x + x }\nexecute x'],
  ['broken syntax', 'execute "a\nif (\n}'],
])('%s ends', async (_, body) => {
  await up(body)
})
