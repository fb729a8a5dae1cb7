import { describe, expect, test } from 'vitest'
import { projectIn } from '../../src/systems/discover.ts'
import { integrityOf } from '../../src/systems/integrity.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

type Files = Readonly<Record<string, string>>

/** `m/atlas.sum:2 error Atlas refuses to run: …`, for each discrepancy. */
function told(system: string, files: Files): string[] {
  const tree = mapTree(files)
  const project = projectIn(tree, 'm', { transaction: () => 'unknown' }, system)
  return integrityOf(project, tree).flatMap(({ path, discrepancies }) =>
    discrepancies.map(({ at: [start], severity, does, what }) => {
      const line = (files[path] ?? '').slice(0, start).split('\n').length
      return `${path}:${line} ${severity} ${does}: ${what}`
    }),
  )
}

// Written by ariga.io/atlas/sql/migrate (v0.32.1-0.20250325101103 and the head of June 2026): NewLocalDir(…).Checksum().
const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY);\n'
const email = 'ALTER TABLE orders ADD COLUMN email text;\n'
const events = 'CREATE TABLE events (id bigint PRIMARY KEY);\n'
const ordersLine = '1_orders.sql h1:zA61S7ZFjYacl1lOhkUszKBy4GdMRR6OXts9u15+AIA=\n'
const emailLine = '2_email.sql h1:mPe4+E5O5cmWQex8cBt/dvJobqyy5w/lphgXQlgm2WI=\n'
const eventsLine = '3_events.sql h1:X/imLk0LpvSXxAlaMmcEo/gfysz09dPEL3upX2uAy94=\n'
const firstLine = 'h1:TuQTDxe4CP2v+pBFu3Kt60uiRAnmTRsefVRqPu5VL/Y=\n'
const atlas: Files = {
  'm/1_orders.sql': orders,
  'm/2_email.sql': email,
  'm/3_events.sql': events,
  'm/atlas.sum': `${firstLine}${ordersLine}${emailLine}${eventsLine}`,
}

function without(files: Files, path: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([other]) => other !== path))
}

