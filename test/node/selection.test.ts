import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { blockingIndex, migrateLint, project } from './kit/program.ts'

/** `path rule` of every finding. */
async function found(args: readonly string[], cwd: string, stdin?: string) {
  const ran = await migrateLint(['-f', 'json', ...args], { cwd, ...(stdin === undefined ? {} : { stdin }) })
  const findings: { path: string; rule: string }[] = ran.stdout ? JSON.parse(ran.stdout).findings : []
  return { ...ran, findings: findings.map(({ path, rule }) => `${path} ${rule}`) }
}

const index = 'migrations/002_index.sql blocking-index-build'
const onlyIndexRule = ['--only', 'blocking-index-build']

describe('paths', () => {
  it('may be missing: the conventional folder is read, and named on stderr (OF-24)', async () => {
    const { findings, stderr } = await found(onlyIndexRule, project(blockingIndex))
    expect(findings).toEqual([index])
    expect(stderr).toContain('Reading migrations/')
  })

  it('may be configured', async () => {
    const files = {
      'sql/db/1.sql': 'CREATE TABLE t (a int);',
      'sql/db/2.sql': 'CREATE INDEX i ON t (a);',
      'migrations/x.sql': 'DROP TABLE t;',
      'migrate-lint.config.json': '{ "paths": ["sql/db"] }',
    }
    const { findings, stderr } = await found(onlyIndexRule, project(files))
    expect(findings).toEqual(['sql/db/2.sql blocking-index-build'])
    expect(stderr).toBe('')
  })

  it('may be a directory, a file, or a glob that no shell expanded (OF-37)', async () => {
    const cwd = project(blockingIndex)
    for (const path of [
      'migrations',
      './migrations/',
      'migrations/002_index.sql',
      'migrations/*.sql',
      '**/*_index.sql',
    ]) {
      expect((await found([path, ...onlyIndexRule], cwd)).findings, path).toEqual([index])
    }
    expect((await found([join(cwd, 'migrations')], cwd)).findings).toContain(index)
  })

  it('may be a folder with a project of a system and plain SQL beside it: both are read, and files of neither are reported', async () => {
    const cwd = project({
      'db/orders/diesel.toml': '',
      'db/orders/migrations/1_a/up.sql': 'DROP TABLE a;',
      'db/orders/migrations/1_a/down.sql': 'SELECT 1;',
      'db/people/migrations/1.sql': 'DROP TABLE b;',
      'db/clickhouse/migrations/1.sql': 'DROP TABLE c;',
      'db/queries/all.sql': 'SELECT 1;',
    })
    const expected = ['db/orders/migrations/1_a/up.sql drop-table', 'db/people/migrations/1.sql drop-table']
    const only = ['--only', 'drop-table']
    const near = await found(['db', ...only], cwd)
    expect(near.findings).toEqual(expected)
    expect(near.stderr.split('\n')).toEqual([
      "migrate-lint: db/clickhouse/migrations/ holds SQL for ClickHouse (the folder's name says so), which is not PostgreSQL.",
      'migrate-lint: db/orders/migrations/1_a/down.sql was left out: it takes a migration back',
      'migrate-lint: db/queries/all.sql belongs to no project and was not read. If it is a migration, name it.',
      '',
    ])
    const far = await found([join(cwd, 'db'), ...only], project({}))
    expect(far.findings.map(each => each.slice(each.indexOf('db/')))).toEqual(expected)
    expect(far.stderr).toContain('db/queries/all.sql belongs to no project')
  })

  it('select what is reported; the rest of the folder is still read', async () => {
    const files = {
      'migrations/1.sql': 'CREATE TABLE t (a int);',
      'migrations/2.sql': 'ALTER TABLE t ALTER COLUMN a TYPE bigint;',
      'migrations/3.sql': 'ALTER TABLE t ALTER COLUMN a TYPE bigint;',
      'migrations/4.sql': 'CREATE INDEX i ON t (a);',
    }
    const cwd = project(files)
    const one = await migrateLint(['locks', '-f', 'json', 'migrations/3.sql'], { cwd })
    const { statements } = JSON.parse(one.stdout)
    expect(statements).toHaveLength(1)
    // Only who read the second migration knows that the third changes nothing.
    expect(statements[0]).toMatchObject({ path: 'migrations/3.sql', effects: [{ relation: 't', work: 'none' }] })
    expect((await found(['migrations/4.sql', ...onlyIndexRule], cwd)).findings).toEqual([
      'migrations/4.sql blocking-index-build',
    ])
  })

  it.each([
    ['of a system', { 'db/migrations/001_a.sql': '-- +goose Up\nCREATE TABLE t (a int);\n' }, 'goose'],
    ['of plain SQL', { 'db/migrations/001_a.sql': 'CREATE TABLE t (a int);' }, 'plain SQL'],
  ])('outside of the migrations %s are not migrations (#11, kind 9)', async (_, migrations, title) => {
    const drop = 'DROP TABLE t;'
    const files = { 'queries/users.sql': drop, 'schema.sql': drop, 'db/seeds.sql': drop, 'db/dump.psql': drop }
    const cwd = project({ ...migrations, ...files, 'sqlc.yaml': 'version: "2"\nsql: [{ queries: queries }]\n' })
    const { findings, stderr, code } = await found([...Object.keys(files), ...Object.keys(migrations)], cwd)
    expect(findings).toEqual([])
    expect(code).toBe(0)
    expect(stderr.trim().split('\n').sort()).toEqual(
      Object.keys(files)
        .map(
          path =>
            `migrate-lint: ${path} was skipped: the migrations are in db/migrations/ (${title}); --system plain lints it anyway.`,
        )
        .sort(),
    )
    const dropped = 'queries/users.sql drop-table'
    expect((await found(['--system', 'plain', 'queries/users.sql', '--only', 'drop-table'], cwd)).findings).toEqual([
      dropped,
    ])
    expect((await found(['queries', '--only', 'drop-table'], cwd)).findings).toEqual([dropped])
    const given = ['--stdin-filename', 'queries/users.sql', '--only', 'drop-table']
    expect((await found(given, cwd, drop)).findings).toEqual([dropped])
  })

  it('add the files beside them, but not those below (#11, kind 9)', async () => {
    const below = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`data/${i}/x.sql`, 'CREATE TABLE t (b int);']),
    )
    const cwd = project({ '1.sql': 'CREATE TABLE t (a int);', '2.sql': 'CREATE INDEX i ON t (a);', ...below })
    expect((await found(['2.sql', ...onlyIndexRule], cwd)).findings).toEqual(['2.sql blocking-index-build'])
    const { stdout } = await migrateLint(['-f', 'json', '2.sql'], { cwd })
    expect(JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule)).not.toContain('certain-failure')
  })

  it('in a numbered folder add the folders before it (R5)', async () => {
    const files = {
      'schema/85/01_a.sql': 'CREATE TABLE t (a int);',
      'schema/86/01_b.sql': 'ALTER TABLE t ALTER COLUMN a TYPE bigint;',
      'schema/100/01_c.sql': 'ALTER TABLE t ALTER COLUMN a TYPE bigint;',
    }
    const { stdout } = await migrateLint(['locks', '-f', 'json', 'schema/100/01_c.sql'], { cwd: project(files) })
    expect(JSON.parse(stdout).statements).toMatchObject([{ effects: [{ relation: 't', work: 'none' }] }])
  })

  it('select in nested folders too, and in configured ones', async () => {
    const nested = {
      'db/migrations/2024/1.sql': 'CREATE TABLE t (a int);',
      'db/migrations/2025/2.sql': 'CREATE INDEX i ON t (a);',
    }
    const expected = ['db/migrations/2025/2.sql blocking-index-build']
    expect((await found(['db/migrations/2025/2.sql', ...onlyIndexRule], project(nested))).findings).toEqual(expected)
    const configured = {
      'a/1.sql': 'CREATE TABLE t (a int);',
      'b/2.sql': 'CREATE INDEX i ON t (a);',
      'migrate-lint.config.json': '{ "paths": ["a", "b"] }',
    }
    const { findings } = await found(['b', ...onlyIndexRule], project(configured))
    expect(findings).toEqual(['b/2.sql blocking-index-build'])
    expect((await found(['.', ...onlyIndexRule], project(configured))).findings).toEqual(findings)
  })

  it('are shown as seen from the working directory', async () => {
    const cwd = project({ ...blockingIndex, 'deep/er/x': '' })
    const { findings } = await found(['../migrations', ...onlyIndexRule], join(cwd, 'deep'))
    expect(findings).toEqual([`../${index}`])
  })

  it('are an error if nothing exists there (OF-23)', async () => {
    const cwd = project(blockingIndex)
    const { code, stderr, stdout } = await found(['migrations', 'nowhere', 'no/*.sql'], cwd)
    expect(stderr).toContain('"nowhere", "no/*.sql"')
    expect(stdout).toBe('')
    expect(code).toBe(2)
    const lenient = await found(['migrations', 'nowhere', '--no-error-on-unmatched-pattern', ...onlyIndexRule], cwd)
    expect(lenient.stderr).toContain('"nowhere"')
    expect(lenient.findings).toEqual([index])
    expect(lenient.code).toBe(1)
  })

  it('are not an error if the configuration ignores them (OF-23)', async () => {
    const cwd = project({ ...blockingIndex, 'migrate-lint.config.json': '{ "ignore": ["**/002_*"] }' })
    const { code, stderr, findings } = await found(['migrations/002_index.sql'], cwd)
    expect(stderr).toContain('migrations/002_index.sql is ignored by the configuration')
    expect(findings).toEqual([])
    expect(code).toBe(0)
    expect((await found(['migrations', ...onlyIndexRule], cwd)).findings).toEqual([])
  })

  it('are not an error if they are down migrations (OF-37)', async () => {
    const cwd = project({ 'migrations/1.up.sql': 'SELECT 1;', 'migrations/1.down.sql': 'SELEC 1;' })
    const { code, stderr, findings } = await found(['migrations/1.down.sql'], cwd)
    expect(stderr).toContain('migrations/1.down.sql was left out')
    expect(findings).toEqual([])
    expect(code).toBe(0)
  })

  it('with any name are SQL if they are named', async () => {
    const { findings } = await found(['x.txt'], project({ 'x.txt': 'SELEC 1;' }))
    expect(findings).toEqual(['x.txt syntax-error'])
  })
})

