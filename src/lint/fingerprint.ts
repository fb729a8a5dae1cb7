/**
 * 64 bits of FNV-1a over UTF-16 code units, as 16 hexadecimal digits. Not for secrets: it tells findings apart, and
 * unlike the platforms' own digests it is synchronous and the same everywhere.
 */
export function hash(text: string): string {
  let value = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n)
  }
  return value.toString(16).padStart(16, '0')
}

/** A statement's text with its layout and comments taken out, so that reformatting keeps fingerprints. */
export function tokens(sql: string): string {
  return sql
    .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, part => (/^['"]/.test(part) ? part : ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

/** Gives out fingerprints: of path, rule and statement, and of how many equals came before. One per report. */
export function fingerprints(): (path: string, rule: string, statement: string) => string {
  const seen = new Map<string, number>()
  return (path, rule, statement) => {
    const key = [path, rule, tokens(statement)].join('\0')
    const occurrence = seen.get(key) ?? 0
    seen.set(key, occurrence + 1)
    return hash(`${key}\0${occurrence}`)
  }
}
