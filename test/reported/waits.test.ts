import { describe, expect, test } from 'vitest'
import type { PartialConfig } from '../../src/lint/config/config-file.ts'
import type { ReportedFinding } from '../../src/lint/report.ts'
import { blocksReads, blocksWrites } from '../../src/postgres/lock.ts'
import { told } from './kit/said.ts'

const auth = `CREATE SCHEMA auth; CREATE SCHEMA ingest;
CREATE TABLE auth.users (id int PRIMARY KEY, email text);
CREATE TABLE ingest.hook_events (id bigint PRIMARY KEY, body text);`

/** F4, with or without a comment that silences the finding about the statement's own table. */
function outage(comment: string, work = 'CREATE INDEX he ON ingest.hook_events (body);'): string {
  return `BEGIN;\nALTER TABLE auth.users ADD COLUMN plan text;\n${comment}\n${work}\nCOMMIT;`
}

/** `error work-under-strong-lock: auth.users reads writes`, for each finding about waiting queries. */
function waits(findings: readonly ReportedFinding[]): string[] {
  return findings.flatMap(({ severity, rule, effects = [] }) => {
    const shown = effects.filter(({ kind }) => !kind.endsWith('index'))
    const each = shown.map(
      ({ relation, lock }) => `${relation}${blocksReads(lock) ? ' reads' : ''}${blocksWrites(lock) ? ' writes' : ''}`,
    )
    return each.length === 0 ? [] : [`${severity} ${rule}: ${each.join(', ')}`]
  })
}

async function waiting(sql: string | readonly string[], config: PartialConfig = {}): Promise<string[]> {
  return waits(await told(sql, config)).filter(each => !each.startsWith('note'))
}

const users = 'error work-under-strong-lock: auth.users reads writes'
const index = 'error blocking-index-build: ingest.hook_events writes'

