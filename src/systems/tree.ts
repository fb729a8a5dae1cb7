/** Anything that lists and reads: the working tree, git's index, a commit, a map in a browser. Paths have `/`, from the root of the tree. */
export interface Tree {
  /** What is in a directory, in any order; nothing when there is no such directory. `''` is the root. */
  list(dir: string): readonly Entry[]
  /** The bytes of a file. Throws when it cannot be read. */
  read(path: string): Uint8Array
}

export interface Entry {
  readonly name: string
  readonly kind: 'file' | 'directory'
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
      const content = files[path]
      if (content === undefined) throw new Error(`no such file: ${path}`)
      return typeof content === 'string' ? new TextEncoder().encode(content) : content
    },
  }
}

/** Paths of all files below a directory, those that are hidden and installed packages aside. */
export function filesBelow(tree: Tree, dir: string): string[] {
  return tree.list(dir).flatMap(({ name, kind }) => {
    const path = dir === '' ? name : `${dir}/${name}`
    if (kind === 'file') return [path]
    return name.startsWith('.') || name === 'node_modules' ? [] : filesBelow(tree, path)
  })
}

/** The same tree, every directory and file read once. */
export function remembering(tree: Tree): Tree {
  return { list: memoryOf(dir => tree.list(dir)), read: memoryOf(path => tree.read(path)) }
}

/** The function, asked once for each word. What it throws is not kept. */
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

/** True when `path` is the directory or lies in it. */
export function contains(directory: string, path: string): boolean {
  return (
    path === directory || path.startsWith(directory === '' || directory.endsWith('/') ? directory : `${directory}/`)
  )
}

/** Two trees as one; a file of both is that of the first. */
export function overlaid(first: Tree, second: Tree): Tree {
  return {
    list: dir => {
      const entries = new Map([...second.list(dir), ...first.list(dir)].map(entry => [entry.name, entry]))
      return [...entries.values()]
    },
    read: path => {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const dir = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
      return (first.list(dir).some(entry => entry.name === name) ? first : second).read(path)
    },
  }
}

/** The tree without these directories. */
export function without(tree: Tree, directories: readonly string[]): Tree {
  if (directories.length === 0) return tree
  const hidden = new Set(directories)
  const path = (dir: string, name: string) => (dir === '' ? name : `${dir}/${name}`)
  return {
    list: dir => tree.list(dir).filter(({ name, kind }) => kind === 'file' || !hidden.has(path(dir, name))),
    read: file => tree.read(file),
  }
}
