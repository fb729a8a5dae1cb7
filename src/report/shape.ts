import type { Code } from '../lint/help.ts'
import { tokens } from '../parse/lexer.ts'

/** A name of the user's in prose, as `quoted` of src/lint/advice/sql.ts writes it. */
const names = /"[^"]*"/g

/** Prose without the names in it: two findings that say the same about other objects have the same. `isCounted`: without the numbers, too. */
export function proseShape(prose: string, isCounted = false): string {
  const shape = prose.replace(names, '""')
  return isCounted ? shape.replace(/\d+/g, '0') : shape
}

/** The sentences of prose. A full stop in a name ends none. */
export function sentencesOf(prose: string): string[] {
  const found: string[] = []
  let [start, isName] = [0, false]
  for (let i = 0; i < prose.length; i++) {
    if (prose[i] === '"') isName = !isName
    if (isName || prose[i] !== '.' || prose[i + 1] !== ' ') continue
    found.push(prose.slice(start, i + 1))
    start = i + 2
  }
  return [...found, prose.slice(start)]
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
