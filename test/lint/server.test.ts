import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { completeConfig, lint, vocabulary } from '../../src/index.ts'
import { checkConfig } from '../../src/lint/config/config-file.ts'
import { mergeReports } from '../../src/lint/merge.ts'
import {
  countAlike,
  otherVersionsOf,
  type Server,
  serverIn,
  serverNotices,
  serverOf,
  unnamedServer,
  versionsIn,
} from '../../src/lint/server.ts'
import { json } from '../../src/report/json.ts'

const places = [
  { version: '16', path: 'compose.yaml', line: 3 },
  { version: '14', path: '.github/workflows/ci.yml', line: 12 },
  { version: '14.2', path: 'Dockerfile', line: null },
]

describe('the server that counts', () => {
  test('is the oldest of those that files name; the others make a failure uncertain', () => {
    const server = serverOf(places)
    expect(server).toEqual({ versions: ['14.2'], by: 'repository', places })
    expect(otherVersionsOf(server, '14.2')).toEqual([16])
    expect(serverNotices(server)).toEqual([
      'The files name several versions of PostgreSQL: 14.2 (Dockerfile), 14 (.github/workflows/ci.yml:12), 16 (compose.yaml:3). The oldest counts; "pgVersion" in the configuration settles it.',
    ])
  })

  test('is any that is maintained if nobody names one, and every version that is known is possible', () => {
    const config = completeConfig({})
    const [server, { pgVersion }] = [serverIn(config), config]
    expect(server).toEqual({ versions: ['15', '16', '17', '18'], by: 'nobody', places: [] })
    expect(pgVersion).toBe('15')
    expect(otherVersionsOf(server, pgVersion)).toEqual([16, 17, 18, 14, 13, 12])
    expect(serverNotices(server)).toEqual([])
  })

  test('is the nearest that is known, with a notice, if it is older or newer', () => {
    const old = serverOf([{ version: '9.6', path: 'compose.yaml', line: 3 }])
    expect(serverNotices(old)).toEqual([
      'PostgreSQL 9.6 (compose.yaml:3) is judged as PostgreSQL 12, the oldest that is known here.',
    ])
    expect(serverNotices(serverIn(completeConfig({ pgVersion: '19' })))).toEqual([
      'PostgreSQL 19 is judged as PostgreSQL 18, the newest that is known here. Statements that only it knows are not read.',
    ])
  })

  test.each([
    ['14', ['14']],
    [17, ['17']],
    ['17, 14', ['14', '17']],
    [
      ['17', 14, '14.2', '17'],
      ['14.2', '14', '17'],
    ],
  ])('%j of the configuration are the versions %j', (written, versions) => {
    const { config, problems } = checkConfig({ pgVersion: written }, vocabulary)
    expect(problems).toEqual([])
    expect(completeConfig(config ?? {}).server).toEqual({ versions, by: 'configuration', places: [] } satisfies Server)
    expect(versionsIn(written)).toEqual(versions)
  })

  test.each(['11', '20', '14;17', '', '14,', 11, [], [[14]]])('%j of the configuration is not a version', written => {
    expect(checkConfig({ pgVersion: written }, vocabulary).problems).toHaveLength(1)
  })
})

