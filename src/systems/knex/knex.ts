import type { Remark } from '../../migration/remark.ts'
import { headLine } from '../../parse/head-line.ts'
import type { Span } from '../../parse/span.ts'
import { codeMigrations, dialectAmong, marked } from '../reading/code-migrations.ts'
import { codeOf } from '../reading/comment.ts'
import { allInOneTransaction, autocommit, inTransaction, perhapsInTransaction } from '../reading/execution.ts'
import { baseName, hasDirectory, hasFile, join, namesIn } from '../reading/files.ts'
import { dependencyAbove } from '../reading/manifest.ts'
import { onDemand } from '../reading/on-demand.ts'
import { nearestSettings, settingsAt, textsOf } from '../reading/program-settings.ts'
import { readerToLoad } from '../reading/reader-to-load.ts'
import type { Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import type { System } from '../system.ts'
import { settingsOf } from './settings.ts'

const callsModule = onDemand(() => import('./calls.ts'))

/** https://github.com/knex/knex: modules that export up and down. */
export const knex: System = {
  id: 'knex',
  title: 'Knex',

  facts: {
    order: 'file name',
    down: 'exports.down',
    transaction: 'one for all pending migrations; one for each when any of them opts out',
    optOut: 'exports.config = { transaction: false }',
    history: { checksum: null },
    code: {
      files: '**/migrations/*.{js,cjs,mjs,ts}',
      read: 'all of `knex.schema`, `table` and `column`; `knex.raw`, `schema.raw` with values; views; `knex.transaction`; `insert`, `update`, `del` and `select` with plain conditions; `knexSnakeCaseMappers`, `defaultDateTimePrecision`',
      inPart: '`hasTable` and `hasColumn`: both branches are read; `wrapIdentifier`: names may differ',
      unread: 'joins, subqueries and `onConflict` of queries; helpers of other files',
    },
  },

  detect(tree, dir) {
    const config = KNEXFILES.map(name => join(dir, name)).find(path => hasFile(tree, path))
    if (config !== undefined) {
      const directory = join(dir, directoryIn(tree, config) ?? 'migrations')
      if (hasDirectory(tree, directory)) return { directory, sign: 'file', because: config, ...dialect(tree, dir) }
    }
    const file =
      marked(tree, dir, /^\d{14}_.+\.(js|cjs|ts)$/, /\bknex\b/i) ??
      (dependencyAbove(tree, dir, 'package.json', 'knex') && marked(tree, dir, /\.(js|cjs|mjs|ts)$/, UP))
    if (file === null) return null
    // `migrations-sqlite`, beside `migrations`
    const named = dialectAmong(baseName(dir).split(/[-_.]/))
    return { directory: dir, sign: 'marker', because: `knex in ${file}`, ...dialect(tree, dir), ...named }
  },

  migrations(tree, directory) {
    const names = namesIn(tree, directory).filter(name => EXTENSION.test(name) && !name.endsWith('.d.ts'))
    const files = names.sort(compareUnits).map(name => ({ path: join(directory, name), id: name }))
    const config = nearestSettings(tree, directory, KNEXFILES)
    const never = config?.says(true, 'disableTransactions') ?? false
    const isUnknown = !never && config?.isUnknown('disableTransactions') === true
    const optOuts = files.filter(({ path }) => optOutIn(codeOf(tree, path) ?? '') !== null).length
    const each = never || optOuts > 0
    const reaches = !never && optOuts < files.length
    const settings = settingsOf(tree, directory)
    const reader = readerToLoad(callsModule, ({ knexReader }) => knexReader(settings))
    return codeMigrations(
      tree,
      files,
      'Knex',
      text => ({
        execution:
          never || optOutIn(text) !== null
            ? autocommit
            : isUnknown
              ? perhapsInTransaction
              : each
                ? inTransaction
                : allInOneTransaction,
        outside: 'In a migration of its own with `exports.config = { transaction: false }`',
        ...(reaches && optOutIn(text) !== null ? { remarks: forAll } : {}),
      }),
      reader,
    )
  },
}

const KNEXFILES = ['js', 'ts', 'mjs', 'cjs', 'mts', 'cts', 'coffee'].map(end => `knexfile.${end}`)
/** `exports.up = knex =>`, in a file of any name. */
const UP = /\bup\b[^\n]{0,40}\bknex\b/i
/** `loadExtensions` with its default; .mjs if it is configured. */
const EXTENSION = /\.(co|coffee|eg|iced|js|cjs|litcoffee|ls|ts|mjs|mts)$/

/**
 * `transactionForAll` of `latest()`, lib/migrations/migrate/Migrator.js: there is no transaction if any pending
 * migration opts out.
 */
function forAll(text: string): Remark[] {
  return [
    {
      kind: 'opt-out-for-all',
      at: optOutIn(text) ?? headLine(text),
      does: 'when any pending one has it, Knex gives each of them a transaction of its own',
      help: 'If the others must take effect together or not at all, apply this one in a run of its own: `knex migrate:up` takes one at a time.',
    },
  ]
}

/** `transaction: false` of `exports.config`, `export const config` or `module.exports = { config }`; null in a file of SQL, whose opt-out is in the module that reads it. */
function optOutIn(text: string): Span | null {
  let end = 0
  for (const { index, 0: start } of text.matchAll(/(?:=|\bconfig\s*:)\s*\{/g)) {
    if (index < end) continue
    const from = index + start.length
    // The target of the assignment: the words after the previous statement or assignment.
    const before = text.slice(end, index)
    const target = before.slice(Math.max(before.lastIndexOf('='), before.lastIndexOf(';')) + 1)
    const stop = text.indexOf('}', from)
    end = from
    if (!start.startsWith('config') && !/\bconfig\b/.test(target)) continue
    const block = text.slice(from, stop < 0 ? text.length : stop)
    const found = /\btransaction\s*:\s*false\b/.exec(block)
    if (found) return [from + found.index, from + found.index + found[0].length]
    if (stop < 0) return null
    end = stop
  }
  return null
}

/** `migrations.directory`, or the first one of several. */
function directoryIn(tree: Tree, path: string): string | null {
  const values = settingsAt(tree, path)?.values('migrations', 'directory') ?? []
  return values.flatMap(textsOf)[0] ?? null
}

/** `client` of the knexfile (one for each environment); without it, the drivers in package.json decide. */
function dialect(tree: Tree, dir: string): { dialect?: string } {
  const clients = nearestSettings(tree, dir, KNEXFILES)?.texts('client') ?? []
  if (clients.length > 0) return dialectAmong(clients.map(client => client.replace(/^better-/, '')))
  const drivers = ['pg', 'mysql2', 'mysql', 'sqlite3'].filter(name => dependencyAbove(tree, dir, 'package.json', name))
  return dialectAmong(drivers)
}
