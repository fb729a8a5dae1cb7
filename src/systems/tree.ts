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
