import { expect, test } from 'vitest'
import { functionOf, host, sends } from '../../src/code/host.ts'
import type { ProgramReader } from '../../src/code/reader.ts'
import { textAt } from '../../src/code/text.ts'
import { known } from '../../src/code/value.ts'
import { sent } from './kit/sent.ts'

/** A tool that calls the function `upgrade`, and has `op.execute`. */
const tool: ProgramReader = {
  helpersReach: true,
  modules: run =>
    new Map([
      [
        'tool',
        host('tool', {
          op: host('op', {
            execute: sends(run, 'op.execute'),
            block: functionOf('op.block', ({ at }) => ({
              kind: 'host',
              name: 'a block',
              within: body => run.inWay({ apart: true }, () => body(known(1, at))),
            })),
          }),
        }),
      ],
    ]),
  start: ({ names }, run, direction) => {
    const found = names.get(direction === 'up' ? 'upgrade' : 'downgrade')
    if (found?.kind !== 'callable') return 'there is no function `upgrade` in it'
    run.invoke(found, [], found.at)
    return null
  },
}

async function upgrade(body: string, before = ''): Promise<Awaited<ReturnType<typeof sent>>> {
  const lines = body.split('\n').map(line => `    ${line}\n`)
  return sent(tool, `from tool import op\n${before}\ndef upgrade():\n${lines.join('')}`, 'up', '1.py')
}

test.each<[string, string, string[]]>([
  ['texts one after another', `op.execute("a" 'b'\n  """c""")`, ['abc']],
  ['sums', `x = "b"\nop.execute("a" + x + "c")`, ['abc']],
  ['f-strings', `x = 3\nop.execute(f"a {x} {'b'} {{c}}")`, ['a 3 b {c}']],
  ['%', `op.execute("a %s %s %%" % ("x", 1))`, ['a x 1 %']],
  ['% by name', `op.execute("a %(x)s" % {"x": "y"})`, ['a y']],
  ['format', `op.execute("a {} {1} {n}".format("x", "y", n=None))`, ['a x y None']],
  ['join', `op.execute(", ".join(["a", "b"]))`, ['a, b']],
  ['a list', `for t in ["a", "b"]:\n    op.execute(f"drop {t}")`, ['drop a', 'drop b']],
  ['items of another list', `x = {"a": ["a", "b"]}\nop.execute("".join([*x["a"], *"c d".split()]))`, ['abcd']],
  ['pairs', `for t, c in (("a", 1), ("b", 2)):\n    op.execute("x " + t + str(c))`, ['x a1', 'x b2']],
  ['items', `for t, c in {"a": 1}.items():\n    op.execute(t + str(c))`, ['a1']],
  ['range', `for i in range(2):\n    if i == 1: continue\n    op.execute(f"x{i}")`, ['x0']],
  ['a comprehension', `op.execute(" ".join([x.upper() for x in ["a", "b", "c"] if x != "b"]))`, ['A C']],
  ['a record by a comprehension', `d = {k: v for k, v in [("a", "b")]}\nop.execute(d["a"])`, ['b']],
  ['a list that grows', `x = []\nfor t in ["a", "b"]:\n    x.append(t)\nop.execute(",".join(x))`, ['a,b']],
  [
    'a condition that is known',
    `x = 1\nif x > 1 or not x:\n    op.execute("a")\nelif x in (1, 2):\n    op.execute("b")\nelse:\n    op.execute("c")`,
    ['b'],
  ],
  ['a lambda', `f = lambda x, y="b": x + y\nop.execute(f("a"))`, ['ab']],
  ['raise', `op.execute("a")\nraise Exception("no")\nop.execute("b")`, ['a']],
  ['while', `i = 0\nwhile i < 2:\n    op.execute(str(i))\n    i += 1`, ['0', '1']],
  ['with', `with op.block() as x:\n    op.execute(f"a{x}")`, ['a1']],
  ['an escape', String.raw`op.execute("a\tb\x41\u0042 \d")`, ['a\tbAB \\d']],
])('reads %s', async (_, body, sql) => {
  expect(await upgrade(body)).toEqual({ sql, unread: [], doubts: [] })
})

test('reads functions of the file, with arguments by place and by name', async () => {
  const before = 'def helper(a, b="x", *rest, c, **more):\n    op.execute(f"{a}{b}{c}")\n    return "y"\n'
  expect(await upgrade('op.execute(helper("1", c="3"))\nhelper("1", "2", "z", c="3", d=4)', before)).toEqual({
    sql: ['1x3', 'y', '123'],
    unread: [],
    doubts: [],
  })
})

