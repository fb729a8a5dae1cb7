import { describe, expect, it, onTestFinished } from 'vitest'
import { startDatabase } from './kit/database-server.ts'
import { migrateLint, project, safeIndex } from './kit/program.ts'
import { dbmate, numbered, useDatabase } from './kit/status-project.ts'

const database = useDatabase()
const { status, applied } = database

describe('the database', () => {
  it('may be behind a pooler that refuses parameters of the session', async () => {
    const pooler = await startDatabase(true)
    onTestFinished(() => pooler.stop())
    const { code, stdout } = await migrateLint(['status', '--database-url', pooler.url], { cwd: project(dbmate) })
    expect(stdout).toContain('3 pending')
    expect(code).toBe(0)
  })

  it.each([
    [
      'is not named',
      undefined,
      'Which database? Give --database-url postgres://…, or DATABASE_URL in the environment.',
    ],
    [
      'is of another kind',
      'mysql://app:s3cret@host/shop',
      'The address of the database must be like postgres://user@host:5432/name, and not for mysql.',
    ],
    ['is not an address', 'shop', 'The address of the database must be like postgres://user@host:5432/name.'],
    [
      'has a password with a slash',
      'postgres://app:s3cret/word@host/shop',
      'The address of the database cannot be read',
    ],
    [
      'does not answer',
      'postgres://app:s3cret@127.0.0.1:1/shop',
      'The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1.',
    ],
    ['is not to be had by a service file', 'postgres://app:s3cret@/shop?service=x', 'Service files are not read'],
    [
      'has no certificate file',
      'postgres://app:s3cret@127.0.0.1:1/shop?sslmode=verify-full&sslrootcert=nowhere.pem',
      'nowhere.pem',
    ],
  ])('%s: one line, and never the password', async (_, url, message) => {
    const args = ['status', '--debug', ...(url === undefined ? [] : ['--database-url', url])]
    const { code, stdout, stderr } = await migrateLint(args, { cwd: project(dbmate), env: { DATABASE_URL: '' } })
    expect(stderr).toContain(message)
    expect(stdout + stderr).not.toContain('s3cret')
    expect(code).toBe(2)
  })

  it('is searched as its address says', async () => {
    await applied('1')
    await database.server.db.exec(
      'CREATE SCHEMA tenant; CREATE TABLE tenant.schema_migrations (LIKE schema_migrations)',
    )
    const { stdout } = await status(project(dbmate), '--database-url', `${database.server.url}?search_path=tenant`)
    expect(stdout).toContain('(dbmate, tenant.schema_migrations)')
  })
})

describe('several projects', () => {
  it('takes rows for those of another project that shares the table', async () => {
    const rails = (name: string) => `class ${name} < ActiveRecord::Migration[7.1]\nend\n`
    const files = {
      'app/db/migrate/20260101000000_a.rb': rails('A'),
      'engine/db/migrate/20260102000000_b.rb': rails('B'),
    }
    await applied('20260101000000', '20260102000000')
    const both = await status(project(files))
    expect(both.stdout).toContain('2 applied, 0 pending')
    expect(both.code).toBe(0)
    const one = await status(project(files), 'app/db/migrate')
    expect(one.stdout).toContain('1 missing')
    expect(one.code).toBe(1)
  })
})

describe('what cannot be compared', () => {
  it('an empty set, which need not be an error', async () => {
    const cwd = project({ 'README.md': 'x' })
    expect((await status(cwd)).code).toBe(2)
    expect((await status(cwd, '--no-error-on-unmatched-pattern')).code).toBe(0)
  })

  it('is plain SQL, of which no table is known', async () => {
    const { code, stderr } = await status(project(safeIndex))
    expect(stderr).toContain(
      'No table is known that records what is applied here. Say which tool runs them: --system <id>',
    )
    expect(code).toBe(2)
  })

  it('is several projects with one table that was named', async () => {
    const { code, stderr } = await status(project({ ...dbmate, ...numbered }), '--tracking-table', 'x')
    expect(stderr).toContain('--tracking-table is for one project, and there are several (db/migrations/, migrations/)')
    expect(code).toBe(2)
  })

  it('is a named table that does not exist', async () => {
    const { code, stderr } = await status(project(dbmate), '--tracking-table', 'tools.history')
    expect(stderr).toContain('--tracking-table: there is no table history in any schema')
    expect(code).toBe(2)
  })
})
