/**
 * GitHub code scanning's own fingerprints of lines (`primaryLocationLineHash`), with which it follows an alert while
 * other lines move. Ours must be the ones that github/codeql-action computes (src/fingerprints.ts), or alerts would be
 * closed and opened again. Each is a rolling hash, modulo 2^64, over the 100 characters that start with the line,
 * without spaces and tabs and with every line end as LF, followed by the number of earlier lines with the same hash.
 */
const block = 100
const factor = 37
const [tab, lineFeed, carriageReturn, space, endOfFile] = [9, 10, 13, 32, 65535]
const two32 = 2 ** 32

// 37^100 modulo 2^64, in two halves. Products with a 16-bit character stay below 2^53, so that doubles are exact.
const power = Array.from({ length: block }).reduce<bigint>(value => BigInt.asUintN(64, value * BigInt(factor)), 1n)
const powerHigh = Number(power >> 32n)
const powerLow = Number(power & 0xffffffffn)

/** The hash of each line (from line 1 on), as `hash:occurrence`. */
export function lineHashes(text: string): string[] {
  const { codes, starts } = significant(text)
  const seen = new Map<string, number>()
  const hashes: string[] = []
  let high = 0
  let low = 0
  let next = 0
  // After character i, the hash covers the hundred up to i: it belongs to a line that starts 99 characters earlier.
  for (let i = 0; next < starts.length; i++) {
    const entering = codes[i] ?? 0
    const leaving = codes[i - block] ?? 0
    const sum = low * factor + entering - powerLow * leaving
    const carry = Math.floor(sum / two32)
    low = sum - carry * two32
    high = modulo(high * factor + carry - powerHigh * leaving)
    if (i - block + 1 !== starts[next]) continue
    const hash = hexadecimal(high, low)
    const occurrence = (seen.get(hash) ?? 0) + 1
    seen.set(hash, occurrence)
    hashes.push(`${hash}:${occurrence}`)
    next++
  }
  return hashes
}

/** The characters that count, and those of them at which lines start. */
function significant(text: string): { codes: number[]; starts: number[] } {
  const codes: number[] = []
  const starts: number[] = [0]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === space || code === tab) continue
    if (code === lineFeed && text.charCodeAt(i - 1) === carriageReturn) continue
    const endsLine = code === lineFeed || code === carriageReturn
    codes.push(endsLine ? lineFeed : code)
    if (endsLine) starts.push(codes.length)
  }
  codes.push(endOfFile)
  return { codes, starts }
}

function modulo(value: number): number {
  return value - Math.floor(value / two32) * two32
}

function hexadecimal(high: number, low: number): string {
  return high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0')
}
