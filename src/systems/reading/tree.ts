import { lookUp } from '../../parse/look-up.ts'
import { kept } from './on-demand.ts'
import { compareUnits } from './version.ts'

/** Anything that lists and reads: the working tree, git's index, a commit, a map in a browser. Paths have `/`, from the root of the tree. */
export interface Tree {
  /** The entries of a directory, in any order; nothing if there is no such directory. `''` is the root. */
  list(dir: string): readonly Entry[]
  /** The bytes of a file. Throws when it cannot be read. */
  read(path: string): Uint8Array
  /** The real folder of a folder, as a path of the tree if it is inside the tree. A tree without this function has no links. */
  real?(dir: string): string
}

export interface Entry {
  readonly name: string
  readonly kind: 'file' | 'directory'
  /** The real target of a symbolic link, as `real` of the tree returns it. A file without it is a broken link. */
  readonly real?: string
}

/** A tree of files that are held in memory. */
export function mapTree(files: Readonly<Record<string, string | Uint8Array>>): Tree {
  return {
    list(dir) {
      const prefix = dir === '' ? '' : `${dir}/`
      const entries = new Map<string, Entry>()
      for (const path of Object.keys(files)) {
        if (!path.startsWith(prefix)) continue
        const [name = '', ...below] = path.slice(prefix.length).split('/')
        entries.set(name, { name, kind: below.length > 0 ? 'directory' : 'file' })
      }
      return [...entries.values()]
    },
    read(path) {
      const content = lookUp(files, path)
      if (content === undefined) throw new Error(`no such file: ${path}`)
      return typeof content === 'string' ? new TextEncoder().encode(content) : content
    },
  }
}

/** The entries of a directory, in the order of the code units of their names, however the tree lists them. */
export function entriesOf(tree: Tree, dir: string): readonly Entry[] {
  return inOrder(tree.list(dir))
}

const ordered = new WeakMap<readonly Entry[], readonly Entry[]>()

/** Sorted once for all callers: each of thousands of folders asks for the content of its parent. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const known = ordered.get(entries)
  if (known) return known
  const made = [...entries].sort((a, b) => compareUnits(a.name, b.name))
  ordered.set(entries, made)
  ordered.set(made, made)
  return made
}

/** The result of a walk. */
export interface Walk {
  /** The directory, and everything in it and in the folders that were entered, each folder before its content. */
  readonly found: readonly Found[]
  /** Links to folders that were entered under another name. */
  readonly others: readonly Link[]
}

export interface Found extends Link {
  readonly kind: Entry['kind']
  readonly isLink: boolean
}

export interface Link {
  readonly path: string
  readonly real: string
}

/**
 * Walks a directory and the folders below it. Each real folder is entered once: by its own name if it lies in the walk,
 * and otherwise by the first link to it. So a walk ends, in linear time, whatever links there are. `enters` decides by
 * name which folders are searched.
 */
export function walk(tree: Tree, dir: string, enters: (name: string) => boolean): Walk {
  const contents = new Map<string, Found[]>()
  const entered = new Set<string>()
  const links: Link[] = []
  const enter = (start: Link) => {
    const waiting = [start]
    for (const { path, real } of waiting) {
      if (entered.has(real)) continue
      entered.add(real)
      const content = entriesOf(tree, path).map((entry): Found => {
        const isLink = entry.real !== undefined
        return {
          path: within(path, entry.name),
          real: entry.real ?? within(real, entry.name),
          kind: entry.kind,
          isLink,
        }
      })
      contents.set(path, content)
      for (const found of content) {
        if (found.kind === 'file' || !enters(nameOf(found.path))) continue
        if (found.isLink) links.push(found)
        else waiting.push(found)
      }
    }
  }
  const start = { path: dir, real: realOf(tree, dir) }
  enter(start)
  const others: Link[] = []
  // Links come last, when everything that has a name of its own is known. Their targets may contain further links.
  for (const link of links) {
    if (entered.has(link.real)) others.push(link)
    else enter(link)
  }
  return { found: depthFirst(contents, { ...start, kind: 'directory', isLink: false }), others }
}

/** Its path in the tree. */
function depthFirst(contents: ReadonlyMap<string, Found[]>, start: Found): Found[] {
  const found: Found[] = []
  const waiting = [start]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const content = next.kind === 'directory' ? contents.get(next.path) : []
    if (!content) continue
    found.push(next)
    for (const each of content.reverse()) waiting.push(each)
  }
  return found
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The real folder of a folder. */
export function realOf(tree: Tree, dir: string): string {
  return tree.real?.(dir) ?? dir
}

