import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { inputsOf } from '../../src/systems/inputs.ts'
import { prisma } from '../../src/systems/prisma/prisma.ts'
import { readingOf } from '../../src/systems/prisma/splitter.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const schema = (provider: string) =>
  `datasource db {\n  provider = "${provider}" // the database\n  url = env("URL")\n}\n`

describe('detection', () => {
  test.each([
    ['the usual places', { 'prisma/schema.prisma': '', 'prisma/migrations/1/migration.sql': '' }, 'prisma/migrations'],
    ['a schema in the root', { 'schema.prisma': '', 'migrations/1/migration.sql': '' }, 'migrations'],
    [
      'a schema of several files',
      { 'prisma/schema/a.prisma': '', 'prisma/migrations/1/migration.sql': '' },
      'prisma/migrations',
    ],
    [
      'a schema that package.json names',
      { 'package.json': '{"prisma":{"schema":"src/db/schema.prisma"}}', 'src/db/migrations/1/migration.sql': '' },
      'src/db/migrations',
    ],
    [
      'a folder that the configuration names',
      {
        'prisma.config.ts':
          "export default defineConfig({ schema: 'db/schema.prisma', migrations: { path: 'db/steps', seed: 'x' } })",
        'db/steps/1/migration.sql': '',
      },
      'db/steps',
    ],
    [
      'a folder that the configuration puts together',
      {
        'prisma.config.ts': "export default { migrations: {\n path: path.join('db', 'steps') } }",
        'db/steps/1/migration.sql': '',
      },
      'db/steps',
    ],
    [
      'a schema that the configuration names',
      {
        'prisma.config.mjs': "export default defineConfig({ schema: 'db/a.prisma' })",
        'db/migrations/1/migration.sql': '',
      },
      'db/migrations',
    ],
  ])('%s', (_, files, directory) => {
    expect(prisma.detect(mapTree(files as Record<string, string>), '')?.directory).toBe(directory)
  })

  test('does not search the schema for a folder: an unreadable folder makes a run incomplete', () => {
    const { list, read } = mapTree({ 'prisma/schema/schema.prisma': '', 'prisma/migrations/1/migration.sql': '' })
    const listed: string[] = []
    const noted = (dir: string) => {
      listed.push(dir)
      return list(dir)
    }
    const tree = { list: noted, read }
    expect(prisma.detect(tree, 'prisma/schema')).toBe(null)
    expect(listed.filter(dir => dir.includes('.prisma'))).toEqual([])
  })

  test('reports nothing without migrations', () => {
    expect(prisma.detect(mapTree({ 'prisma/schema.prisma': '' }), '')).toBe(null)
  })

  test.each([
    ['provider = "postgresql"', 'postgresql', undefined],
    ['provider = "mysql"', 'mysql', 'mysql'],
    ['provider = "postgresql"', 'sqlite', 'sqlite'],
    ['provider = "cockroachdb"', 'cockroachdb', 'cockroachdb'],
    ['provider = "sqlserver"', 'sqlserver', 'sqlserver'],
    ['# provider = "mysql"\nprovider = "postgresql"', 'postgres', undefined],
  ])('the database of %j and a schema for %s', (lock, provider, dialect) => {
    const tree = mapTree({
      'prisma/schema.prisma': schema(provider),
      'prisma/migrations/migration_lock.toml': lock,
      'prisma/migrations/1/migration.sql': '',
    })
    expect(prisma.detect(tree, 'prisma/migrations')?.dialect).toBe(dialect)
    expect(prisma.detect(tree, '')?.dialect).toBe(dialect)
  })
})

