import { expect } from 'vitest'
import type { RecordedTable } from './tracked.ts'

/** A tracking table as somebody wrote it down, and what follows from it for a fixture. */
export interface ByHand {
  readonly what: string
  readonly fixture: string
  readonly table: RecordedTable
  readonly changes?: Readonly<Record<string, string | null>>
  readonly expected: object
}

const at = '2026-03-01 10:22:33.123'
const ids = (...all: readonly string[]) => all.map(id => ({ id }))

const prisma = {
  table: 'public._prisma_migrations',
  columns: {
    migration_name: 'varchar(255)',
    checksum: 'varchar(64)',
    started_at: 'timestamptz',
    finished_at: 'timestamptz',
    rolled_back_at: 'timestamptz',
    logs: 'text',
  },
}

const revisions = {
  table: 'atlas_schema_revisions.atlas_schema_revisions',
  columns: {
    version: 'text',
    description: 'text',
    type: 'bigint',
    applied: 'bigint',
    total: 'bigint',
    executed_at: 'timestamptz',
    error: 'text',
    hash: 'text',
  },
}
/** Lines of the atlas.sum of the fixture. */
const init = ['20260105090000', 'init', '2', '2', '2', at, null, 'QsG3ECWGKMAek8KC4u5BYOU1QZrg0txbUYlrACHStDU=']
const user = ['20260202090000', 'orders_user', '2', '1', '1', at, null, 'QcG5N+ONAV95rhnRSvmyjnageLbD5OJAAIFh5r9qXrk=']
const placed = ['20260203090000', 'x', '2', '1', '1', at, null, 'M4EJz+zl7W21OEQIRfUDMj0NjNnC2Om+4AYR6oIXRBs=']

const goose = {
  table: 'public.goose_db_version',
  columns: { id: 'integer', version_id: 'bigint', is_applied: 'boolean', tstamp: 'timestamp' },
}
const version = { table: 'public.schema_migrations', columns: { version: 'bigint', dirty: 'boolean' } }