describe('atlas.sum (ED-07)', () => {
  test('holds, whatever its line ends', () => {
    expect(told('atlas', atlas)).toEqual([])
    expect(told('atlas', { ...atlas, 'm/atlas.sum': atlas['m/atlas.sum']?.replaceAll('\n', '\r\n') ?? '' })).toEqual([])
    expect(told('atlas', { ...atlas, 'm/notes.txt': 'x', 'm/old/0.sql': 'x' })).toEqual([])
  })

  // The file that Atlas itself names was compared in 481 states of five public repositories.
  test.each<[string, Files, string[]]>([
    ['edited', { ...atlas, 'm/2_email.sql': `${email}\n` }, ['3 the content of "2_email.sql" does not match its sum']],
    [
      'only by its line ends',
      { ...atlas, 'm/1_orders.sql': orders.replace('\n', '\r\n') },
      ['2 the line ends of "1_orders.sql" do not match its sum'],
    ],
    ['added', { ...atlas, 'm/4.sql': '' }, ['4 "4.sql" is not listed in atlas.sum']],
    [
      'added before others',
      { ...atlas, 'm/1_a.sql': '', 'm/1_b.sql': '' },
      ['2 "1_a.sql" and "1_b.sql" are not listed in atlas.sum'],
    ],
    [
      'added, and another one edited',
      { ...atlas, 'm/2_a.sql': '', 'm/3_events.sql': '' },
      ['3 "2_a.sql" is not listed in atlas.sum', '4 the content of "3_events.sql" does not match its sum'],
    ],
    ['removed', without(atlas, 'm/2_email.sql'), ['3 "2_email.sql", which atlas.sum lists, is not there']],
    [
      'renamed',
      { ...without(atlas, 'm/3_events.sql'), 'm/4_events.sql': events },
      ['4 "3_events.sql", which atlas.sum lists, is not there'],
    ],
    [
      'out of the sum',
      { ...atlas, 'm/2_email.sql': '-- atlas:sum ignore\n' },
      ['3 "2_email.sql", which atlas.sum lists, says `atlas:sum ignore`'],
    ],
    [
      'in another place',
      { ...atlas, 'm/atlas.sum': firstLine + emailLine + ordersLine + eventsLine },
      ['2 "2_email.sql" is not in its place in atlas.sum'],
    ],
    [
      'listed twice',
      { ...atlas, 'm/atlas.sum': firstLine + ordersLine + emailLine + emailLine + eventsLine },
      ['4 atlas.sum lists "2_email.sql" twice'],
    ],
    [
      'the first line of a merge',
      { ...atlas, 'm/atlas.sum': `h1:${'A'.repeat(43)}=\n${ordersLine}${emailLine}${eventsLine}` },
      ['1 the first line of atlas.sum is not the sum of its other lines'],
    ],
    [
      'marks of a merge',
      { ...atlas, 'm/atlas.sum': `${firstLine}<<<<<<< HEAD\n${ordersLine}` },
      ['2 line 2 of atlas.sum has no sum'],
    ],
    [
      'empty',
      { ...atlas, 'm/atlas.sum': '' },
      ['1 "1_orders.sql", "2_email.sql" and "3_events.sql" are not listed in atlas.sum'],
    ],
  ])('%s', (_, files, expected) => {
    const all = expected.map(each => each.replace(/^(\d+) /, 'm/atlas.sum:$1 error Atlas refuses to run: '))
    expect(told('atlas', files)).toEqual(all)
  })

  test('has only the names of files that ask for that', () => {
    const sum =
      'h1:fMYJUytTRgV1wjMf1YI2EsmcMUbeALypT4AJ2bkysOM=\n1_orders.sql h1:zA61S7ZFjYacl1lOhkUszKBy4GdMRR6OXts9u15+AIA=\n3_events.sql h1:Q7mpv1ZjH2muk/tjphOUC/Js5/KsvyUXP1EvnABMj5U=\n'
    const ignored = '-- atlas:sum ignore\n\nSELECT 1;\n'
    const files = { 'm/1_orders.sql': orders, 'm/2_ignored.sql': ignored, 'm/3_events.sql': events, 'm/atlas.sum': sum }
    expect(told('atlas', files)).toEqual([])
    expect(told('atlas', { ...files, 'm/2_ignored.sql': `${ignored}-- more` })).toEqual([])
    expect(told('atlas', without(files, 'm/2_ignored.sql'))).toHaveLength(1)
  })

  // sqltool.NewGolangMigrateDir and NewFlywayDir: the newer Atlas, then the older one, which took every .sql file of the folder.
  const pair = { 'm/1_orders.up.sql': orders, 'm/1_orders.down.sql': 'DROP TABLE orders;\n' }
  const flyway = {
    'm/V1__a.sql': 'SELECT 1;\n',
    'm/V10__b.sql': 'SELECT 2;\n',
    'm/sub/V2_1__c.sql': 'SELECT 3;\n',
    'm/R__v.sql': 'SELECT 4;\n',
    'm/U1__a.sql': 'SELECT 5;\n',
    'm/.hid/V3__x.sql': 'SELECT 6;\n',
    'm/B1__base.sql': 'SELECT 7;\n',
  }
  test.each<[string, Files, string]>([
    [
      'golang-migrate',
      pair,
      'h1:GVJXe8yu3J4SqmXJEYjzwRe0r6Irdz7oSE6D6kdglhA=\n1_orders.up.sql h1:W2EgoKg+5R/SGJCQ6hSRDe4QkRnIiHh7iLPuwtK7UoI=\n',
    ],
    [
      'golang-migrate',
      pair,
      'h1:YnIyO4/+YsOk2/yO4H430wyADOaId5hVhUU0CwKOuJQ=\n1_orders.down.sql h1:ihN2t5fipzPc1no8ZUZeUSjkKh1vjlCb+Luwhp31JJ0=\n1_orders.up.sql h1:c3HMszboG1LKgDflqLv471Zl9IGNnAaDz47aHLJMoGs=\n',
    ],
    [
      'flyway',
      flyway,
      'h1:8EoeQrdbuTq7vkdnLv5AZPCTHY1WcJHCGRRkKXNlP6g=\nB1__base.sql h1:068x1VZGIijHU/XGSeCFiiyYWtQL8n7FU7ItqTa8suY=\nsub/V2_1__c.sql h1:sv8M8JT2KuOeymLOZrndmImc9Xo50tzZsNu2eHCwXXs=\nV10__b.sql h1:+kVm8bfG0TO1Wq8jbtW90raDZT90IqNg7MlS8RjKrYw=\nR__v.sql h1:aS2oMFje3gvrc+AsyAiBObKjcyZIDXLhLsrh00ifoD0=\n',
    ],
    [
      'flyway',
      flyway,
      'h1:dizKGIrHSYDu3gCTAOwE7mgXHlPx9DVdP0yfY9wbR6M=\nB1__base.sql h1:068x1VZGIijHU/XGSeCFiiyYWtQL8n7FU7ItqTa8suY=\nR__v.sql h1:yD5o7InQpGrwmV8jbWsy7ZCP3obGa4dbllZlx22hZnI=\nU1__a.sql h1:fENaBR8YV2fZpUL9zminHSR+IKfO0TtJy4dNVVSZsv4=\nV10__b.sql h1:B9GtbgkY4n+AQXgnyY1iGH+ZB+w/3LBF6e4V5XMOiOo=\nV1__a.sql h1:RtYk4ojqDucnTcDqFjxYsQ/+rozR/xp2laAgMMbvgjo=\n',
    ],
  ])('beside the files of %s concerns only Atlas', (system, files, sum) => {
    expect(told(system, { ...files, 'm/atlas.sum': sum })).toEqual([])
    const [edited] = Object.keys(files)
    const changed = told(system, { ...files, [edited ?? '']: '--', 'm/atlas.sum': sum })
    expect(changed).toHaveLength(sum.includes(edited?.slice(2) ?? '') ? 1 : 0)
    for (const each of changed) expect(each).toContain('warning Atlas refuses to work on this folder')
  })
})

