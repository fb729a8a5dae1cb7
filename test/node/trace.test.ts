import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { validated } from '../kit/report-schema.ts'
import { migrateLint, project } from './kit/program.ts'
import { type Traced, traced } from './kit/trace.ts'

// Each of these starts PostgreSQL in the program's own process, which takes seconds.

/** `path sql: relation lock work, …` for each statement that did something to a relation. */
function lines({ statements }: Traced): string[] {
  return statements.flatMap(({ path, sql, relations = [] }) =>
    relations.length === 0
      ? []
      : [`${path} ${sql}: ${relations.map(({ relation, lock, work }) => `${relation} ${lock} ${work}`).join(', ')}`],
  )
}

const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note varchar(20));\n'

describe('a trace', () => {
  test('has what each statement locked and rewrote, and agrees with the prediction', async () => {
    const { code, trace } = await traced(
      {
        'migrations/1.sql': `${orders}CREATE TABLE users (id int PRIMARY KEY);`,
        'migrations/2.sql': [
          'ALTER TABLE users ALTER COLUMN id TYPE bigint;',
          'BEGIN;',
          'ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users;',
          'ALTER TABLE orders ALTER COLUMN note TYPE varchar(40);',
          'COMMIT;',
          'CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);',
        ].join('\n'),
      },
      '--check',
    )
    expect(code).toBe(0)
    expect(trace.summary).toEqual({
      migrations: 2,
      takenBack: 0,
      notUndone: 0,
      notCompared: 0,
      statements: 8,
      ran: 8,
      notRun: 0,
      earlierNotRun: 0,
      differences: 0,
      failed: 0,
    })
    expect(lines(trace)).toEqual([
      'migrations/2.sql ALTER TABLE users ALTER COLUMN id TYPE bigint: users AccessExclusiveLock rewrite, users_pkey AccessExclusiveLock rebuild',
      'migrations/2.sql ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users: orders ShareRowExclusiveLock none, orders_pkey AccessShareLock none, users ShareRowExclusiveLock none, users_pkey AccessShareLock none',
      'migrations/2.sql ALTER TABLE orders ALTER COLUMN note TYPE varchar(40): orders AccessExclusiveLock none, orders_pkey AccessShareLock none, users ShareRowExclusiveLock none, users_pkey AccessShareLock none',
    ])
    expect(trace.statements.at(-1)).toMatchObject({ locksSeen: 'none', differences: [] })
  })

  test('ends with the migration that does not apply, as its tool would', async () => {
    const { code, trace, cwd } = await traced({
      'migrations/1.sql': orders,
      'migrations/2.sql': 'ALTER TABLE orders DROP COLUMN missing;',
      'migrations/3.sql': 'DROP TABLE orders;',
    })
    expect(code).toBe(1)
    expect(trace.failures).toEqual([{ path: 'migrations/2.sql', isDown: false }])
    expect(trace.statements.map(({ path, refused }) => `${path} ${refused?.sqlstate ?? 'runs'}`)).toEqual([
      'migrations/1.sql runs',
      'migrations/2.sql 42703',
    ])
    const { stdout } = await migrateLint(['trace', 'migrations/2.sql'], { cwd })
    expect(stdout).toMatch(/^migrations\/2\.sql\n\n +1 {2}ALTER TABLE orders DROP COLUMN missing {2}[\d.]+ m?s\n/)
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'fails: column "missing" of relation "orders" does not exist (SQLSTATE 42703)',
    )
    expect(stdout).toContain('migrations/2.sql does not apply: the migrations after it were not run.')
  })

  test('runs migrations in the transactions of their tool', async () => {
    const golang = (files: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(files).map(([name, sql]) => [`db/migrate/${name}.up.sql`, sql]))
    // golang-migrate sends a file as one message, which is one transaction; dbmate opens one itself.
    const { trace } = await traced(
      golang({
        '1_a': orders,
        '2_b': `${orders.replace('orders', 'other')}CREATE INDEX CONCURRENTLY i ON other (id);`,
      }),
    )
    expect(trace.statements.at(-1)?.refused?.sqlstate).toBe('25001')
    const { trace: apart } = await traced({
      'db/migrations/1_a.sql': `-- migrate:up\n${orders}`,
      'db/migrations/2_b.sql': '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON orders (user_id);',
    })
    expect(apart.failures).toEqual([])
  })

  test('asks nothing in a transaction before its first query', async () => {
    const { trace } = await traced({
      'migrations/1.sql':
        "BEGIN;\nSET LOCAL lock_timeout = '1s';\nSET TRANSACTION ISOLATION LEVEL REPEATABLE READ;\nSELECT 1;\nCOMMIT;",
    })
    expect(trace.failures).toEqual([])
  })

  test('has the version of its server, and says so where another one is asked for', async () => {
    const { code, stderr } = await traced({ 'migrations/1.sql': orders }, '--pg-version', '14')
    expect(code).toBe(0)
    expect(stderr).toContain('--pg-version is not used: a trace has the version of its server.')
  })

  test('rolls back what a file opens and does not end', async () => {
    const { trace } = await traced({
      'migrations/1.sql': `${orders}BEGIN;\nALTER TABLE orders ADD COLUMN lost int;`,
      'migrations/2.sql': 'ALTER TABLE orders ADD COLUMN lost int;',
    })
    expect(trace.failures).toEqual([])
  })

  test('says what it could not run', async () => {
    const { trace } = await traced({
      'migrations/1.sql': orders,
      'migrations/2.sql': 'COPY orders (id) FROM STDIN;\n1\n\\.\nALTER TABLE orders ADD COLUMN x int;',
      'migrations/3.sql': 'DELETE FROM orders WHERE id = $1; PREPARE p AS SELECT $1::int;',
    })
    expect(trace.summary.notRun).toBe(2)
    expect(trace.statements.map(({ notSent }) => notSent)).toEqual([
      undefined,
      'the rows of COPY are not sent',
      undefined,
      'the value of a parameter is not known',
      undefined,
    ])
  })

  test('with --check, is a failure where the server does what was not predicted', async () => {
    // Nobody reads what an event trigger does.
    const files = {
      'migrations/1.sql': `${orders}CREATE TABLE log (at timestamptz);
        CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE log; END $$;
        CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION note();`,
      'migrations/2.sql': 'ALTER TABLE orders ADD COLUMN x int;',
    }
    const { code, trace } = await traced(files, '--check')
    expect(trace.statements.at(-1)?.differences).toEqual([
      { kind: 'lock', relation: 'log', predicted: null, seen: 'AccessExclusiveLock' },
    ])
    expect(code).toBe(1)
    expect((await traced(files)).code).toBe(0)
  })

  test('predicts nothing about what dynamic SQL has made', async () => {
    const { code, trace } = await traced(
      {
        'migrations/1.sql': `CREATE TABLE days (at date) PARTITION BY RANGE (at);
          DO $$ BEGIN EXECUTE format('CREATE TABLE %I PARTITION OF days DEFAULT', 'days_rest'); END $$;`,
        'migrations/2.sql': 'ALTER TABLE days ADD COLUMN x int;',
      },
      '--check',
    )
    expect(trace.statements.at(-1)?.relations?.map(({ relation, lock }) => `${relation} ${lock}`)).toEqual([
      'days AccessExclusiveLock',
      'days_rest AccessExclusiveLock',
    ])
    expect([code, trace.statements.at(-1)?.differences]).toEqual([0, []])
  })

  test('loads the extensions that PGlite has, and says what helps for the others', async () => {
    const { trace, cwd } = await traced({
      'migrations/1.sql':
        'CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp"; CREATE TABLE t (c citext, u uuid DEFAULT uuid_generate_v4());',
      'migrations/2.sql': 'CREATE EXTENSION postgis;',
    })
    expect(trace.failures).toEqual([{ path: 'migrations/2.sql', isDown: false }])
    const { stdout } = await migrateLint(['trace', '--ascii', 'migrations/2.sql'], { cwd })
    expect(stdout.replace(/\s+/g, ' ')).toContain('Give a server that has it: --server or --database-url.')
  })

  test('has first what --setup says', async () => {
    const files = {
      'migrations/1.sql': 'CREATE TABLE t (); GRANT SELECT ON t TO app;',
      'setup.sql': 'CREATE ROLE app;',
    }
    expect((await traced(files, 'migrations')).trace.failures).toHaveLength(1)
    expect((await traced(files, '--setup', 'setup.sql', 'migrations')).trace.failures).toEqual([])
    expect(
      (await traced({ ...files, 'setup.sql': 'CREATE ROLL app' }, '--setup', 'setup.sql', 'migrations')).stderr,
    ).toContain('--setup: the server refuses it: syntax error at or near "ROLL" (SQLSTATE 42601).')
    expect((await traced(files, '--setup', 'none.sql', 'migrations')).stderr).toContain(
      '--setup: there is no file none.sql.',
    )
  })
})

