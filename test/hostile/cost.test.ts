import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { Statement } from '../../src/parse/index.ts'
import { cli, migrateLint, project } from '../node/kit/program.ts'
import { script, withParser } from '../parse/kit/sql.ts'

/**
 * Files of some hundred kilobytes whose cost can grow with the square or the cube of their size, or faster. Each takes a second or
 * two; the test only requires that the program ends at all, long after that.
 */
const limit = 45

const list = (count: number, each: (i: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, i) => each(i)).join(separator)
const lines = (count: number, each: (i: number) => string) => list(count, each, '\n')

/** A stranger's input, and the code that took so long. */
const attacks: Readonly<Record<string, string>> = {
  // A rule looked at all operations of the statement, for all of them, for each of them.
  'ALTER TABLE with 4,000 ADD COLUMNs': `ALTER TABLE orders ${list(4000, i => `ADD COLUMN c${i} int NOT NULL`)};`,
  // Every condition was resolved against every table, for every table.
  'SELECT from 2,000 tables under 2,000 conditions': `SELECT 1 FROM ${list(2000, i => `t${i}`)} WHERE ${list(
    1999,
    i => `t${i}.id = t${i + 1}.id`,
    ' AND ',
  )};`,
  'FROM a JOIN b, c JOIN d, … with 8,000 JOINs': `SELECT 1 FROM ${list(8000, i => `a${i} JOIN b${i} ON true`)};`,
  // All paths between the tables were walked: their number grows with the factorial of the number of tables.
  'SELECT from 16 tables, each joined with each': [
    ...Array.from({ length: 16 }, (_, i) => `CREATE TABLE t${i} (id bigint PRIMARY KEY);`),
    `SELECT 1 FROM ${list(16, i => `t${i}`)} WHERE ${list(
      16 * 16,
      i => `t${i % 16}.id = t${Math.floor(i / 16)}.id`,
      ' AND ',
    )};`,
  ].join('\n'),
  // What depends on a table was looked for in the whole catalog.
  'DROP TABLE with 10,000 names': `DROP TABLE ${list(10_000, i => `t${i}`)};`,
  'TRUNCATE with 10,000 names': `TRUNCATE ${list(10_000, i => `t${i}`)};`,
  // Each name of a constraint or index column was looked for among all others, from number 1 on.
  'CREATE TABLE with 6,000 CHECKs': `CREATE TABLE t (note text, ${list(6000, () => `CHECK (note <> '')`)});`,
  'CREATE INDEX with 8,000 columns': `CREATE INDEX ON orders (${list(8000, () => 'note')});`,
  // What others wait for was asked of all statements, for each of them, for each of them.
  'foreign keys and UPDATEs in 1,600 pairs in one transaction': `BEGIN;\n${lines(
    1600,
    i => `ALTER TABLE a${i} ADD FOREIGN KEY (x) REFERENCES b${i} (id);\nUPDATE a${i} SET x = 1;`,
  )}\nCOMMIT;`,
  // A map of all locks was made for each statement, and each lock was looked up in the catalog for each rule.
  'LOCK TABLE in 1,600 pairs in one transaction': `BEGIN;\n${lines(
    1600,
    i => `LOCK TABLE a${i} IN SHARE MODE;\nLOCK TABLE b${i};`,
  )}\nCOMMIT;`,
  // All tables that were truncated so far were looked at again for each table more.
  'TRUNCATE … CASCADE from each table of a chain of 800': [
    'CREATE TABLE t0 (id int PRIMARY KEY);',
    ...Array.from({ length: 799 }, (_, i) => `CREATE TABLE t${i + 1} (id int PRIMARY KEY REFERENCES t${i});`),
    ...Array.from({ length: 800 }, (_, i) => `TRUNCATE t${i} CASCADE;`),
  ].join('\n'),
  // All bounds were computed again for each partition more.
  '2,000 partitions': `CREATE TABLE p (id int) PARTITION BY RANGE (id);\n${lines(
    2000,
    i => `CREATE TABLE p${i} (id int);\nALTER TABLE p ATTACH PARTITION p${i} FOR VALUES FROM (${i}) TO (${i + 1});`,
  )}`,
  // Each value was computed again for each value of the other.
  'two partitions of 8,000 values': `CREATE TABLE p (id int) PARTITION BY LIST (id);\n${lines(
    2,
    part => `CREATE TABLE p${part} PARTITION OF p FOR VALUES IN (${list(8000, i => `${2 * i + part}`)});`,
  )}`,
  // The bodies were parsed again at each call.
  'functions that call each other in a row of 600': `CREATE FUNCTION f0() RETURNS int LANGUAGE sql AS 'SELECT 0';\n${lines(
    600,
    i => `CREATE FUNCTION f${i + 1}() RETURNS int LANGUAGE sql AS 'SELECT f${i}()';\nSELECT f${i + 1}();`,
  )}`,
  // The text before each mark was split into lines.
  'marks of 16,000 merge conflicts': lines(16_000, i => `<<<<<<< HEAD\nSELECT ${i};\n=======\nSELECT 2;\n>>>>>>> x`),
  // The text of the statement was gone through once for each finding in it.
  'ALTER TABLE with 4,000 SET NOT NULLs': `ALTER TABLE t ${list(4000, i => `ALTER COLUMN c${i} SET NOT NULL`)};`,
  // Each finding was compared with each comment, and each comment with each that ends one.
  'suppression comments in 4,000 pairs': lines(
    4000,
    i => `-- migrate-lint-disable drop-table\nDROP TABLE t${i};\n-- migrate-lint-enable drop-table`,
  ),
}

