import { describe, expect, it } from 'vitest'
import { migrateLint, project } from './kit/program.ts'

const relation = { name: 'public.orders', kind: 'table', rows: 249, bytes: 40_960 }
const file = (more: object = {}) =>
  JSON.stringify({
    schemaVersion: 1,
    takenAt: new Date().toISOString(),
    server: '16.4',
    names: 'plain',
    relations: [relation],
    ...more,
  })
const index = { 'db/1.sql': 'CREATE INDEX i ON orders (a);\n' }

describe('a file of statistics', () => {
  it('is found beside the configuration, and makes findings about small tables notes', async () => {
    const cwd = project({ ...index, 'migrate-lint-stats.json': file() })
    const { code, stdout, stderr } = await migrateLint(['db', '--only', 'blocking-index-build', '--notes'], { cwd })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.replace(/\s+/g, ' ')).toContain('"orders" has 249 rows, 41 kB, which is small.')
    expect(stdout).toContain('PostgreSQL 16.4 (migrate-lint-stats.json)')
  })

  it('is the one that the configuration names, or none', async () => {
    const cwd = project({
      ...index,
      'migrate-lint-stats.json': '{',
      'sizes.json': file(),
      'migrate-lint.config.json': '{ "stats": "sizes.json" }',
    })
    expect((await migrateLint(['db', '--only', 'blocking-index-build'], { cwd })).code).toBe(0)
    const none = project({ ...index, 'migrate-lint-stats.json': '{', 'migrate-lint.config.json': '{ "stats": false }' })
    expect((await migrateLint(['db', '--only', 'blocking-index-build'], { cwd: none })).code).toBe(1)
  })

  it('that is old is named, and calls nothing small', async () => {
    const cwd = project({ ...index, 'migrate-lint-stats.json': file({ takenAt: '2020-02-01T00:00:00Z' }) })
    const { code, stderr } = await migrateLint(['db', '--only', 'blocking-index-build'], { cwd })
    expect(code).toBe(1)
    expect(stderr).toBe(
      'migrate-lint: migrate-lint-stats.json is from 2020-02-01, more than 30 days ago: run "migrate-lint stats" again. Tables may have grown, so none is called small.\n',
    )
  })

  it.each([
    [{ 'migrate-lint-stats.json': '{' }, 'Cannot use the statistics migrate-lint-stats.json: it is not JSON.'],
    [
      { 'migrate-lint-stats.json': file({ relations: [{ ...relation, bytes: 'x' }] }) },
      'Cannot use the statistics migrate-lint-stats.json: entry 1 of "relations" has no name, kind and size as the schema says.',
    ],
    [
      { 'migrate-lint.config.json': '{ "stats": "gone.json" }' },
      'Cannot use the statistics gone.json: no such file or directory.',
    ],
  ])('that cannot be used ends the run with one line', async (files: Record<string, string>, message) => {
    const { code, stderr } = await migrateLint(['db'], { cwd: project({ ...index, ...files }) })
    expect([code, stderr]).toEqual([2, `migrate-lint: ${message}\n`])
  })
})

it('stats needs a database', async () => {
  const { code, stderr } = await migrateLint(['stats'], { cwd: project({}), env: { DATABASE_URL: '' } })
  expect(code).toBe(2)
  expect(stderr).toContain('Which database? Give --database-url postgres://…, or DATABASE_URL in the environment.')
})
