import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { classPathOf, withoutJava } from '../../systems/kit/java.ts'
import { pythonTools } from './capture-python-tools.ts'
import type { CapturedTool } from './captured-tool.ts'

export const packages = fileURLToPath(new URL('../../systems/tools/node_modules', import.meta.url))
const programs = fileURLToPath(new URL('../../../.cache/go', import.meta.url))

const there = () => null
const bin = (name: string) => () => [join(packages, '.bin', name)]
const node =
  (name: string, ...args: readonly string[]) =>
  () => [...bin(name)(), ...args]

const dbmate = () => {
  const folder = join(packages, '@dbmate')
  const [platform] = existsSync(folder) ? readdirSync(folder).filter(each => each !== 'dbmate') : []
  return platform === undefined ? null : join(folder, platform, 'bin/dbmate')
}

/** The program in .cache/go, made from its source when it is first wanted. */
function goose(): string {
  const program = join(programs, 'goose')
  if (existsSync(program)) return program
  const others = ['clickhouse', 'duckdb', 'libsql', 'mssql', 'mysql', 'spanner', 'sqlite3', 'vertica', 'ydb']
  const tags = others.map(each => `no_${each}`).join(' ')
  execFileSync('go', ['install', '-tags', tags, 'github.com/pressly/goose/v3/cmd/goose@v3.26.0'], {
    env: { ...process.env, GOBIN: programs },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return program
}

const isThere = (program: string, ...args: readonly string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0

const withoutGo = () => (isThere('go', 'version') ? null : 'there is no go on this machine')

const withoutRails = () =>
  isThere('ruby', '-e', 'require "rails"; require "active_record"; require "pg"')
    ? null
    : 'the packages ruby-railties, ruby-activerecord and ruby-pg of Debian are not on this machine'

const flyway = `
import org.flywaydb.core.Flyway;
public class Migrate {
  public static void main(String[] args) { Flyway.configure().envVars().load().migrate(); }
}
`

// Two tables, then changes of them, then an index outside of a transaction where the tool has a word for that.

export const capturedTools: readonly CapturedTool[] = [
  {
    name: 'node-pg-migrate',
    missing: there,
    command: node('node-pg-migrate', 'up'),
    files: {
      'package.json': '{ "devDependencies": { "node-pg-migrate": "9.0.0" } }',
      'migrations/1700000000000_users.cjs': `exports.up = pgm => {
        pgm.createTable('users', { id: 'id', email: { type: 'text', notNull: true } })
        pgm.createTable('orders', { id: 'id', user_id: { type: 'int', references: 'users' }, total: 'numeric(10,2)' })
      }`,
      'migrations/1700000000001_changes.cjs': `exports.up = pgm => {
        pgm.addColumn('orders', { state: { type: 'text', notNull: true, default: 'new' } })
        pgm.createIndex('orders', 'user_id')
        pgm.addConstraint('orders', 'orders_total', { check: 'total > 0' })
        pgm.sql("UPDATE orders SET state = 'old' WHERE total > 5")
      }`,
      'migrations/1700000000002_concurrently.cjs': `exports.up = pgm => {
        pgm.noTransaction()
        pgm.createIndex('users', 'email', { unique: true, concurrently: true })
      }`,
    },
    recorded: ['1700000000000_users', '1700000000001_changes', '1700000000002_concurrently'],
  },
  {
    name: 'Knex',
    missing: there,
    command: node('knex', 'migrate:latest'),
    files: {
      'knexfile.js': "module.exports = { client: 'pg', connection: process.env.DATABASE_URL }",
      'migrations/20240101000000_users.js': `exports.up = async knex => {
        await knex.schema.createTable('users', t => { t.increments(); t.string('email').notNullable() })
        await knex.schema.createTable('orders', t => {
          t.bigIncrements(); t.integer('user_id').references('users.id'); t.decimal('total', 10, 2)
        })
      }
      exports.down = () => {}`,
      'migrations/20240102000000_changes.js': `exports.up = async knex => {
        await knex.schema.alterTable('orders', t => {
          t.string('state', 20).notNullable().defaultTo('new'); t.index('user_id')
        })
        await knex.raw('ALTER TABLE orders ADD CONSTRAINT orders_total CHECK (total > 0)')
        await knex('orders').where('total', '>', 5).update({ state: 'old' })
      }
      exports.down = () => {}`,
      'migrations/20240103000000_concurrently.js': `exports.config = { transaction: false }
      exports.up = knex => knex.raw('CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email)')
      exports.down = () => {}`,
    },
    recorded: ['20240101000000_users.js', '20240102000000_changes.js', '20240103000000_concurrently.js'],
  },
  {
    name: 'db-migrate',
    missing: there,
    command: node('db-migrate', 'up'),
    files: {
      'database.json': '{ "dev": { "ENV": "DATABASE_URL" } }',
      'migrations/20240101000000-users.js': `exports.up = async db => {
        await db.createTable('users', { id: { type: 'bigint', primaryKey: true }, email: 'string' })
        await db.createTable('orders', { id: { type: 'int', primaryKey: true, autoIncrement: true }, user_id: 'bigint' })
      }
      exports._meta = { version: 1 }`,
      'migrations/20240102000000-changes.js': `exports.up = async db => {
        await db.addColumn('orders', 'state', { type: 'string', length: 20, notNull: true, defaultValue: 'new' })
        await db.addIndex('orders', 'orders_user_id', ['user_id'])
        await db.runSql("UPDATE orders SET state = 'old' WHERE id > 5")
      }
      exports._meta = { version: 1 }`,
    },
    recorded: ['/20240101000000-users', '/20240102000000-changes'],
  },
  {
    name: 'Sequelize',
    missing: there,
    command: node('sequelize-cli', 'db:migrate'),
    environment: () => ({ NODE_ENV: 'development' }),
    files: {
      'config/config.json': '{ "development": { "use_env_variable": "DATABASE_URL", "dialect": "postgres" } }',
      'migrations/20240101000000-users.js': `module.exports = { async up(queryInterface, Sequelize) {
        await queryInterface.createTable('users', {
          id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true },
          email: { type: Sequelize.STRING, allowNull: false },
        })
        await queryInterface.createTable('orders', {
          id: { type: Sequelize.BIGINT, primaryKey: true, autoIncrement: true },
          user_id: { type: Sequelize.INTEGER, references: { model: 'users', key: 'id' } },
          total: Sequelize.DECIMAL(10, 2),
        })
      } }`,
      'migrations/20240102000000-changes.js': `module.exports = { async up(queryInterface, Sequelize) {
        await queryInterface.addColumn('orders', 'state', { type: Sequelize.STRING, allowNull: false, defaultValue: 'new' })
        await queryInterface.addIndex('orders', ['user_id'])
        await queryInterface.changeColumn('orders', 'total', { type: Sequelize.DECIMAL(12, 2), allowNull: false })
        await queryInterface.sequelize.query("UPDATE orders SET state = 'old' WHERE total > 5")
      } }`,
      'migrations/20240103000000-concurrently.js': `module.exports = { up: queryInterface =>
        queryInterface.addIndex('users', ['email'], { unique: true, concurrently: true }) }`,
    },
    recorded: ['20240101000000-users.js', '20240102000000-changes.js', '20240103000000-concurrently.js'],
  },
  {
    name: 'TypeORM',
    missing: there,
    command: node('typeorm', 'migration:run', '-d', 'data-source.js', '--transaction', 'each'),
    files: {
      'data-source.js': `const { DataSource } = require('typeorm')
      module.exports = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['migrations/*.js'] })`,
      'migrations/1700000000000-users.js': `module.exports = class Users1700000000000 {
        async up(queryRunner) {
          await queryRunner.query('CREATE TABLE "users" ("id" SERIAL NOT NULL PRIMARY KEY, "email" text NOT NULL)')
          await queryRunner.query('CREATE TABLE "orders" ("id" SERIAL NOT NULL PRIMARY KEY, "user_id" int, "total" numeric)')
        }
        async down() {}
      }`,
      'migrations/1700000000001-changes.js': `const { TableColumn, TableIndex, TableForeignKey } = require('typeorm')
      module.exports = class Changes1700000000001 {
        async up(queryRunner) {
          await queryRunner.addColumn('orders', new TableColumn({ name: 'state', type: 'text', default: "'new'" }))
          await queryRunner.createIndex('orders', new TableIndex({ name: 'orders_user_id', columnNames: ['user_id'] }))
          await queryRunner.createForeignKey('orders', new TableForeignKey({
            name: 'orders_user', columnNames: ['user_id'], referencedTableName: 'users', referencedColumnNames: ['id'],
          }))
          await queryRunner.query('UPDATE orders SET state = $1 WHERE total > 5', ['old'])
        }
        async down() {}
      }`,
      'migrations/1700000000002-concurrently.js': `module.exports = class Concurrently1700000000002 {
        transaction = false
        up(queryRunner) { return queryRunner.query('CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email)') }
        async down() {}
      }`,
    },
    recorded: ['Users1700000000000', 'Changes1700000000001', 'Concurrently1700000000002'],
  },
  ...pythonTools,
  {
    name: 'Rails',
    missing: withoutRails,
    command: () => ['ruby', 'bin/rails', 'db:migrate'],
    files: {
      'bin/rails': `APP_PATH = File.expand_path('../config/application', __dir__)
require_relative '../config/boot'
require 'rails/commands'
`,
      'config/boot.rb': "require 'logger'\n",
      'config/application.rb': `require 'rails'
require 'active_record/railtie'
module Shop
  class Application < Rails::Application
    config.load_defaults 6.1
    config.eager_load = false
    config.logger = Logger.new(File::NULL)
  end
end
`,
      'config/environment.rb': "require_relative 'application'\nRails.application.initialize!\n",
      'config/database.yml': 'development:\n  adapter: postgresql\n',
      Rakefile: "require_relative 'config/application'\nRails.application.load_tasks\n",
      'db/migrate/20240101000000_create_users.rb': `class CreateUsers < ActiveRecord::Migration[6.1]
  def change
    create_table :users do |t|
      t.string :email, null: false
      t.timestamps
    end
    create_table :orders do |t|
      t.references :user, foreign_key: true
      t.decimal :total, precision: 10, scale: 2
    end
  end
end
`,
      'db/migrate/20240102000000_change_orders.rb': `class ChangeOrders < ActiveRecord::Migration[6.1]
  def change
    add_column :orders, :state, :string, null: false, default: 'new'
    add_index :orders, :total
    add_check_constraint :orders, 'total > 0', name: 'orders_total'
    reversible { |dir| dir.up { execute "UPDATE orders SET state = 'old' WHERE total > 5" } }
  end
end
`,
      'db/migrate/20240103000000_add_concurrently.rb': `class AddConcurrently < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!
  def change
    add_index :users, :email, unique: true, algorithm: :concurrently
  end
end
`,
    },
    recorded: ['20240101000000', '20240102000000', '20240103000000'],
  },
  {
    name: 'Flyway',
    missing: withoutJava,
    command: () => ['java', '-cp', classPathOf('flyway'), 'Migrate.java'],
    environment: () => ({ FLYWAY_LOCATIONS: 'filesystem:db/migration' }),
    files: {
      'Migrate.java': flyway,
      'flyway.conf': 'flyway.locations=filesystem:db/migration\n',
      'db/migration/V1__users.sql':
        'CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, total numeric);\n',
      'db/migration/V2__changes.sql':
        "ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';\nCREATE INDEX orders_user_id ON orders (user_id);\nUPDATE orders SET state = 'old' WHERE total > 5;\n",
      // An index that is built concurrently would wait for the transaction in which Flyway locks its table.
      'db/migration/V3__vacuum.sql': 'VACUUM orders;\n',
    },
    recorded: ['V1__users.sql', 'V2__changes.sql', 'V3__vacuum.sql'],
  },
  {
    name: 'dbmate',
    missing: () => (dbmate() === null ? 'npm has no program of dbmate for this platform' : null),
    command: () => [dbmate() ?? '', '--no-dump-schema', 'migrate'],
    files: {
      'db/migrations/20240101000000_users.sql':
        '-- migrate:up\nCREATE TABLE users (id bigint PRIMARY KEY, email text);\n-- migrate:down\n',
      'db/migrations/20240102000000_changes.sql':
        '-- migrate:up\nALTER TABLE users ADD COLUMN name text;\nCREATE INDEX users_email ON users (email);\n-- migrate:down\n',
      'db/migrations/20240103000000_concurrently.sql':
        '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY users_name ON users (name);\n-- migrate:down\n',
    },
    recorded: ['20240101000000', '20240102000000', '20240103000000'],
  },
  {
    name: 'goose',
    missing: withoutGo,
    command: () => [goose(), '-dir', 'migrations', 'up'],
    files: {
      'migrations/20240101000000_users.sql':
        '-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY, email text);\n-- +goose Down\nDROP TABLE users;\n',
      'migrations/20240102000000_changes.sql':
        '-- +goose Up\nALTER TABLE users ADD COLUMN name text;\nCREATE INDEX users_email ON users (email);\n-- +goose Down\nDROP INDEX users_email;\n',
      'migrations/20240103000000_concurrently.sql':
        '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY users_name ON users (name);\n-- +goose Down\nDROP INDEX users_name;\n',
    },
    recorded: ['20240101000000', '20240102000000', '20240103000000'],
  },
]
