import { expect, test } from 'vitest'
import { laravelCalls } from '../../../src/systems/laravel/calls.ts'
import { settingsWithout } from '../../../src/systems/laravel/settings.ts'
import { sent } from '../kit/sent.ts'

const migration = (body: string) => `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Support\\Facades\\Schema;
return new class extends Migration {
    public function up(): void {
        ${body}
    }
};
`
const read = (body: string) => sent(laravelCalls(settingsWithout), migration(body), 'up', '1.php')

test('a time as a default is a constant, whatever it is', async () => {
  const { sql, unread } = await read(
    "Schema::table('t', function (Blueprint $table) { $table->dateTime('at')->default(now()); $table->text('b'); });",
  )
  expect(sql).toEqual([
    `alter table "t" add column "at" timestamp(0) without time zone not null default '\${an unknown part}'`,
    'alter table "t" add column "b" text not null',
  ])
  expect(unread).toEqual([])
})

test.each([
  [
    'an expression may be behind it',
    "Schema::table('t', fn (Blueprint $table) => $table->text('a')->default(Other::it()));",
  ],
  ['it may be changed', "Schema::table('t', fn (Blueprint $table) => $table->text('a')->default(now()->other()));"],
  [
    'the program itself writes the quotes, which may have anything in them',
    '$part = now(); DB::statement("alter table t add column a text default \'$part\'");',
  ],
])('an unknown default is reported where %s', async (_, body) => {
  expect((await read(body)).unread).not.toEqual([])
})

test('a macro of a package adds a column', async () => {
  const { sql, unread } = await read(
    "Schema::table('t', function (Blueprint $table) { $table->schemalessAttributes('extra'); });",
  )
  expect(sql).toEqual(['alter table "t" add column "extra" json null'])
  expect(unread).toEqual([])
})