describe('F4: other tables that the transaction has locked', () => {
  test("are reported beside the statement's own table", async () => {
    expect((await waiting([auth, outage('')])).sort()).toEqual([index, users])
  })

  test.each([
    [
      'a comment',
      outage('-- migrate-lint-disable-next-statement blocking-index-build -- only a nightly job writes there'),
      {},
    ],
    ['the configuration', outage(''), { rules: { 'blocking-index-build': 'off' } }],
    ['a lower severity', outage(''), { rules: { 'blocking-index-build': 'note' } }],
  ] as const)('is reported when %s silences the finding about the other table', async (_, sql, config) => {
    expect(await waiting([auth, sql], config)).toEqual([users])
  })

  test('is reported for a rewrite', async () => {
    const rewrite = outage('', 'ALTER TABLE ingest.hook_events ALTER COLUMN id TYPE int;')
    expect(await waiting([auth, rewrite])).toContain(users)
  })

  test('is reported for each table, by name, in the message', async () => {
    const sql = `BEGIN; ALTER TABLE auth.users ADD COLUMN plan text; LOCK TABLE orders IN SHARE MODE NOWAIT;
CREATE INDEX he ON ingest.hook_events (body); COMMIT;`
    const messages = (await told([`${auth} CREATE TABLE orders (id int);`, sql])).map(({ message }) => message)
    expect(messages).toContain(
      'This blocks reads and writes of "auth.users" and writes to "orders" while "ingest.hook_events" gets a new index.',
    )
  })

  test('is reported for the same table, under the lock that was taken before', async () => {
    const sql = `BEGIN; ALTER TABLE orders ADD COLUMN status_v2 text NOT NULL DEFAULT 'pending';
CREATE INDEX orders_status_v2 ON orders (status_v2); COMMIT;`
    const findings = await told(['CREATE TABLE orders (id bigint PRIMARY KEY);', sql])
    expect(waits(findings).filter(each => !each.startsWith('note'))).toEqual([
      'error blocking-index-build: orders reads writes',
    ])
    expect(findings.map(({ message }) => message)).toContain(
      'Building "orders_status_v2" blocks writes to "orders" until it is done. Reads of "orders" wait as well, since an earlier statement of the transaction takes a stronger lock.',
    )
  })

  test('is reported again only if a later write makes more queries wait', async () => {
    const sql = `BEGIN; ALTER TABLE a ADD COLUMN x int; UPDATE c SET n = 1; UPDATE c SET n = 2;
ALTER TABLE b ADD COLUMN x int; UPDATE c SET n = 3; COMMIT;`
    const tables = 'CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE TABLE c (n int);'
    expect((await waiting([tables, sql])).filter(each => each.includes('backfill'))).toEqual([
      'error backfill-in-schema-transaction: a reads writes',
      'error backfill-in-schema-transaction: a reads writes, b reads writes',
    ])
  })

  test('is reported for a later write and for a query beside the write that makes the same others wait', async () => {
    const sql = `BEGIN; LOCK TABLE a IN EXCLUSIVE MODE; UPDATE a SET n = 1; ALTER TABLE a RENAME TO z; UPDATE c SET n = 1;
UPDATE c SET n = 2; SELECT count(*) FROM c; COMMIT;`
    const found = (await told(['CREATE TABLE a (n int); CREATE TABLE c (n int);', sql])).filter(
      ({ rule }) => rule === 'backfill-in-schema-transaction',
    )
    expect(waits(found)).toEqual([
      'error backfill-in-schema-transaction: a writes',
      'error backfill-in-schema-transaction: a reads writes',
    ])
    const beside = found.map(({ related }) =>
      related
        ?.filter(({ message }) => message === 'under the lock, too')
        .map(({ at }) => sql.slice(...at).split(' ')[0]),
    )
    expect(beside).toEqual([[], ['UPDATE', 'SELECT']])
  })

  describe('is reported once in a transaction', () => {
    const tables = 'CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE TABLE c (n int); CREATE TABLE d (n int);'
    const builds = 'BEGIN; CREATE INDEX ON a (n); CREATE INDEX ON b (n);\nCREATE INDEX ON c (n); COMMIT;'
    const own = ['a', 'b', 'c'].map(table => `error blocking-index-build: ${table} writes`)
    const goesOn = async (sql: string) =>
      (await told([tables, sql])).flatMap(({ message, related }) => {
        const [meanwhile] = message.match(/The transaction keeps its locks while .*/) ?? []
        const lines = related
          ?.filter(label => label.message === 'under the lock, too')
          .map(({ at }) => sql.slice(at[0]))
        return meanwhile ? [`${message.match(/"(.)"/)?.[1]}: ${meanwhile} ${lines?.length}`] : []
      })

    test('by the finding about each table, if work on it goes on', async () => {
      expect(await waiting([tables, builds])).toEqual(own)
      expect(await goesOn(builds)).toEqual([
        'a: The transaction keeps its locks while 2 later statements work. 2',
        'b: The transaction keeps its locks while a later statement works. 1',
      ])
    })

    test.each([
      [
        'a comment',
        builds.replace(
          'CREATE INDEX ON a',
          '\n-- migrate-lint-disable-next-statement blocking-index-build -- small\n$&',
        ),
        {},
        own.slice(1),
        'a writes',
      ],
      [
        'a comment about all',
        `-- migrate-lint-disable-file blocking-index-build -- small\n${builds}`,
        {},
        [],
        'a writes, b writes',
      ],
      ['the configuration', builds, { rules: { 'blocking-index-build': 'off' } }, [], 'a writes, b writes'],
      ['a lower severity', builds, { rules: { 'blocking-index-build': 'note' } }, [], 'a writes, b writes'],
    ] as const)(
      'by one finding at the last of them where %s silences that about the other',
      async (_, sql, config, rest, missing) => {
        const findings = await waiting([tables, sql], config)
        expect(findings.sort()).toEqual([...rest, `error work-under-strong-lock: ${missing}`])
      },
    )

    test('by the last statement that works, with labels for the others', async () => {
      const sql = `BEGIN; ALTER TABLE d ADD COLUMN m int; ${builds.slice(7)}`
      const findings = await told([tables, sql])
      expect(waits(findings).filter(each => each.includes('work-under'))).toEqual([
        'error work-under-strong-lock: d reads writes',
      ])
      const found = findings.find(({ rule }) => rule === 'work-under-strong-lock')
      expect(found?.message).toBe(
        'This blocks reads and writes of "d" while "c" gets a new index. 2 other statements of the transaction work under these locks, too.',
      )
      expect(found?.at[0]).toBe(sql.indexOf('CREATE INDEX ON c'))
      expect(found?.related?.map(({ message, at }) => `${sql.slice(at[0], at[0] + 17)}: ${message}`)).toEqual([
        'ALTER TABLE d ADD: the lock is taken here',
        'CREATE INDEX ON a: under the lock, too',
        'CREATE INDEX ON b: under the lock, too',
      ])
    })

    test('by one statement, before the own findings of some tables', async () => {
      const keys = (verb: string) =>
        ['a', 'b', 'c'].map(table => `ALTER TABLE ${table} ${verb.replaceAll('_k', `${table}_k`)};`).join(' ')
      const before = `${tables} CREATE TABLE p (n int PRIMARY KEY); ${keys('ADD CONSTRAINT _k FOREIGN KEY (n) REFERENCES p')}`
      const sql = `BEGIN; ${keys('DROP CONSTRAINT _k')} ${keys('ADD CONSTRAINT _k FOREIGN KEY (n) REFERENCES p ON DELETE CASCADE')} COMMIT;`
      expect((await waiting([before, sql])).filter(each => each.includes('work-under'))).toEqual([
        'error work-under-strong-lock: b reads writes, c reads writes',
      ])
    })

    test('by a query after a write of which no finding says that others wait meanwhile', async () => {
      const sql = `BEGIN; DROP MATERIALIZED VIEW m; UPDATE a SET n = 1; CREATE INDEX ON b (n);
SELECT count(*) FROM a; COMMIT;`
      const view = 'CREATE MATERIALIZED VIEW m AS SELECT n FROM a;'
      const found = (await told([`${tables} ${view}`, sql])).filter(({ rule }) => rule === 'work-under-strong-lock')
      expect(waits(found)).toEqual(['note work-under-strong-lock: m reads writes'])
      expect(found[0]?.at[0]).toBe(sql.indexOf('SELECT'))
      expect(found[0]?.message).toContain('2 other statements of the transaction work under these locks, too.')
    })

    test('again if its lock was released and taken again', async () => {
      const sql = `BEGIN; SAVEPOINT s; CREATE INDEX ON a (n); ROLLBACK TO s; ALTER TABLE a ADD COLUMN m int; CREATE INDEX ON b (n); COMMIT;`
      expect(await waiting([tables, sql])).toEqual([
        'error blocking-index-build: a writes',
        'error blocking-index-build: b writes',
        'error work-under-strong-lock: a reads writes',
      ])
    })

    test('by the finding about changed rows, for later statements that work', async () => {
      const sql = 'BEGIN; ALTER TABLE d ADD COLUMN m int; UPDATE a SET n = 1; CREATE INDEX ON b (n); COMMIT;'
      expect((await waiting([tables, sql])).filter(each => /work-under|backfill/.test(each))).toEqual([
        'error backfill-in-schema-transaction: d reads writes',
      ])
      expect(await goesOn(sql)).toContain('a: The transaction keeps its locks while a later statement works. 1')
    })

    test('is another finding for a baseline when it goes on', async () => {
      const key = async (sql: string) =>
        (await told([tables, sql])).find(({ at }) => at[0] === sql.indexOf('CREATE'))?.statement
      const one = 'BEGIN; CREATE INDEX ON a (n); COMMIT;'
      const copied = one.replace(' COMMIT', ' CREATE TABLE z AS SELECT n FROM b; COMMIT')
      expect(await key(copied)).not.toBe(await key(one))
      expect(await key(builds)).toBe(await key(copied))
    })
  })

  test('is another finding for a baseline than the same statement under fewer locks', async () => {
    const key = async (sql: string) =>
      (await told([auth, sql])).find(({ rule }) => rule === 'work-under-strong-lock')?.statement
    const more = outage(
      'ALTER TABLE ingest.hook_events ADD COLUMN at date; CREATE TABLE z (u int REFERENCES auth.users);',
    )
    const others = outage('LOCK TABLE orders IN SHARE MODE NOWAIT;')
    expect(await key(outage(''))).toBe(await key(more))
    expect(await key(others)).not.toBe(await key(outage('')))
  })

  test('is not reported for new tables, or for locks without long work', async () => {
    const fresh = 'BEGIN; CREATE TABLE z (id int); ALTER TABLE z ADD COLUMN n int; CREATE INDEX ON z (n); COMMIT;'
    expect(await waiting([auth, fresh])).toEqual([])
    expect(await waiting([auth, 'BEGIN; ALTER TABLE auth.users ADD COLUMN plan text; COMMIT;'])).toEqual([])
  })

  test('is a note if the table is dropped for good, and an error if it is created again', async () => {
    const drop = 'BEGIN; DROP TABLE auth.users; CREATE INDEX he ON ingest.hook_events (body); COMMIT;'
    expect(waits(await told([auth, drop]))).toContain('note work-under-strong-lock: auth.users reads writes')
    const again = `BEGIN; DROP TABLE auth.users;
CREATE TABLE auth.users AS SELECT id FROM ingest.hook_events; COMMIT;`
    expect(await waiting([auth, again])).toContain(users)
  })
})

