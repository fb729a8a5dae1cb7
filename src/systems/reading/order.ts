import { compareUnits } from './version.ts'

/**
 * The order in which people number their files: `2_a.sql` before `10_b.sql`, `1_a.sql` before `1.1_b.sql`. It goes
 * directory by directory; equal numbers (`01`, `1`) are ordered by their text. The order is total: each name of a path
 * is a list of words and numbers, such lists are compared word by word, and equal lists as text. `v1` is before `V2`.
 */
export function compareNatural(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareLists(partsOf(left[i] ?? ''), partsOf(right[i] ?? ''))
    if (order !== 0) return order
  }
  return left.length - right.length || compareUnits(a, b)
}

/** True for a name that begins with its number: `85`, `v2`, `001_users.sql`. */
export function isNumbered(name: string): boolean {
  return /^[vV]?\d+(?:\.\d+)*(?:[._-]|$)/.test(name)
}

/** `V1.10__x_2.sql` → `v`, `1`, `10`, an end of the version, `__x_`, `2`. A name that begins with a number has no word before it. */
function partsOf(name: string): readonly string[] {
  const stem = /\.sql$/i.test(name) ? name.slice(0, -'.sql'.length) : name
  const [, prefix = '', version] = /^([vV]?)(\d+(?:\.\d+)*)/.exec(stem) ?? []
  const rest = stem.slice(version === undefined ? 0 : prefix.length + version.length)
  const words = rest.match(/\d+|\D+/g) ?? []
  if (version === undefined) return words
  return [...(prefix === '' ? [] : ['v']), ...version.split('.'), endOfVersion, ...words]
}

/** It comes before any continuation of a version: `1` is before `1.1`. */
const endOfVersion = ''

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareParts(a[i] ?? '', b[i] ?? '')
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareParts(a: string, b: string): number {
  return isNumber(a) && isNumber(b) ? compareNumbers(a, b) : compareUnits(a, b)
}

/** Words contain no digits: a number and a word differ in their first character. */
function isNumber(part: string): boolean {
  return /^\d/.test(part)
}

/** Digits of any length. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [a, b].map(digits => digits.replace(/^0+(?=\d)/, ''))
  return (x?.length ?? 0) - (y?.length ?? 0) || compareUnits(x ?? '', y ?? '')
}
