import { next } from '../../parse/lexer.ts'
import type { Script } from '../../parse/script.ts'
import type { Span } from '../../parse/span.ts'
import { truncated } from '../../postgres/catalog/name-limit.ts'

export interface LongName {
  readonly at: Span
  /** The name that PostgreSQL keeps. */
  readonly kept: string
}

/** Names that PostgreSQL cuts, each at its first place. In the parse tree they are cut already. */
export function longNames(script: Script): LongName[] {
  const { text } = script.source
  const seen = new Set<string>()
  const found: LongName[] = []
  for (const { span } of script.statements) {
    for (let token = next(text, span[0], span[1]); token; token = next(text, token.end, span[1])) {
      const { kind, start, end } = token
      if (end - start < shortest || (kind !== 'word' && kind !== 'quoted-identifier')) continue
      const written = text.slice(start, end)
      const name = kind === 'word' ? written.toLowerCase() : written.slice(1, -1).replaceAll('""', '"')
      const kept = truncated(name)
      if (kept === name || seen.has(name)) continue
      seen.add(name)
      found.push({ at: [start, end], kept })
    }
  }
  return found
}

/** A name that is cut has 64 bytes or more, and a UTF-16 unit three at most. */
const shortest = 22
