import { greatest } from '../../parse/list.ts'
import { quoted } from '../advice/sql.ts'

/**
 * From which migration on findings are reported. `startAfter` is a migration's path, its file's name with or without
 * `.sql`, its folder's name, or the number its name starts with; a number that no migration has stands for its place in the order.
 * Of several, the last one in the order counts.
 */
export function afterStart(
  startAfter: string | readonly string[] | null,
  paths: readonly string[],
): { from: number; notices: string[] } {
  const names = startAfter === null ? [] : [startAfter].flat()
  const starts = names.map(name => startOf(name, paths))
  const from = greatest(
    starts.map(start => start ?? 0),
    0,
  )
  const unknown = names.filter((_, i) => starts[i] === null)
  const outcome = unknown.length === names.length ? ', so all are reported' : ''
  return { from, notices: unknown.map(name => `startAfter: no migration is called ${quoted(name)}${outcome}`) }
}

/** Null if there is no such migration. */
function startOf(name: string, paths: readonly string[]): number | null {
  const named = paths.findLastIndex(path => namesOf(path).includes(name.replace(/^\.\//, '')))
  if (named !== -1) return named + 1
  if (!/^\d+$/.test(name)) return null
  const limit = BigInt(name)
  return paths.findLastIndex(path => (numberOf(path) ?? limit + 1n) <= limit) + 1
}

function namesOf(path: string): string[] {
  const parts = path.split('/')
  const file = parts.at(-1) ?? ''
  const tails = parts.map((_, i) => parts.slice(i).join('/'))
  const number = numberOf(path)
  const names = [...tails, file.replace(/(\.up)?\.[a-z]+$/i, ''), parts.at(-2) ?? '']
  return number === null
    ? names
    : [...names, String(number), leadingDigits(file) ?? leadingDigits(parts.at(-2) ?? '') ?? '']
}

function numberOf(path: string): bigint | null {
  const [file, folder] = path.split('/').reverse()
  const digits = leadingDigits(file ?? '') ?? leadingDigits(folder ?? '')
  return digits === null ? null : BigInt(digits)
}

function leadingDigits(name: string): string | null {
  return /^V?(\d+)/.exec(name)?.[1] ?? null
}
