import { grouped } from '../../parse/list.ts'
import { baseName, parentOf, upwards } from '../../systems/reading/files.ts'
import type { Entry, Tree } from '../../systems/reading/tree.ts'
import type { WorkingTree } from './working-tree.ts'

/**
 * The files that a command works on: those on disk, those that git has recorded, or either of them with files that
 * somebody hands over. In all cases, `disk` decides how places are named.
 */
export interface ProjectTree extends Tree {
  /** The files on disk: it names places and decides where files may be read and written. */
  readonly disk: WorkingTree
  /** The files that could not be read: path → the system's reason. */
  readonly unreadable: Map<string, string>
  /** Links that may lead to folders and are not followed: path → the reason, a clause. */
  readonly closed: Map<string, string>
  real(directory: string): string
  /** The kind of entry at a path, or null. An entry that may not be read is a file: reading it gives the reason. */
  kind(path: string): Entry['kind'] | null
  /**
   * Notes a path that a person has named. If it may not be read, that is remembered, whether or not anything asks for
   * it.
   */
  named(path: string): void
}

/** The tree with these files, by path, in place of its own. */
export function withFiles(tree: ProjectTree, files: ReadonlyMap<string, Uint8Array>): ProjectTree {
  if (files.size === 0) return tree
  const folders = grouped(files.keys(), parentOf)
  const around = new Set([...folders.keys()].flatMap(upwards))
  const inside = grouped(
    [...around].filter(folder => folder !== parentOf(folder)),
    parentOf,
  )
  return {
    disk: tree.disk,
    unreadable: tree.unreadable,
    closed: tree.closed,
    list: directory => {
      if (!around.has(directory)) return tree.list(directory)
      // The folders of a file that is handed over need not exist.
      const others = tree.kind(directory) === 'directory' ? tree.list(directory) : []
      const own = folders.get(directory)?.map((path): Entry => ({ name: baseName(path), kind: 'file' })) ?? []
      const below = inside.get(directory)?.map((path): Entry => ({ name: baseName(path), kind: 'directory' })) ?? []
      const entries = new Map([...below, ...others, ...own].map(entry => [entry.name, entry]))
      return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    read: path => files.get(path) ?? tree.read(path),
    real: directory => tree.real(directory),
    kind: path => (files.has(path) ? 'file' : tree.kind(path)),
    named: path => {
      if (!files.has(path)) tree.named(path)
    },
  }
}
