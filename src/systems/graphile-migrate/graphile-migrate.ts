import type { Discrepancy } from '../../migration/discrepancy.ts'
import type { Remark } from '../../migration/remark.ts'
import type { Span } from '../../parse/span.ts'
import { message, messageInTransaction } from '../reading/execution.ts'
import { hasDirectory, hasFile, join, namesIn, readMigrations, textOf } from '../reading/files.ts'
import { sha1, utf8 } from '../reading/hash.ts'
import { ignoredOptOuts, oneMessage, refused } from '../reading/opt-out.ts'
import { settingsAt } from '../reading/program-settings.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'
import { compareEnglish, thenByPath } from '../reading/version.ts'
import type { Aside, IntegrityFile, System } from '../system.ts'

/** https://github.com/graphile/migrate: committed migrations that are chained by hashes, and the one being written. */
export const graphileMigrate: System = {
  id: 'graphile-migrate',
  title: 'Graphile Migrate',

  facts: {
    order: 'number in the file name (localeCompare)',
    down: 'none',
    transaction: 'one per file, sent as one message',
    optOut: '--! no-transaction',
    history: { checksum: 'SHA-1 of the previous hash and the body, in the file' },
  },

  detect(tree, dir) {
    const config = ['.gmrc', '.gmrc.js', '.gmrc.cjs'].map(name => join(dir, name)).find(path => hasFile(tree, path))
    const folder = config === undefined ? undefined : settingsAt(tree, config)?.text('migrationsFolder')
    const directory = join(dir, folder ?? 'migrations')
    if (config !== undefined && hasDirectory(tree, directory)) return { directory, sign: 'file', because: config }
    const committed = join(dir, 'committed')
    const first = namesIn(tree, committed).find(name => NAME.test(name))
    if (first === undefined || !headerOf(textOf(tree, join(committed, first)) ?? '').has('Hash')) return null
    return { directory: dir, sign: 'marker', because: `--! Hash in ${join(committed, first)}` }
  },

  migrations(tree, directory) {
    const { migrations, notices } = readMigrations(tree, committedFiles(tree, directory), ({ id }, _, text) => ({
      id,
      execution: optsOut(text) ? message : messageInTransaction,
      runner,
      remarks: decoded => [...unfinished(decoded), ...strayMarkers(decoded)],
      parts: decoded => [{ span: [bodyStart(decoded), decoded.length] }],
    }))
    return { migrations, asides: drafts(tree, directory), notices }
  },

  integrity: (tree, directory) => {
    const files = committedFiles(tree, directory)
    return files.map(({ path }, i): IntegrityFile => {
      const discrepancies = chainBreaks(textOf(tree, path) ?? '', path, tree, files[i - 1]?.path)
      return { path, covers: [path], discrepancies }
    })
  },
}

/** getAllMigrations, src/migration.ts. */
function committedFiles(tree: Tree, directory: string): { readonly path: string; readonly id: string }[] {
  const committed = join(directory, 'committed')
  const files = namesIn(tree, committed).flatMap(name => {
    const number = NAME.exec(name)?.[1]
    return number === undefined ? [] : [{ path: join(committed, name), id: `${number}.sql` }]
  })
  return files.sort(compareCommitted)
}

export const compareCommitted = thenByPath<{ readonly path: string; readonly id: string }>((a, b) =>
  compareEnglish(a.id, b.id),
)

const NAME = /^([0-9]+)(-[-_a-zA-Z0-9]*)?\.sql$/

const runner = {
  name: 'Graphile Migrate',
  outsideTransaction: () =>
    'In a migration of its own that starts with `--! no-transaction` and has no other statement',
  laterMigration: () => 'In a later migration',
}

const HEADER = /^--! ([A-Z][a-zA-Z0-9_]*)(?::(.*))?$/

function headerLines(text: string): string[] {
  const lines = text.split('\n')
  const stop = lines.findIndex(line => !HEADER.test(line))
  return stop < 0 ? lines : lines.slice(0, stop)
}

