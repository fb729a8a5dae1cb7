import { grouped } from '../../parse/list.ts'

/** Comparisons of versions and names as the tools make them; each gives a total order for `sort`. */

export type Compare<T> = (a: T, b: T) => number

/**
 * The comparison, with equal entries sorted by path. If a tool has no order, or stops, there still must be one, so that
 * no report depends on the order in which a folder is listed.
 */
export function thenByPath<T extends { readonly path: string }>(compare: Compare<T>): Compare<T> {
  return (a, b) => compare(a, b) || compareUnits(a.path, b.path)
}

/** Go's and Rust's order of strings: by bytes of UTF-8, which is by code point. */
export function compareBytes(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** JavaScript's and Java's order of strings: by code units of UTF-16. */
export function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Compares as `localeCompare` and `Intl.Collator` do in English, whatever language the machine is set to. Names that
 * are equal there are compared by code units.
 */
export function compareEnglish(a: string, b: string): number {
  return english.compare(a, b) || compareUnits(a, b)
}

const english = new Intl.Collator('en')

/** Integers of any size. */
export function compareIntegers(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** By the value of the version: the order in most tools. */
export const compareVersions = thenByPath<{ readonly version: bigint; readonly path: string }>((a, b) =>
  compareIntegers(a.version, b.version),
)

/** Lists of numbers, part by part; a missing part is 0. */
export function compareParts(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareIntegers(a[i] ?? 0n, b[i] ?? 0n)
    if (order !== 0) return order
  }
  return 0
}

const INT64 = 2n ** 63n

/**
 * A decimal integer as Go's ParseInt and Rust's i64 read it (both accept a sign); null if it is not one, or too large.
 */
export function parseInt64(text: string): bigint | null {
  if (!/^[+-]?[0-9]+$/.test(text)) return null
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text.replace('+', ''))
  return value >= -INT64 && value < INT64 ? value : null
}

/** Go's ParseUint: digits only, 64 bits. */
export function parseUint64(text: string): bigint | null {
  if (!/^[0-9]+$/.test(text)) return null
  const value = BigInt(text)
  return value < 2n * INT64 ? value : null
}

/** Versions that two files have, each with the paths: most tools stop at them. */
export function sharedVersions<T extends { readonly id: string; readonly path: string }>(
  files: readonly T[],
): [id: string, paths: string[]][] {
  return [...grouped(files, ({ id }) => id)].flatMap(([id, all]) =>
    all.length > 1 ? [[id, all.map(({ path }) => path)] as [string, string[]]] : [],
  )
}