/** `a`, `b` → `a/b`; in the root of the tree the name alone. */
export function within(dir: string, name: string): string {
  return dir === '' ? name : dir.endsWith('/') ? dir + name : `${dir}/${name}`
}

/** Paths of all files below a directory, without hidden ones and installed packages. */
export function filesBelow(tree: Tree, dir: string): string[] {
  return foundFiles(tree, dir).map(({ path }) => path)
}

/** The same, each real file once, under its own name if it has one there. Files that belong to no system are read in this way. */
export function realFiles(tree: Tree, dir: string): string[] {
  const files = foundFiles(tree, dir)
  const own = new Map(files.map(({ path, real }) => [real, path]).reverse() as [string, string][])
  for (const { path, real, isLink } of files) if (!isLink) own.set(real, path)
  return files.flatMap(({ path, real }) => (own.get(real) === path ? [path] : []))
}

function foundFiles(tree: Tree, dir: string): Found[] {
  const { found } = walk(tree, dir, name => !name.startsWith('.') && name !== 'node_modules')
  return found.filter(({ kind }) => kind === 'file')
}

const remembered = new WeakSet<Tree>()

/**
 * The same tree with a cache: every directory and file is read once, and every directory is in the order of its names.
 * So the first or last match never depends on the order of the listing.
 */
export function remembering(tree: Tree): Tree {
  return remembered.has(tree) ? tree : kept([tree], 'remembering', () => withMemory(tree))
}

function withMemory(tree: Tree): Tree {
  const list: Tree['list'] = memoryOf(dir => (isMissing(dir) ? [] : entriesOf(tree, dir)))
  const foldersIn = memoryOf(
    dir => new Set(list(dir).flatMap(({ name, kind }) => (kind === 'directory' ? name : []))) as ReadonlySet<string>,
  )
  // Signs of systems are looked for below every folder, mostly in vain: the listing of the folder knows that without asking the disk.
  const isMissing = memoryOf((dir: string): boolean => {
    // What is around a folder outside of the root may not be listed.
    if (dir === '' || isAbsolute(dir)) return false
    const end = dir.lastIndexOf('/')
    const parent = dir.slice(0, Math.max(end, 0))
    if (isMissing(parent)) return true
    // Git lists nothing of the folders around a repository.
    return list(parent).length > 0 && !foldersIn(parent).has(dir.slice(end + 1))
  })
  const same = { list, read: readOnce(tree), real: memoryOf(dir => realOf(tree, dir)) }
  remembered.add(same)
  return same
}

/** Reads each file once. Signs of systems are looked for in vain again and again, and each failure costs more than a file that is there. */
function readOnce(tree: Tree): Tree['read'] {
  const failures = new Map<string, unknown>()
  const read = memoryOf(path => tree.read(path))
  return path => {
    if (failures.has(path)) throw failures.get(path)
    try {
      return read(path)
    } catch (error) {
      failures.set(path, error)
      throw error
    }
  }
}

/** True for the path of a folder that lies outside of the tree's root: `/srv/app`, `C:/app`. */
function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[a-z]:(?:\/|$)/i.test(path)
}

/** Caches the results of the function. An exception is not cached. */
export function memoryOf<T>(answer: (word: string) => T): (word: string) => T {
  const known = new Map<string, T>()
  return word => {
    const before = known.get(word)
    if (before !== undefined) return before
    const now = answer(word)
    known.set(word, now)
    return now
  }
}

/** True when `path` is the directory or is inside it. */
export function contains(directory: string, path: string): boolean {
  return (
    path === directory || path.startsWith(directory === '' || directory.endsWith('/') ? directory : `${directory}/`)
  )
}

/** Two trees as one; a file that both have is taken from the first. */
export function overlaid(first: Tree, second: Tree): Tree {
  const namesIn = memoryOf(dir => new Set(first.list(dir).map(({ name }) => name)) as ReadonlySet<string>)
  return {
    list: dir => {
      const entries = new Map([...second.list(dir), ...first.list(dir)].map(entry => [entry.name, entry]))
      return [...entries.values()]
    },
    read: path => {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const dir = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
      return (namesIn(dir).has(name) ? first : second).read(path)
    },
    real: dir => realOf(first.list(dir).length > 0 ? first : second, dir),
  }
}

/** The tree without these directories. */
export function without(tree: Tree, directories: readonly string[]): Tree {
  if (directories.length === 0) return tree
  const hidden = new Set(directories)
  return {
    list: dir => tree.list(dir).filter(({ name, kind }) => kind === 'file' || !hidden.has(within(dir, name))),
    read: file => tree.read(file),
    real: dir => realOf(tree, dir),
  }
}