/** `--! Hash: sha1:…` and the like, at the very top (parseMigrationText, src/migration.ts). */
export function headerOf(text: string): ReadonlyMap<string, string> {
  return new Map(headerLines(text).map(line => [HEADER.exec(line)?.[1] ?? '', HEADER.exec(line)?.[2]?.trim() ?? '']))
}

export function bodyStart(text: string): number {
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
    : ignoredOptOuts(text, /^\s*--\s*!\s*no-transaction\b/, 'in the first line after the header')
}

/** A header that `commit` would not write. */
function unfinished(text: string): Remark[] {
  const header = headerOf(text)
  if (header.get('Previous') && header.get('Hash')) return []
  const help = 'Migrations are made by `graphile-migrate commit`, in the order in which they are deployed.'
  return [refused(text, 'its header has no `Previous` or no `Hash`', help)]
}

/**
 * The places where the chain of hashes is broken. getAllMigrations compares each `Previous` with the `Hash` before it,
 * whatever is applied; runCommittedMigration (both in src/migration.ts) compares the `Hash` with the text when it runs
 * the migration.
 */
function chainBreaks(text: string, path: string, tree: Tree, before: string | undefined): Discrepancy[] {
  const header = headerOf(text)
  const [previous, hash] = [header.get('Previous'), header.get('Hash')]
  if (!previous || !hash) return []
  const found: Discrepancy[] = []
  const tell = (key: string, does: string, what: string, help: string) =>
    found.push({ at: headerSpan(text, key), severity: 'error', does, what, help, about: [path] })

  const expected = before === undefined ? '-' : headerOf(textOf(tree, before) ?? '').get('Hash')
  if (previous !== expected) {
    const what =
      before === undefined
        ? 'it comes first, but its `Previous` is not `-`'
        : `its \`Previous\` is not the \`Hash\` of ${before}`
    const help =
      'Migrations are made by `graphile-migrate commit`, in the order in which they are deployed. After a merge, take the one that is not applied out with `graphile-migrate uncommit` and commit it again.'
    tell('Previous', 'Graphile Migrate refuses to run', what, help)
  }
  const right = calculateHash(text.slice(bodyStart(text)), previous === '-' ? '' : previous) === hash
  const mayDiffer = header.has('AllowInvalidHash')
  if (right && mayDiffer) {
    const help = 'Remove the line `--! AllowInvalidHash`.'
    tell(
      'AllowInvalidHash',
      'Graphile Migrate refuses to run this file',
      'it allows an invalid hash, but the hash is right',
      help,
    )
  }
  if (!right && !mayDiffer) {
    const help =
      'Put the file back as it was committed. If no database has it yet: `graphile-migrate uncommit`, edit current.sql, and commit it again.'
    tell('Hash', 'Graphile Migrate refuses to run this file', 'its `Hash` is not that of its text', help)
  }
  return found
}

/** src/hash.ts; the text is the body that parseMigrationText returns. */
export function calculateHash(body: string, previous: string): string {
  const text = `${`${previous}\n${body.trim()}`.trim()}\n`
  return `sha1:${sha1(utf8(text))}`
}

function headerSpan(text: string, key: string): Span {
  let start = 0
  for (const line of headerLines(text)) {
    if (HEADER.exec(line)?.[1] === key) return [start, start + line.length]
    start += line.length + 1
  }
  return [0, 0]
}

/** The migration being written runs only in development. Between two migrations it is a comment. */
function drafts(tree: Tree, directory: string): Aside[] {
  const why = 'it is the migration being written; `graphile-migrate commit` makes it one that is deployed'
  const files = [join(directory, 'current.sql'), ...filesBelow(tree, join(directory, 'current'))]
  return files
    .filter(path => path.endsWith('.sql') && (textOf(tree, path) ?? '').replace(/^[ \t]*--.*/gm, '').trim() !== '')
    .map(path => ({ path, kind: 'draft' as const, why }))
}