// Whole small projects of every system: what the server does with them is what is predicted, in the transactions of each tool.
const fixtures = fileURLToPath(new URL('../../fixtures/systems', import.meta.url))
const mySql = ['prisma-mysql']

test.each(readdirSync(fixtures).filter(name => !mySql.includes(name)))(
  'the fixture %s does what is predicted',
  async name => {
    const { stdout, stderr } = await migrateLint(['trace', '-f', 'json', '.'], { cwd: join(fixtures, name) })
    expect(stdout, stderr).not.toBe('')
    const { statements, summary } = validated<Traced>(stdout, 'trace')
    expect(
      statements.flatMap(({ sql, differences }) => (differences.length > 0 ? [{ sql, differences }] : [])),
    ).toEqual([])
    expect(summary.statements).toBeGreaterThan(0)
  },
)

test('what could not be run is counted before anything good, and nothing run is a failure', async () => {
  const code = {
    'db/migrate/1_a.rb': 'class A < ActiveRecord::Migration[7.1]\n  def change\n    Order.touch_all\n  end\nend\n',
    Gemfile: "gem 'rails'",
  }
  const cwd = project({
    ...code,
    'db/migrate/2_b.rb': 'class B < ActiveRecord::Migration[7.1]\n  def change\n    execute "SELECT 1"\n  end\nend\n',
  })
  const nothing = await migrateLint(['trace', 'db/migrate/1_a.rb'], { cwd })
  expect(nothing.stdout).not.toContain('what was predicted')
  expect(nothing.code).toBe(2)
  const later = await migrateLint(['trace', 'db/migrate/2_b.rb'], { cwd })
  expect(later.stdout.replace(/\s+/g, ' ')).toMatch(
    /of earlier migrations could not be run.*those that ran did what was predicted/,
  )
})

