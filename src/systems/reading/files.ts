import { type Notice, unreadableFile } from '../../migration/notice.ts'
import { decode } from '../../parse/source.ts'
import type { Migration, MigrationList } from '../system.ts'
import { type Entry, entriesOf, type Tree } from './tree.ts'

/**
 * `db`, `migrations` → `db/migrations`; `''`, `migrations` → `migrations`; `./` and `../` are resolved. A directory that lies outside of
 * the tree's root has an absolute path and keeps it: `/srv/app`, `db` → `/srv/app/db`.
 */
export function join(dir: string, path: string): string {
  // There is almost never anything to resolve, and discovery calls this for every folder and every system.
  if (isResolved(path) && path !== '') {
    if (dir === '') return path
    if (isResolved(dir.startsWith('/') ? dir.slice(1) : dir)) return dir === '/' ? `/${path}` : `${dir}/${path}`
  }
  const parts: string[] = []
  for (const part of [...dir.split('/'), ...path.split('/')]) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return (dir.startsWith('/') ? '/' : '') + parts.join('/')
}

/** True without a segment that is empty, and without one that begins with a dot, which may be `.` or `..`. */
function isResolved(path: string): boolean {
  return !(
    path.startsWith('.') ||
    path.startsWith('/') ||
    path.endsWith('/') ||
    path.includes('/.') ||
    path.includes('//')
  )
}

/** True for a program in JavaScript or TypeScript. */
export function isProgram(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path) && !/\.d\.[cm]?ts$/.test(path)
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The directory around a path: `a/b` → `a`, `a` → ``, `/a` → `/`. The roots `` and `/` are their own. */
export function parentOf(path: string): string {
  const end = path.lastIndexOf('/')
  return end === 0 ? '/' : path.slice(0, Math.max(end, 0))
}

/** A directory and all directories around it, the nearest first: `a/b` → `a/b`, `a`, ``; `/a/b` → `/a/b`, `/a`, `/`. */
export function upwards(dir: string): string[] {
  const found = [dir]
  for (let at = dir; at !== parentOf(at); at = parentOf(at)) found.push(parentOf(at))
  return found
}

/** The names in the directory itself, in the order of their code units. */
export function namesIn(tree: Tree, dir: string, kind: Entry['kind'] = 'file'): readonly string[] {
  return listing(entriesOf(tree, dir))[kind]
}

export function hasFile(tree: Tree, path: string): boolean {
  return listing(entriesOf(tree, parentOf(path))).files.has(baseName(path))
}

interface Listing {
  readonly file: readonly string[]
  readonly directory: readonly string[]
  readonly files: ReadonlySet<string>
}

const listings = new WeakMap<readonly Entry[], Listing>()

/** The entries of a directory, by kind, computed once for all callers. */
function listing(entries: readonly Entry[]): Listing {
  const known = listings.get(entries)
  if (known) return known
  const named = (kind: Entry['kind']) => entries.flatMap(entry => (entry.kind === kind ? entry.name : []))
  const file = named('file')
  const made = { file, directory: named('directory'), files: new Set(file) }
  listings.set(entries, made)
  return made
}

export function hasDirectory(tree: Tree, path: string): boolean {
  return path === '' || tree.list(path).length > 0
}

/** The text of a file; null if there is none or it cannot be read. */
export function textOf(tree: Tree, path: string): string | null {
  const bytes = bytesOf(tree, path)
  return bytes && decode(path, bytes).source.text
}

function bytesOf(tree: Tree, path: string): Uint8Array | null {
  try {
    return tree.read(path)
  } catch {
    return null
  }
}

/**
 * The same answer for each file whose text is asked about several times, found once: projects are looked at for several reasons. It must
 * depend on the text alone. Null for a file that cannot be read.
 */
export function ofText<T>(find: (text: string) => T): (tree: Tree, path: string) => T | null {
  const known = new WeakMap<Uint8Array, { readonly answer: T }>()
  return (tree, path) => {
    const bytes = bytesOf(tree, path)
    if (bytes === null) return null
    const found = known.get(bytes) ?? { answer: find(decode(path, bytes).source.text) }
    known.set(bytes, found)
    return found.answer
  }
}

/** What is wrong with the bytes of a file, with the line, as a clause; null: nothing, or it cannot be opened. */
export function encodingProblem(tree: Tree, path: string): string | null {
  try {
    const { source, problems } = decode(path, tree.read(path))
    const [first] = problems
    return first ? `line ${source.text.slice(0, first.span[0]).split('\n').length}: ${first.message}` : null
  } catch {
    return null
  }
}

/** The migrations of these files, in their order. A file that cannot be read is a notice. */
export function readMigrations<T extends { readonly path: string }>(
  tree: Tree,
  found: readonly T[],
  migration: (file: T, content: Uint8Array, text: string) => Omit<Migration, 'path' | 'content'>,
): Pick<MigrationList, 'migrations'> & { notices: Notice[] } {
  const migrations: Migration[] = []
  const notices: Notice[] = []
  for (const file of found) {
    try {
      const content = tree.read(file.path)
      const { text } = decode(file.path, content).source
      migrations.push({ path: file.path, content, ...migration(file, content, text) })
    } catch (error) {
      notices.push(unreadableFile(file.path, error))
    }
  }
  return { migrations, notices }
}
