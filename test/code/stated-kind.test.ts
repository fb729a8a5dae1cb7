import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'

// Constraints that no migration creates: a call that states the kind of one leaves no "if".

type Project = Record<string, string>

const alembic = (call: string): Project => ({
  'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://localhost/x\n',
  'alembic/env.py': 'from alembic import context\n',
  'alembic/versions/1_a.py': `"""a"""\nfrom alembic import op\nrevision = '1'\ndown_revision = None\ndef upgrade():\n    ${call}\ndef downgrade():\n    pass\n`,
})
const laravel = (call: string): Project => ({
  'composer.json': '{"require":{"laravel/framework":"^11.0"}}',
  'config/database.php': `<?php return ['default' => 'pgsql'];`,
  'database/migrations/2024_01_01_000000_a.php': `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;
return new class extends Migration { public function up(): void { Schema::table('orders', function (Blueprint $table) { ${call} }); } };`,
})
const rails = (call: string): Project => ({
  'Gemfile.lock': 'GEM\n  specs:\n    pg (1.5.0)\n    rails (7.1.0)\n    activerecord (7.1.0)\n',
  'db/migrate/20240101000000_a.rb': `class A < ActiveRecord::Migration[7.1]\n  def change\n    ${call}\n  end\nend\n`,
})
const knex = (call: string): Project => ({
  'package.json': '{"dependencies":{"knex":"3.1.0","pg":"8"}}',
  'knexfile.js': `module.exports = { client: 'pg' }`,
  'migrations/20240101000000_a.js': `exports.up = knex => knex.schema.alterTable('orders', t => { ${call} })\nexports.down = () => {}\n`,
})

const saidOf = async (files: Project) =>
  (await lintTree(mapTree(files))).findings
    .filter(({ rule }) => /^drop-(?:foreign-key|unique|primary-key)$/.test(rule))
    .map(({ rule, severity, message }) => `${rule} (${severity}): ${message.slice(0, message.indexOf(' ', 22))}`)

test.each<[string, Project, string[]]>([
  [
    'Alembic, foreign key',
    alembic(`op.drop_constraint('orders_x', 'orders', type_='foreignkey')`),
    ['drop-foreign-key (warning): Dropping foreign key "orders_x"'],
  ],
  ['Alembic, check', alembic(`op.drop_constraint('orders_x', 'orders', type_='check')`), []],
  [
    'Alembic, unique',
    alembic(`op.drop_constraint('orders_x', 'orders', type_='unique')`),
    ['drop-unique (warning): Without UNIQUE constraint'],
  ],
  [
    'Alembic, no kind',
    alembic(`op.drop_constraint('fk_orders', 'orders')`),
    ['drop-foreign-key (note): If "fk_orders" is a foreign'],
  ],
  [
    'Laravel, foreign key',
    laravel(`$table->dropForeign('orders_x');`),
    ['drop-foreign-key (warning): Dropping foreign key "orders_x"'],
  ],
  ['Laravel, unique', laravel(`$table->dropUnique('orders_x');`), ['drop-unique (warning): Without UNIQUE constraint']],
  [
    'Laravel, primary key',
    laravel(`$table->dropPrimary('orders_x');`),
    ['drop-primary-key (warning): Without its primary key'],
  ],
  [
    'Rails, foreign key',
    rails(`remove_foreign_key :orders, name: 'orders_x'`),
    ['drop-foreign-key (warning): Dropping foreign key "orders_x"'],
  ],
  ['Rails, check', rails(`remove_check_constraint :orders, name: 'orders_x'`), []],
  [
    'Knex, foreign key',
    knex(`t.dropForeign('x', 'orders_x')`),
    ['drop-foreign-key (warning): Dropping foreign key "orders_x"'],
  ],
  ['Knex, unique', knex(`t.dropUnique(['x'], 'orders_x')`), ['drop-unique (warning): Without UNIQUE constraint']],
])('%s', async (_, files, expected) => {
  expect(await saidOf(files)).toEqual(expected)
})
