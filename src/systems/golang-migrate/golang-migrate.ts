import type { Remark } from '../../migration/remark.ts'
import type { Span } from '../../parse/span.ts'
import { cutBodies } from '../reading/cut-bodies.ts'
import { dialectFromEnvironment, environment } from '../reading/database.ts'
import { message } from '../reading/execution.ts'
import { join, namesIn, readMigrations } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import { undoFiles } from '../reading/undo-files.ts'
import { compareVersions, sharedVersions } from '../reading/version.ts'
import { orSyntax } from '../reading/written-dialect.ts'
import type { Aside, System } from '../system.ts'
import { golangName } from './name.ts'

/** https://github.com/golang-migrate/migrate: `000001_users.up.sql` and `.down.sql`. */
export const golangMigrate: System = {
  id: 'golang-migrate',
  title: 'golang-migrate',

  facts: {
    order: 'number before the first _ (uint64)',
    down: 'x.down.sql',
    transaction:
      'none of the tool; a file is one message, which is one implicit transaction if it has several statements',
    optOut: 'x-multi-statement=true in the URL, for all files',
    history: { remark: 'one row', checksum: null },
  },

  detect(tree, dir) {
    const [first, ...others] = filesOf(tree, dir).flatMap(({ direction, path }) => (direction === 'up' ? [path] : []))
    if (first === undefined) return null
    const dialect = orSyntax(dialectFromEnvironment(tree, dir, 'POSTGRESQL_URL'), tree, [first, ...others])
    return { directory: dir, sign: 'names', because: first, ...dialect }
  },

  migrations(tree, dir) {
    const all = filesOf(tree, dir)
    const ups = all.filter(({ direction }) => direction === 'up').sort(compareVersions)
    const downs = new Map(all.filter(({ direction }) => direction === 'down').map(file => [file.id, file.path]))
    const cuts = cutsStatements(tree, dir)
    const { migrations, notices } = readMigrations(tree, ups, ({ id }) => {
      const down = downs.get(id)
      return {
        id,
        execution: message,
        runner: {
          name: 'golang-migrate',
          outsideTransaction: () =>
            cuts ? 'In a migration of its own' : 'In a migration of its own, one statement to a file',
          laterMigration: () => 'In a later migration',
        },
        ...(cuts ? { parts: (text: string) => pieces(text).map(span => ({ span })), remarks } : {}),
        ...(down === undefined ? {} : { downPath: down }),
      }
    })
    for (const [id, paths] of sharedVersions(ups)) {
      notices.push(`golang-migrate stops at version ${id}, which ${paths.join(' and ')} share.`)
    }
    return { migrations, asides: asidesOf(tree, dir, all), notices }
  },
}

/** `x-multi-statement=true` in a URL of the environment files: every file is cut at each `;`. */
function cutsStatements(tree: Tree, dir: string): boolean {
  const urls = ['POSTGRESQL_URL', 'DATABASE_URL', 'DB_URL'].map(name => environment(tree, dir, name) ?? '')
  return urls.some(url => /[?&]x-multi-statement=(?:true|1|t)\b/i.test(url))
}

/** `multistmt.Parse`: up to each `;`, even in quotes and comments. Blank pieces are not sent. */
function pieces(text: string): Span[] {
  const found: Span[] = []
  for (let start = 0; start < text.length; ) {
    const stop = text.indexOf(';', start)
    const end = stop < 0 ? text.length : stop + 1
    if (text.slice(start, end).trim() !== '') found.push([start, end])
    start = end
  }
  return found
}

function remarks(text: string): Remark[] {
  const help = 'With x-multi-statement=true every `;` ends a statement. Leave it out of the URL if a body contains one.'
  return cutBodies(text, pieces(text), help)
}

interface File {
  readonly id: string
  readonly version: bigint
  readonly direction: string
  readonly path: string
}

/** Subfolders are not searched (source/iofs). Any extension is accepted. */
function filesOf(tree: Tree, dir: string): File[] {
  return namesIn(tree, dir).flatMap(name => {
    const found = golangName(name)
    if (found === null || !/^(sql|pgsql)$/i.test(found.ending)) return []
    const { version, direction } = found
    return [{ id: String(version), version, direction, path: join(dir, name) }]
  })
}

function asidesOf(tree: Tree, dir: string, files: readonly File[]): Aside[] {
  const taken = new Set(files.map(({ path }) => path))
  const others = namesIn(tree, dir)
    .map(name => join(dir, name))
    .filter(path => /\.sql$/i.test(path) && !taken.has(path))
    .map(
      (path): Aside => ({
        path,
        kind: 'never-runs',
        why: 'golang-migrate runs only files named <number>_<name>.up.sql',
      }),
    )
  return [...undoFiles(files), ...others]
}
