import type { Execution } from '../../migration/execution.ts'
import type { Part } from '../../migration/migration.ts'
import type { Remark } from '../../migration/remark.ts'
import type { Span } from '../../parse/span.ts'
import { dialectFromEnvironment, environment } from '../reading/database.ts'
import { message, messageInTransaction } from '../reading/execution.ts'
import { hasDirectory, join, namesIn, readMigrations, textOf } from '../reading/files.ts'
import { dependencyIn } from '../reading/manifest.ts'
import { ignoredOptOuts, oneMessage, refused } from '../reading/opt-out.ts'
import { compareBytes, sharedVersions } from '../reading/version.ts'
import { orSyntax } from '../reading/written-dialect.ts'
import type { Aside, System } from '../system.ts'

/** https://github.com/amacneil/dbmate: `20240101000000_users.sql` with `-- migrate:up` and `-- migrate:down`. */
export const dbmate: System = {
  id: 'dbmate',
  title: 'dbmate',

  facts: {
    order: 'file name',
    down: '-- migrate:down',
    transaction: 'one per section, sent as one message',
    optOut: '-- migrate:up transaction:false',
    history: { checksum: null },
  },

  detect(tree, dir) {
    for (const name of namesIn(tree, dir).filter(isMigration)) {
      const path = join(dir, name)
      if (markers(textOf(tree, path) ?? '').length === 0) continue
      const dialect = orSyntax(dialectFromEnvironment(tree, dir, 'DBMATE_DRIVER'), tree, [path])
      return { directory: dir, sign: 'marker', because: `-- migrate:up in ${path}`, ...dialect }
    }
    const dependency = dependencyIn(tree, dir, 'package.json', 'dbmate')
    const directory = join(dir, (dependency && environment(tree, dir, 'DBMATE_MIGRATIONS_DIR')) ?? 'db/migrations')
    return dependency && hasDirectory(tree, directory)
      ? { directory, sign: 'dependency', because: `dbmate in ${dependency.path}`, ...dialectFromEnvironment(tree, dir) }
      : null
  },

  migrations(tree, dir) {
    const names = namesIn(tree, dir)
    const files = names
      .filter(isMigration)
      .sort(compareBytes)
      .map(name => ({ path: join(dir, name), id: /^\d+/.exec(name)?.[0] ?? name }))
    const refusals: string[] = []
    const { migrations, notices } = readMigrations(tree, files, ({ id }, _, text) => {
      const [up] = sections(text)
      return {
        id,
        execution: up?.execution ?? wrappedMessage,
        runner: {
          name: 'dbmate',
          outsideTransaction: () =>
            'In a migration of its own that starts with `-- migrate:up transaction:false`, one statement to a file',
          laterMigration: () => 'In a later migration',
        },
        parts: decoded => partsOf(decoded, 'up'),
        downParts: decoded => partsOf(decoded, 'down'),
        remarks,
      }
    })
    for (const [id, paths] of sharedVersions(files)) {
      refusals.push(`dbmate runs only one of ${paths.join(' and ')}: both have the version ${id}.`)
    }
    return { migrations, asides: asidesOf(dir, names), notices: [...notices, ...refusals] }
  },
}

/** lib/pq, the driver, refuses the COMMIT that dbmate ends with where none is open: "unexpected transaction status idle". */
const wrappedMessage: Execution = { ...messageInTransaction, needsOpen: true }

/** `migrationFileRegexp`, pkg/dbmate/db.go. */
function isMigration(name: string): boolean {
  return /^[0-9]/.test(name) && name.endsWith('.sql')
}

function asidesOf(dir: string, names: readonly string[]): Aside[] {
  return names
    .filter(name => /\.sql$/i.test(name) && !isMigration(name))
    .map(name => ({
      path: join(dir, name),
      kind: 'never-runs' as const,
      why: 'dbmate runs only files whose names begin with a number and end in .sql',
    }))
}

interface Marker {
  readonly start: number
  readonly direction: string
  readonly wrapped: boolean
}

