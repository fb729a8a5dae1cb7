/**
 * Text that is not SQL yet (psql variables, template placeholders) is replaced by something of the same length that the
 * grammar accepts in its place, so that no offset moves. What fits is found by trying: the parser stops at the first
 * token it cannot use, which tells the placeholder to change.
 */
import { next } from './lexer.ts'
import type { Span } from './span.ts'

/** Tries are bounded so that a statement made of placeholders stays cheap. */
const MOST_TRIES = 48

interface Placeholder {
  readonly span: Span
  /** What to put there, in the order it is tried. Each is as long as the span. */
  readonly choices: readonly string[]
  choice: number
}

/** The parser's verdict on a text: the offset of the first error, or null when it parses. */
type Verdict = (text: string) => number | null

/**
 * `text` with its placeholders replaced so that it parses, or null when there are none or no choice helps.
 * `templates` are the placeholders that the lexer saw outside quotes.
 */
export function neutralise(text: string, templates: readonly Span[], verdict: Verdict): string | null {
  return solve(text, placeholders(text, templates), verdict)
}

/**
 * `text` with every template placeholder outside quotes as a name of the same length: for PL/pgSQL, where an error has no
 * place that would tell more.
 */
export function namesForTemplates(text: string): string {
  const found = placeholders(text, []).filter(({ span }) => text[span[0]] !== ':')
  return render(text, found)
}

function solve(text: string, found: Placeholder[], verdict: Verdict): string | null {
  if (found.length === 0) return null
  let tries = 0
  let current = render(text, found)
  let error = verdict(current)
  while (error !== null && tries < MOST_TRIES) {
    const at = error
    const culprit = found.findLast(p => p.span[0] <= at && p.choices.length > 1)
    if (!culprit) return null
    const before = culprit.choice
    let best = { choice: before, error: at, text: current }
    for (let choice = 0; choice < culprit.choices.length && best.error < Number.POSITIVE_INFINITY; choice++) {
      if (choice === before) continue
      culprit.choice = choice
      const candidate = render(text, found)
      const reached = verdict(candidate) ?? Number.POSITIVE_INFINITY
      tries++
      if (reached > best.error) best = { choice, error: reached, text: candidate }
    }
    culprit.choice = best.choice
    if (best.error === at) return null
    current = best.text
    error = best.error === Number.POSITIVE_INFINITY ? null : best.error
  }
  return error === null ? current : null
}

function render(text: string, found: readonly Placeholder[]): string {
  let rendered = ''
  let from = 0
  for (const { span, choices, choice } of found) {
    rendered += text.slice(from, span[0]) + choices[choice]
    from = span[1]
  }
  return rendered + text.slice(from)
}

function placeholders(text: string, templates: readonly Span[]): Placeholder[] {
  const found: Placeholder[] = []
  const known = new Set(templates.map(span => span[0]))
  let previousEnd = -1
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    const raw = text.slice(lexeme.start, lexeme.end)
    const span: Span = [lexeme.start, lexeme.end]
    if (lexeme.kind === 'template' || known.has(lexeme.start)) {
      found.push({ span, choices: bare(raw, text[lexeme.start - 1], text[lexeme.end]), choice: 0 })
    } else if (lexeme.kind === 'quoted-identifier' && raw.includes('{{')) {
      found.push({ span, choices: [`"${asIdentifier(raw.slice(1, -1))}"`], choice: 0 })
    } else if (raw === ':' && lexeme.end < text.length) {
      const variable = psqlVariable(text, lexeme.end)
      if (variable) found.push({ span: [lexeme.start, variable.end], choices: variable.choices, choice: 0 })
      if (variable) {
        previousEnd = variable.end
        lexeme = { ...lexeme, end: variable.end }
        continue
      }
    } else if (raw === '@' && previousEnd <= lexeme.start) {
      const named = /^@\w+@/.exec(text.slice(lexeme.start, lexeme.start + 100))?.[0]
      if (named) {
        const end = lexeme.start + named.length
        const choices = bare(named, text[lexeme.start - 1], text[end])
        found.push({ span: [lexeme.start, end], choices, choice: 0 })
        lexeme = { ...lexeme, end }
      }
    }
    previousEnd = lexeme.end
  }
  return found
}

/** `:name`, `:'name'`, `:"name"` and `:{?name}` (psqlscan.l); `after` is the offset behind the colon. */
function psqlVariable(text: string, after: number): { end: number; choices: string[] } | null {
  const lexeme = next(text, after, text.length)
  if (lexeme?.start !== after) {
    return null
  }
  const raw = text.slice(after, lexeme.end)
  // Behind a space the name stands as it is, unless it is a keyword.
  if (lexeme.kind === 'word') return { end: lexeme.end, choices: [` ${raw}`, ...bare(`:${raw}`, ' ', ' ')] }
  if (raw.startsWith("'") || raw.startsWith('"')) return { end: lexeme.end, choices: [` ${raw}`] }
  const defined = /^\{\?\w+\}/.exec(text.slice(after, after + 200))?.[0]
  return defined ? { end: after + defined.length, choices: ['true'.padEnd(defined.length + 1)] } : null
}

/** Choices for a placeholder outside quotes. Next to a letter or digit it is part of a name and nothing else. */
function bare(raw: string, before: string | undefined, after: string | undefined): string[] {
  const length = raw.length
  const identifier = asIdentifier(raw)
  const glued = /[\w"]/.test(before ?? ' ') || /[\w"]/.test(after ?? ' ')
  if (glued) return [identifier, ' '.repeat(length)]
  const choices = [identifier]
  if (length >= 2) choices.push(`'${identifier.slice(1, -1)}'`)
  choices.push('1'.padEnd(length), ' '.repeat(length))
  // A whole query, for instance behind CREATE VIEW … AS.
  if (length >= 'SELECT'.length) choices.push('SELECT'.padEnd(length))
  return choices
}

/** `${schema}` → `__schema_`: letters stay, so that a message still shows what was meant. */
function asIdentifier(raw: string): string {
  const name = raw.replace(/\W/g, '_')
  return /^\d/.test(name) ? `_${name.slice(1)}` : name
}