test('the JavaScript engine cuts at every ; and each piece commits by itself', () => {
  const text = 'CREATE TABLE a (id int);\nDO $$ BEGIN NULL; END $$;\n'
  const files = { 'prisma/migrations/1/migration.sql': text }
  const config = "export default defineConfig({ experimental: { adapter: true }, engine: 'js', adapter })"
  const [cut] = prisma.migrations(
    mapTree({ ...files, 'prisma.config.ts': config }),
    'prisma/migrations',
    options,
  ).migrations
  expect(cut?.execution).toEqual({ inTransaction: false, singleMessage: false, spansFiles: false })
  expect(cut?.parts?.(text).map(({ span }) => text.slice(...span).trim())).toEqual([
    'CREATE TABLE a (id int);',
    'DO $$ BEGIN NULL;',
    'END $$;',
    '',
  ])
  expect(cut?.remarks?.(text)).toMatchObject([{ kind: 'cut-body' }])
  const classic = config.replace('js', 'classic')
  const [whole] = prisma.migrations(
    mapTree({ ...files, 'prisma.config.ts': classic }),
    'prisma/migrations',
    options,
  ).migrations
  expect(whole?.parts).toBe(undefined)
})

test('folders are ordered by localeCompare, each is one message, and one without migration.sql is reported', () => {
  const names = ['b', 'B', 'a', 'Z', '10_x', '9_x', '_a', 'é']
  const tree = mapTree({
    ...Object.fromEntries(names.map(name => [`m/${name}/migration.sql`, ''])),
    'm/empty/README.md': '',
    'm/stray.sql': '',
  })
  const { migrations, notices, asides } = prisma.migrations(tree, 'm', options)
  expect(migrations.map(({ id }) => id)).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')))
  expect(migrations[0]?.execution).toEqual({ inTransaction: false, singleMessage: true, spansFiles: false })
  expect(notices).toEqual(['Prisma stops at m/empty/, which has no migration.sql.'])
  expect(asides?.map(({ path, kind }) => [path, kind])).toEqual([['m/stray.sql', 'never-runs']])
  const code = mapTree(Object.fromEntries(['1', '2', '3'].map(name => [`m/${name}/migration.ts`, ''])))
  expect(prisma.migrations(code, 'm', options).notices).toEqual([
    'Prisma stops at 3 folders that have no migration.sql: m/1/, …, m/3/.',
  ])
})

test('its splitter accepts the text that sqlparser accepts', () => {
  const url = new URL('prisma-splitter.json', import.meta.url)
  const { both, neither, newer } = JSON.parse(readFileSync(url, 'utf8')) as Record<string, string[]>
  const sorted = (all: string[] = []) => {
    const readings = all.map(sql => ({ sql, ...readingOf(sql) }))
    return (wrong: string) => readings.filter(({ reading }) => reading === wrong).map(({ sql }) => sql)
  }
  expect(sorted(both)('some')).toEqual([])
  expect(sorted(neither)('all')).toEqual([])
  expect([...sorted(newer)('all'), ...sorted(newer)('some')]).toEqual([])
  // Most are in a table.
  expect(sorted(both)('unknown').length).toBeLessThan((both?.length ?? 0) / 5)
  expect(sorted(neither)('unknown').length).toBeLessThan((neither?.length ?? 0) / 2)
})

test('code beside a migration, which people run by hand, is reported, and counts as not read', () => {
  const tree = mapTree({
    'prisma/migrations/1_a/migration.sql': 'SELECT 1;',
    'prisma/migrations/1_a/data-migration.ts': '',
    'prisma/migrations/1_a/types.d.ts': '',
    'prisma/migrations/1_a/down.sql': '',
  })
  const { migrations, asides = [] } = prisma.migrations(tree, 'prisma/migrations', options)
  expect(asides.map(({ path, kind }) => [path, kind])).toEqual([
    ['prisma/migrations/1_a/data-migration.ts', 'by-hand'],
    ['prisma/migrations/1_a/down.sql', 'undo'],
  ])
  const project = { system: prisma, directory: 'prisma/migrations', migrations, asides, notices: [], because: '' }
  const counted = inputsOf(project, tree).flatMap(input => (input.kind === 'aside' ? [[input.path, input.runBy]] : []))
  expect(counted).toEqual([['prisma/migrations/1_a/data-migration.ts', 'Prisma']])
})
