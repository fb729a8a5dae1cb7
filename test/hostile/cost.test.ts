import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { cli, project } from '../node/kit/program.ts'

/**
 * Files of some hundred kilobytes whose cost once grew with the square or the cube of their size, or faster. Each takes a second or
 * two now; what is counted is that the program comes to its end at all, long after that.
 */
const limit = 45

const list = (count: number, each: (i: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, i) => each(i)).join(separator)
const lines = (count: number, each: (i: number) => string) => list(count, each, '\n')

/** What a stranger hands in, and what it was that took so long. */
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
  'foreign keys and UPDATEs in 600 pairs in one transaction': `BEGIN;\n${lines(
    600,
    i => `ALTER TABLE a${i} ADD FOREIGN KEY (x) REFERENCES b${i} (id);\nUPDATE a${i} SET x = 1;`,
  )}\nCOMMIT;`,
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
    expect(JSON.parse(output).internalErrors ?? []).toEqual([])
  })
})
