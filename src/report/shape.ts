import type { Code } from '../lint/help.ts'
import { tokens } from '../parse/lexer.ts'

/** A name of the user's in prose, as `quoted` of src/lint/advice/sql.ts writes it. */
const names = /"[^"]*"/g

/** Prose without the names in it: two findings that say the same about other objects have the same. */
export function proseShape(prose: string): string {
  return prose.replace(names, '""')
}

/** The names in prose, without their quotes. */
export function namesIn(prose: string): string[] {
  return (prose.match(names) ?? []).map(name => name.slice(1, -1))
}

/** Code without the names in it: advice has its keywords in capitals. */
export function codeShape({ code, language }: Code): string {
  if (language !== 'sql') return code
  const isName = (kind: string, text: string) =>
    kind === 'quoted-identifier' || (kind === 'word' && text !== text.toUpperCase())
  return tokens(code)
    .map(({ kind, text }) => (isName(kind, text) ? 'name' : text))
    .join(' ')
}