describe('the chain of Graphile Migrate (ED-07)', () => {
  // Hashes by calculateHash of graphile-migrate 1.4.1.
  const first = 'CREATE TABLE orders (id bigint PRIMARY KEY);\n'
  const one = `--! Previous: -\n--! Hash: sha1:b382e8ac3702d4af2dacb507e56d32b6204aa3b6\n\n${first}`
  const two = `--! Previous: sha1:b382e8ac3702d4af2dacb507e56d32b6204aa3b6\n--! Hash: sha1:b8cad1909fd94187376f8e9dd65d36e2fba83359\n--! Message: more\n\n${email}`
  const files = { 'm/committed/000001.sql': one, 'm/committed/000002-more.sql': two, 'm/current.sql': '' }

  test('holds', () => expect(told('graphile-migrate', files)).toEqual([]))

  test('white space around the text may change, but nothing else may', () => {
    expect(told('graphile-migrate', { ...files, 'm/committed/000001.sql': `${one}\n \n` })).toEqual([])
    expect(told('graphile-migrate', { ...files, 'm/committed/000002-more.sql': `${two}-- a word\n` })).toEqual([
      'm/committed/000002-more.sql:2 error Graphile Migrate refuses to run this file: its `Hash` is not that of its text',
    ])
  })

  test('a file may declare that its hash is wrong, but not if it is right', () => {
    const allowed = two.replace('\n\n', '\n--! AllowInvalidHash\n\n')
    const path = 'm/committed/000002-more.sql'
    expect(told('graphile-migrate', { ...files, [path]: `${allowed}-- a word\n` })).toEqual([])
    expect(told('graphile-migrate', { ...files, [path]: allowed })).toEqual([
      `${path}:4 error Graphile Migrate refuses to run this file: it allows an invalid hash, but the hash is right`,
    ])
  })

  test('is broken by a missing file, or by one in between', () => {
    expect(told('graphile-migrate', without(files, 'm/committed/000001.sql'))).toEqual([
      'm/committed/000002-more.sql:1 error Graphile Migrate refuses to run: it comes first, but its `Previous` is not `-`',
    ])
    expect(told('graphile-migrate', { ...files, 'm/committed/000003.sql': one })).toEqual([
      'm/committed/000003.sql:1 error Graphile Migrate refuses to run: its `Previous` is not the `Hash` of m/committed/000002-more.sql',
    ])
  })
})

