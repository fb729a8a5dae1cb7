import { expect } from 'vitest'
import { at, type ByHand, ids } from './by-hand.ts'

const goose = {
  table: 'public.goose_db_version',
  columns: { id: 'integer', version_id: 'bigint', is_applied: 'boolean', tstamp: 'timestamp' },
}
const version = { table: 'public.schema_migrations', columns: { version: 'bigint', dirty: 'boolean' } }

/** Tables of tools that record versions or names, but not the content of files. */
export const withVersions: readonly ByHand[] = [
  {
    what: 'golang-migrate: all up to the version',
    fixture: 'golang-migrate',
    table: { ...version, rows: [['9', 'false']] },
    expected: { applied: ids('1', '2', '9'), pending: ids('10', '11'), missing: [], failed: [] },
  },
  {
    what: 'golang-migrate: dirty',
    fixture: 'golang-migrate',
    table: { ...version, rows: [['9', 'true']] },
    expected: { applied: ids('1', '2'), pending: ids('10', '11'), failed: ids('9') },
  },
  {
    what: 'golang-migrate: at a version without a file, and at none',
    fixture: 'golang-migrate',
    table: { ...version, rows: [['7', 'false']] },
    expected: { applied: ids('1', '2'), pending: ids('9', '10', '11'), missing: ids('7') },
  },
  {
    what: 'golang-migrate: all taken back',
    fixture: 'golang-migrate',
    table: { ...version, rows: [['-1', 'false']] },
    expected: { applied: [], missing: [], failed: [] },
  },
  {
    what: 'golang-migrate: taking back the first one failed',
    fixture: 'golang-migrate',
    table: { ...version, rows: [['-1', 'true']] },
    expected: { applied: [], missing: [], failed: ids('-1') },
  },
  {
    what: 'golang-migrate: versions of another tool',
    fixture: 'golang-migrate',
    table: { ...version, columns: { version: 'text', dirty: 'boolean' }, rows: [['v7', 'false']] },
    expected: { applied: [], missing: [], failed: [] },
  },
  {
    what: 'goose: the last row of a version counts',
    fixture: 'goose',
    table: {
      ...goose,
      rows: [
        ['1', '0', 'true', at],
        ['2', '1', 'true', at],
        ['3', '2', 'true', at],
        ['4', '2', 'false', at],
        ['5', '9', 'true', at],
        ['6', '8', 'true', at],
      ],
    },
    expected: {
      applied: [
        { id: '1', at, compared: false },
        { id: '9', at, compared: false },
      ],
      pending: [
        { id: '2', late: { severity: 'error', what: expect.stringContaining('--allow-missing') } },
        ...ids('10', '11', '12', '13'),
      ],
      missing: [{ id: '8', at }],
    },
  },
  {
    what: 'Diesel: versions without dashes',
    fixture: 'diesel',
    table: {
      table: 'public.__diesel_schema_migrations',
      columns: { version: 'varchar(50)', run_on: 'timestamp' },
      rows: [
        ['00000000000000', at],
        ['20240101090000', at],
        ['20240103090000', at],
      ],
    },
    expected: {
      applied: ids('00000000000000', '20240101090000', '20240103090000'),
      pending: [
        { id: '20240102090000', late: { severity: 'note' } },
        { id: '20240201090000', late: null },
        { id: '2024102100000', late: null },
      ],
    },
  },
  {
    what: 'Rails',
    fixture: 'rails',
    table: {
      table: 'public.schema_migrations',
      columns: { version: 'varchar' },
      rows: [['9'], ['20260105090000'], ['20250101000000']],
    },
    expected: { applied: ids('9', '20260105090000'), missing: ids('20250101000000') },
  },
  {
    what: 'Ecto, in a schema that its configuration names',
    fixture: 'ecto',
    changes: {
      'config/config.exs': 'config :shop, Shop.Repo, migration_source: "changes", migration_default_prefix: "tools"',
    },
    table: {
      table: 'tools.changes',
      columns: { version: 'bigint', inserted_at: 'timestamp' },
      rows: [['20260105090000', at]],
    },
    expected: { table: 'tools.changes', applied: [{ id: '20260105090000', at, compared: false }] },
  },
  {
    what: 'Laravel, beside a table of that name that is another tool’s',
    fixture: 'laravel',
    table: {
      table: 'public.migrations',
      columns: { id: 'integer', migration: 'varchar(255)', batch: 'integer' },
      rows: [
        ['1', '0001_01_01_000000_create_users_table', '1'],
        ['2', '2026_02_02_090000_index_orders', '1'],
      ],
    },
    expected: {
      applied: ids('0001_01_01_000000_create_users_table', '2026_02_02_090000_index_orders'),
      pending: [{ id: '2026_01_06_090000_create_orders_table', late: { severity: 'note' } }],
    },
  },
  {
    what: 'EF Core',
    fixture: 'ef-core',
    table: {
      table: 'public.__EFMigrationsHistory',
      columns: { MigrationId: 'varchar(150)', ProductVersion: 'varchar(32)' },
      rows: [['20260105090000_Initial', '9.0.1']],
    },
    expected: { applied: ids('20260105090000_Initial'), pending: ids('20260202090000_IndexUsers') },
  },
  {
    what: 'EF Core with EFCore.NamingConventions',
    fixture: 'ef-core',
    table: {
      table: 'public.__EFMigrationsHistory',
      columns: { migration_id: 'varchar(150)', product_version: 'varchar(32)' },
      rows: [['20260105090000_Initial', '9.0.1']],
    },
    expected: { applied: ids('20260105090000_Initial'), pending: ids('20260202090000_IndexUsers') },
  },
  {
    what: 'MikroORM',
    fixture: 'mikro-orm',
    table: {
      table: 'public.mikro_orm_migrations',
      columns: { id: 'integer', name: 'varchar(255)', executed_at: 'timestamptz' },
      rows: [['1', 'Migration20260105090000', at]],
    },
    expected: {
      applied: [{ id: 'Migration20260105090000', at: `${at}+00`, compared: false }],
      pending: ids('Migration20260202090000'),
    },
  },
  {
    what: 'Hasura: the state of the CLI, by database',
    fixture: 'hasura',
    table: {
      table: 'hdb_catalog.hdb_version',
      columns: { hasura_uuid: 'uuid', version: 'text', cli_state: 'jsonb' },
      rows: [
        [
          'b9bb2e5c-1e0a-4a3f-8a51-0d9a4c1a52a1',
          '48',
          '{"migrations":{"default":{"999":false,"1767603600000":true,"5":false},"stock":{"6":false}},"settings":{}}',
        ],
      ],
    },
    expected: { applied: ids('999'), failed: ids('1767603600000'), missing: ids('5') },
  },
]