describe('F13: the table at the other end of a foreign key', () => {
  const tables =
    'CREATE TABLE team (id int PRIMARY KEY); CREATE TABLE vision (id int PRIMARY KEY, team_id int REFERENCES team);'

  test.each([
    'DROP TABLE vision;',
    'DROP TABLE IF EXISTS vision CASCADE;',
    'ALTER TABLE vision DROP COLUMN team_id;',
    'ALTER TABLE vision DROP COLUMN team_id, ADD COLUMN x int;',
    'ALTER TABLE vision DROP CONSTRAINT vision_team_id_fkey; DROP TABLE vision;',
    'DROP TABLE team CASCADE;',
  ])('is named by %s', async sql => {
    const other = sql.includes('TABLE team') ? 'vision' : 'team'
    const findings = (await told([tables, sql])).filter(({ rule }) => rule === 'drop-foreign-key')
    expect(findings.map(({ message }) => message).join()).toContain(`"${other}"`)
    expect(waits(findings).join()).toContain(`${other} reads writes`)
  })

  test('is named as long as a statement works under its lock', async () => {
    const sql =
      'BEGIN; SET LOCAL lock_timeout = 1000; ALTER TABLE vision DROP COLUMN team_id; CREATE INDEX ON big (n); COMMIT;'
    expect(await waiting([`${tables} CREATE TABLE big (n int);`, sql])).toContain(
      'error work-under-strong-lock: vision reads writes, team reads writes',
    )
  })

  test('is not named if the wait is short', async () => {
    expect(await waiting([tables, "SET lock_timeout = '2s'; ALTER TABLE vision DROP COLUMN team_id;"])).toEqual([])
  })
})