const packages = Object.fromEntries(
  Array.from({ length: 50_000 }, (_, i) => [`node_modules/p${i}`, { version: '1.0.0' }]),
)
const supabase = Object.fromEntries(
  Array.from({ length: 200 }, (_, i) => [`p${i}/supabase/config.toml`, 'project_id = "x"']).concat(
    Array.from({ length: 200 }, (_, i) => [`p${i}/supabase/migrations/20240101000000_a.sql`, 'SELECT 1;']),
  ),
)

/** The same for what lies around the migrations. */
const surroundings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Each project read it as a whole.
  '200 projects below a lock file of 50,000 packages': {
    ...supabase,
    'package-lock.json': JSON.stringify({ packages }),
  },
}

describe('linting comes to an end for', () => {
  const all = [
    ...Object.entries(attacks).map(([name, sql]) => [name, { '1.sql': sql }] as const),
    ...Object.entries(surroundings),
  ]
  test.each(all)('%s', { timeout: (limit + 30) * 1000 }, async (_, files) => {
    const folder = project(files)
    const child = spawn(process.execPath, [cli, '--format', 'json', '.'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', text => {
      output += text
    })
    const clock = setTimeout(() => child.kill('SIGKILL'), limit * 1000)
    const code = await new Promise(resolve => child.on('close', resolve))
    clearTimeout(clock)
    expect([0, 1], output.slice(0, 500)).toContain(code)
    const report = JSON.parse(output) as {
      internalErrors?: unknown[]
      findings: { rule: string; message: string }[]
    }
    expect(report.internalErrors ?? []).toEqual([])
    // A file that is given up after ten seconds of processor time comes to an end as well.
    expect(report.findings.filter(({ rule }) => rule === 'beyond-limits')).toEqual([])
  })
})

// A copy of all locks was made for each statement that takes a stronger one, and after each ROLLBACK TO SAVEPOINT: the process ran out of memory
// before the time for the file was over, and the findings of all other files were lost.
test.each([
  [
    'locks that get stronger one by one',
    `LOCK TABLE ${list(5000, i => `t${i}`)} IN SHARE MODE;\n${lines(5000, i => `LOCK TABLE t${i};`)}`,
  ],
  [
    'locks that savepoints give back',
    `LOCK TABLE ${list(5000, i => `t${i}`)};\n${lines(5000, i => `SAVEPOINT s;\nLOCK TABLE u${i};\nROLLBACK TO s;`)}`,
  ],
])('linting needs little memory for %s', { timeout: 120_000 }, async (_, sql) => {
  const cwd = project({
    '1.sql': `BEGIN;\n${sql}\nCOMMIT;`,
    '2.sql': 'ALTER TABLE orders ALTER COLUMN id TYPE bigint;',
  })
  const { stdout, code } = await migrateLint(['--format', 'json', '.'], {
    cwd,
    env: { NODE_OPTIONS: '--max-old-space-size=400' },
  })
  expect(code).toBe(1)
  const { findings } = JSON.parse(stdout) as { findings: { path: string; rule: string }[] }
  expect(new Set(findings.map(({ path }) => path))).toEqual(new Set(['1.sql', '2.sql']))
  expect(findings.filter(({ rule }) => rule === 'beyond-limits')).toEqual([])
})

describe('DO blocks in DO blocks', () => {
  withParser()

  const within = (depth: number, sql: string, tag = '') =>
    Array.from({ length: depth }, (_, i) => i).reduce(
      (inside, i) => `DO $a${tag}${i}$ BEGIN EXECUTE $b${tag}${i}$ ${inside} $b${tag}${i}$; END $a${tag}${i}$`,
      sql,
    )

  /** The characters of all statements that are kept, and how many parts were not read. */
  function kept(text: string) {
    let [characters, told] = [0, 0]
    const count = (statements: readonly Statement[]) => {
      for (const { text: each, body } of statements) {
        characters += each.length
        told += body?.opaque.length ?? 0
        if (body) count(body.statements)
      }
    }
    const { statements, problems } = script(text)
    expect(problems).toEqual([])
    count(statements)
    return { times: characters / text.length, told }
  }

  // Each block was kept as often as there are blocks around it: 2.7 GB for a megabyte.
  test.each([
    ['one of 1 MB, 99 deep', within(99, `SELECT '${'x'.repeat(1_000_000)}'`)],
    ['100 of 10 kB, 99 deep', lines(100, () => `${within(99, `SELECT '${'x'.repeat(6000)}'`)};`)],
    [
      '50 in a block that is in 40 others',
      within(
        40,
        list(50, () => within(40, 'DROP TABLE a', 'x'), ';'),
      ),
    ],
  ])('%s: what is kept grows with the file, and what is left out is reported', (_, text) => {
    const { times, told } = kept(text)
    expect(times).toBeLessThan(13)
    expect(told).toBeGreaterThan(0)
  })

  test.each([
    ['small', 'DROP TABLE a', 15],
    ['large', `SELECT '${'x'.repeat(1_000_000)}'`, 9],
  ])('they are read ten deep and more: %s', (_, sql, depth) => {
    expect(kept(within(depth, sql)).told).toBe(0)
  })

  test('the report on such a file says so', async () => {
    const cwd = project({ '1.sql': `${within(30, `SELECT '${'x'.repeat(10_000)}'; DROP TABLE a`)};` })
    const { stdout } = await migrateLint(['1.sql', '--format', 'json'], { cwd })
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; message: string }[] }
    expect(findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      expect.stringMatching(/^opaque-sql: .*more than 10 times as long as the file/),
    ])
  })
})
