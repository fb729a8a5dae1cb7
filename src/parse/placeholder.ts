import { type Lexeme, next } from './lexer.ts'
import type { Span } from './span.ts'
import { templateAt, templateForms } from './template.ts'

/**
 * Text that another program replaces before PostgreSQL reads it: a psql variable, a placeholder of a template. PostgreSQL's parser gets a
 * stand-in for it. In the tree, the placeholder as its author wrote it replaces the stand-in again.
 */
export interface Placeholder {
  readonly span: Span
  /** The placeholder as it is written at its first place, so that equal placeholders are one name. */
  readonly written: string
  /** The texts that can replace it, in the order to try them. None is longer than the span; `mark` stands for the placeholder itself. */
  readonly choices: readonly string[]
}

/** In a choice: the place of the character that stands for the placeholder. */
export const mark = '\0'

/** Everything in `text` (outside string literals) that may be a placeholder, in order. */
export function placeholders(text: string, spelling: Spelling): Placeholder[] {
  const found: Placeholder[] = []
  let brackets = 0
  for (let lexeme = next(text, 0, text.length); lexeme; ) {
    if (lexeme.kind === 'punctuation') {
      if (text[lexeme.start] === '[') brackets++
      else if (text[lexeme.start] === ']') brackets--
    }
    const placed = placeholderAt(text, lexeme, brackets > 0)
    if (placed) {
      const { span, choices, name } = placed
      const short = choices.filter(choice => choice.length <= span[1] - span[0])
      found.push({ span, choices: short, written: spelling(name ?? text.slice(span[0], span[1])) })
    }
    lexeme = next(text, placed?.span[1] ?? lexeme.end, text.length)
  }
  return found
}

/** Gives the one spelling for all placeholders that are equal to this one. */
export type Spelling = (written: string) => string

/**
 * A spelling for each run: that of the first of equal placeholders. `{{x}}` and `{{ x }}` are equal, and so are `${x}` and `${ x }`. So are
 * `:x` and `:"x"` of psql, which differ only for a value that needs quotation marks as a name.
 * `first` has those that earlier files have, and gets those of this run.
 */
export function spellings(first = new Map<string, string>()): Spelling {
  return written => {
    const key = withoutSpace(written).replace(/^:"(\w+)"$/, ':$1')
    const known = first.get(key)
    if (known !== undefined) return known
    first.set(key, written)
    return written
  }
}

/** A placeholder with one space for each stretch of white space inside, and none next to its marks. */
export function withoutSpace(written: string): string {
  return pieces(written)
    .map(([piece, form]) => {
      if (!form) return piece
      const [open, close] = form
      return open + piece.slice(open.length, -close.length).trim().split(/\s+/).join(' ') + close
    })
    .join('')
}

type Form = (typeof templateForms)[number]

/** Placeholders of templates, each with its marks, and the single characters between them. */
function pieces(text: string): [piece: string, form: Form | null][] {
  const found: [string, Form | null][] = []
  for (let i = 0; i < text.length; ) {
    const end = templateAt(text, i, text.length)
    const form = end < 0 ? undefined : templateForms.find(([open]) => text.startsWith(open, i))
    const stop = form ? end : i + 1
    found.push([text.slice(i, stop), form ?? null])
    i = stop
  }
  return found
}

interface Placed extends Pick<Placeholder, 'span' | 'choices'> {
  /** The name that it is a part of: `{{ x }}_users` in double quotes. */
  readonly name?: string
}

function placeholderAt(text: string, { kind, start, end }: Lexeme, inBrackets: boolean): Placed | null {
  const raw = text.slice(start, end)
  if (kind === 'template') return { span: [start, end], choices: standIns(text, start, end) }
  if (kind === 'quoted-identifier' && isQuotedPlaceholder(raw)) {
    return { span: [start, end], choices: [`"${mark}"`], name: raw.slice(1, -1) }
  }
  if (raw === ':') return psqlVariable(text, start, inBrackets)
  if (raw !== '@') return null
  // @extschema@ and the like: replaced by CREATE EXTENSION and by some runners.
  const macro = /^@\w+@/.exec(text.slice(start, start + 100))?.[0]
  if (!macro) return null
  return { span: [start, start + macro.length], choices: standIns(text, start, start + macro.length) }
}

const quotedOpening = /\{\{|\$\{|#\{|<%=/

/** True for a quoted name that contains a placeholder, and for a text that may contain one. */
export function isQuotedPlaceholder(text: string): boolean {
  return text.includes('"') && quotedOpening.test(text)
}

/** `:name`, `:'name'`, `:"name"` and `:{?name}` (psqlscan.l). In brackets `:name` may be the end of an array slice. */
function psqlVariable(text: string, colon: number, inBrackets: boolean): Placed | null {
  const lexeme = next(text, colon + 1, text.length)
  if (lexeme?.start !== colon + 1) return null
  const span: Span = [colon, lexeme.end]
  const raw = text.slice(colon + 1, lexeme.end)
  if (raw.startsWith("'")) return { span, choices: [`'${mark}'`] }
  if (raw.startsWith('"')) return { span, choices: [`"${mark}"`] }
  if (lexeme.kind === 'word') {
    const choices = standIns(text, colon, lexeme.end)
    return { span, choices: inBrackets ? [`:${raw}`, ...choices] : choices }
  }
  const defined = /^\{\?\w+\}/.exec(text.slice(colon + 1, colon + 200))?.[0]
  return defined ? { span: [colon, colon + 1 + defined.length], choices: ['true'] } : null
}

/** A name, a string, a number, nothing, or a whole query (after CREATE VIEW … AS). Next to a letter, digit or quote it can only be part of a name. */
function standIns(text: string, start: number, end: number): string[] {
  const glued = /[\w"]/.test(text[start - 1] ?? ' ') || /[\w"]/.test(text[end] ?? ' ')
  return glued ? [mark, ''] : [mark, `'${mark}'`, '1', '', 'SELECT']
}

/** The placeholder of a part of a program's text that has no name: two of them may be equal or not. */
export const unnamed = `\${an unknown part}`

const opened = /\$\{|\{\{|\{%|#\{|<%|^:["\w]|@\w+@/

/** True for a name with a placeholder in it, so that the real name is unknown. */
export function isPlaceholder(name: string): boolean {
  return opened.test(name)
}

/** True for a name that needs no quotation marks in SQL: it consists of placeholders and of letters that need none. */
export function isWrittenBare(name: string): boolean {
  if (!isPlaceholder(name)) return false
  if (/^:(?:\w+|"[^";\n]*")$/.test(name)) return true
  const others = pieces(name).map(([piece, form]) => (form && !/[;\n\r]/.test(piece) ? '' : piece))
  return /^[a-z0-9_$]*$/.test(others.join('').replace(/@\w+@/g, ''))
}

/** The parts of a qualified name of the model. A dot inside a placeholder does not separate parts. */
export function nameParts(name: string): string[] {
  if (!isPlaceholder(name)) return name.split('.')
  const parts = ['']
  for (const [piece] of pieces(name)) {
    if (piece === '.') parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}
