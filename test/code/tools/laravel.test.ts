import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { laravelCalls } from '../../../src/systems/laravel/calls.ts'
import { modelsOf } from '../../../src/systems/laravel/model.ts'
import { plural } from '../../../src/systems/laravel/plural.ts'
import { type Settings, settingsIn, settingsWithout } from '../../../src/systems/laravel/settings.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'
import { sent } from '../kit/sent.ts'

const recorded = (name: string) => readFileSync(new URL(`recorded/laravel/${name}`, import.meta.url), 'utf8')
const oneSpace = (sql: string) => sql.replace(/\s+/g, ' ').trim()

const user = { table: 'people', key: 'uid', keyType: 'int', isIncrementing: true, foreignKey: 'user_uid' } as const

/** Settings of a project on a version. */
function on(major: number, minor = 999, more: Partial<Settings> = {}): Settings {
  return { ...settingsWithout, ...more, version: [major, minor] }
}

function up(code: string, settings = on(13), inClass = ''): ReturnType<typeof sent> {
  const text = `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\{DB, Schema};
return new class extends Migration { ${inClass}
public function up(): void { ${code} } };`
  return sent(laravelCalls(settings), text, 'up', '1.php')
}

function table(code: string, settings = on(13)): ReturnType<typeof sent> {
  return up(`Schema::table('t', function (Blueprint $table) { ${code} });`, settings)
}

test.each([10, 13])('the statements that a server logged of Laravel %i, one by one', async version => {
  const lines = recorded(`${version}.sql`)
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('--'))
  const model = () => ({ ...user, table: 'users', key: 'id', foreignKey: 'user_id' })
  const read = await sent(laravelCalls(on(version, 999, { model })), recorded('all.php'), 'up', '1.php')
  expect(read.sql.map(oneSpace)).toEqual(lines.map(oneSpace))
  expect(read.unread).toEqual([])
})

const logged: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = JSON.parse(
  recorded('logged.json'),
)
const runs = Object.entries(logged).flatMap(([version, files]) =>
  Object.keys(files).map((name): [string, string] => [version, name]),
)

test.each(runs)('what Laravel %s itself makes of %s', async (version, name) => {
  const read = await sent(laravelCalls(on(Number(version))), recorded(`${name}.php`), 'up', '1.php')
  const numbered = (sql: string) => {
    let count = 0
    return sql.replace(/\?/g, () => `$${++count}`)
  }
  expect(read.sql).toEqual(logged[version]?.[name]?.map(numbered))
  expect(read.unread).toEqual([])
})

test('SQL described under a condition may not be sent', async () => {
  const read = await table(`if (config('x')) { $table->string('a'); } $table->string('b');`)
  expect(read.sql).toEqual([
    'alter table "t" add column "a" varchar(255) not null',
    'alter table "t" add column "b" varchar(255) not null',
  ])
  expect(read.doubts).toEqual(["config('x'): the setting `x` is not known"])
  const asked = await up(`if (! Schema::hasTable('t')) { Schema::dropIfExists('u'); } Schema::drop('v');`)
  expect(asked.sql).toEqual(['drop table if exists "u"', 'drop table "v"'])
  expect(asked.doubts).toEqual(["! Schema::hasTable('t'): it is the database's answer"])
  const when = `Schema::whenTableHasColumn('t', 'a', fn (Blueprint $table) => $table->dropColumn('a'));`
  expect((await up(when)).doubts).toHaveLength(1)
})

test('the database is PostgreSQL', async () => {
  const read = await up(
    `if (DB::getDriverName() === 'pgsql' && DB::connection()->getDriverName() != 'mysql') { DB::statement('a'); }
    if (Schema::getConnection()->getDriverName() === 'sqlite') { DB::statement('b'); return; }
    if (config('database.default') === 'mysql') DB::statement('c');`,
  )
  expect(read).toEqual({ sql: ['a'], unread: [], doubts: [] })
})

test('raw SQL: values are sent separately, and PDO sends its text unchanged', async () => {
  const read = await up(
    `DB::statement("update t set a = ? where b = ':x' and c = :y and d = :y", [1, 2]);
    DB::select('select a::text ?? b from t where x = ?', ['z']); DB::connection()->getPdo()->exec('vacuum');
    DB::insert("insert into t values ('?')");`,
  )
  expect(read.sql).toEqual([
    "update t set a = $1 where b = ':x' and c = $2 and d = $2",
    'select a::text ? b from t where x = $1',
    'vacuum',
    "insert into t values ('?')",
  ])
})

