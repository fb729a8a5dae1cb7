import { writtenIn } from '../../migration/written-in.ts'
import { databaseNamed } from '../../parse/database-name.ts'
import { jsonValue } from '../../parse/json.ts'
import { withoutComments } from '../reading/comment.ts'
import { databaseOfUrl } from '../reading/database.ts'
import { messageInTransaction } from '../reading/execution.ts'
import { hasDirectory, hasFile, join, namesIn, parentOf, readMigrations, textOf } from '../reading/files.ts'
import { dependencyAbove, dependencyIn, record } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import { sqlFilesOf } from '../reading/sql-file.ts'
import type { Tree } from '../reading/tree.ts'
import { compareIntegers, compareUnits } from '../reading/version.ts'
import type { Aside, Detection, System } from '../system.ts'
import { onlySends } from './stub.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** https://github.com/db-migrate/node-db-migrate: stubs in JavaScript that read `sqls/` if they were made with --sql-file. */
export const dbMigrate: System = {
  id: 'db-migrate',
  title: 'db-migrate',

  facts: {
    order: 'number before the first -',
    down: 'sqls/<name>-down.sql',
    transaction: 'one per migration; a file is sent as one message',
    optOut: null,
    history: { checksum: null },
    code: {
      files: '**/migrations/*.{js,cjs,mjs,ts}',
      read: '`runSql`, `all`, `insert`, and all calls that create or change tables, columns, indexes and foreign keys; SQL files that it sends',
      inPart: 'callbacks, promises and lists of `async`',
      unread: 'multitenant and seeder calls, `columnStrategy`',
    },
  },

  detect(tree, dir) {
    const directory = join(dir, migrationsDir(tree, dir))
    const stubs = filesOf(tree, directory).length > 0
    const rc = ['.db-migraterc', 'database.json'].map(name => join(dir, name)).find(path => hasFile(tree, path))
    const found = { directory, ...dialect(tree, dir) }
    const dependency = dependencyIn(tree, dir, 'package.json', 'db-migrate')
    if (rc !== undefined && (dependency || stubs)) return { ...found, sign: 'file', because: rc }
    if (dependency && hasDirectory(tree, directory))
      return { ...found, sign: 'dependency', because: `db-migrate in ${dependency.path}` }
    const sqls = namesIn(tree, join(dir, 'sqls')).find(name => /^\d{14}-./.test(name) && name.endsWith('-up.sql'))
    if (filesOf(tree, dir).length === 0) return null
    if (sqls === undefined) return byContent(tree, dir)
    return { directory: dir, sign: 'names', because: join(dir, `sqls/${sqls}`), ...dialect(tree, parentOf(dir)) }
  },

  migrations(tree, directory) {
    const stubs = filesOf(tree, directory).map(({ name, path }) => ({
      name,
      path,
      code: textOf(tree, path) ?? '',
      ...sqlFilesOf(tree, path, textOf(tree, path) ?? ''),
    }))
    const files = stubs.flatMap(({ name, path, code, up, down }) => {
      const [back] = up.length === 1 && down.length === 1 ? down : []
      const id = `/${name}`
      const isStub = onlySends(withoutComments(code, path), { up, down })
      // The reader follows no callbacks.
      const waits = /\breadFile\b/.test(code)
      return up.length === 0
        ? [{ id, path, code: true, back }]
        : [
            ...(isStub || waits ? up.map(file => ({ id, path: file, code: false, back })) : []),
            ...(isStub ? [] : [{ id, path, code: true, back: undefined }]),
          ]
    })
    const { migrations, notices } = readMigrations(tree, files, ({ id, code, back }) => ({
      id,
      execution: messageInTransaction,
      runner,
      ...(back === undefined ? {} : { downPath: back }),
      ...(code ? { ...writtenIn('JavaScript'), reader } : {}),
    }))
    const read = new Set(stubs.flatMap(({ up, down }) => [...up, ...down]))
    const asides: Aside[] = namesIn(tree, join(directory, 'sqls'))
      .map(name => join(directory, `sqls/${name}`))
      .filter(path => path.endsWith('.sql') && !read.has(path))
      .map(path => ({ path, kind: 'never-runs', why: 'no migration reads it' }))
    return { migrations, asides, notices }
  },
}

/** A folder with another name or place, whose path a program gives to the tool: its files call the driver, and a package.json above lists it. */
function byContent(tree: Tree, dir: string): Detection | null {
  const above = dependencyAbove(tree, dir, 'package.json', 'db-migrate')
  if (!above) return null
  const first = filesOf(tree, dir).slice(0, 5)
  const calls = first.some(({ path }) => /\b(?:runSql|dbmigrate|db\.createTable)\b/.test(textOf(tree, path) ?? ''))
  if (!calls) return null
  return {
    directory: dir,
    sign: 'dependency',
    because: `db-migrate in ${above.path}`,
    ...dialect(tree, above.directory),
  }
}

const runner = {
  name: 'db-migrate',
  outsideTransaction: () =>
    'By hand, or in a run of its own with `db-migrate up --non-transactional` (there is no opt-out for one migration)',
  laterMigration: () => 'In a later migration',
}

/**
 * By number, and equal numbers by name (lib/file.js sorts names, filterUp the numbers). A name that does not begin with
 * a number comes last.
 */
export function compareStubs(a: string, b: string): number {
  const [left, right] = [a, b].map(name => /^\d+(?=-)/.exec(name)?.[0])
  if (left === undefined || right === undefined) {
    return Number(left === undefined) - Number(right === undefined) || compareUnits(a, b)
  }
  return compareIntegers(BigInt(left), BigInt(right)) || compareUnits(a, b)
}

function filesOf(tree: Tree, directory: string): { name: string; path: string }[] {
  return namesIn(tree, directory)
    .filter(name => /\d{14}-[^.]/.test(name) && /\.(js|ts|coffee)$/.test(name) && !name.endsWith('.d.ts'))
    .sort(compareStubs)
    .map(name => ({ name: /\d{14}-[^.]+/.exec(name)?.[0] ?? name, path: join(directory, name) }))
}

function contentOf(tree: Tree, path: string): string {
  return (hasFile(tree, path) ? textOf(tree, path) : null) ?? '{}'
}

function migrationsDir(tree: Tree, dir: string): string {
  const value = record(jsonValue(contentOf(tree, join(dir, '.db-migraterc'))))?.['migrations-dir']
  return typeof value === 'string' ? value : 'migrations'
}

/** The drivers of the environments in database.json; one for PostgreSQL is enough. */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const environments = Object.values(record(jsonValue(contentOf(tree, join(dir, 'database.json')))) ?? {})
  const found = environments.flatMap(environment => {
    const values = typeof environment === 'string' ? [environment] : Object.values(record(environment) ?? {})
    const driver = record(environment)?.driver
    const word = typeof driver === 'string' ? databaseNamed(driver) : undefined
    return word ?? values.flatMap(value => (typeof value === 'string' ? (databaseOfUrl(value) ?? []) : []))
  })
  const [first] = found
  return first === undefined || found.includes('postgresql') ? {} : { dialect: first }
}

const reader = readerToLoad(callsModule, ({ dbMigrateCalls }) => dbMigrateCalls)
