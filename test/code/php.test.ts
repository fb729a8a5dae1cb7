import { expect, test } from 'vitest'
import { functionOf, host, sends } from '../../src/code/host.ts'
import type { ProgramReader } from '../../src/code/reader.ts'
import { known } from '../../src/code/value.ts'
import { sent } from './kit/sent.ts'

/** A tool that calls `up` of what a file returns, or of its class, and has `DB::send`. */
const tool: ProgramReader = {
  helpersReach: true,
  globals: run => new Map([['DB', host('DB', { send: sends(run, 'DB::send') })]]),
  modules: run =>
    new Map([
      ['Tool\\DB', host('DB', { send: sends(run, 'DB::send') })],
      ['Tool\\Migration', host('Migration', {})],
      ['Tool\\One', functionOf('One', ({ at }) => known(1, at))],
    ]),
  start: ({ returned, classes, instance }, run, direction) => {
    const made = returned ?? (classes[0] ? instance(classes[0]) : null)
    const found = made?.kind === 'record' ? made.entries.get(direction) : undefined
    if (found?.kind !== 'callable') return 'it has no `up`'
    run.invoke(found, [], found.at)
    return null
  },
}

async function up(body: string, inClass = '', before = ''): Promise<Awaited<ReturnType<typeof sent>>> {
  const text = `<?php\n${before}\nreturn new class extends Migration {\n${inClass}\npublic function up(): void {\n${body}\n}\n};\n`
  return sent(tool, text, 'up', '1.php')
}

test.each<[string, string, string[]]>([
  [
    'plain strings',
    String.raw`DB::send('it''s'); DB::send('a\'b\\c\n');`.replace("'it''s'", "'its'"),
    ['its', "a'b\\c\\n"],
  ],
  [
    'strings with values',
    `$x = 'b'; $m = ['k' => 'v', 2 => 'w']; DB::send("a $x {$m['k']} $m[k] $m[2] \${x}!");`,
    ['a b v v w b!'],
  ],
  ['escapes', String.raw`DB::send("a\tb\x41\u{1F600}\$x\"\101 \d");`, ['a\tbA😀$x"A \\d']],
  ['texts one after another', `$x = 'b'; $x .= 'c'; DB::send('a' . $x . 1 . true . null);`, ['abc11']],
  ['a heredoc', `$t = 'x';\nDB::send(<<<SQL\n    A $t\n      B\\t"q"\n\n    C\n    SQL);`, ['A x\n  B\t"q"\n\nC']],
  ['a nowdoc', `DB::send(<<<'SQL'\nA $t \\t\n  B\nSQL\n);`, ['A $t \\t\n  B']],
  ['a loop over a list', `foreach (['a', 'b'] as $i => $t) { DB::send("drop $t$i"); }`, ['drop a0', 'drop b1']],
  ['a loop over names', `foreach (['a' => 1, 'b' => 2] as $t => $n): DB::send($t . $n); endforeach;`, ['a1', 'b2']],
  ['pairs', `foreach ([['a', 1], ['b', 2]] as [$t, $n]) DB::send($t . $n);`, ['a1', 'b2']],
  ['for', `for ($i = 0; $i < 4; $i++) { if ($i === 1) continue; if ($i > 2) break; DB::send("x$i"); }`, ['x0', 'x2']],
  ['while', `$i = 0; while ($i < 2) { DB::send('x' . $i); $i += 1; }`, ['x0', 'x1']],
  ['do', `$i = 5; do { DB::send("x$i"); } while ($i < 2);`, ['x5']],
  [
    'conditions',
    `$x = 1; if ($x > 1 || ! $x) { DB::send('a'); } elseif ($x == 1) DB::send('b'); else { DB::send('c'); }`,
    ['b'],
  ],
  ['choices', `$x = ['a' => null]; DB::send(($x['a'] ?? 'n') . ($x ? 'y' : 'z') . ('' ?: 'e'));`, ['nye']],
  ['match', `$x = 'b'; DB::send(match ($x) { 'a', 'b' => 'one', default => 'two' });`, ['one']],
  [
    'switch',
    `switch ('b') { case 'a': DB::send('a'); break; case 'b': case 'c': DB::send('b'); break; default: DB::send('c'); }`,
    ['b'],
  ],
  [
    'closures',
    `$x = 'a'; $f = function ($y) use ($x) { DB::send($x . $y); }; $f('b'); $g = fn ($y) => $x . $y; DB::send($g('c'));`,
    ['ab', 'ac'],
  ],
  [
    'functions of texts and lists',
    `DB::send(strtoupper('a') . implode(', ', array_map(fn ($x) => "$x!", ['b', 'c'])) . str_replace('x', 'y', 'xz'));`,
    ['Ab!, c!yz'],
  ],
  ['sprintf', `DB::send(sprintf('%s %2$s %% %d', 'a', 'b'));`, ['a b % b']],
  [
    'a list that grows',
    `$x = []; foreach (['a', 'b'] as $t) { $x[] = $t; } DB::send(implode(',', $x) . count($x));`,
    ['a,b2'],
  ],
  ['spread lists', `$x = ['b', 'c']; DB::send(implode(',', ['a', ...$x]));`, ['a,b,c']],
  [
    'isset, empty and in_array',
    `$x = ['a' => 1]; if (isset($x['a']) && ! isset($x['b']) && empty([]) && in_array('q', ['q'], true)) DB::send('y');`,
    ['y'],
  ],
  ['what throws', `DB::send('a'); throw new \\Exception('no'); DB::send('b');`, ['a']],
  ['try', `try { DB::send('a'); } finally { DB::send('b'); }`, ['a', 'b']],
  ['casts', `DB::send((string) 1 . (int) 2);`, ['12']],
])('reads %s', async (_, body, sql) => {
  expect(await up(body)).toEqual({ sql, unread: [], doubts: [] })
})