describe('no version that anybody names', () => {
  const judged = (content: string, pgVersion?: string) =>
    lint({ migrations: [{ path: '1.sql', content }], config: { ...(pgVersion && { pgVersion }), preset: 'all' } })
  const inherited = 'CREATE TABLE child () INHERITS (person);\nCOMMIT;\n'
  const grown = 'ALTER TABLE person ADD CONSTRAINT c UNIQUE (name);'

  test('is judged as all that are maintained: what holds on all of them reads as on one', async () => {
    const sql = 'CREATE TABLE t (id bigint PRIMARY KEY);\nCREATE INDEX i ON person (name);\nDROP TABLE old;'
    const [unnamed, oldest] = await Promise.all([judged(sql), judged(sql, '15')])
    expect(unnamed.findings).toEqual(oldest.findings)
    expect(unnamed.servers).toEqual([{ versions: ['15', '16', '17', '18'], by: 'nobody', places: [] }])
  })

  test('is part of a finding that holds on some of them, with the way to name one', async () => {
    const { findings } = await judged(
      "CREATE TYPE e AS ENUM ('a');\nALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a) VIRTUAL;",
    )
    const failure = findings.find(({ rule }) => rule === 'possible-failure')
    expect(failure?.versions).toEqual(['15', '16', '17'])
    expect(failure?.message).toBe(
      'This fails: GENERATED … VIRTUAL needs PostgreSQL 18 (SQLSTATE 42601). This holds on PostgreSQL 15, 16 and 17, not on 18: `pgVersion` says which one is yours.',
    )
    expect(findings.filter(({ rule }) => rule === 'certain-failure')).toEqual([])
  })

  test('is judged again only where newer servers differ, each once', async () => {
    const versions = ['15', '16', '17', '18', '18.1', '19']
    expect(countAlike(versions, new Set())).toBe(4)
    expect(countAlike(versions, new Set([12, 15]))).toBe(4)
    expect(countAlike(versions, new Set([17]))).toBe(2)
    expect(countAlike(versions.slice(3), new Set())).toBe(1)
    expect(countAlike(versions.slice(4), new Set())).toBe(1)
    const runs = async (sql: string) => {
      let models = 0
      const watch = { file: (phase: string) => void (phase === 'model' && models++) }
      await lint({ migrations: [{ path: '1.sql', content: sql }], config: {}, watch } as Parameters<typeof lint>[0])
      return models
    }
    expect(await runs('CREATE TABLE t (id bigint PRIMARY KEY, n text NOT NULL);')).toBe(1)
    expect(await runs(inherited + grown)).toBe(2)
    expect(await runs('ALTER TABLE t DROP CONSTRAINT t_n_not_null;')).toBe(2)
  })

  test('has the findings of each of these versions, and says what each of them does', async () => {
    const every = ['15', '16', '17', '18']
    const sql = [inherited, grown, "ALTER TABLE person ALTER name SET EXPRESSION AS ('x');", 'ANALYZE person;'].join(
      '\n',
    )
    const unnamed = await judged(sql)
    for (const version of every) {
      const alone = await judged(sql, version)
      const own = unnamed.findings.filter(({ versions = every }) => versions.includes(version))
      const kept = alone.findings.filter(({ rule }) => !rule.endsWith('-failure'))
      const places = kept.map(({ rule, at }) => `${rule} ${at}`)
      expect(own.map(({ rule, at }) => `${rule} ${at}`)).toEqual(expect.arrayContaining(places))
      for (const { rule, at, message } of kept)
        expect(
          own
            .filter(each => each.rule === rule && `${each.at}` === `${at}`)
            .map(each => each.message)
            .join(),
        ).toContain(message)
    }
  })
})

describe('two versions in one run', () => {
  const virtual = 'ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a) VIRTUAL;'
  const judged = (sql: string, pgVersion: string) =>
    lint({ migrations: [{ path: '1.sql', content: sql }], config: { pgVersion, preset: 'all' } })

  test('say which finding holds on which', async () => {
    const report = await judged(`CREATE TABLE t (a int);\n${virtual}\nDROP TABLE old;`, '14,18')
    const failure = report.findings.find(({ rule }) => rule === 'certain-failure')
    expect(failure?.versions).toEqual(['14'])
    expect(failure?.message).toMatch(/This holds on PostgreSQL 14, not on 18\.$/)
    const drop = report.findings.find(({ rule }) => rule === 'drop-table')
    expect(drop).toBeDefined()
    expect(drop).not.toHaveProperty('versions')
    expect(drop?.message).not.toContain('This holds on')
    const document = JSON.parse(json(report, { notes: true } as Parameters<typeof json>[1]))
    expect(document.servers).toEqual([{ versions: ['14', '18'], by: 'configuration', places: [] }])
    expect(document.findings.find(({ rule }: { rule: string }) => rule === 'certain-failure').versions).toEqual(['14'])
  })

  test('have the findings of each version alone, and no others', async () => {
    const sql = [
      'CREATE TABLE t (a int);',
      virtual,
      'ALTER TABLE old ADD COLUMN c int DEFAULT random();',
      'ALTER TABLE old DETACH PARTITION p CONCURRENTLY;',
      'CREATE INDEX i ON old (a);',
      "ALTER TYPE e ADD VALUE 'x';",
    ].join('\n')
    const [old, recent, both] = await Promise.all([judged(sql, '13'), judged(sql, '18'), judged(sql, '13,18')])
    const key = ({ rule, at }: { rule: string; at: readonly number[] }) => `${rule} ${at.join()}`
    const on = (version: string) =>
      both.findings.filter(({ versions }) => versions === undefined || versions.includes(version)).map(key)
    expect(on('13').sort()).toEqual(old.findings.map(key).sort())
    expect(on('18').sort()).toEqual(recent.findings.map(key).sort())
    expect(both.findings.some(({ versions }) => versions?.[0] === '13')).toBe(true)
    expect(both.summary.errors + both.summary.warnings + both.summary.notes).toBe(both.findings.length)
    expect(both.summary.statements).toBe(old.summary.statements)
  })

  test('do not call a comment unused that one of them needs', async () => {
    const comment = '-- migrate-lint-disable-next-statement certain-failure -- only for 18\n'
    const report = await judged(`CREATE TABLE t (a int);\n${comment}${virtual}`, '14,18')
    expect(report.suppressed.map(({ rule }) => rule)).toEqual(['certain-failure'])
    expect(report.findings.map(({ rule }) => rule)).not.toContain('unused-suppression')
    const alone = await judged(`CREATE TABLE t (a int);\n${comment}${virtual}`, '18')
    expect(alone.findings.map(({ rule }) => rule)).toContain('unused-suppression')
  })

  test('are one server in the report of several projects', async () => {
    const report = await judged(virtual, '14,18')
    expect(mergeReports([report, report]).servers).toEqual(report.servers)
    expect(rules.filter(rule => rule.checkSuppressions).length).toBeGreaterThan(0)
  })
})

