import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'

// A table of which one column could not be read has that column nevertheless: what uses it later must not be called a certain failure.

const projects: readonly (readonly [string, Record<string, string>])[] = [
  [
    'Rails',
    {
      Gemfile: "gem 'rails', '7.1'\ngem 'pg'",
      'config/initializers/inflections.rb': 'inflect.plural(/^(ox)$/i, "\\1en")',
      'db/migrate/20240101000000_a.rb': `class A < ActiveRecord::Migration[7.1]
  def change
    create_table :pins do |t|
      t.references :account, null: false, foreign_key: true
      t.text :note
    end
    add_index :pins, [:account_id, :note]
  end
end
`,
    },
  ],
  [
    'Laravel',
    {
      'composer.json': '{"require":{"laravel/framework":"^11.0"}}',
      'database/migrations/2024_01_01_000000_a.php': `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Support\\Facades\\Schema;
return new class extends Migration {
  public function up(): void {
    Schema::create('pins', function (Blueprint $table) {
      $table->id();
      $table->string(columnOfTheTime());
    });
    Schema::table('pins', function (Blueprint $table) { $table->index('account_id'); });
  }
};
`,
    },
  ],
  [
    'Knex',
    {
      'package.json': '{"dependencies":{"knex":"^3.0.0","pg":"8"}}',
      'knexfile.js': "module.exports = { client: 'pg' }",
      'migrations/20240101000000_a.js': `exports.up = async knex => {
  await knex.schema.createTable('pins', table => {
    table.increments('id')
    table.string(columnOfTheTime())
    table.index(['account_id'])
  })
  await knex.schema.alterTable('pins', table => { table.index(['account_id'], 'other') })
}
`,
    },
  ],
  [
    'Kysely',
    {
      'package.json': '{"dependencies":{"kysely":"^0.28.0","pg":"8"}}',
      'migrations/20240101000000_a.ts': `import type { Kysely } from 'kysely'
export async function up(db: Kysely<any>) {
  await db.schema.createTable('pins').addColumn('id', 'serial').addColumn(columnOfTheTime(), 'text').execute()
  await db.schema.createIndex('i').on('pins').column('account_id').execute()
}
`,
    },
  ],
  [
    'Sequelize',
    {
      'package.json': '{"dependencies":{"sequelize":"^6.0.0","pg":"8"}}',
      'migrations/20240101000000-a.js': `module.exports = { up: async (queryInterface, Sequelize) => {
  await queryInterface.createTable('pins', { id: { type: Sequelize.INTEGER }, ...columnsOfTheTime() })
  await queryInterface.addIndex('pins', ['account_id'])
} }
`,
    },
  ],
  [
    'Ecto',
    {
      'mix.exs': '{:ecto_sql, "~> 3.11"}, {:postgrex, "~> 0.17"}',
      'priv/repo/migrations/20240101000000_a.exs': `defmodule A do
  use Ecto.Migration
  def change do
    create table(:pins) do
      add column_of_the_time(), :text
    end
    create index(:pins, [:account_id])
  end
end
`,
    },
  ],
  [
    'Alembic',
    {
      'requirements.txt': 'alembic==1.13.0\npsycopg2\n',
      'alembic.ini': '[alembic]\nscript_location = migrations\n',
      'migrations/env.py': '',
      'migrations/versions/a1_a.py': `from alembic import op
import sqlalchemy as sa
revision = 'a1'
down_revision = None
def upgrade():
    op.create_table('pins', sa.Column('id', sa.Integer()), sa.Column(column_of_the_time(), sa.Text()))
    op.create_index('i', 'pins', ['account_id'])
`,
    },
  ],
  [
    'node-pg-migrate',
    {
      'package.json': '{"dependencies":{"node-pg-migrate":"^7.0.0","pg":"8"}}',
      'migrations/1700000000000_a.js': `exports.up = pgm => {
  pgm.createTable('pins', { id: 'id', ...columnsOfTheTime() })
  pgm.createIndex('pins', 'account_id')
}
`,
    },
  ],
]

test.each(projects)('%s: a column that is not read may be there', async (_, files) => {
  const { findings, unread } = await lintTree(mapTree(files))
  const certain = findings.filter(({ rule }) => rule === 'certain-failure').map(({ message }) => message)
  expect(certain).toEqual([])
  expect(unread.length + findings.filter(({ rule }) => rule === 'opaque-sql').length).toBeGreaterThan(0)
})