test('a transaction in that of the migration is a savepoint', async () => {
  const code = `DB::transaction(function () { DB::statement('a'); }); DB::beginTransaction(); DB::rollBack();`
  expect((await up(code)).sql).toEqual(['SAVEPOINT trans2', 'a', 'SAVEPOINT trans2', 'ROLLBACK TO SAVEPOINT trans2'])
  expect((await up(code, on(13), 'public $withinTransaction = false;')).sql).toEqual([
    'BEGIN',
    'a',
    'COMMIT',
    'BEGIN',
    'ROLLBACK',
  ])
})

test('other connections are other databases', async () => {
  const read = await up(
    `Schema::connection('pgsql')->drop('a'); Schema::connection('mysql')->drop('b'); DB::connection('x')->statement('c');
    Schema::connection(config('y'))->drop('d');`,
  )
  expect(read.sql).toEqual(['drop table "a"', 'drop table "d"'])
  expect(read.unread).toEqual([
    "Schema::connection('mysql')->drop('b'): it is on the connection `mysql`, which is another database",
    "DB::connection('x')->statement('c'): it is on the connection `x`, which is another database",
  ])
  expect(read.doubts).toEqual(['drop: its connection is unknown'])
  await expect(up("DB::statement('a');", on(13), "protected $connection = 'logs';")).rejects.toThrow(
    'it is for the connection `logs`, which is another database',
  )
})

test('Doctrine compares changes with the table in the database, up to Laravel 10', async () => {
  const read = await table(
    `$table->string('a', 50)->change(); $table->renameColumn('b', 'c');`,
    on(10, 0, { asksDoctrine: true }),
  )
  expect(read.sql).toEqual(['alter table "t" rename column "b" to "c"'])
  expect(read.unread).toEqual([
    "$table->string('a', 50)->change(): it compares with the table in the database (doctrine/dbal)",
  ])
})

test('models decide the columns that refer to them', async () => {
  const model = (name: string) => (name === 'App\\Models\\User' ? user : null)
  const code = `$table->foreignIdFor(\\App\\Models\\User::class)->nullable()->constrained()->cascadeOnDelete();
    $table->foreignIdFor(\\App\\Models\\Other::class); $table->dropConstrainedForeignIdFor(\\App\\Models\\User::class);`
  const read = await table(code, on(13, 0, { model }))
  expect(read.sql).toEqual([
    'alter table "t" add column "user_uid" bigint null',
    'alter table "t" add constraint "t_user_uid_foreign" foreign key ("user_uid") references "people" ("uid") on delete cascade',
    'alter table "t" drop constraint "t_user_uid_foreign"',
    'alter table "t" drop column "user_uid"',
  ])
  expect(read.unread).toEqual([
    '$table->foreignIdFor(\\App\\Models\\Other::class): the model `App\\Models\\Other` could not be read',
  ])
})

test('models are read where Composer finds them', () => {
  const of = (body: string, before = '') =>
    `<?php\nnamespace App\\Models;\nuse Illuminate\\Database\\Eloquent\\Model;\n${before}\nclass A extends Model {\n${body}\n}\n`
  const model = (text: string, name = 'App\\Models\\OrderLine') =>
    modelsOf(mapTree({ 'composer.json': '{}', 'app/Models/OrderLine.php': text }), 'database/migrations')(name)
  expect(model(of(''))).toEqual({
    table: 'order_lines',
    key: 'id',
    keyType: 'int',
    isIncrementing: true,
    foreignKey: 'order_line_id',
  })
  expect(model(of('use HasUlids;'))).toMatchObject({ keyType: 'ulid', isIncrementing: false })
  expect(model(of('use HasFactory, HasUuids;'))).toMatchObject({ keyType: 'uuid' })
  expect(
    model(of("protected $table = 'x'; protected $keyType = 'string'; public $incrementing = false;")),
  ).toMatchObject({
    table: 'x',
    keyType: 'uuid',
  })
  expect(model(of('use MakesUuid;'))).toBeNull()
  expect(model('<?php namespace App\\Models; class OrderLine extends \\Other\\Package {}')).toBeNull()
  expect(model(of(''), 'App\\Models\\Nobody')).toBeNull()
})