test('reads methods, properties and constants of the class', async () => {
  const inClass = `use Helps;
    private const T = 'a', U = self::T . 'b';
    protected string $name = 'n';
    private static $all = ['x'];
    public function __construct() { $this->made = 'm'; }
    private function send(string $what, ?string $more = 'd', string ...$rest): string { DB::send($what . $more); return 'r'; }
    private static function other() { return 's'; }`
  const body = `DB::send($this->send(what: self::U) . $this->name . static::$all[0] . $this->made . self::other());
    DB::send(\\App\\Models\\User::class);`
  expect(await up(body, inClass)).toEqual({
    sql: ['abd', 'rnxms', 'App\\Models\\User'],
    unread: [],
    doubts: [],
  })
})

test('knows imports by their names, and classes that are named', async () => {
  const text = `<?php
namespace App;
use Tool\\{DB as D, Migration};
use Tool\\One;
class A extends Migration { public function up() { D::send('x' . new One); \\Tool\\DB::send('y'); } }`
  expect(await sent(tool, text, 'up', '1.php')).toEqual({ sql: ['x1', 'y'], unread: [], doubts: [] })
})

test('unknown parts are reported at their places', async () => {
  const { sql, unread, doubts } = await up(
    `DB::send("drop " . config('x')); DB::send('drop "' . $nobody . '"'); User::query()->delete(); helper(1);
    if (other()) { DB::send('a'); return; } DB::send('b'); require 'x.php';`,
  )
  expect(sql).toEqual([`drop "\${nobody}"`, 'a', 'b'])
  expect(unread).toEqual([
    "config('x'): `config`: it comes from another file",
    '$nobody: it gets no value in this file',
    'User::query(): `User.query`: it comes from another file',
    'helper(1): `helper`: it comes from another file',
    'other(): `other`: it comes from another file',
    "require 'x.php': `require`: it comes from another file",
  ])
  expect(doubts.length).toBeGreaterThan(0)
})

test('both branches of a switch with fall-through are read as conditional', async () => {
  const { sql, doubts } = await up(`switch ('a') { case 'a': DB::send('a'); case 'b': DB::send('b'); }`)
  expect(sql).toEqual(['a', 'b'])
  expect(doubts).toHaveLength(1)
})

test.each([
  ['deep nesting', `${'['.repeat(3000)}1${']'.repeat(3000)};`],
  ['deep nesting of calls', `${'f('.repeat(3000)}${')'.repeat(3000)};`],
  ['a long sum', `DB::send('a'${" . 'a'".repeat(20_000)});`],
  ['what is broken', "DB::send('a' $$ ( ; } } class {"],
  ['no end', 'while (true) { $x = 1; }'],
  ['itself', '$f = function () use (&$f) { $f(); }; $f();'],
])('survives %s', async (_, body) => {
  const read = await up(body).catch((error: Error) => error.message)
  expect(read).toBeDefined()
})
