import type { SystemId } from '../../migration/system-id.ts'
import { namedByScript } from '../node-pg-migrate/tracking.ts'
import { listed } from '../tracking/listed.ts'
import { namedBy, namedIn } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'

/**
 * Systems that record only a name or a version for each applied migration. The places where the tables are created, by
 * id: dbmate pkg/driver/postgres; diesel_migrations src/migration_harness.rs; Rails ActiveRecord::SchemaMigration;
 * Laravel DatabaseMigrationRepository; Knex lib/migrations/migrate/table-creator.js; node-pg-migrate src/runner.ts;
 * db-migrate-pg index.js; TypeORM MigrationExecutor; Sequelize SequelizeStorage of Umzug; MikroORM MigrationStorage;
 * Kysely migration/migrator.ts; Ecto.Migration.SchemaMigration; EF Core HistoryRepository.
 */
export const tables = {
  dbmate: [
    listed({
      table: tableNames.dbmate[0],
      id: 'version',
      configured: namedBy('DBMATE_MIGRATIONS_TABLE'),
    }),
  ],
  diesel: [listed({ table: tableNames.diesel[0], id: 'version', at: 'run_on' })],
  rails: [
    listed({
      table: tableNames.rails[0],
      id: 'version',
      configured: namedIn({
        files: ['config/application.rb'],
        name: [['schema_migrations_table_name']],
      }),
    }),
  ],
  ecto: [
    listed({
      table: tableNames.ecto[0],
      id: 'version',
      at: 'inserted_at',
      configured: namedIn({
        files: ['config/config.exs', 'config/runtime.exs'],
        name: [['migration_source']],
        schema: [['migration_default_prefix']],
      }),
    }),
  ],
  laravel: [
    listed({
      table: tableNames.laravel[0],
      id: 'migration',
      beside: ['batch'],
      order: ['batch', 'migration'],
      configured: namedIn({
        files: ['config/database.php'],
        name: [['migrations', 'table'], ['migrations']],
      }),
    }),
  ],
  knex: [
    listed({
      table: tableNames.knex[0],
      id: 'name',
      at: 'migration_time',
      order: ['id'],
      configured: namedIn({
        files: ['js', 'ts', 'mjs', 'cjs', 'mts', 'cts', 'coffee'].map(end => `knexfile.${end}`),
        name: [['migrations', 'tableName'], ['tableName']],
        schema: [['migrations', 'schemaName'], ['schemaName']],
      }),
    }),
  ],
  'node-pg-migrate': [
    listed({
      table: tableNames['node-pg-migrate'][0],
      id: 'name',
      at: 'run_on',
      order: ['run_on', 'id'],
      configured: namedByScript,
    }),
  ],
  'db-migrate': [
    listed({
      table: tableNames['db-migrate'][0],
      id: 'name',
      at: 'run_on',
      order: ['run_on', 'name'],
      configured: namedIn({ files: ['.db-migraterc'], name: [['migration-table']] }),
    }),
  ],
  typeorm: [
    listed({
      // `timestamp` belongs to the name of the class, not to the run.
      table: tableNames.typeorm[0],
      id: 'name',
      beside: ['timestamp'],
      order: ['id'],
      configured: namedIn({
        files: ['data-source', 'ormconfig', 'src/data-source', 'src/ormconfig', 'src/database/data-source'].flatMap(
          file => ['ts', 'js', 'json', 'mts', 'cts', 'mjs', 'cjs'].map(end => `${file}.${end}`),
        ),
        name: [['migrationsTableName']],
        schema: [['schema']],
      }),
    }),
  ],
  sequelize: [
    listed({
      table: tableNames.sequelize[0],
      id: 'name',
      configured: namedIn({
        files: ['config/config.json', 'config/config.js', 'config/database.js', 'config/database.json'],
        name: [['migrationStorageTableName']],
        schema: [['migrationStorageTableSchema']],
      }),
    }),
  ],
  'mikro-orm': [
    listed({
      table: tableNames['mikro-orm'][0],
      id: 'name',
      at: 'executed_at',
      order: ['id'],
      configured: namedIn({
        files: ['mikro-orm.config', 'src/mikro-orm.config'].flatMap(file => [`${file}.ts`, `${file}.js`]),
        name: [['migrations', 'tableName'], ['tableName']],
      }),
    }),
  ],
  kysely: [
    listed({
      table: tableNames.kysely[0],
      id: 'name',
      at: 'timestamp',
      order: ['timestamp', 'name'],
      configured: namedIn({
        files: ['ts', 'js', 'mjs', 'mts', 'cjs', 'cts'].flatMap(end => [
          `kysely.config.${end}`,
          `.config/kysely.config.${end}`,
        ]),
        name: [['migrationTableName']],
        schema: [['migrationTableSchema']],
      }),
    }),
  ],
  'ef-core': [
    listed({ table: tableNames['ef-core'][0], id: 'MigrationId', beside: ['ProductVersion'] }),
    // With EFCore.NamingConventions.
    listed({ table: tableNames['ef-core'][0], id: 'migration_id', beside: ['product_version'] }),
  ],
} satisfies Partial<Record<SystemId, readonly Tracking[]>>