/** Tables of tools that cannot be run here, after the places in their source that src/systems/tracking names. */
export const byHand: readonly ByHand[] = [
  {
    what: 'Prisma: applied, rolled back, failed; line ends do not count',
    fixture: 'prisma',
    changes: {
      'prisma/migrations/20250114090000_init/migration.sql': 'SELECT 1;\r\n',
      'prisma/migrations/address/migration.sql': 'SELECT 1;\n',
    },
    table: {
      ...prisma,
      rows: [
        // sha256sum of "SELECT 1;" and a line feed
        ['20250114090000_init', '0', at, at, at, null],
        ['20250114090000_init', 'b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd', at, at, null, null],
        // As old versions wrote it, without the zeros before 0xb4e04978 04 e4 6e 0a 0b 0b
        ['address', 'b4e049784e46eabb8c31975b62152d551bac49c3c2e80932567b485dcd', at, at, null, null],
        ['20250203101500_orders_by_customer', '0', at, null, null, 'ERROR: x'],
        ['20240101000000_gone', '0', at, at, null, null],
        ['20240102000000_rolled_back', '0', at, null, at, null],
      ],
    },
    expected: {
      applied: [
        { id: '20250114090000_init', compared: true },
        { id: 'address', compared: true },
      ],
      edited: [],
      pending: ids('20250310080000_orders_by_date', '20250311080000_two_at_once', 'Zoning'),
      failed: [{ id: '20250203101500_orders_by_customer', detail: 'ERROR: x' }],
      missing: ids('20240101000000_gone'),
    },
  },
  {
    what: 'Prisma 8: the ledger of one space',
    fixture: 'prisma-8',
    table: {
      table: 'prisma_contract.ledger',
      columns: {
        id: 'bigint',
        created_at: 'timestamptz',
        space: 'text',
        migration_name: 'text',
        migration_hash: 'text',
      },
      rows: [
        ['1', at, 'app', '20260301T1000_init', '9c1e85a9bb87e22fc9405356f27b473eaca1a0d4328cad5cd4310924ecff0d16'],
        ['2', at, 'app', '20260302T1000_add_phone', '1'.repeat(64)],
        ['3', at, 'app', '20260302T1100_add_avatar', '0'.repeat(64)],
        ['4', at, 'app', '20260101T0000_gone', '0'.repeat(64)],
        ['5', at, 'other', '20260101T0000_elsewhere', '0'.repeat(64)],
      ],
    },
    expected: {
      applied: [
        { id: '20260301T1000_init', compared: true },
        { id: '20260302T1000_add_phone', compared: true },
      ],
      edited: [{ id: '20260302T1000_add_phone', difference: 'unknown' }],
      pending: [{ id: '20260303T1000_merge_phone', late: null }],
      missing: ids('20260101T0000_gone'),
    },
  },
  {
    what: 'Drizzle 1.0: by name, and by time where there is none',
    fixture: 'drizzle-1',
    table: {
      table: 'drizzle.__drizzle_migrations',
      columns: { id: 'integer', hash: 'text', created_at: 'bigint', name: 'text', applied_at: 'timestamptz' },
      rows: [
        ['1', '0', '1770886800000', null, null],
        ['2', '0', '1', '20260101000000_gone', at],
      ],
    },
    expected: {
      applied: ids('20260212090000_brave_lynx'),
      edited: ids('20260212090000_brave_lynx'),
      pending: [{ id: '20260105101500_first_steps', late: null }],
      missing: [{ id: '20260101000000_gone', at: `${at}+00` }],
    },
  },
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
  {
    what: 'Atlas: sums over all files before',
    fixture: 'atlas',
    table: { ...revisions, rows: [['.atlas_cloud_identifier', 'x', '2', '0', '0', at, null, 'x'], init, user] },
    expected: {
      applied: [
        { id: '20260105090000', compared: true },
        { id: '20260202090000', compared: true },
      ],
      edited: [],
      pending: ids('20260203090000', '20260204090000', '20260206090000'),
      missing: [],
    },
  },
  {
    what: 'Atlas: of an edited file and those after it, only the first is known to differ',
    fixture: 'atlas',
    changes: { 'migrations/20260202090000_orders_user.sql': 'SELECT 42;\n' },
    table: { ...revisions, rows: [init, user, placed] },
    expected: {
      applied: [
        { id: '20260105090000', compared: true },
        { id: '20260202090000', compared: true },
        { id: '20260203090000', compared: false },
      ],
      edited: [{ id: '20260202090000', difference: 'unknown' }],
    },
  },
  {
    what: 'Atlas: a file that came in between later edits nothing, but stops it',
    fixture: 'atlas',
    changes: {
      'migrations/20260101000000_before.sql': 'SELECT 1;\n',
      'migrations/20260110000000_late.sql': 'SELECT 1;\n',
    },
    table: { ...revisions, rows: [init, [...user.slice(0, 3), '1', '2', at, 'boom', ...user.slice(7)]] },
    expected: {
      applied: [
        { id: '20260101000000', compared: false },
        { id: '20260105090000', compared: true },
      ],
      edited: [],
      failed: [{ id: '20260202090000', detail: 'boom' }],
      pending: [
        { id: '20260110000000', late: { severity: 'error' } },
        ...ids('20260203090000', '20260204090000', '20260206090000'),
      ],
    },
  },
  {
    what: 'Atlas: one that stayed half done before "atlas migrate set" is not gone on with',
    fixture: 'atlas',
    table: { ...revisions, rows: [init, [...user.slice(0, 3), '1', '2', at, 'boom', ...user.slice(7)], placed] },
    expected: { applied: ids('20260105090000', '20260202090000', '20260203090000'), edited: [], failed: [] },
  },
  {
    what: 'Supabase: statements as they were',
    fixture: 'supabase',
    changes: { 'supabase/migrations/20250301100000_members.sql': '-- a comment\nselect 1 ;\n\nselect 2\n' },
    table: {
      table: 'supabase_migrations.schema_migrations',
      columns: { version: 'text', statements: 'text[]', name: 'text' },
      rows: [
        ['20250301100000', '{"select 1","SELECT 2"}', 'members'],
        ['20250402110000', '{"select 1"}', 'joined'],
        ['20250503120000', null, null],
      ],
    },
    expected: {
      applied: [
        { id: '20250301100000', compared: true },
        { id: '20250402110000', compared: true },
        { id: '20250503120000', compared: false },
      ],
      edited: ids('20250402110000'),
    },
  },
  {
    what: 'Flyway: a baseline, a deleted version, an undone one',
    fixture: '',
    changes: {
      'flyway.conf': 'flyway.url=jdbc:postgresql:shop',
      'sql/V1__a.sql': 'SELECT 1;',
      'sql/V2__b.sql': 'SELECT 1;',
      'sql/V2.1__c.sql': 'SELECT 1;',
      'sql/V3__renamed.sql': 'SELECT 1;',
    },
    table: {
      table: 'public.flyway_schema_history',
      columns: {
        installed_rank: 'integer',
        version: 'varchar(50)',
        description: 'varchar(200)',
        type: 'varchar(20)',
        script: 'varchar(1000)',
        checksum: 'integer',
        installed_on: 'timestamp',
        success: 'boolean',
      },
      rows: [
        ['1', '1', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', null, at, 'true'],
        ['2', '2.0', 'b', 'SQL', 'V2__b.sql', '0', at, 'true'],
        ['3', '2.1', 'c', 'SQL', 'V2.1__c.sql', '0', at, 'true'],
        ['4', '2.1', 'c', 'UNDO_SQL', 'U2.1__c.sql', '0', at, 'true'],
        ['5', '3', 'd', 'SQL', 'V3__d.sql', null, at, 'true'],
        ['6', '4', 'e', 'SQL', 'V4__e.sql', '0', at, 'true'],
        ['7', '4', 'e', 'DELETE', 'V4__e.sql', '0', at, 'true'],
      ],
    },
    expected: {
      applied: [
        { id: '1', compared: false },
        { id: '2', compared: true },
        { id: '3', compared: false },
      ],
      edited: [
        { id: '2', difference: 'unknown' },
        { id: '3', difference: 'name' },
      ],
      pending: [{ id: '2.1', late: { severity: 'error' } }],
      missing: [],
    },
  },
]
