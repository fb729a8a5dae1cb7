import { dialectFromEnvironment } from './database.ts'
import { message } from './execution.ts'
import { join, namesIn, readMigrations } from './files.ts'
import type { Aside, System } from './system.ts'
import type { Tree } from './tree.ts'
import { compareIntegers, parseUint64, sharedVersions } from './version.ts'

/** https://github.com/golang-migrate/migrate: `000001_users.up.sql` and `.down.sql`. */
export const golangMigrate: System = {
  id: 'golang-migrate',
  title: 'golang-migrate',

  facts: {
    order: 'number before the first _ (uint64)',
    down: 'x.down.sql',
    transaction:
      'none of the tool; a file is one message, hence one implicit transaction when it has several statements',
    optOut: null,
    history: { table: 'schema_migrations (one row)', checksum: null },
  },

  detect(tree, dir) {
    const up = filesOf(tree, dir).find(({ direction }) => direction === 'up')
    return up
      ? { directory: dir, sign: 'names', because: up.path, ...dialectFromEnvironment(tree, dir, 'POSTGRESQL_URL') }
      : null
  },

  migrations(tree, dir) {
    const all = filesOf(tree, dir)
    const ups = all.filter(({ direction }) => direction === 'up').sort((a, b) => compareIntegers(a.version, b.version))
    const downs = new Map(all.filter(({ direction }) => direction === 'down').map(file => [file.id, file.path]))
    const { migrations, notices } = readMigrations(tree, ups, ({ id }) => {
      const down = downs.get(id)
      return {
        id,
        execution: message,
        runner: {
          name: 'golang-migrate',
          outsideTransaction: () => 'In a migration of its own, one statement to a file:',
          laterMigration: () => 'In a later migration:',
        },
        ...(down === undefined ? {} : { downPath: down }),
      }
    })
    for (const [id, paths] of sharedVersions(ups)) {
      notices.push(`golang-migrate stops at version ${id}, which ${paths.join(' and ')} share.`)
    }
    return { migrations, asides: asidesOf(tree, dir, all), notices }
  },
}

interface File {
  readonly id: string
  readonly version: bigint
  readonly direction: string
  readonly path: string
}

/** `source.Regex`, source/parse.go; folders below are not looked at (source/iofs). Any ending will do. */
function filesOf(tree: Tree, dir: string): File[] {
  return namesIn(tree, dir).flatMap(name => {
    const [, digits = '', , direction = '', ending = ''] = /^([0-9]+)_(.*)\.(down|up)\.(.*)$/.exec(name) ?? []
    const version = parseUint64(digits)
    if (version === null || !/^(sql|pgsql)$/i.test(ending)) return []
    return [{ id: String(version), version, direction, path: join(dir, name) }]
  })
}

function asidesOf(tree: Tree, dir: string, files: readonly File[]): Aside[] {
  const ups = new Set(files.filter(({ direction }) => direction === 'up').map(({ id }) => id))
  const taken = new Set(files.map(({ path }) => path))
  const downs = files
    .filter(({ direction }) => direction === 'down')
    .map(({ path, id }): Aside => {
      const why = ups.has(id) ? `It takes version ${id} back.` : `It takes version ${id} back, which is not there.`
      return { path, kind: 'undo', why }
    })
  const others = namesIn(tree, dir)
    .map(name => join(dir, name))
    .filter(path => /\.sql$/i.test(path) && !taken.has(path))
    .map(
      (path): Aside => ({
        path,
        kind: 'never-runs',
        why: 'golang-migrate runs only files named <number>_<name>.up.sql.',
      }),
    )
  return [...downs, ...others]
}