test('settings are read from the project', () => {
  const lock = JSON.stringify({
    packages: [{ name: 'laravel/framework', version: 'v10.4.1' }, { name: 'doctrine/dbal' }],
  })
  const files = {
    'composer.json': JSON.stringify({ require: { 'laravel/framework': '^9.0|^11.2', 'doctrine/dbal': '^3.0' } }),
    'app/Providers/AppServiceProvider.php': '<?php Schema::defaultStringLength(191); Schema::morphUsingUlids();',
    'config/database.php':
      "<?php return ['default' => env('DB_CONNECTION', 'main'), 'pgsql' => ['prefix' => 'x_', 'driver' => 'pgsql']];",
  }
  expect(settingsIn(mapTree({ ...files, 'composer.lock': lock }), 'database/migrations')).toMatchObject({
    version: [10, 4],
    asksDoctrine: true,
    stringLength: 191,
    morphKey: 'ulid',
    prefix: 'x_',
    connections: new Set(['pgsql', 'main']),
  })
  expect(settingsIn(mapTree(files), 'database/migrations')).toMatchObject({ version: [11, 999], asksDoctrine: false })
})

test('prefixes stand before names of tables, and in those that are made', async () => {
  const code = `Schema::table('s.t', function (Blueprint $table) { $table->index('a'); $table->dropPrimary(); $table->foreign('a')->references('id')->on('u'); });`
  expect((await up(code, on(13, 0, { prefix: 'x_' }))).sql).toEqual([
    'create index "s_x_t_a_index" on "s"."x_t" ("a")',
    'alter table "s"."x_t" drop constraint "x_t_pkey"',
    'alter table "s"."x_t" add constraint "s_x_t_a_foreign" foreign key ("a") references "x_u" ("id")',
  ])
})

test('unknown parts are reported at their places', async () => {
  const read = await table(
    `$table->string('a', config('n')); $table->string('b')->default(config('d')); $table->enum('c', Status::cases());
    $table->myMacro('d'); $table->string('e')->macroOfColumn(); $table->set('f', ['x']); $table->index([DB::raw('lower(a)')]);
    $table->string(columns: 'g'); $table->foreign('h');`,
  )
  expect(read.sql).toEqual([
    `alter table "t" add column "b" varchar(255) not null default '\${an unknown part}'`,
    `alter table "t" add column "c" varchar(255) check ("c" in ('\${an unknown part}')) not null`,
    'alter table "t" add column "e" varchar(255) not null',
  ])
  expect(read.unread).toEqual([
    "$table->myMacro('d'): `myMacro` of the table is not read yet",
    "$table->string('e')->macroOfColumn(): `macroOfColumn` of the column is not read yet",
    "$table->set('f', ['x']): `set` of the table is not read yet",
    'index: the column is not a text',
    "$table->string(columns: 'g'): `columns` is not read yet",
    "config('n'): the setting `n` is not known",
    "config('d'): the setting `d` is not known",
    'Status::cases(): it comes from another file',
    "$table->foreign('h'): it refers to nothing",
  ])
  const models = await up(
    'User::query()->update([]); app(Thing::class)->run(); Artisan::call("x"); DB::table("t")->chunk(5, fn ($x) => 1);',
  )
  expect(models.unread).toHaveLength(3)
})

test('a function that runs for rows is read under a condition, and the rows are asked for first', async () => {
  const read = await up(
    `DB::table('t')->where('a', 1)->chunkById(200, function ($rows) {
       foreach ($rows as $row) { $ids[] = $row->id; }
       DB::table('t')->whereIn('id', $ids)->update(['b' => $rows->first()->b]);
     });`,
  )
  expect(read.sql).toEqual([
    'select * from "t" where "a" = $1 order by "id" asc limit 200',
    'update "t" set "b" = $1 where "id" in ($2)',
  ])
  expect(read.unread).toEqual([])
  expect(read.doubts).toContain("chunkById: it runs for rows, and it is the database's answer")
})

test('a column of a new table under an unknown condition is unread, and what is sent after the table is not', async () => {
  const read = await up(
    `Schema::create('t', function (Blueprint $table) {
       $table->id();
       if (config('x')) { $table->integer('a'); $table->index('a'); }
     });`,
  )
  expect(read.sql).toEqual([
    'create table "t" ("id" bigserial not null primary key, "a" integer not null)',
    'create index "t_a_index" on "t" ("a")',
  ])
  expect(read.unread).toEqual(["$table->integer('a'): it is described under an unknown condition"])
  expect(read.doubts).toEqual(["config('x'): the setting `x` is not known"])
})

test('a setting that only tests of its package make is absent', async () => {
  expect((await up(`if (config('permission.testing')) { Schema::drop('t'); }`)).sql).toEqual([])
})

test('words of the tool point to the call, and names to their arguments', async () => {
  const read = await up(`Schema::table('things', function ($t) { $t->string('name')->nullable()->index(); });`)
  expect(read.sql).toEqual([
    'alter table "things" add column "name" varchar(255) null',
    'create index "things_name_index" on "things" ("name")',
  ])
})

