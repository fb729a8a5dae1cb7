/**
 * The order in which people number their files: `2_a.sql` before `10_b.sql`, `1_a.sql` before `1.1_b.sql`. Directory by
 * directory; equal numbers (`01`, `1`) are told apart by the text.
 */
export function compareNatural(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareNames(stem(left[i] ?? ''), stem(right[i] ?? ''))
    if (order !== 0) return order
  }
  return left.length - right.length || compareText(a, b)
}

function stem(name: string): string {
  return name.replace(/\.sql$/i, '')
}

function compareNames(a: string, b: string): number {
  const [left, right] = [leadingNumbers(a), leadingNumbers(b)]
  if (left && right) {
    for (let i = 0; i < Math.max(left.numbers.length, right.numbers.length); i++) {
      const order = compareNumbers(left.numbers[i] ?? '', right.numbers[i] ?? '')
      if (order !== 0) return order
    }
  }
  const parts = (name: string) => name.match(/\d+|\D+/g) ?? []
  const [as, bs] = [parts(left && right ? left.rest : a), parts(left && right ? right.rest : b)]
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    const [x, y] = [as[i] ?? '', bs[i] ?? '']
    const order = /^\d/.test(x) && /^\d/.test(y) ? compareNumbers(x, y) : compareText(x, y)
    if (order !== 0) return order
  }
  return as.length - bs.length
}

/** `V1.10__x` → 1, 10 and the rest. */
function leadingNumbers(name: string): { numbers: string[]; rest: string } | null {
  const match = /^[vV]?(\d+(?:\.\d+)*)/.exec(name)
  return match ? { numbers: match[1]?.split('.') ?? [], rest: name.slice(match[0].length) } : null
}

/** Digits of any length; no digits come before all others. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')]
  return x.length - y.length || compareText(x, y)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
