import { message, messageInTransaction } from './execution.ts'
import { hasDirectory, hasFile, join, namesIn, readMigrations, textOf } from './files.ts'
import type { Aside, System } from './system.ts'
import { filesBelow, type Tree } from './tree.ts'

/** https://github.com/graphile/migrate: committed migrations that are chained by hashes, and the one being written. */
export const graphileMigrate: System = {
  id: 'graphile-migrate',
  title: 'Graphile Migrate',

  facts: {
    order: 'number in the file name (localeCompare)',
    down: 'none',
    transaction: 'one per file, sent as one message',
    optOut: '--! no-transaction',
    history: { table: 'graphile_migrate.migrations', checksum: 'SHA-1 of the previous hash and the body, in the file' },
  },

  detect(tree, dir) {
    const config = ['.gmrc', '.gmrc.js', '.gmrc.cjs'].map(name => join(dir, name)).find(path => hasFile(tree, path))
    const folder = /\bmigrationsFolder["']?\s*:\s*["']([^"']+)/.exec(
      withoutComments(textOf(tree, config ?? '') ?? ''),
    )?.[1]
    const directory = join(dir, folder ?? 'migrations')
    if (config !== undefined && hasDirectory(tree, directory)) return { directory, sign: 'file', because: config }
    const committed = join(dir, 'committed')
    const first = namesIn(tree, committed).find(name => NAME.test(name))
    if (first === undefined || !headerOf(textOf(tree, join(committed, first)) ?? '').has('Hash')) return null
    return { directory: dir, sign: 'marker', because: `--! Hash in ${join(committed, first)}` }
  },

  migrations(tree, directory) {
    const committed = join(directory, 'committed')
    const files = namesIn(tree, committed).flatMap(name => {
      const number = NAME.exec(name)?.[1]
      return number === undefined ? [] : [{ path: join(committed, name), id: `${number}.sql` }]
    })
    // getAllMigrations, src/migration.ts
    files.sort((a, b) => a.id.localeCompare(b.id, 'en'))
    const chain: { path: string; header: ReadonlyMap<string, string> }[] = []
    const { migrations, notices } = readMigrations(tree, files, ({ path, id }, _, text) => {
      chain.push({ path, header: headerOf(text) })
      const body = text.slice(bodyStart(text)).trim()
      return {
        id,
        // isNoTransactionDefined, src/header.ts
        execution: /^--!\s*no-transaction\b/.test(body.split('\n', 1)[0] ?? '') ? message : messageInTransaction,
        runner,
        parts: decoded => [{ span: [bodyStart(decoded), decoded.length] }],
      }
    })
    return { migrations, asides: drafts(tree, directory), notices: [...notices, ...breaks(chain)] }
  },
}

/** `.gmrc` is JSON5; what it says in comments are defaults. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

const NAME = /^([0-9]+)(-[-_a-zA-Z0-9]*)?\.sql$/

const runner = {
  name: 'Graphile Migrate',
  outsideTransaction: () =>
    'In a migration of its own that starts with `--! no-transaction` and has no other statement:',
  laterMigration: () => 'In a later migration:',
}

const HEADER = /^--! ([A-Z][a-zA-Z0-9_]*)(?::(.*))?$/

function headerLines(text: string): string[] {
  const lines = text.split('\n')
  const stop = lines.findIndex(line => !HEADER.test(line))
  return stop < 0 ? lines : lines.slice(0, stop)
}

/** `--! Hash: sha1:…` and its like, at the very top (parseMigrationText, src/migration.ts). */
function headerOf(text: string): ReadonlyMap<string, string> {
  return new Map(headerLines(text).map(line => [HEADER.exec(line)?.[1] ?? '', HEADER.exec(line)?.[2]?.trim() ?? '']))
}

function bodyStart(text: string): number {
  return Math.min(
    headerLines(text).reduce((length, line) => length + line.length + 1, 0),
    text.length,
  )
}

/** Where the chain of hashes is broken the tool stops. */
function breaks(chain: readonly { path: string; header: ReadonlyMap<string, string> }[]): string[] {
  return chain.flatMap(({ path, header }, i) => {
    const before = chain[i - 1]
    const previous = header.get('Previous')
    if (!header.has('Hash') || !previous)
      return [`Graphile Migrate refuses ${path}: its header has no Previous or no Hash.`]
    if (previous === (before?.header.get('Hash') ?? '-')) return []
    return [
      `Graphile Migrate refuses ${path}: the Previous in its header is not the Hash of ${before?.path ?? 'the first migration, `-`'}.`,
    ]
  })
}

/** The migration being written runs in development only. */
function drafts(tree: Tree, directory: string): Aside[] {
  const why = 'it is the migration being written; `graphile-migrate commit` makes it one that is deployed.'
  const files = [join(directory, 'current.sql'), ...filesBelow(tree, join(directory, 'current'))]
  return files
    .filter(path => path.endsWith('.sql') && (textOf(tree, path) ?? '').trim() !== '')
    .map(path => ({ path, kind: 'draft' as const, why }))
}
