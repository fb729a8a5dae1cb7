import type { Corpus } from '../corpus.ts'
import type { Random } from '../random.ts'
import { mutated } from './mutate.ts'
import type { Files } from './project.ts'
import { oddName } from './words.ts'

/** Migrations that are programs or changelogs, with accidents and attacks in them. */

/** The end of the name of a file in a language that is read. */
export const ofPrograms = /\.(rb|py|php|cs|exs|js|ts|go|java|xml|ya?ml)$/

/** Lines that are hard to evaluate, by the language. `§` is a size. */
const attacks: Readonly<Record<string, readonly string[]>> = {
  rb: [
    'x = [1]; x << x; execute x.to_s',
    'x = [1, 2]; §.times { x = x + x }; foo(x)',
    "x = 'SELECT 1'; §.times { x << x }; execute x",
    '(1..§).each { |i| execute "SELECT #{i}" }',
    'def again(x) = again([x, x]); again(1)',
    'add_column :a, :b, :jsonb, default: {a: {b: [1] * §}}',
    "execute 'a' * §",
    'execute ("%s" * §) % ([1] * §)',
    'while foo do execute bar end',
  ],
  py: [
    'x = [1]; x.append(x); op.execute(str(x))',
    'x = [1, 2]\nfor i in range(§): x = x + x\nfoo(x)',
    "x = 'a'\nfor i in range(§): x += x\nop.execute(x)",
    "op.execute('a' * §)",
    'op.add_column("a", sa.Column("b", sa.ARRAY(sa.Integer(), dimensions=-§)))',
    'op.add_column("a", sa.Column("b", sa.String(-§), server_default=sa.text(foo)))',
    'def again(x): return again([x, x])\nagain(1)',
    'a, *b = c = [*range(§)]',
    'while foo(): op.execute(bar)',
  ],
  php: [
    '$x = [1]; $x[] = $x; DB::statement($x);',
    '$x = [1, 2]; for ($i = 0; $i < §; $i++) { $x = array_merge($x, $x); } foo($x);',
    "DB::statement(str_repeat('a', §));",
    '$x = "a"; for ($i = 0; $i < §; $i++) { $x .= $x; } DB::statement($x);',
    'Schema::table("a", function ($t) { $t->decimal("b", -§, §)->default([§]); });',
    'foreach (range(1, §) as $i) { DB::statement("SELECT $i"); }',
  ],
  cs: [
    'var x = new List<object>(); x.Add(x); migrationBuilder.Sql(x);',
    'migrationBuilder.AddColumn<int[]>(name: "a", table: "b", defaultValue: new[] { §, -§ });',
    'for (var i = 0; i < §; i++) migrationBuilder.Sql("SELECT 1" + i);',
    'migrationBuilder.InsertData("a", "b", new object[,] { { §, null } });',
  ],
  exs: [
    'Enum.each(1..§, fn i -> execute("SELECT #{i}") end)',
    'x = [1]; x = Enum.concat(x, x); foo(x)',
    'alter table(:a) do add :b, :decimal, precision: -§, scale: § end',
    'def again(x), do: again([x, x])',
    'for i <- 1..§, do: execute("SELECT 1")',
  ],
  js: [
    'const x = []; x.push(x); await knex.raw("" + x)',
    'let y = [1, 2]; for (let i = 0; i < §; i++) y = [...y, ...y]; foo(y)',
    'await knex.raw("".repeat(§))',
    'await knex.raw("a".repeat(§).replaceAll("a", "b"))',
    'const z = {}; z.a = z; z.b = z; await queryInterface.bulkInsert("a", [z]); JSON.stringify(z)',
    'await knex.schema.createTable("a", t => { t.decimal("b", -§, §).defaultTo({ a: [§] }); t["constructor"]("__proto__") })',
    'pgm.createTable("a", { __proto__: { type: "int" }, constructor: "toString" })',
    'function again(x) { again([x, x]); again(x) } again(1)',
  ],
  go: ['x := []any{1}\nfor i := 0; i < §; i++ { x = append(x, x...) }\nfoo(x)', 'tx.Exec(fmt.Sprintf("%s", §))'],
  java: ['for (int i = 0; i < §; i++) s.execute("SELECT " + i);', 's.execute("%s".formatted(§));'],
  xml: [
    '<addColumn tableName="a"><column name="b" type="varchar(-§)" defaultValue="§"/></addColumn>',
    '<include file="changelog.xml"/><includeAll path="."/>',
    `<property name="a" value="$\{a}$\{a}"/><sql>$\{a}</sql>`,
    '<!ENTITY a "&a;&a;">&a;',
    `<createTable tableName="constructor"><column name="__proto__" type="$\{type}"/></createTable>`,
  ],
}

