import { jsonValue } from '../../parse/json.ts'
import { lookUp } from '../../parse/look-up.ts'
import type { Beside } from '../beside.ts'
import { inTree } from '../path.ts'

/** How many files `extends` is followed through, and how many folders are searched for the first one. */
const mostExtended = 5
const mostFolders = 30
/** More patterns or targets belong to no file that a person wrote. */
const mostPatterns = 200

/** `paths` of TypeScript's configuration, and the folder that its targets are relative to. */
interface Paths {
  readonly base: string
  readonly patterns: Readonly<Record<string, unknown>>
}

/**
 * The paths in the tree that an import such as `@/names` may mean to the file at `own`, the most likely first, by the nearest tsconfig.json
 * (TypeScript handbook, "paths"). None for an import that it does not name.
 */
export function aliasedPaths(own: string, name: string, beside: Beside): string[] {
  const found = pathsFor(own, beside)
  if (!found) return []
  const keys = Object.keys(found.patterns).slice(0, mostPatterns)
  const fits = keys.flatMap(key => {
    const star = key.indexOf('*')
    if (star < 0) return key === name ? [{ key, length: Number.POSITIVE_INFINITY, rest: '' }] : []
    const [before, after] = [key.slice(0, star), key.slice(star + 1)]
    const isLong = name.length >= before.length + after.length
    if (!isLong || !name.startsWith(before) || !name.endsWith(after)) return []
    return [{ key, length: before.length, rest: name.slice(before.length, name.length - after.length) }]
  })
  // The longest beginning counts.
  const [best] = fits.sort((a, b) => b.length - a.length)
  if (!best) return []
  const targets = lookUp(found.patterns, best.key)
  return (Array.isArray(targets) ? targets.slice(0, mostPatterns) : []).flatMap(target =>
    typeof target === 'string'
      ? (inTree(
          found.base,
          target.replace('*', () => best.rest),
        ) ?? [])
      : [],
  )
}

function pathsFor(own: string, beside: Beside): Paths | null {
  let folder = own
  for (let i = 0; i < mostFolders && folder.includes('/'); i++) {
    folder = folder.slice(0, folder.lastIndexOf('/'))
    const file = `${folder}/tsconfig.json`
    if (beside.textOf(file) !== null) return pathsIn(file, beside)
  }
  return beside.textOf('tsconfig.json') === null ? null : pathsIn('tsconfig.json', beside)
}

/** The nearest `paths` of a configuration and of what it extends. */
function pathsIn(file: string, beside: Beside): Paths | null {
  let [path, baseUrl]: [string, string | null] = [file, null]
  for (let i = 0; i < mostExtended; i++) {
    const text = beside.textOf(path)
    const all = text === null ? undefined : jsonValue(text)
    const options = isObject(all) ? lookUp(all, 'compilerOptions') : undefined
    const base = isObject(options) ? lookUp(options, 'baseUrl') : undefined
    if (typeof base === 'string') baseUrl ??= inTree(path, `${base}/tsconfig.json`)
    const patterns = isObject(options) ? lookUp(options, 'paths') : undefined
    if (isObject(patterns)) return { base: baseUrl ?? path, patterns }
    const next = isObject(all) ? lookUp(all, 'extends') : undefined
    if (typeof next !== 'string' || !next.startsWith('.')) return null
    const other = inTree(path, next.endsWith('.json') ? next : `${next}.json`)
    if (other === null) return null
    path = other
  }
  return null
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
