import { blockAfter } from '../reading/code-migrations.ts'
import { listed } from '../tracking/listed.ts'
import { namedBy, namedIn } from '../tracking/setting.ts'
import type { Tracking } from '../tracking/tracking.ts'

/**
 * Systems that record a name or a version for each applied migration, and nothing else of it. Where the table is made, by id:
 * dbmate pkg/driver/postgres; diesel_migrations src/migration_harness.rs; Rails ActiveRecord::SchemaMigration; Laravel
 * DatabaseMigrationRepository; Knex lib/migrations/migrate/table-creator.js; node-pg-migrate src/runner.ts; db-migrate-pg
 * index.js; TypeORM MigrationExecutor; Sequelize SequelizeStorage of Umzug; MikroORM MigrationStorage; Kysely
 * migration/migrator.ts; Ecto.Migration.SchemaMigration; EF Core HistoryRepository.
 */
export const tables: Readonly<Record<string, readonly Tracking[]>> = {
  dbmate: [
    listed({
      table: 'schema_migrations',
      id: 'version',
      configured: namedBy('DBMATE_MIGRATIONS_TABLE'),
    }),
  ],
  diesel: [listed({ table: '__diesel_schema_migrations', id: 'version', at: 'run_on' })],
  rails: [
    listed({
      table: 'schema_migrations',
      id: 'version',
      configured: namedIn({
        files: ['config/application.rb'],
        name: /\bschema_migrations_table_name\s*=\s*["']([^"']+)/,
      }),
    }),
  ],
  ecto: [
    listed({
      table: 'schema_migrations',
      id: 'version',
      at: 'inserted_at',
      configured: namedIn({
        files: ['config/config.exs', 'config/runtime.exs'],
        name: /\bmigration_source:\s*"([^"]+)"/,
        schema: /\bmigration_default_prefix:\s*"([^"]+)"/,
      }),
    }),
  ],
  laravel: [
    listed({
      table: 'migrations',
      id: 'migration',
      beside: ['batch'],
      order: ['batch', 'migration'],
      configured: namedIn({
        files: ['config/database.php'],
        name: /'migrations'\s*=>\s*(?:\[\s*'table'\s*=>\s*)?'([^']+)'/,
      }),
    }),
  ],
  knex: [
    listed({
      table: 'knex_migrations',
      id: 'name',
      at: 'migration_time',
      order: ['id'],
      configured: namedIn({
        files: ['js', 'ts', 'mjs', 'cjs', 'mts', 'cts', 'coffee'].map(end => `knexfile.${end}`),
        name: /\btableName\s*:\s*["'`]([^"'`]+)/,
        schema: /\bschemaName\s*:\s*["'`]([^"'`]+)/,
      }),
    }),
  ],
  'node-pg-migrate': [
    listed({
      table: 'pgmigrations',
      id: 'name',
      at: 'run_on',
      order: ['run_on', 'id'],
      configured: namedIn({
        files: ['package.json'],
        name: text =>
          /--migrations-table[ =]([\w.]+)/.exec(text)?.[1] ??
          /\s-t ([\w.]+)/.exec(blockAfter(text, /node-pg-migrate(?= )/, '"'))?.[1],
        schema: /--migrations-schema[ =]([\w.]+)/,
      }),
    }),
  ],
  'db-migrate': [
    listed({
      table: 'migrations',
      id: 'name',
      at: 'run_on',
      order: ['run_on', 'name'],
      configured: namedIn({ files: ['.db-migraterc'], name: /"migration-table"\s*:\s*"([^"]+)"/ }),
    }),
  ],
  typeorm: [
    listed({
      // `timestamp` is that of the class's name, not of the run.
      table: 'migrations',
      id: 'name',
      beside: ['timestamp'],
      order: ['id'],
      configured: namedIn({
        files: ['data-source', 'ormconfig', 'src/data-source', 'src/ormconfig', 'src/database/data-source'].flatMap(
          file => ['ts', 'js', 'json', 'mts', 'cts', 'mjs', 'cjs'].map(end => `${file}.${end}`),
        ),
        name: /\bmigrationsTableName["']?\s*:\s*["'`]([^"'`]+)/,
        schema: /\bschema["']?\s*:\s*["'`]([^"'`]+)/,
      }),
    }),
  ],
  sequelize: [
    listed({
      table: 'SequelizeMeta',
      id: 'name',
      configured: namedIn({
        files: ['config/config.json', 'config/config.js', 'config/database.js', 'config/database.json'],
        name: /\bmigrationStorageTableName["']?\s*:\s*["'`]([^"'`]+)/,
        schema: /\bmigrationStorageTableSchema["']?\s*:\s*["'`]([^"'`]+)/,
      }),
    }),
  ],
  'mikro-orm': [
    listed({
      table: 'mikro_orm_migrations',
      id: 'name',
      at: 'executed_at',
      order: ['id'],
      configured: namedIn({
        files: ['mikro-orm.config', 'src/mikro-orm.config'].flatMap(file => [`${file}.ts`, `${file}.js`]),
        name: /\btableName\s*:\s*["'`]([^"'`]+)/,
      }),
    }),
  ],
  kysely: [
    listed({
      table: 'kysely_migration',
      id: 'name',
      at: 'timestamp',
      order: ['timestamp', 'name'],
      configured: namedIn({
        files: ['ts', 'js', 'mjs', 'mts', 'cjs', 'cts'].flatMap(end => [
          `kysely.config.${end}`,
          `.config/kysely.config.${end}`,
        ]),
        name: /\bmigrationTableName\s*:\s*["'`]([^"'`]+)/,
        schema: /\bmigrationTableSchema\s*:\s*["'`]([^"'`]+)/,
      }),
    }),
  ],
  'ef-core': [
    listed({ table: '__EFMigrationsHistory', id: 'MigrationId', beside: ['ProductVersion'] }),
    // With EFCore.NamingConventions.
    listed({ table: '__EFMigrationsHistory', id: 'migration_id', beside: ['product_version'] }),
  ],
}
