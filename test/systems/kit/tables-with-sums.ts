import { at, type ByHand, ids } from './by-hand.ts'

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

/** Tables of tools that record a checksum or the text of applied migrations. */
export const withSums: readonly ByHand[] = [
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
        // As old versions write it, without the zeros before 0xb4e04978 04 e4 6e 0a 0b 0b
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
