import type { Remark } from '../lint/remark.ts'
import { message, messageInTransaction } from './execution.ts'
import { hasDirectory, hasFile, join, namesIn, readMigrations, textOf } from './files.ts'
import { ignoredOptOuts, oneMessage, refused } from './opt-out.ts'
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
    const hashes = new Map(files.map(({ path }) => [path, headerOf(textOf(tree, path) ?? '').get('Hash')]))
    const { migrations, notices } = readMigrations(tree, files, ({ id, path }, _, text) => {
      const before = files[files.findIndex(file => file.path === path) - 1]?.path
      return {
        id,
        execution: optsOut(text) ? message : messageInTransaction,
        runner,
        remarks: decoded => [...breaks(decoded, before, hashes), ...strayMarkers(decoded)],
        parts: decoded => [{ span: [bodyStart(decoded), decoded.length] }],
      }
    })
    return { migrations, asides: drafts(tree, directory), notices }
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

/** isNoTransactionDefined, src/header.ts: on the first line of the body, which is trimmed. */
function optsOut(text: string): boolean {
  return /^--!\s*no-transaction\b/.test(text.slice(bodyStart(text)).trimStart())
}

function strayMarkers(text: string): Remark[] {
  return optsOut(text)
    ? oneMessage(text, '--! no-transaction')
    : ignoredOptOuts(text, /^\s*--\s*!\s*no-transaction\b/, 'the first line after the header')
}

/** Where the chain of hashes is broken the tool stops. */
function breaks(text: string, before: string | undefined, hashes: ReadonlyMap<string, string | undefined>): Remark[] {
  const header = headerOf(text)
  const previous = header.get('Previous')
  const help = 'Migrations are made by `graphile-migrate commit`, in the order in which they are deployed.'
  if (!header.has('Hash') || !previous) return [refused(text, 'its header has no `Previous` or no `Hash`', help)]
  const expected = before === undefined ? '-' : hashes.get(before)
  if (previous === expected) return []
  const why =
    before === undefined
      ? 'it is the first one, but its `Previous` is not `-`'
      : `its \`Previous\` is not the \`Hash\` of ${before}`
  return [refused(text, why, help)]
}

/** The migration being written runs in development only; between two of them it is a comment. */
function drafts(tree: Tree, directory: string): Aside[] {
  const why = 'It is the migration being written; `graphile-migrate commit` makes it one that is deployed.'
  const files = [join(directory, 'current.sql'), ...filesBelow(tree, join(directory, 'current'))]
  return files
    .filter(path => path.endsWith('.sql') && (textOf(tree, path) ?? '').replace(/^\s*--.*$/gm, '').trim() !== '')
    .map(path => ({ path, kind: 'draft' as const, why }))
}