test('M9: work on a table that took a name in use, or became a partition, in the next transaction and in the same one', async () => {
  const tables = 'CREATE TABLE carts (id bigint PRIMARY KEY, note text); CREATE TABLE other (id bigint, note text);'
  const none: PartialConfig = { transaction: 'none' }
  const swap = `CREATE TABLE carts_new (id bigint, note text); INSERT INTO carts_new SELECT id, note FROM carts;
ALTER TABLE carts RENAME TO carts_old; ALTER TABLE carts_new RENAME TO carts; `
  expect(await waiting([tables, `${swap} CREATE INDEX ON carts (note);`], none)).toContain(
    'error blocking-index-build: carts writes',
  )
  const held =
    'BEGIN; ALTER TABLE carts RENAME TO carts_old; ALTER TABLE other RENAME TO carts; CREATE INDEX ON carts (note); COMMIT;'
  // Reports use the names that others know until the transaction ends.
  expect((await waiting([tables, held])).sort()).toEqual([
    'error blocking-index-build: other reads writes',
    'error work-under-strong-lock: carts reads writes',
  ])
})

test('the table of an index is named, whether it was built before the unread migration or after it', async () => {
  const unread = "DO $$ BEGIN EXECUTE current_setting('my.sql'); END $$;"
  const before = [
    'CREATE TABLE a (n int, m int); CREATE INDEX a_n ON a (n);',
    unread,
    'CREATE INDEX CONCURRENTLY a_m ON a (m);',
  ]
  for (const index of ['a_n', 'a_m']) {
    const findings = await told([...before, `DROP INDEX ${index};`])
    expect(waits(findings.filter(({ rule }) => rule === 'blocking-index-drop'))).toEqual([
      'warning blocking-index-drop: a reads writes',
    ])
  }
})

test('rows of system catalogs are few, and no later query takes such a catalog for a table', async () => {
  const sql = `BEGIN; ALTER TABLE a ADD COLUMN m int; UPDATE pg_index SET indisready = false WHERE indrelid = 'a'::regclass;
SELECT count(*) FROM pg_index; COMMIT;`
  expect(await waiting(['CREATE TABLE a (n int);', sql])).toEqual([])
})
