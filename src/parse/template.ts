/**
 * Placeholders of template languages that migration files are written in. None of these openings can occur outside
 * quotes in SQL: a brace is not a token of PostgreSQL, and `<%=` is not an existing operator.
 */
export const templateForms: readonly (readonly [open: string, close: string])[] = [
  ['{{', '}}'], // Go text/template, Jinja, Handlebars
  ['{%', '%}'], // Jinja and Liquid control
  ['{#', '#}'], // Jinja comment
  ['${', '}'], // Flyway, Liquibase, JavaScript, shell
  ['#{', '}'], // Ruby, MyBatis
  ['<%=', '%>'], // ERB, EJS
]

/**
 * The greatest length of a placeholder, so that an opening that is never closed does not cost a search to the end of
 * the file.
 */
const LONGEST = 2000

/** How far back the beginning of a line is searched. */
const INDENTED = 200

/**
 * The end of the placeholder that begins at `position`, or -1 when none does.
 */
export function templateAt(text: string, position: number, end: number): number {
  const c = text[position]
  if (c !== '{' && c !== '$' && c !== '#' && c !== '<') return -1
  for (const [open, close] of templateForms) {
    if (!text.startsWith(open, position)) continue
    const limit = Math.min(end, position + LONGEST)
    const closing = text.slice(position, limit).indexOf(close, open.length)
    if (closing >= 0) return position + closing + close.length
  }
  return ruled(text, position, end)
}

/** `<% if … %>` alone on a line: `<%` by itself is an operator of pg_trgm. */
function ruled(text: string, position: number, end: number): number {
  if (!text.startsWith('<%', position)) return -1
  const before = text.slice(Math.max(0, position - INDENTED), position)
  if (before.slice(before.lastIndexOf('\n') + 1).trim() !== '') return -1
  const closing = text.slice(position, Math.min(end, position + LONGEST)).indexOf('%>', 2)
  return closing < 0 ? -1 : position + closing + 2
}

const CONTROL =
  /^(?:\{%|\{#|<%(?!=)|\{\{-?\s*(?:\/\*|!|[#/^>]|(?:if|else|end|range|with|define|template|block|each|unless|import)\b))/

/** True for a placeholder that prints nothing: `{% if … %}`, `{{ end }}`, a template comment. */
export function isControl(placeholder: string): boolean {
  return CONTROL.test(placeholder)
}

/** The marks around a placeholder, and whether only a name or a word stands between them: `{{ .Schema }}`, `{% endif %}`. */
export function referenceIn(placeholder: string): {
  readonly open: string
  readonly close: string
  readonly isName: boolean
} {
  const [open, close] = templateForms.find(([mark]) => placeholder.startsWith(mark)) ?? ['<%', '%>']
  const inside = placeholder.slice(open.length, -close.length).replace(/^[-=~]|[-~]$/g, '')
  return { open, close, isName: /^[\w.:$]*$/.test(inside.trim()) }
}