describe('rows', () => {
  const schema = `
    CREATE TYPE mood AS ENUM ('good', 'bad');
    CREATE DOMAIN email AS varchar(40) NOT NULL CHECK (VALUE <> '');
    CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail email UNIQUE, born date NOT NULL);
    CREATE TABLE orders (
      id uuid PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, total numeric(6, 2) NOT NULL CHECK (total >= 0),
      mood mood NOT NULL, tags text[] NOT NULL, note varchar(3), payload jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE parts (user_id bigint, place int, at date NOT NULL, PRIMARY KEY (place, at)) PARTITION BY RANGE (at);
    CREATE TABLE parts_all PARTITION OF parts DEFAULT;
    CREATE TABLE odd (id int PRIMARY KEY CHECK (id < 0), "Key" text NOT NULL);
    CREATE TABLE shapes (at polygon NOT NULL);`

  test('are in all tables that can have some before the migrations that are printed', async () => {
    const { code, trace, stderr } = await traced(
      {
        'migrations/1.sql': schema,
        'migrations/2.sql':
          'ALTER TABLE orders ADD CONSTRAINT c CHECK (total < 1000000);\nALTER TABLE orders ALTER COLUMN note TYPE int USING 1;',
        'migrations/3.sql':
          'DO $$ BEGIN RAISE division_by_zero USING MESSAGE = (SELECT array_agg(n)::text FROM (SELECT count(*) AS n FROM users UNION ALL SELECT count(*) FROM orders UNION ALL SELECT count(*) FROM parts UNION ALL SELECT count(DISTINCT user_id) FROM orders) s); END $$',
      },
      '--rows',
      '300',
      'migrations/2.sql',
      'migrations/3.sql',
    )
    expect(code).toBe(1)
    expect(stderr).toContain(
      '--rows: public.odd could not be filled: new row for relation "odd" violates check constraint',
    )
    expect(stderr).toContain('--rows: public.shapes could not be filled: no value of the type polygon is known for at.')
    const [check, rewrite, counts] = trace.statements
    expect(check?.relations).toContainEqual(expect.objectContaining({ relation: 'orders', read: 300, work: 'none' }))
    expect(rewrite?.relations).toContainEqual(expect.objectContaining({ relation: 'orders', work: 'rewrite' }))
    expect(counts?.refused).toMatchObject({ message: '{300,300,300,300}' })
    expect(trace.summary.differences).toBe(1)
  })

  test('are as many as the statistics say, and none where these say nothing', async () => {
    const relation = (name: string, rows: number) => ({ name: `public.${name}`, kind: 'table', rows, bytes: 8192 })
    const files = {
      'migrations/1.sql': schema,
      'migrations/2.sql':
        'ALTER TABLE orders ADD CHECK (total < 1000000);\nALTER TABLE users ADD CHECK (born IS NOT NULL);',
    }
    const statistics = {
      schemaVersion: 1,
      takenAt: new Date().toISOString(),
      server: '18.1',
      names: 'plain',
      relations: [relation('users', 120), relation('orders', 80), relation('odd', 0)],
    }
    const { trace, stderr } = await traced(
      { ...files, 'migrate-lint-stats.json': JSON.stringify(statistics) },
      '--rows',
      'stats',
      'migrations/2.sql',
    )
    const read = trace.statements.map(({ relations = [] }) => relations.map(each => [each.relation, each.read]))
    expect(read).toEqual([[['orders', 80]], [['users', 120]]])
    expect(stderr).toContain(
      '--rows: public.parts could not be filled: the statistics do not say how many rows it has.',
    )
    expect(stderr).not.toContain('public.odd')
    const without = await migrateLint(['trace', '--rows', 'stats', 'migrations'], { cwd: project(files) })
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('Make it with "migrate-lint stats"')])
  })
})

