import { tokens } from '../../parse/lexer.ts'
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
  const seen = new Set<string>()
  return script.statements.flatMap(({ span }) =>
    tokens(script.source.text, span).flatMap(({ kind, span: at, text }) => {
      if (text.length < 22 || (kind !== 'word' && kind !== 'quoted-identifier')) return []
      const name = kind === 'word' ? text.toLowerCase() : text.slice(1, -1).replaceAll('""', '"')
      const kept = truncated(name)
      if (kept === name || seen.has(name)) return []
      seen.add(name)
      return [{ at, kept }]
    }),
  )
}