describe('a run that finds no migrations (OF-24)', () => {
  it.each([
    ['in an empty project', {}, []],
    ['in an empty folder', { 'migrations/README.md': '' }, []],
    ['in a named folder', { 'x/README.md': '' }, ['x']],
    ['in a configured folder', { 'x/a.md': '', 'migrate-lint.config.json': '{ "paths": ["x"] }' }, []],
    [
      'because all are ignored',
      { ...blockingIndex, 'migrate-lint.config.json': '{ "ignore": ["*.sql"] }' },
      ['migrations'],
    ],
  ])('%s is an error', async (_, files, args) => {
    const cwd = project(files)
    const { code, stderr, stdout } = await migrateLint(args, { cwd })
    expect(stderr).toMatch(/No migrations/)
    expect(stdout).toBe('')
    expect(code).toBe(2)
    const lenient = await migrateLint([...args, '--no-error-on-unmatched-pattern'], { cwd })
    expect(lenient.code).toBe(0)
  })
})

describe('odd files', () => {
  it('have odd names', async () => {
    const names = ['[a].sql', 'b c.sql', "d'e.sql", 'ü🙂.sql', '-f.sql', 'x.SQL', '$(x).sql', '*.sql']
    const legal = process.platform === 'win32' ? names.filter(name => !name.includes('*')) : names
    const cwd = project(Object.fromEntries(legal.map(name => [`migrations/${name}`, 'SELEC 1;'])))
    const { findings } = await found(['migrations'], cwd)
    expect(findings.toSorted()).toEqual(legal.map(name => `migrations/${name} syntax-error`).toSorted())
    for (const name of legal) {
      expect((await found([`migrations/${name}`], cwd)).findings, name).toEqual([`migrations/${name} syntax-error`])
    }
    expect((await found(['--', '-f.sql'], join(cwd, 'migrations'))).findings).toEqual(['-f.sql syntax-error'])
  })

  // Windows allows no control characters in names.
  it.skipIf(process.platform === 'win32')('never reach the terminal raw', async () => {
    const cwd = project({ 'migrations/\u001b[31m.sql': 'SELEC 1;' })
    const { stdout } = await migrateLint(['migrations'], { cwd })
    expect(stdout).not.toContain('\u001b')
    const { stderr } = await migrateLint(['\u001b[31mnowhere'], { cwd })
    expect(stderr).not.toContain('\u001b')
  })

  it('are empty', async () => {
    const { code, findings } = await found(
      ['migrations'],
      project({ 'migrations/1.sql': '', 'migrations/2.sql': '\n' }),
    )
    expect(findings).toEqual([])
    expect(code).toBe(0)
  })

  it('are huge', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `INSERT INTO t VALUES (${i}, 'row ${i}');`).join('\n')
    const files = { 'migrations/1.sql': `CREATE TABLE t (a int, b text);\n${rows}\nSELEC 1;\n` }
    const { code, stdout } = await migrateLint(['migrations', '-f', 'gcc', '--only', 'syntax-error'], {
      cwd: project(files),
    })
    expect(stdout).toMatch(/^migrations\/1\.sql:20002:1: error: /)
    expect(code).toBe(1)
  })

  // On Windows links need a right that users do not have.
  it.skipIf(process.platform === 'win32')('are links, also in circles', async () => {
    const cwd = project(blockingIndex)
    symlinkSync('..', join(cwd, 'migrations', 'up'))
    symlinkSync('.', join(cwd, 'migrations', 'here'))
    mkdirSync(join(cwd, 'elsewhere'))
    symlinkSync(join(cwd, 'migrations'), join(cwd, 'elsewhere', 'linked'))
    expect((await found(['migrations', ...onlyIndexRule], cwd)).findings).toEqual([index])
    expect((await found(['elsewhere', ...onlyIndexRule], cwd)).findings).toEqual([
      'elsewhere/linked/002_index.sql blocking-index-build',
    ])
  })

  // On Windows links need a right that users do not have.
  it.skipIf(process.platform === 'win32').each([
    ['a link to nowhere', '/nowhere/at/all', 'no such file or directory'],
    ['a link to itself', '003_odd.sql', 'too many symbolic links'],
  ])('cannot be read if they are %s: one line says so, and the rest is linted (OF-25)', async (_, target, reason) => {
    const cwd = project(blockingIndex)
    symlinkSync(target, join(cwd, 'migrations', '003_odd.sql'))
    const { code, stderr, findings } = await found(['migrations', ...onlyIndexRule], cwd)
    expect(stderr).toBe(`migrate-lint: migrations/003_odd.sql could not be read: ${reason}\n`)
    expect(findings).toEqual([index])
    expect(code).toBe(2)
  })

  it('cannot be read: files and folders are left out, with the reason', () => {
    const tree = new WorkingTree(project({ 'file.sql': '' }))
    expect(tree.list('file.sql')).toEqual([])
    expect(() => tree.read('gone.sql')).toThrow('no such file or directory')
    expect(tree.list('gone')).toEqual([])
    // Asking whether something is there is not a failure.
    expect([...tree.unreadable]).toEqual([['file.sql', 'not a directory']])
  })
})

