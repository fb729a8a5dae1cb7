import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { migrateLint, project } from './kit/program.ts'

const config = 'migrate-lint.config.jsonc'

/** A project that has never been linted: a table, and then an index that blocks writes in each migration. */
function grown(count: number): Record<string, string> {
  const files: Record<string, string> = {
    'db/migrations/0000_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n',
  }
  for (let i = 1; i < count; i++) {
    files[`db/migrations/${String(i).padStart(4, '0')}_index.sql`] = `CREATE INDEX orders_${i} ON orders (email);\n`
  }
  return files
}

describe('init', () => {
  it('adopts a project with 500 old migrations in one command; later ones are linted with known tables (OF-34)', async () => {
    const cwd = project(grown(500))
    const { code, stderr } = await migrateLint(['init', '--start-after-latest'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('500 migrations up to db/migrations/0499_index.sql are not reported on')
    const quiet = await migrateLint([], { cwd })
    expect(quiet).toMatchObject({ code: 0, stderr: '' })
    expect(quiet.stdout).toMatch(/^No migrations \([^\n]*\)\n$/)
    writeFileSync(join(cwd, 'db/migrations/0500_next.sql'), 'CREATE INDEX orders_next ON orders (email);\n')
    const next = await migrateLint(['-f', 'json', '--only', 'blocking-index-build'], { cwd })
    expect(next.code).toBe(1)
    expect(JSON.parse(next.stdout).findings).toMatchObject([{ path: 'db/migrations/0500_next.sql' }])
  })

  it('without the flag changes nothing and asks nothing: the newest migration is in a comment', async () => {
    const cwd = project(grown(3))
    // Standard input stays open: a question would wait for ever.
    const { code, stderr } = await migrateLint(['init'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('Uncomment "startAfter" if they are applied and nobody will change them.')
    const text = readFileSync(join(cwd, config), 'utf8')
    expect(text).toContain('  // "startAfter": "db/migrations/0002_index.sql",')
    expect((await migrateLint([], { cwd })).code).toBe(1)
    writeFileSync(join(cwd, config), text.replace('// "startAfter"', '"startAfter"'))
    expect((await migrateLint([], { cwd })).code).toBe(0)
  })

  it('starts after the newest of each project, by its own order', async () => {
    const cwd = project({
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20240101000000_a/migration.sql': 'CREATE TABLE a (id int, x int);\n',
      'prisma/migrations/20240102000000_b/migration.sql': 'CREATE INDEX a_id ON a (id);\n',
      'flyway.toml': '[flyway]\nlocations = ["filesystem:sql"]\n',
      'sql/V1__b.sql': 'CREATE TABLE b (id int, x int);\n',
      'sql/V9__c.sql': 'CREATE INDEX b_id ON b (id);\n',
      'sql/V10__d.sql': 'CREATE INDEX b_x ON b (x);\n',
      'sql/R__view.sql': 'CREATE OR REPLACE VIEW v AS SELECT id FROM b;\n',
    })
    await migrateLint(['init', '--start-after-latest'], { cwd })
    const text = readFileSync(join(cwd, config), 'utf8')
    expect(text).toContain('"startAfter": ["prisma/migrations/20240102000000_b/migration.sql","sql/V10__d.sql"]')
    const only = ['--only', 'blocking-index-build']
    expect(await migrateLint(only, { cwd })).toMatchObject({ code: 0, stderr: '' })
    writeFileSync(join(cwd, 'sql/V11__e.sql'), 'CREATE INDEX b_y ON b (x, id);\n')
    const { stdout } = await migrateLint(['-f', 'json', ...only], { cwd })
    expect(JSON.parse(stdout).findings).toMatchObject([{ path: 'sql/V11__e.sql' }])
  })

  it('has nothing to start after where there are no migrations', async () => {
    const cwd = project({ 'README.md': '' })
    const { code, stderr } = await migrateLint(['init', '--start-after-latest'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('no migrations were found here')
    expect(existsSync(join(cwd, config))).toBe(false)
    expect((await migrateLint(['init'], { cwd })).code).toBe(0)
  })
})
