import type { Execution } from '../../migration/execution.ts'
import { type Notice, unreadableFile } from '../../migration/notice.ts'
import { plainSql, type RunnerAdvice } from '../../migration/runner.ts'
import { compareNatural } from '../reading/order.ts'
import { filesBelow, realFiles } from '../reading/tree.ts'
import type { Aside, Migration, System, SystemOptions } from '../system.ts'
import { holdsOnlyQueries } from './queries.ts'

/** A directory of `.sql` files that something applies in the order of their names. */
export const plain: System = {
  id: 'plain',
  title: plainSql,

  facts: {
    order: 'file name, numbers by value',
    down: 'x.down.sql, x_down.sql and folders of that name are left out',
    transaction: 'as configured (`transaction`); unknown otherwise',
    optOut: null,
    history: { checksum: null },
  },

  detect: (tree, dir) =>
    filesBelow(tree, dir).some(isSql) ? { directory: dir, sign: 'names', because: 'files that end in .sql' } : null,

  migrations(tree, dir, options) {
    const files = realFiles(tree, dir).filter(isSql)
    const below = (path: string) => `/${dir === '' ? path : path.slice(dir.length + 1)}`
    const names = new Set(files.map(below))
    const undoing = files.filter(path => undoes(below(path), names)).sort(compareNatural)
    const left = new Set(undoing)
    const notices: Notice[] = []
    const migrations: Migration[] = []
    const queries: Aside[] = []
    for (const path of files.filter(file => !left.has(file)).sort(compareNatural)) {
      const back = undoing.find(file => forwardNames(file).includes(path))
      try {
        const more = { ...plainRun(options.transaction(path)), ...(back && { downPath: back }) }
        const isMigration = isNumbered(below(path))
        const unnumbered = isMigration ? {} : { repeatable: true as const }
        const content = tree.read(path)
        if (options.system !== plain.id && !isMigration && holdsOnlyQueries(content))
          queries.push({ path, kind: 'queries', why: 'it has queries that code runs by name' })
        else migrations.push({ id: path, path, content, ...more, ...unnumbered })
      } catch (error) {
        notices.push(unreadableFile(path, error))
      }
    }
    const asides = undoing.map((path): Aside => ({ path, kind: 'undo', why: 'it takes a migration back' }))
    return { migrations, asides: [...asides, ...queries], notices }
  },
}

/**
 * Its name, or that of a folder around it, begins with a number or date. Seeds, views and dumps of the schema have
 * none, and are edited.
 */
function isNumbered(path: string): boolean {
  return /\/[vV]?\d/.test(path)
}

type Mode = ReturnType<SystemOptions['transaction']>

/** How SQL without a system runs, and how advice describes that. */
export function plainRun(mode: Mode): { execution: Execution; runner: RunnerAdvice } {
  return { execution: { inTransaction: wrapped[mode], singleMessage: false, spansFiles: false }, runner: advice[mode] }
}

const wrapped: Record<Mode, Execution['inTransaction']> = { wrapped: true, none: false, unknown: 'unknown' }

function say(outside: string): RunnerAdvice {
  return { name: plainSql, outsideTransaction: () => outside, laterMigration: () => 'In a later migration' }
}

const advice: Record<Mode, RunnerAdvice> = {
  wrapped: say('In a migration of its own that runs outside a transaction'),
  none: say('Outside BEGIN … COMMIT'),
  unknown: say('In a migration of its own, outside a transaction'),
}

function isSql(path: string): boolean {
  return /\.sql$/i.test(path)
}

/**
 * True for files that take a migration back. `x.down.sql` and `x_down.sql` do so by convention. Words with which the
 * name of a forward migration may well end (`add_rollback.sql`) count only beside the file that they take back.
 */
function undoes(path: string, all: ReadonlySet<string>): boolean {
  const folders = path.split('/').slice(0, -1)
  if (folders.some(folder => /^(down|undo|reverts?|rollbacks?)$/i.test(folder))) return true
  if (/(^|[/._-])down\.sql$/i.test(path) || /(^|[/.])(undo|revert|rollback)\.sql$/i.test(path)) return true
  const stem = /^(.*)[_-](undo|revert|rollback)\.sql$/i.exec(path)?.[1]
  return stem !== undefined && ['.sql', '.up.sql', '_up.sql', '-up.sql'].some(end => all.has(stem + end))
}

/** The possible names of the file that a down migration belongs to: `x.up.sql` or `x.sql` for `x.down.sql`. */
function forwardNames(path: string): string[] {
  const [, stem, between = '', ending = ''] = /^(.*?)([._/-])(?:down|undo|revert|rollback)(\.sql)$/i.exec(path) ?? []
  return stem === undefined ? [] : [`${stem}${between}up${ending}`, ...(between === '/' ? [] : [stem + ending])]
}