describe('PostgreSQL 19', () => {
  const newer = [
    'REPACK t',
    'REPACK (CONCURRENTLY) t USING INDEX i',
    'CREATE PROPERTY GRAPH g VERTEX TABLES (a)',
    'DROP PROPERTY GRAPH g',
    'SELECT * FROM GRAPH_TABLE (s.g MATCH (a) COLUMNS (a.x))',
    'ALTER TABLE t SPLIT PARTITION p INTO (PARTITION a FOR VALUES IN (1))',
    'ALTER TABLE t MERGE PARTITIONS (a, b) INTO c',
    'UPDATE t FOR PORTION OF v FROM 1 TO 2 SET a = 1',
    'SELECT a, count(*) FROM t GROUP BY ALL',
    'SELECT lag(a) IGNORE NULLS OVER () FROM t',
    'INSERT INTO t VALUES (1) ON CONFLICT (a) DO SELECT RETURNING a',
    'CHECKPOINT (MODE FAST)',
    'CREATE SUBSCRIPTION s SERVER x PUBLICATION p',
    'CREATE FOREIGN DATA WRAPPER w CONNECTION f',
    'CREATE PUBLICATION p FOR ALL SEQUENCES',
    'CREATE PUBLICATION p FOR ALL TABLES EXCEPT (TABLE a)',
    "WAIT FOR LSN '0/1'",
    'CREATE SCHEMA s CREATE TYPE t AS (a int)',
  ]
  const judged = (content: string, pgVersion: string) =>
    lint({ migrations: [{ path: '1.sql', content }], config: { pgVersion } })

  test.each(newer)('%s is not read there, and a syntax error on 18', async sql => {
    const upcoming = await judged(`${sql};\nDROP TABLE x;`, '19')
    const found = upcoming.findings.map(({ rule }) => rule)
    expect(found).toContain('drop-table')
    expect(found).not.toContain('syntax-error')
    expect(upcoming.unread.map(({ why }) => why)).toEqual([
      'PostgreSQL 19 knows this syntax, and the parser of PostgreSQL 18 does not',
    ])
    const before = await judged(`${sql};\nDROP TABLE x;`, '18')
    expect(before.findings.map(({ rule }) => rule)).toContain('syntax-error')
    expect(before.unread).toEqual([])
  })

  test('knows them in a DO block', async () => {
    const report = await judged('DO $$ BEGIN\n  REPACK t;\nEND $$;', '19')
    expect(report.findings.map(({ rule }) => rule)).not.toContain('syntax-error')
    expect(report.unread).toHaveLength(1)
  })

  test.each(['CREAT TABLE t ()', 'ALTER TABLE t SPLT PARTITION p', 'SELECT a FROM t GROUP ALL', 'UPDATE t SET FOR'])(
    'does not know %s either',
    async sql => {
      const report = await judged(`${sql};`, '19')
      expect(report.findings.map(({ rule }) => rule)).toEqual(['syntax-error'])
    },
  )
})

test('a version beside a completed configuration counts, although it is one of those that are judged without it', () => {
  const completed = completeConfig({})
  expect(completeConfig(completed).server).toEqual(unnamedServer)
  expect(completeConfig({ ...completed, pgVersion: '18' }).server).toMatchObject({
    versions: ['18'],
    by: 'configuration',
  })
})
