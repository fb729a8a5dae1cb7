import { resolve } from 'node:path'
import picomatch from 'picomatch/posix.js'
import { contains, filesBelow, type Tree, walk } from '../systems/tree.ts'
import type { WorkingTree } from './files.ts'
import { slashes } from './path.ts'

/** What a path or glob stands for: a directory as a whole, or single files. Paths in the tree. */
export interface Place {
  /** The directory to read. */
  readonly directory: string
  /** Only these files of it; null for all. */
  readonly files: readonly string[] | null
}

/**
 * The places that a file, a directory or a glob names, or null when there are none. `from` is the directory that the pattern is
 * relative to. What exists under the very name is never taken for a glob: files may be called `[a].sql`.
 */
export function expand(pattern: string, from: string, tree: WorkingTree): readonly Place[] | null {
  const path = tree.name(resolve(from, pattern))
  const kind = tree.kind(path)
  if (kind === 'directory') return [{ directory: path, files: null }]
  if (kind === 'file') return [{ directory: parent(path), files: [path] }]

  const { base, glob, isGlob } = picomatch.scan(slashes(pattern))
  if (!isGlob) return null
  const directory = tree.name(resolve(from, base))
  if (tree.kind(directory) !== 'directory') return null
  const matches = picomatch(glob)
  const within = (found: string) => (directory === '' ? found : found.slice(directory.length + 1))
  const directories = directoriesBelow(tree, directory).filter(found => matches(within(found)))
  const files = filesBelow(tree, directory).filter(
    found => matches(within(found)) && !directories.some(chosen => contains(chosen, found)),
  )
  const places = [
    ...directories
      .filter(chosen => !directories.some(other => other !== chosen && contains(other, chosen)))
      .map(chosen => ({ directory: chosen, files: null })),
    ...(files.length > 0 ? [{ directory, files }] : []),
  ]
  return places.length > 0 ? places : null
}

/** The directory that a path lies in; `''` for what lies in the root of the tree. */
export function parent(path: string): string {
  const end = path.lastIndexOf('/')
  return end === 0 ? '/' : path.slice(0, Math.max(0, end))
}

function directoriesBelow(tree: Tree, directory: string): string[] {
  const { found, others } = walk(tree, directory, name => !name.startsWith('.'))
  const own = found.slice(1).flatMap(({ path, kind }) => (kind === 'directory' ? [path] : []))
  return [...own, ...others.map(({ path }) => path)]
}

/** The folder that a glob begins in, or the path itself where it is none. */
export function baseOf(pattern: string): string {
  const { base, isGlob } = picomatch.scan(slashes(pattern))
  return isGlob ? base : pattern
}
