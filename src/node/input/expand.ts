import { resolve } from 'node:path'
import { globProblem, pathMatcher } from '../../lint/config/glob.ts'
import { literalStart } from '../../lint/config/glob-pattern.ts'
import { parentOf } from '../../systems/reading/files.ts'
import { filesBelow, type Tree, walk } from '../../systems/reading/tree.ts'
import { slashes } from '../disk/path.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { Failure } from '../failure.ts'

/** The files that a path or a glob stands for: a whole directory, or single files. Paths in the tree. */
export interface Place {
  /** The directory to read. */
  readonly directory: string
  /** Only these files of it; null for all. */
  readonly files: readonly string[] | null
  /** Below the directory, only these folders are read; absent: all. */
  readonly folders?: readonly string[]
}

/**
 * The places that a file, a directory or a glob names, or null if there are none. `from` is the directory that the
 * pattern is relative to. A pattern that is the exact name of an existing file is not treated as a glob: files may be
 * called `[a].sql`. Throws a Failure about a glob that is not valid.
 */
export function expand(pattern: string, from: string, tree: ProjectTree): readonly Place[] | null {
  const path = tree.disk.name(resolve(from, pattern))
  const kind = tree.kind(path)
  if (kind === 'file') tree.named(path)
  if (kind === 'directory') return [{ directory: path, files: null }]
  if (kind === 'file') return [{ directory: parentOf(path), files: [path] }]

  if (!isGlob(pattern)) return null
  const problem = globProblem(slashes(pattern))
  if (problem !== null) throw new Failure(`The glob "${pattern}" ${problem}.`)
  const start = literalStart(slashes(pattern))
  if (start === null) return null
  const directory = tree.disk.name(resolve(from, start.directory))
  if (tree.kind(directory) !== 'directory') return null
  const matches = pathMatcher(start.rest)
  const within = (found: string) => (directory === '' ? found : found.slice(directory.length + 1))
  const directories = directoriesBelow(tree, directory).filter(found => matches(within(found)))
  const chosen = new Set(directories)
  const isChosen = (path: string): boolean => path !== directory && (chosen.has(path) || isChosen(parentOf(path)))
  const files = filesBelow(tree, directory).filter(found => matches(within(found)) && !isChosen(parentOf(found)))
  const places = [
    ...directories.filter(path => !isChosen(parentOf(path))).map(path => ({ directory: path, files: null })),
    ...(files.length > 0 ? [{ directory, files }] : []),
  ]
  return places.length > 0 ? places : null
}

function isGlob(pattern: string): boolean {
  return /[*?[{(]/.test(pattern)
}

function directoriesBelow(tree: Tree, directory: string): string[] {
  const { found, others } = walk(tree, directory, name => !name.startsWith('.'))
  const own = found.slice(1).flatMap(({ path, kind }) => (kind === 'directory' ? [path] : []))
  return [...own, ...others.map(({ path }) => path)]
}

/** The folder that a glob begins in, or the path itself if it is not a glob. */
export function baseOf(pattern: string): string {
  return isGlob(pattern) ? (literalStart(slashes(pattern))?.directory ?? pattern) : pattern
}