test('a difference is printed as a case, which shows it by itself', async () => {
  // What the first value of a variable reads is not followed.
  const reads = 'DO $$ DECLARE n int := (SELECT count(*) FROM people WHERE mood = $q$bad$q$); BEGIN NULL; END $$'
  const files = {
    'migrations/1.sql': `CREATE TYPE mood AS ENUM ('good', 'bad');\nCREATE TABLE other (id int);\nCREATE TABLE users (id int, mood mood);`,
    'migrations/2.sql': `ALTER TABLE users RENAME TO people;\nALTER TABLE other ADD COLUMN n int;\n${reads};`,
  }
  const { code, stderr, trace } = await traced(files, '--check', 'migrations/2.sql')
  expect([code, trace.summary.differences]).toEqual([1, 1])
  expect(stderr).toContain('Please report it with these cases, as far as others may see them: https://')
  const [line = ''] = stderr.split('\n').filter(each => each.startsWith('{'))
  const { setup, sql, differences } = JSON.parse(line)
  expect(setup).not.toContain('other')
  const again = await traced(
    { 'migrations/1.sql': setup, 'migrations/2.sql': `${sql};` },
    '--check',
    'migrations/2.sql',
  )
  expect(again.trace.statements.map(each => each.differences)).toEqual([differences])
})

test('what a migration does stays in the process of the trace', async () => {
  const marker = (cwd: string) => join(cwd, 'marker')
  const cwd = project({})
  const { trace } = await traced({ 'migrations/1.sql': `COPY (SELECT 1) TO PROGRAM 'touch ${marker(cwd)}';` })
  expect(trace.statements[0]?.notSent).toBe("it starts a program on the server's machine")
  // What is in a body is not looked at before it runs.
  const attacks = [
    `COPY (SELECT 1) TO '${marker(cwd)}'`,
    "SELECT pg_read_file('/etc/passwd')",
    "CREATE TABLE stolen (line text); COPY stolen FROM '/etc/passwd'",
    `SELECT lo_export(lo_create(0), '${marker(cwd)}')`,
  ]
  for (const attack of attacks) {
    const { code, trace } = await traced({ 'migrations/1.sql': `${attack};` })
    expect([attack, code, trace.failures]).toEqual([attack, 1, [{ path: 'migrations/1.sql', isDown: false }]])
  }
  const hidden = `DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch ${marker(cwd)}'''; RAISE 'tried'; END $$;`
  const { code, stderr } = await traced({ 'migrations/1.sql': hidden })
  expect(code).toBe(2)
  expect(stderr).toContain(
    'migrations/1.sql:1: the server was lost with this statement: PGlite cannot do that, and has stopped.',
  )
  expect(existsSync(marker(cwd))).toBe(false)
})

test('programs of the project are not taken for PostgreSQL, wherever npx puts them', async () => {
  const cwd = project({ 'migrations/1.sql': 'SELECT 1;' })
  const bin = join(cwd, 'node_modules/.bin')
  mkdirSync(bin, { recursive: true })
  for (const name of ['postgres', 'initdb']) {
    writeFileSync(join(bin, name), `#!/bin/sh\ntouch ${join(cwd, 'marker')}\n`, { mode: 0o755 })
  }
  for (const path of [bin, cwd]) await migrateLint(['trace', '--server', 'migrations'], { cwd, env: { PATH: path } })
  expect(existsSync(join(cwd, 'marker'))).toBe(false)
})
