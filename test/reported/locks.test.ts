import { describe, expect, test } from 'vitest'
import type { Version } from '../../src/postgres/version.ts'
import { effects } from '../postgres/kit/steps.ts'
import { told } from './kit/said.ts'

// Each lock was measured on PostgreSQL 12 to 18: test/postgres/cases/partitions.json and reindex.json have the same statements.
const versions: readonly Version[] = [12, 13, 14, 15, 16, 17, 18]

const parts = (columns: string) =>
  `CREATE TABLE events (${columns}) PARTITION BY RANGE (ts);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');`
const inherited = `CREATE TABLE base (id bigint NOT NULL, ts date NOT NULL); CREATE TABLE child (more int) INHERITS (base);
CREATE UNIQUE INDEX base_ts ON base (id, ts);`

describe('R9: locks of partitions and children by version', () => {
  const locked = (setup: string, sql: string, relation: string, version: Version) =>
    effects(setup, sql, { version })
      .find(effect => effect.startsWith(`${relation} `))
      ?.split(' ')[1]

  test.each<[string, string, string, string, string | undefined, string | undefined]>([
    [
      'a primary key over columns that are NOT NULL',
      parts('id bigint NOT NULL, ts date NOT NULL'),
      'ALTER TABLE events ADD PRIMARY KEY (id, ts)',
      'events_1',
      'ShareLock',
      'AccessExclusiveLock',
    ],
    [
      'a primary key that makes a column NOT NULL',
      parts('id bigint, ts date NOT NULL'),
      'ALTER TABLE events ADD PRIMARY KEY (id, ts)',
      'events_1',
      'AccessExclusiveLock',
      'AccessExclusiveLock',
    ],
    [
      'a unique constraint',
      parts('id bigint, ts date'),
      'ALTER TABLE events ADD UNIQUE (id, ts)',
      'events_1',
      'ShareLock',
      'AccessExclusiveLock',
    ],
    [
      'ONLY the parent',
      parts('id bigint NOT NULL, ts date NOT NULL'),
      'ALTER TABLE ONLY events ADD PRIMARY KEY (id, ts)',
      'events_1',
      undefined,
      undefined,
    ],
    ...(
      [
        ['ADD PRIMARY KEY (id)', 'AccessExclusiveLock'],
        ['ADD UNIQUE (id)', undefined],
        ['ADD UNIQUE USING INDEX base_ts', undefined],
        ['ADD EXCLUDE USING btree (id WITH =)', undefined],
      ] as const
    ).map(
      ([command, before]) =>
        [
          `a child that inherits: ${command}`,
          inherited,
          `ALTER TABLE base ${command}`,
          'child',
          before,
          'AccessExclusiveLock',
        ] as [string, string, string, string, string | undefined, string | undefined],
    ),
  ])('%s', (_, setup, sql, relation, before, since) => {
    expect(versions.map(version => locked(setup, sql, relation, version))).toEqual(
      versions.map(version => (version < 18 ? before : since)),
    )
  })

  test('REINDEX SCHEMA rebuilds the indexes of that schema, and is reported', async () => {
    const setup = `CREATE SCHEMA sa; CREATE TABLE sa.users (id int PRIMARY KEY); CREATE TABLE users (id int PRIMARY KEY);
CREATE MATERIALIZED VIEW sa.mv AS SELECT 1 AS id; CREATE TABLE sa.logs (id int);`
    for (const version of versions) {
      expect(effects(setup, 'REINDEX SCHEMA sa', { version, inTransaction: false }).sort()).toEqual([
        'sa.logs ShareLock',
        'sa.mv ShareLock',
        'sa.users ShareLock scan',
        'sa.users_pkey AccessExclusiveLock rebuild',
      ])
    }
    const found = await told([setup, 'REINDEX SCHEMA sa;'], { transaction: 'none' })
    expect(found.filter(({ rule }) => rule === 'blocking-reindex').map(({ severity }) => severity)).toEqual(['error'])
  })

  test('REINDEX TABLE of a partitioned table rebuilds the indexes of partitions that were not read', async () => {
    const parent = 'CREATE TABLE events (id bigint) PARTITION BY RANGE (id);'
    const severities = async (...earlier: string[]) =>
      (await told([parent, ...earlier, 'REINDEX TABLE events;'], { transaction: 'none' }))
        .filter(({ rule }) => rule === 'blocking-reindex')
        .map(({ severity }) => severity)
    expect(await severities()).toEqual([])
    expect(await severities('DO $$ BEGIN EXECUTE make_partitions(); END $$;')).toEqual(['error'])
  })
})
