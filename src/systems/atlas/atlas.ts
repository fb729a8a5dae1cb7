import type { Remark } from '../../migration/remark.ts'
import { databaseNamed } from '../../parse/database-name.ts'
import { databaseOfUrl } from '../reading/database.ts'
import { between } from '../reading/delimiter.ts'
import { autocommit, inTransaction } from '../reading/execution.ts'
import { hasDirectory, hasFile, join, namesIn, readMigrations, upwards } from '../reading/files.ts'
import { ignoredOptOuts, refused } from '../reading/opt-out.ts'
import type { Tree } from '../reading/tree.ts'
import { compareBytes } from '../reading/version.ts'
import type { Aside, Late, Migration, System } from '../system.ts'
import { atlasSettings } from './settings.ts'

/** Atlas, versioned migrations (https://github.com/ariga/atlas), in its own format of directories. */
export const atlas: System = {
  id: 'atlas',
  title: 'Atlas',

  facts: {
    order: 'file name',
    down: 'none',
    transaction: 'one per file, statement by statement',
    optOut: '-- atlas:txmode none',
    history: { checksum: 'SHA-256 over the files, in atlas.sum' },
  },

  detect(tree, dir) {
    const settings = atlasSettings(tree, dir)
    for (const { directory } of settings?.migrations ?? []) {
      const path = directory === null ? null : join(dir, directory)
      if (settings && path !== null && hasDirectory(tree, path))
        return { directory: path, sign: 'file', because: settings.path, ...dialectOf(tree, dir) }
    }
    const sum = join(dir, 'atlas.sum')
    return hasFile(tree, sum) ? { directory: dir, sign: 'checksum', because: sum, ...dialectOf(tree, dir) } : null
  },

  migrations(tree, directory) {
    const names = namesIn(tree, directory).filter(name => name.endsWith('.sql'))
    const files = names.sort(compareBytes).map(name => ({ path: join(directory, name), name }))
    const asides: Aside[] = []
    const { late, unread } = saidAbove(tree, directory)
    const { migrations, notices } = readMigrations(tree, files, ({ path, name }, _, text) => {
      const directives = fileDirectives(text)
      if (directives.some(directive => directive.name === 'checkpoint')) {
        const why = 'it is a checkpoint, which only an empty database runs, instead of all files before it'
        asides.push({ path, kind: 'baseline', why })
      }
      const optsOut = directives.some(each => each.name === 'txmode' && each.value === 'none')
      return {
        id: name.replace(/\.sql$/, '').split('_', 1)[0] ?? name,
        execution: optsOut ? autocommit : inTransaction,
        runner,
        remarks,
        ...(late && { late }),
        ...delimited(text),
      }
    })
    const left = new Set(asides.map(({ path }) => path))
    return { migrations: migrations.filter(({ path }) => !left.has(path)), asides, notices: [...notices, ...unread] }
  },
}

const runner = {
  name: 'Atlas',
  outsideTransaction: () =>
    'In a migration of its own that starts with the line `-- atlas:txmode none` and an empty line',
  laterMigration: () => 'In a later migration',
}

/** What the nearest atlas.hcl says about this folder, and a notice if it names a folder in a way that is not read. */
function saidAbove(tree: Tree, directory: string): { readonly late?: Late; readonly unread: readonly string[] } {
  for (const dir of upwards(directory)) {
    const settings = atlasSettings(tree, dir)
    if (!settings) continue
    const { path, migrations } = settings
    const own = migrations.filter(each => each.directory !== null && join(dir, each.directory) === directory)
    const orders = new Set(own.map(({ order }) => order ?? 'linear'))
    const [order = ''] = orders
    const does = orders.size === 1 ? orderings.get(order) : undefined
    return {
      ...(does && { late: { does: does.does, what: `${does.what} in ${path}` } }),
      unread:
        own.length === 0 && migrations.some(each => each.directory === null)
          ? [`${path} names a folder of migrations by an expression, which was not read.`]
          : [],
    }
  }
  return { unread: [] }
}

/** `exec_order`: cmd/atlas/internal/cmdapi/migrate.go; Executor.Pending of sql/migrate/migrate.go. */
const orderings: ReadonlyMap<string, Late> = new Map([
  ['non-linear', { does: 'runs', what: 'Atlas runs it because exec_order is NON_LINEAR' }],
  ['linear-skip', { does: 'skips', what: 'Atlas skips it because exec_order is LINEAR_SKIP' }],
])

/** The database in the URLs of the nearest atlas.hcl: `postgres://…`, `docker://postgres/16/dev`. One for PostgreSQL is enough. */
function dialectOf(tree: Tree, dir: string): { dialect?: string } {
  const settings = upwards(dir).flatMap(above => atlasSettings(tree, above) ?? [])[0]
  const found = (settings?.urls ?? []).flatMap(
    url => databaseNamed(/^docker:\/\/([^/"]+)/.exec(url)?.[1] ?? '') ?? databaseOfUrl(url) ?? [],
  )
  const [first] = found
  return first === undefined || found.includes('postgresql') ? {} : { dialect: first }
}

interface Directive {
  readonly name: string
  readonly value: string
}

/**
 * Directives of the file: comment lines at its very top, followed by an empty line. Without that line they belong to
 * the first statement (`LocalFile.comments` and `reDirective`, sql/migrate/dir.go).
 */
export function fileDirectives(text: string): Directive[] {
  const found: Directive[] = []
  let rest = text
  while (rest.startsWith('#') || rest.startsWith('--')) {
    const stop = rest.indexOf('\n')
    const line = stop < 0 ? rest : rest.slice(0, stop).trim()
    const [, , name, value = ''] = DIRECTIVE.exec(line) ?? []
    if (name !== undefined) found.push({ name, value })
    rest = stop < 0 ? '' : rest.slice(stop + 1)
  }
  return rest === '' || /^[ \t]*\n/.test(rest) ? found : []
}

const DIRECTIVE = /^([ -~]*)atlas:(\w+)(?: +(.+))*/

/** txmodeFor, cmd/atlas/internal/cmdapi/migrate.go. */
function remarks(text: string): Remark[] {
  const modes = fileDirectives(text).filter(({ name }) => name === 'txmode')
  const [mode] = modes
  const help = 'Leave one `-- atlas:txmode none` or `-- atlas:txmode file` at the top of the file.'
  if (modes.length > 1) return [refused(text, 'it has `atlas:txmode` more than once', help)]
  if (mode === undefined)
    return ignoredOptOuts(
      text,
      /^\s*(?:--|#).*atlas:txmode\s+none\b/,
      'at the top of the file, with an empty line after it',
    )
  return /^(none|file)$/.test(mode.value)
    ? []
    : [refused(text, `\`atlas:txmode ${mode.value}\` is not a mode for a file`, help)]
}

/** `-- atlas:delimiter \n\n` on the first line: the text that ends a statement instead of a semicolon. */
function delimited(text: string): Pick<Migration, 'parts'> {
  const [, prefix, name, value] = DIRECTIVE.exec(text) ?? []
  if (prefix !== '-- ' || name !== 'delimiter' || value === undefined) return {}
  const delimiter = value.replace(/\\n/g, '\n').replace(/\\r/g, '\r').replace(/\\t/g, '\t')
  return {
    parts: decoded => {
      const start = decoded.indexOf('\n') + 1 || decoded.length
      return between(decoded, [start, decoded.length], delimiter).map(span => ({ span }))
    },
  }
}
