import { type Lexeme, next } from './lexer.ts'
import type { Span } from './span.ts'

/** Text that something else replaces before PostgreSQL reads it: a psql variable, a template placeholder. */
export interface Placeholder {
  readonly span: Span
  /** The texts that can replace it, in the order to try them. Each is as long as the span. */
  readonly choices: readonly string[]
}

/** Everything in `text` (outside string literals) that may be a placeholder, in order. */
export function placeholders(text: string): Placeholder[] {
  const found: Placeholder[] = []
  let brackets = 0
  for (let lexeme = next(text, 0, text.length); lexeme; ) {
    if (lexeme.kind === 'punctuation') {
      if (text[lexeme.start] === '[') brackets++
      else if (text[lexeme.start] === ']') brackets--
    }
    const placeholder = placeholderAt(text, lexeme, brackets > 0)
    if (placeholder) found.push(placeholder)
    lexeme = next(text, placeholder?.span[1] ?? lexeme.end, text.length)
  }
  return found
}

function placeholderAt(text: string, { kind, start, end }: Lexeme, inBrackets: boolean): Placeholder | null {
  const raw = text.slice(start, end)
  if (kind === 'template') return { span: [start, end], choices: standIns(text, start, end) }
  if (kind === 'quoted-identifier' && raw.includes('{{')) {
    return { span: [start, end], choices: [`"${nameFor(raw.slice(1, -1))}"`] }
  }
  if (raw === ':') return psqlVariable(text, start, inBrackets)
  if (raw !== '@') return null
  // @extschema@ and the like: replaced by CREATE EXTENSION and by some runners.
  const macro = /^@\w+@/.exec(text.slice(start, start + 100))?.[0]
  if (!macro) return null
  return { span: [start, start + macro.length], choices: standIns(text, start, start + macro.length) }
}

/** `:name`, `:'name'`, `:"name"` and `:{?name}` (psqlscan.l). In brackets `:name` may be the end of an array slice. */
function psqlVariable(text: string, colon: number, inBrackets: boolean): Placeholder | null {
  const lexeme = next(text, colon + 1, text.length)
  if (lexeme?.start !== colon + 1) return null
  const span: Span = [colon, lexeme.end]
  const raw = text.slice(colon + 1, lexeme.end)
  if (raw.startsWith("'") || raw.startsWith('"')) return { span, choices: [` ${raw}`] }
  if (lexeme.kind === 'word') {
    // Behind a space the name stands as it is, unless it is a keyword.
    const choices = [` ${raw}`, ...anything(`:${raw}`)]
    return { span, choices: inBrackets ? [`:${raw}`, ...choices] : choices }
  }
  const defined = /^\{\?\w+\}/.exec(text.slice(colon + 1, colon + 200))?.[0]
  if (!defined) return null
  return { span: [colon, colon + 1 + defined.length], choices: ['true'.padEnd(defined.length + 1)] }
}

/** Next to a letter, digit or quote a placeholder is part of a name and nothing else. */
function standIns(text: string, start: number, end: number): string[] {
  const raw = text.slice(start, end)
  const glued = /[\w"]/.test(text[start - 1] ?? ' ') || /[\w"]/.test(text[end] ?? ' ')
  return glued ? [nameFor(raw), ' '.repeat(raw.length)] : anything(raw)
}

/** A name, a string, a number, nothing, or a whole query (behind CREATE VIEW … AS). */
function anything(raw: string): string[] {
  const name = nameFor(raw)
  const choices = [
    name,
    `'${name.slice(1, -1)}'`,
    '1'.padEnd(raw.length),
    ' '.repeat(raw.length),
    'SELECT'.padEnd(raw.length),
  ]
  return choices.filter(choice => choice.length === raw.length)
}

/** `${schema}` → `__schema_`: letters stay, so that a message still shows what was meant. */
function nameFor(raw: string): string {
  const name = raw.replace(/\W/g, '_')
  return /^\d/.test(name) ? `_${name.slice(1)}` : name
}
