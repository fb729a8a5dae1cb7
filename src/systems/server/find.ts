import { append } from '../../parse/list.ts'
import { hasDirectory, namesIn, parentOf, textOf } from '../reading/files.ts'
import { withParsers } from '../reading/on-demand.ts'
import { memoryOf, remembering, type Tree, within } from '../reading/tree.ts'
import type { Named } from './named.ts'
import { type PlaceKind, placeKinds } from './place.ts'

/** A version of PostgreSQL, and the file that names it. */
export interface VersionPlace {
  readonly version: string
  /** From 1; null: the place in the file is not known. */
  readonly line: number | null
  /** A path of the tree. */
  readonly path: string
  /** The kind of the file, for people: `Compose`. */
  readonly kind: string
}

// A stranger may have written these files, so there are bounds. No project has more of them, and none is larger.
const mostFolders = 100
const mostFiles = 200
const mostNames = 2_000
const largest = 512 * 1024
const mostBytes = 8 * 1024 * 1024
const mostVersions = 50

interface Candidate {
  readonly kind: PlaceKind
  readonly path: string
  readonly text: string
}

/**
 * The versions that the files in these folders name, and those in folders that the kinds of files are usually in, in the order of the kinds.
 * Files that cannot be read say nothing.
 */
export async function findVersions(given: Tree, folders: readonly string[]): Promise<readonly VersionPlace[]> {
  const tree = remembering(given)
  const candidates = candidatesIn(tree, folders)
  if (candidates.length === 0) return []
  const { readers } = await import('./readers.ts')
  const besides = memoryOf((path: string) => shortText(tree, path))
  const found = await withParsers(() =>
    candidates.flatMap(({ kind, path, text }) => {
      const beside = (name: string) => besides(within(parentOf(path), name))
      return versionsOf(readers[kind.reader](text, path, beside)).map(
        ({ version, line }): VersionPlace => ({ version, line: line(), path, kind: kind.title }),
      )
    }),
  )
  return found
}

/** The first place of each version in a file. */
function versionsOf(all: readonly Named[]): Named[] {
  const known = new Map<string, Named>()
  for (const each of all) if (!known.has(each.version) && known.size < mostVersions) known.set(each.version, each)
  return [...known.values()]
}

function candidatesIn(tree: Tree, homes: readonly string[]): Candidate[] {
  const found: Candidate[] = []
  const looked = new Set<string>()
  let [files, bytes] = [mostFiles, mostBytes]
  for (const kind of placeKinds) {
    let folders = mostFolders
    const places = new Set(homes.flatMap(home => kind.folders.flatMap(folder => expanded(tree, home, folder))))
    for (const place of places) {
      if (folders-- <= 0) break
      for (const name of namesIn(tree, place).slice(0, mostNames)) {
        const path = within(place, name)
        if (!kind.name.test(name) || looked.has(path)) continue
        if (files-- <= 0 || bytes <= 0) return found
        looked.add(path)
        const text = textOf(tree, path)
        bytes -= text?.length ?? 0
        if (text !== null && text.length <= largest && kind.hint.test(text)) found.push({ kind, path, text })
      }
    }
  }
  return found
}

/** The text of a file that is not too large; null if there is none. */
function shortText(tree: Tree, path: string): string | null {
  const text = textOf(tree, path)
  return text !== null && text.length <= largest ? text : null
}

/** The folders that a pattern means: `charts/*` below `home`. */
function expanded(tree: Tree, home: string, pattern: string): string[] {
  if (pattern === '') return [home]
  let places = [home]
  for (const part of pattern.split('/')) {
    const next: string[] = []
    for (const place of places) {
      if (part !== '*') {
        if (namesIn(tree, place, 'directory').includes(part)) next.push(within(place, part))
      } else
        append(
          next,
          namesIn(tree, place, 'directory')
            .filter(name => !name.startsWith('.'))
            .slice(0, mostFolders)
            .map(name => within(place, name)),
        )
    }
    places = next.slice(0, mostFolders)
  }
  return places.filter(place => hasDirectory(tree, place))
}