test.each([
  ['category', 'categories'],
  ['status', 'statuses'],
  ['person', 'people'],
  ['order_status', 'order_statuses'],
  ['media', 'media'],
  ['social_media', 'social_media'],
  ['Child', 'Children'],
  ['index', 'indices'],
  ['leaf', 'leaves'],
  ['data', 'data'],
  ['box', 'boxes'],
])('the plural of %s is %s', (one, many) => {
  expect(plural(one)).toBe(many)
})

test('what only MySQL has a use for does nothing, and a query has one order', async () => {
  const made = await up(
    `Schema::create('t', function (Blueprint $table) { $table->engine = 'InnoDB'; $table->integer('a')->before('b'); });
    DB::table('t')->orderBy('a')->orderBy('b', 'desc')->get();`,
  )
  expect(made).toEqual({
    sql: ['create table "t" ("a" integer not null)', 'select * from "t" order by "a" asc, "b" desc'],
    unread: [],
    doubts: [],
  })
  const other = await up(`Schema::create('t', function (Blueprint $table) { $table->temporary = true; });`)
  expect(other.unread).toEqual(['$table->temporary: it gets another value, which is not read'])
})

test.each([
  ["if (!Schema::hasColumn('t', 'a')) { DB::statement('one'); }", []],
  ["if (!Schema::hasColumn('t', 'B')) { DB::statement('one'); }", []],
  ["if (!Schema::hasColumn('t', 'z')) { DB::statement('one'); }", ['one']],
  ["if (Schema::hasColumn('t', 'gone')) { DB::statement('one'); }", []],
  ["if (Schema::hasColumn('t', 'new')) { DB::statement('one'); } else { DB::statement('two'); }", ['one']],
  ["if (Schema::hasColumns('t', ['a', 'b'])) { DB::statement('one'); }", ['one']],
  ["if (Schema::hasTable('t')) { DB::statement('one'); }", ['one']],
  ["if (!Schema::hasTable('named')) { DB::statement('one'); }", []],
])('what earlier calls made answers %s', async (code, sql) => {
  const before = `Schema::create('t', function ($table) { $table->id(); $table->string('a'); $table->string('b'); $table->string('gone'); $table->string('old'); });
Schema::table('t', function ($table) { $table->dropColumn('gone'); $table->renameColumn('old', 'new'); });
Schema::create('other', function ($table) { $table->id(); }); Schema::rename('other', 'named');`
  const read = await up(before + code)
  expect(read.sql.filter(each => /^(?:one|two)$/.test(each))).toEqual(sql)
  expect([read.unread, read.doubts]).toEqual([[], []])
})

test.each([
  ['the table is older than the migrations', ''],
  ['another statement names it', "DB::statement('alter table t add x int');"],
  ['a call is not read', "Other::work('t');"],
  ['it was dropped', "Schema::drop('t');"],
  ['a condition is unknown', "if (other()) { Schema::table('t', fn ($table) => $table->string('z')); }"],
])('the database is asked about unknown tables and columns: %s', async (_, more) => {
  const before = more === '' ? '' : `Schema::create('t', function ($table) { $table->id(); }); ${more}`
  const reader = laravelCalls(on(13)).ofHistory?.() ?? laravelCalls(on(13))
  const text = (body: string) => `<?php return new class extends Migration { public function up() { ${body} } };`
  await sent(reader, text(before), 'up', '1.php')
  const read = await sent(reader, text("if (!Schema::hasColumn('t', 'z')) { DB::statement('one'); }"), 'up', '2.php')
  expect(read.doubts.length).toBe(1)
})

test.each([
  ["config('own.tables.users')", 'people'],
  ["config('own.tables')['users']", 'people'],
  ["config()->get('own.tables.users')", 'people'],
  ["app('config')->get('own.tables.users', 'other')", 'people'],
  ["Config::get('own.prefix') . 'x'", 'a_x'],
  ["config('own.fromEnvironment')", '${an unknown part}'],
  ["config('own.missing')", '${an unknown part}'],
  ["config('none.tables')", '${an unknown part}'],
])('a setting of the project: %s', async (code, name) => {
  const own =
    "<?php return ['tables' => ['users' => 'people'], 'prefix' => 'a' . '_', 'fromEnvironment' => env('A', 'b')];"
  const configText = (file: string) => (file === 'own' ? own : null)
  const read = await up(`Schema::drop(${code});`, on(13, 999, { configText }))
  expect(read.sql).toEqual([`drop table "${name}"`])
})

test('the function that `rescue` gets is called', async () => {
  expect((await up(`rescue(fn () => DB::statement('x'));`)).sql).toEqual(['x'])
})
