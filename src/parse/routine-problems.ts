import { next } from './lexer.ts'
import { literalText } from './literal.ts'
import type { Fragment } from './offsets.ts'
import { dollarQuoted, plpgsqlSyntaxError } from './plpgsql-error.ts'
import type { Problem } from './script.ts'
import type { Span } from './span.ts'
import { problemsIn } from './statements.ts'

/**
 * The text in the body of a function or procedure that PostgreSQL cannot parse, in place. CREATE FUNCTION refuses it
 * unless check_function_bodies is off. `span` is the statement's place in `fragment`, `text` is the text that is parsed
 * there; it is not certain if stand-ins replace placeholders in it.
 */
export function routineProblems(
  fragment: Fragment,
  span: Span,
  { text, isCertain }: { readonly text: string; readonly isCertain: boolean },
  node: Record<string, unknown>,
): Problem[] {
  const { language, isUnchecked } = optionsOf(node)
  const literal = isUnchecked || (language !== 'sql' && language !== 'plpgsql') ? null : bodyIn(text)
  const body = literal && literalText(fragment, [[span[0] + literal[0], span[0] + literal[1]]])
  if (!literal || !body) return []
  if (language === 'sql') {
    return problemsIn(body).filter(({ kind }) => kind === 'syntax-error' || kind === 'unterminated')
  }
  const around = (inside: string) => `${text.slice(0, literal[0])}${dollarQuoted(inside)}${text.slice(literal[1])}`
  const found = plpgsqlSyntaxError(body, around, isCertain)
  return found ? [found] : []
}

interface Options {
  readonly language: string | null
  /** It has a SET clause that switches the check off for itself. */
  readonly isUnchecked: boolean
}

type Fields = { readonly [field: string]: Fields | undefined } & { readonly sval?: string }

function optionsOf(node: Record<string, unknown>): Options {
  let language: string | null = null
  let isUnchecked = false
  for (const option of (node.options ?? []) as { readonly DefElem?: Fields }[]) {
    const { defname, arg } = (option.DefElem ?? {}) as { readonly defname?: string; readonly arg?: Fields }
    if (defname === 'language') language = (arg?.String?.sval ?? '').toLowerCase()
    const set = arg?.VariableSetStmt as { readonly name?: string } | undefined
    if (defname === 'set' && set?.name === 'check_function_bodies') isUnchecked = true
  }
  return { language, isUnchecked }
}

/** Place of the string after AS, outside of parentheses; null when a second one follows, as for C. */
function bodyIn(text: string): Span | null {
  let depth = 0
  let before = ''
  let found: Span | null = null
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    if (lexeme.kind === 'comment') continue
    const raw = text.slice(lexeme.start, lexeme.end)
    if (raw === '(') depth++
    else if (raw === ')') depth--
    else if (lexeme.kind === 'string' && depth === 0 && before === 'as') found = [lexeme.start, lexeme.end]
    else if (lexeme.kind === 'string' && found?.[1] !== undefined && before === 'string') return null
    before = lexeme.kind === 'word' ? raw.toLowerCase() : lexeme.kind === 'string' ? 'string' : ''
  }
  return found
}
