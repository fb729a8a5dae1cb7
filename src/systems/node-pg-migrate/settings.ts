import { textOf } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import type { Settings } from './given.ts'

/** Types that earlier migrations define: the tool passes their `exports.shorthands` on. Files are in the order in which they run. */
export function settingsOf(tree: Tree, paths: readonly string[], decamelize: boolean): (path: string) => Settings {
  const named = paths
    .filter(path => !path.endsWith('.sql'))
    .map(path => ({ path, words: wordsOf(textOf(tree, path) ?? '') }))
    .filter(({ words }) => words === null || words.size > 0)
  return path => {
    const own = paths.indexOf(path)
    const earlier = named.filter(other => paths.indexOf(other.path) < own).map(({ words }) => words)
    return { decamelize, isShorthand: type => earlier.some(words => words === null || words.has(type)) }
  }
}

/** The words that `shorthands` may name, and some others; null: any word. */
function wordsOf(code: string): ReadonlySet<string> | null {
  const start = /\bshorthands\b[^=]{0,200}=/.exec(code)
  if (!start) return new Set()
  const value = code.slice(start.index + start[0].length).trimStart()
  if (/^(?:undefined|null|\{\s*\})/.test(value)) return new Set()
  if (!value.startsWith('{') || value.includes('...')) return null
  return new Set([...value.matchAll(/\b(\w{1,60})['"]?\s?:/g)].map(([, word = '']) => word))
}