const also: Readonly<Record<string, string>> = { ts: 'js', yml: 'yaml' }

const languageOf = (path: string) => {
  const end = ofPrograms.exec(path)?.[1] ?? ''
  return also[end] ?? end
}

const brackets: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['f(', ')'],
  ['"#{', '}"'],
  ['`${', '}`'],
  ['!', ''],
  ['- ', ''],
  ['not ', ''],
  ['<a>', '</a>'],
  ['if (x) { ', ' }'],
  ['x ? ', ' : y'],
]

const joints = [' + ', ' && ', ' || ', '.', ' <> ', ' |> ', ' == ', ' ?? ', ', ', ' << ', '.a().', ' and ', ' if ']

type Change = (random: Random, text: string, others: readonly string[], language: string) => string

const cut = (random: Random, text: string): readonly [string, string] => {
  const places = [...text.matchAll(/\b/g)].map(({ index }) => index)
  const at = places.length === 0 ? 0 : random.pick(places)
  return [text.slice(0, at), text.slice(at)]
}

const changes: readonly Change[] = [
  mutated,
  (random, text) => cut(random, text)[0],
  // Lines of another program.
  (random, text, others) => {
    const [own, theirs] = [text.split('\n'), random.pick(others).split('\n')]
    const from = random.between(0, Math.max(0, theirs.length - 1))
    const taken = theirs.slice(from, from + random.between(1, 12))
    own.splice(random.between(0, own.length), random.between(0, 3), ...taken)
    return own.join('\n')
  },
  // Half of it and half of another one.
  (random, text, others) => cut(random, text)[0] + cut(random, random.pick(others))[1],
  (random, text) => {
    const [before, after] = cut(random, text)
    const [open, close] = random.pick(brackets)
    const word = /^\w*/.exec(after)?.[0] ?? ''
    const depth = random.size(12, 20_000)
    return (
      before +
      open.repeat(depth) +
      word +
      close.repeat(random.chance(80) ? depth : depth - 1) +
      after.slice(word.length)
    )
  },
  (random, text) => {
    const [before, after] = cut(random, text)
    const word = /^\w*/.exec(after)?.[0] ?? ''
    return before + `${word}${random.pick(joints)}`.repeat(random.size(12, 5000)) + after
  },
  (random, text) => {
    const rows = text.split('\n')
    const at = random.between(0, rows.length - 1)
    rows.splice(at, 0, ...Array.from({ length: random.size(5, 500) }, () => rows[at] ?? ''))
    return rows.join('\n')
  },
  // A name, wherever it stands.
  (random, text) => {
    const words = text.match(/[a-z]\w+/gi) ?? []
    if (words.length === 0) return text
    const to = random.chance(50)
      ? random.pick(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'self', 'this', 'change', 'up'])
      : oddName(random)
    return text.replaceAll(random.pick(words), () => to)
  },
  (random, text, _, language) => {
    const all = attacks[language]
    if (!all) return mutated(random, text)
    const rows = text.split('\n')
    const sizes = ['0', '1', '3', '60', '1000', '100000', '1000000000', '1e30']
    const row = random.between(0, rows.length)
    const indent = /^\s*/.exec(rows[row] ?? '')?.[0] ?? ''
    const attack = random.pick(all).replaceAll('§', () => random.pick(sizes))
    rows.splice(row, 0, ...attack.split('\n').map(line => indent + line))
    return rows.join('\n')
  },
]

/** A project whose migrations are programs, some of which are changed. */
export function programs(random: Random, { projects, programs: texts }: Corpus): Files {
  const inCode = projects.filter(({ files }) => files.some(([path]) => ofPrograms.test(path)))
  const files: Files = new Map(random.pick(inCode).files)
  const paths = [...files.keys()].filter(path => ofPrograms.test(path))
  for (const path of random.some(1, 2, () => random.pick(paths))) {
    const language = languageOf(path)
    const others = texts.filter(program => languageOf(program.path) === language).map(({ text }) => text)
    let text = random.chance(60) || others.length === 0 ? String(files.get(path)) : random.pick(others)
    for (let left = random.between(1, 3); left > 0; left--)
      text = random
        .pick(changes)(random, text, others.length > 0 ? others : [text], language)
        .slice(0, 200_000)
    files.set(path, text)
  }
  return files
}