describe('standard input', () => {
  it('is read for "-" (OF-24)', async () => {
    const { code, findings } = await found(['-'], project({}), 'SELEC 1;')
    expect(findings).toEqual(['<stdin> syntax-error'])
    expect(code).toBe(1)
  })

  it('takes the place of a file in its folder', async () => {
    const sql = 'CREATE INDEX orders_email_idx ON orders (email);'
    const cwd = project({ 'migrations/001.sql': 'CREATE TABLE orders (id int, email text);' })
    const args = ['--stdin-filename', 'migrations/002.sql', '-', ...onlyIndexRule]
    expect((await found(args, cwd, sql)).findings).toEqual(['migrations/002.sql blocking-index-build'])
    const replaced = await found(['--stdin-filename', 'migrations/001.sql', ...onlyIndexRule], cwd, `SELECT 1; ${sql}`)
    expect(replaced.findings).toEqual(['migrations/001.sql blocking-index-build'])
    const alone = await found(['--stdin-filename', 'new/folder/002.sql', '-', ...onlyIndexRule], cwd, sql)
    expect(alone.findings).toEqual(['new/folder/002.sql blocking-index-build'])
    expect(alone.code).toBe(1)
  })

  it('is otherwise not read, even if it never ends (OF-24)', async () => {
    expect((await found(['migrations', ...onlyIndexRule], project(blockingIndex))).findings).toEqual([index])
  })

  it('cannot be linted together with paths', async () => {
    const { code, stderr } = await found(['-', 'migrations'], project(blockingIndex), '')
    expect(stderr).toContain('cannot be linted together')
    expect(code).toBe(2)
  })
})