test('reads classes of the file', async () => {
  const before =
    'class A:\n    t = "t"\n    def __init__(self, n):\n        self.n = n\n    def go(self):\n        op.execute(f"{self.t} {self.n}")\n'
  expect((await upgrade('A("n").go()', before)).sql).toEqual(['t n'])
})

test('both branches of an unknown condition are read, and the code after one that returns', async () => {
  const read = await upgrade('import os\nif os.environ.get("X"):\n    op.execute("a")\n    return\nop.execute("b")')
  expect(read.sql).toEqual(['a', 'b'])
  expect(read.doubts).not.toEqual([])
})

test('a branch that raises ends the migration', async () => {
  const read = await upgrade('import os\nif os.environ.get("X"):\n    raise Exception()\nop.execute("b")')
  expect(read).toEqual({ sql: ['b'], unread: [], doubts: [] })
})

test('functions of other files are not read, and say so', async () => {
  const read = await upgrade('helper("x")\nop.execute("b")', 'from app.helpers import helper')
  expect(read).toEqual({ sql: ['b'], unread: ['helper("x"): `helper`: it comes from another file'], doubts: [] })
})

test('names from `import *` belong to the other file', async () => {
  const read = await upgrade('helper("x")\nop.execute("b")', 'from app.helpers import *')
  expect(read).toEqual({
    sql: ['b'],
    unread: ['helper("x"): `app.helpers.helper`: it comes from another file'],
    doubts: [],
  })
  expect((await sent(tool, 'from tool import *\ndef upgrade():\n  op.execute("a")\n', 'up', '1.py')).sql).toEqual(['a'])
})

test('a member of the tool that is not read is reported', async () => {
  const read = await upgrade('op.create_table("x")\nx = op.get_bind()\nx.execute("y")')
  expect(read.sql).toEqual([])
  expect(read.unread[0]).toBe('op.create_table("x"): `create_table` of op is not read yet')
})

test('a name has the value of one of the branches that may have run', async () => {
  const read = await upgrade('import os\nx = "a"\nif os.name:\n    x = "b"\nop.execute(x)')
  expect(read.sql).toEqual([])
  expect(read.unread).toHaveLength(1)
})

test.each([
  ['recursion', 'upgrade()'],
  ['an endless loop', 'while True:\n    x = 1'],
  ['deep nesting', `x = ${'('.repeat(3000)}1${')'.repeat(3000)}`],
  ['a long sum', `x = ${Array.from({ length: 5000 }, () => '"a"').join(' + ')}`],
  ['text that grows', 'x = "a"\nfor i in range(100):\n    x = x + x\nop.execute(x)'],
])('%s ends', async (_, body) => {
  await upgrade(body)
})

test('operators on objects of the tool are their methods', async () => {
  const made = (text: string): ReturnType<typeof host> =>
    host(text, {
      text: textAt(text, [0, 0]),
      __or__: functionOf('|', ({ args: [other] }) => made(`${text}|${other?.kind === 'host' ? other.name : '?'}`)),
      __invert__: functionOf('~', () => made(`~${text}`)),
    })
  const q: ProgramReader = {
    ...tool,
    anyModule: () => name => (name === 'q' ? host('q', { a: made('a'), b: made('b') }) : undefined),
  }
  const text = 'from q import a, b\nfrom tool import op\ndef upgrade():\n  op.execute((a | ~b).text)\n'
  expect((await sent(q, text, 'up', '1.py')).sql).toEqual(['a|~b'])
})

test('a recursive function is read a few times, and reported if it sends something', async () => {
  const pure = 'def deep(x):\n    if x == 1:\n        return [deep(i) for i in x]\n    return deep(x["a"])\n'
  expect((await upgrade('deep(unheard)\nop.execute("a")', pure)).unread).toEqual([])
  const sending = 'def deep(x):\n    if x:\n        op.execute("b")\n        deep(x)\n'
  const read = await upgrade('import os\ndeep(os.name)\nop.execute("a")', sending)
  expect(read.unread).toEqual(['deep(os.name): it calls itself'])
  expect(read.sql.at(-1)).toBe('a')
})

test('a loop that may be left in its first round is read once, and the code after it runs', async () => {
  const body =
    'import os\nn = 0\nwhile True:\n    if os.name:\n        break\n    op.execute(f"x{n}")\n    n += 1\nop.execute("b")'
  const read = await upgrade(body)
  expect(read.sql).toEqual(['x0', 'b'])
  expect(read.doubts).toEqual(['os.name: it decides whether the rest runs'])
})

test('an instance of a class of another file is unknown, and its calls are unread', async () => {
  const read = await upgrade('x = Helper("a")\nop.execute("b")\nx.run()', 'from app import Helper')
  expect(read.sql).toEqual(['b'])
  expect(read.unread).toEqual(['x.run(): `Helper.run`: it comes from another file'])
})