/**
 * `upRegExp` and `downRegExp`, pkg/dbmate/migration.go, with Go's `^`, `$` (lines end with \n) and `\s` (ASCII) written
 * out. Markers that are indented or in upper case do not count.
 */
const MARKER = /(?<![^\n])--[\t\n\f\r ]*migrate:(up|down)(?:[\t\n\f\r ]*(?![^\n])|[\t\n\f\r ]+[^\t\n\f\r ]+)/g

function markers(text: string): Marker[] {
  return [...text.matchAll(MARKER)].map(({ index, 1: direction = '' }) => {
    // parseMigrationOptions: words like `key:value` on the marker's own line; only `transaction:false` has a meaning.
    const [line = ''] = text.slice(index).split('\n', 1)
    const values = line.split(/[\t\f\r ]+/).map(word => word.split(':'))
    const last = values.filter(pair => pair.length === 2 && pair[0] === 'transaction').at(-1)
    return { start: index, direction, wrapped: last?.[1] !== 'false' }
  })
}

interface Section extends Part {
  readonly direction: string
  readonly execution: Execution
}

/** Each marker with the text after it, up to the next marker. */
function sections(text: string): Section[] {
  const found = markers(text)
  return found.map(({ start, direction, wrapped: inTransaction }, i) => ({
    direction,
    span: [start, found[i + 1]?.start ?? text.length],
    execution: inTransaction ? wrappedMessage : message,
  }))
}

function partsOf(text: string, direction: 'up' | 'down'): Part[] {
  const all = sections(text)
  // A file without markers fails, but its statements are still read.
  if (all.length === 0 && direction === 'up') return [{ span: [0, text.length] }]
  return all
    .filter(section => section.direction === direction)
    .map(({ span, execution }) => ({ span, execution, apart: true }))
}

function remarks(text: string): Remark[] {
  const refusal = refusalOf(text)
  if (refusal !== null) {
    const todo =
      'A migration has one line `-- migrate:up`, statements, and one line `-- migrate:down`, all in lower case and not indented.'
    return [refused(text, refusal, todo, secondUp(text))]
  }
  const [up] = sections(text).filter(({ direction }) => direction === 'up')
  if (up?.execution === message) return oneMessage(text, text.slice(up.span[0], up.span[1]))
  const meant = /^--\s*migrate:up\s.*\btransaction\s*[:=]\s*false/i
  return ignoredOptOuts(text, meant, 'as `transaction:false`, in lower case and without a blank')
}

/** The second line `-- migrate:up`, to its end. */
function secondUp(text: string): Span | undefined {
  const start = markers(text).filter(({ direction }) => direction === 'up')[1]?.start
  return start === undefined ? undefined : [start, start + text.slice(start).split(/\r?\n/, 1).join('').length]
}

/** The reason why dbmate stops at a file (`parseMigrationContents`), or null. */
function refusalOf(text: string): string | null {
  const all = markers(text)
  const ups = all.filter(({ direction }) => direction === 'up')
  const [first] = ups
  if (!first) return 'it has no line `-- migrate:up`'
  const before = text.slice(0, first.start).split('\n')
  if (before.some(line => !/^[\t\f\r ]*(--|$)/.test(line))) {
    return all[0]?.direction === 'down'
      ? '`-- migrate:down` stands before `-- migrate:up`'
      : 'statements stand before `-- migrate:up`'
  }
  // The text between one `up` and the next: it may contain one `down`.
  for (let i = all.indexOf(first); i < all.length; i += 2) {
    if (all[i + 1]?.direction !== 'down') return 'it has no line `-- migrate:down`'
    if (all[i + 2]?.direction === 'down') return 'a second `-- migrate:down` follows one `-- migrate:up`'
  }
  // This is accepted, but the version is recorded once per pair, which the primary key of schema_migrations forbids.
  return ups.length > 1 ? 'it has `-- migrate:up` more than once, so its version is recorded twice' : null
}
