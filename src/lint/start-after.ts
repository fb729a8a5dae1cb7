import { quoted } from './sql.ts'

/**
 * From which migration on findings are reported. `startAfter` is a migration's path, its file's name with or without
 * `.sql`, its folder's name, or the number its name starts with; a number that no migration has stands for its place in the order.
 */
export function afterStart(startAfter: string | null, paths: readonly string[]): { from: number; notices: string[] } {
  if (startAfter === null) return { from: 0, notices: [] }
  const named = paths.findLastIndex(path => namesOf(path).includes(startAfter.replace(/^\.\//, '')))
  if (named !== -1) return { from: named + 1, notices: [] }
  if (/^\d+$/.test(startAfter)) {
    const limit = BigInt(startAfter)
    return { from: paths.findLastIndex(path => (numberOf(path) ?? limit + 1n) <= limit) + 1, notices: [] }
  }
  return { from: 0, notices: [`startAfter: no migration is called ${quoted(startAfter)}, so all are reported`] }
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