describe('the files of Drizzle Kit (ED-07)', () => {
  const journal = (...tags: string[]) =>
    JSON.stringify(
      { version: '7', dialect: 'postgresql', entries: tags.map((tag, idx) => ({ idx, when: idx + 1, tag })) },
      null,
      2,
    )
  const snapshot = (id: string, prevId: string, version = '7') =>
    JSON.stringify({ id, prevId, version, dialect: 'postgresql', tables: {} }, null, 2)
  const files = {
    'm/0000_a.sql': orders,
    'm/0001_b.sql': email,
    'm/meta/_journal.json': journal('0000_a', '0001_b'),
    'm/meta/0000_snapshot.json': snapshot('a', '00000000-0000-0000-0000-000000000000'),
    'm/meta/0001_snapshot.json': snapshot('b', 'a'),
  }

  test('holds even without snapshots: deployments do not read them', () => {
    expect(told('drizzle', files)).toEqual([])
    expect(told('drizzle', without(files, 'm/meta/0000_snapshot.json'))).toEqual([])
    expect(told('drizzle', { ...files, 'm/0002_stray.sql': '' })).toEqual([])
  })

  test('lists a missing file', () => {
    expect(told('drizzle', without(files, 'm/0001_b.sql'))).toEqual([
      'm/meta/_journal.json:13 error Drizzle runs nothing: its journal lists "0001_b", but there is no m/0001_b.sql',
    ])
  })

  test('has merge conflict markers in the journal, or other text that is not JSON', () => {
    const whole = journal('0000_a', '0001_b')
    const marks = whole.replace('      "tag": "0001_b"', '<<<<<<< HEAD\n      "tag": "0001_b"\n=======\n>>>>>>> x')
    expect(told('drizzle', { ...files, 'm/meta/_journal.json': marks })).toEqual([
      'm/meta/_journal.json:13 error Drizzle runs nothing: its journal has the marks of a merge conflict',
    ])
    expect(told('drizzle', { ...files, 'm/meta/_journal.json': `${whole},` })).toEqual([
      'm/meta/_journal.json:16 error Drizzle runs nothing: its journal is not JSON',
    ])
  })

  test('has two snapshots after the same one, which only Drizzle Kit refuses', () => {
    const rival = { ...files, 'm/meta/0002_snapshot.json': snapshot('c', 'a') }
    const does = 'warning Drizzle Kit no longer checks or generates anything'
    expect(told('drizzle', rival)).toEqual([
      `m/meta/0002_snapshot.json:3 ${does}: 0002_snapshot.json and 0001_snapshot.json have the same predecessor`,
    ])
    // Drizzle Kit refuses snapshots of an older form before that, or updates them.
    expect(told('drizzle', { ...rival, 'm/meta/0002_snapshot.json': snapshot('c', 'a', '6') })).toEqual([])
    const marks = `{\n<<<<<<< HEAD\n  "id": "b",\n=======\n  "id": "c",\n>>>>>>> x\n  "prevId": "a"\n}`
    expect(told('drizzle', { ...files, 'm/meta/0001_snapshot.json': marks })).toEqual([
      `m/meta/0001_snapshot.json:2 ${does}: 0001_snapshot.json has the marks of a merge conflict`,
    ])
  })
})

