import { tokens } from '../../parse/lexer.ts'
import type { Script } from '../../parse/script.ts'
import type { Span } from '../../parse/span.ts'
import { withoutTrailing } from '../../parse/trailing.ts'

export interface LongName {
  readonly at: Span
  /** What PostgreSQL makes of it. */
  readonly kept: string
}

/** Names of more than 63 bytes (NAMEDATALEN), each where it first stands. The parse tree has them cut off already. */
export function longNames(script: Script): LongName[] {
  const seen = new Set<string>()
  return script.statements.flatMap(({ span }) =>
    tokens(script.source.text, span).flatMap(({ kind, span: at, text }) => {
      if (text.length < 22 || (kind !== 'word' && kind !== 'quoted-identifier')) return []
      const name = kind === 'word' ? text.toLowerCase() : text.slice(1, -1).replaceAll('""', '"')
      const kept = cut(name)
      if (kept === name || seen.has(name)) return []
      seen.add(name)
      return [{ at, kept }]
    }),
  )
}

/** PostgreSQL's truncate_identifier(): a character that would be cut in two is left out. */
function cut(name: string): string {
  const bytes = new TextEncoder().encode(name)
  return bytes.length <= 63 ? name : withoutTrailing(new TextDecoder().decode(bytes.subarray(0, 63)), '\ufffd')
}
