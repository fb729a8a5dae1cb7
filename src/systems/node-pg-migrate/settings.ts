import { settingsAt } from '../reading/program-settings.ts'
import type { Tree } from '../reading/tree.ts'
import type { Settings } from './given.ts'

/** Types that earlier migrations define: the tool passes their `exports.shorthands` on. Files are in the order in which they run. */
export function settingsOf(tree: Tree, paths: readonly string[], decamelize: boolean): (path: string) => Settings {
  const named = paths
    .filter(path => !path.endsWith('.sql'))
    .map(path => ({ path, words: wordsOf(tree, path) }))
    .filter(({ words }) => words === null || words.size > 0)
  return path => {
    const own = paths.indexOf(path)
    const earlier = named.filter(other => paths.indexOf(other.path) < own).map(({ words }) => words)
    return { decamelize, isShorthand: type => earlier.some(words => words === null || words.has(type)) }
  }
}

/** The names of the types; null: some are not known. */
function wordsOf(tree: Tree, path: string): ReadonlySet<string> | null {
  const settings = settingsAt(tree, path)
  // Only values count, and not an annotation of a type.
  const values = settings?.values('shorthands') ?? []
  const isOpen = settings?.isUnknown('shorthands') || values.some(value => value.kind === 'record' && value.isOpen)
  if (isOpen) return null
  return new Set(values.flatMap(value => (value.kind === 'record' ? [...value.entries.keys()] : [])))
}