describe('the plan of Sqitch (ED-07)', () => {
  const by = '2024-05-01T10:00:00Z A <a@example.com>'
  const head = '%syntax-version=1.0.0\n%project=shop\n\n'
  const scripts = { 'm/deploy/a.sql': orders, 'm/deploy/b.sql': email, 'm/deploy/c.sql': events }
  const plan = (text: string) => told('sqitch', { ...scripts, 'm/sqitch.plan': text })

  test('a missing script stops the deployment there', () => {
    expect(plan(`${head}a ${by}\nd ${by}\n`)).toEqual([
      'm/sqitch.plan:5 error Sqitch stops at "d": the plan lists it, but there is no m/deploy/d.sql',
    ])
  })

  // The message of sqitch 1.3.1 (`sqitch plan`) for each plan; `null`: it reads the plan.
  test.each<[string, string | null]>([
    [`${head}a ${by}\nb [a] ${by} # note\n@v1 ${by}\nc [a@v1 !zz other:x] ${by}\n`, null],
    [`${head}+a ${by}\n  -b ${by}\n\n# c\n   # c\n`, null],
    [`# hi\n%project=shop # hello\n%uri=https://a.b/\n\na ${by}\n`, null],
    [`${head}a ${by}\nb [a] ${by}\n`.replaceAll('\n', '\r\n'), null],
    [`${head}a ${by}\na ${by}\n`, '5 line 5 has "a" a second time, after line 4'],
    [`${head}a ${by}\n@v1 ${by}\n@v1 ${by}\n`, '6 line 6 has the tag "@v1" a second time, after line 5'],
    [`${head}@v1 ${by}\n`, '4 the tag "@v1" has no change before it'],
    [`${head}b [a] ${by}\na ${by}\n`, '4 "b" comes before "a", which it needs'],
    [`${head}b [zz] ${by}\n`, '4 "b" needs "zz", which does not come before it'],
    [`${head}a ${by}\n@v1 ${by}\nb [b@v1] ${by}\n`, '6 "b" needs "b@v1", which does not come before it'],
    [`${head}a ${by}\n<<<<<<< HEAD\nb ${by}\n`, '5 line 5 is neither a change nor a tag'],
    [`${head}a 2024-05-01T10:00:00Z\n`, '4 line 4 has no name and email of a planner'],
    [`${head}a A <a@example.com>\n`, '4 line 4 has no time of planning'],
    [`${head}HEAD ${by}\n`, '4 "HEAD" is a reserved name'],
    [`%project=shop\na ${by}\n`, '2 line 2 is among the pragmas but is not one: an empty line must end them'],
    [`%syntax-version=1.0.0\n\na ${by}\n`, '1 it has no `%project`'],
  ])('%j', (text, problem) => {
    const unread = plan(text).filter(each => each.includes('cannot read'))
    expect(unread).toEqual(
      problem === null ? [] : [problem.replace(/^(\d+) /, 'm/sqitch.plan:$1 error Sqitch cannot read the plan: ')],
    )
  })
})

test.each<[string, string | null]>([
  ['# a word\nprovider = "postgresql"\n', null],
  ['provider = "postgresql"\r\n', null],
  ['provider="postgresql"\n', '"provider=\\"postgresql"'],
  ['provider = "postgres"\n', '"postgres"'],
  ['provider = "postgresql" # ours\n', '"postgresql\\" # ours"'],
  ['', '"<PROVIDER NOT FOUND>"'],
])('the lock file of Prisma is read as Prisma reads it: %j', (text, read) => {
  const found = told('prisma', { 'm/1_a/migration.sql': orders, 'm/migration_lock.toml': text })
  const why = `it reads ${read} as the provider in migration_lock.toml, which is not that of the schema`
  expect(found.map(each => each.replace(/^\S+ /, ''))).toEqual(
    read === null ? [] : [`error Prisma stops with P3019: ${why}`],
  )
})

describe('the hash of Prisma 8 (ED-07)', () => {
  // apps/telemetry-backend/migrations/app/20260601T1347_contract_hash_advance of prisma/prisma 8.0.0-rc.5.
  const description = `{
  "from": "41700ef5fda97339b39ea345a56aae72a1ff4be11ddc3ffcab7130bfc71c109d",
  "to": "50aadcf996213451cd2876e3caf50c2752b5b8c9ce1aa55dcae24918518b4ffb",
  "providedInvariants": [],
  "createdAt": "2026-06-01T13:47:46.558Z",
  "migrationHash": "9a149d1a8164d4e612d01c8e98e32f6c24a75164655ea2129702308ef996623b"
}
`
  const files = { 'm/1_a/migration.json': description, 'm/1_a/ops.json': '[]' }
  const stale =
    'm/1_a/migration.json:6 error Prisma 8 refuses the migration as corrupt: its hash is not that of migration.json and ops.json'

  test('covers the content of both files, but not their layout', () => {
    expect(told('prisma-8', files)).toEqual([])
    const turned = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(description)).reverse()))
    expect(told('prisma-8', { 'm/1_a/migration.json': turned, 'm/1_a/ops.json': ' [ ] ' })).toEqual([])
    expect(told('prisma-8', { ...files, 'm/1_a/ops.json': '[{}]' })).toEqual([stale])
    expect(told('prisma-8', { ...files, 'm/1_a/migration.json': description.replace('.558Z', '.559Z') })).toEqual([
      stale,
    ])
  })

  test('of an earlier form is not checked', () => {
    const older = description.replace('"9a149d', '"sha256:0a149d')
    expect(told('prisma-8', { ...files, 'm/1_a/migration.json': older })).toEqual([])
  })
})
