import { expect, test } from 'vitest'
import { flywayCalls } from '../../src/systems/flyway/calls.ts'
import { knexCalls } from '../../src/systems/knex/calls.ts'
import { laravelCalls } from '../../src/systems/laravel/calls.ts'
import { settingsWithout } from '../../src/systems/laravel/settings.ts'
import { railsCalls } from '../../src/systems/rails/calls.ts'
import { sent } from './kit/sent.ts'

// What runs only after a failure. If it throws on, the migration fails and takes back what it has done: ROLLBACK there does not undo a migration
// that is recorded as applied.

const php = (handler: string) =>
  sent(
    laravelCalls(settingsWithout),
    `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Support\\Facades\\DB;
return new class extends Migration {
  public function up(): void {
    try { DB::statement('a'); } catch (\\Exception $e) { ${handler} }
    DB::statement('c');
  }
};`,
    'up',
    '1.php',
  )

const ruby = (handler: string) =>
  sent(
    railsCalls(),
    `class A < ActiveRecord::Migration[8.0]
  def up
    begin
      execute 'a'
    rescue => e
      ${handler}
    end
    execute 'c'
  end
end`,
    'up',
    '1.rb',
  )

const java = (handler: string) =>
  sent(
    flywayCalls,
    `import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
public class V1__a extends BaseJavaMigration {
  public void migrate(Context context) throws Exception {
    var s = context.getConnection().createStatement();
    try { s.execute("a"); } catch (Exception e) { ${handler} }
    s.execute("c");
  }
}`,
    'up',
    'V1__a.java',
  )

const javascript = (handler: string) =>
  sent(
    knexCalls,
    `exports.up = async knex => {
  try { await knex.raw('a') } catch (e) { ${handler} }
  await knex.raw('c')
}`,
    'up',
    '1.js',
  )

test.each([
  ['PHP', php, "DB::statement('b'); other(DB::connection()); throw $e;", "DB::statement('b');"],
  ['Ruby', ruby, "execute 'b'\n other(connection)\n raise", "execute 'b'"],
  ['Java', java, 's.execute("b"); Other.seed(context.getConnection()); throw e;', 's.execute("b");'],
  ['JavaScript', javascript, "await knex.raw('b'); await other(knex); throw e", "await knex.raw('b')"],
] as const)('%s: a handler that throws on', async (_, read, throwing, swallowing) => {
  const thrown = await read(throwing)
  expect(thrown.sql).toEqual(['a', 'c'])
  expect(thrown.unread.join()).toMatch(/other|Other/)
  expect((await read(swallowing)).sql).toEqual(['a', 'b', 'c'])
})
