import { next } from './lexer.ts'
import { literalText } from './literal.ts'
import { type Fragment, locate } from './offsets.ts'
import { plpgsqlBody } from './plpgsql.ts'
import type { Body } from './script.ts'
import type { Span } from './span.ts'
import { type Context, readFragment } from './statements.ts'

/** The deepest nesting of DO blocks that EXECUTE one another. Each of them uses some of the stack. */
const deepest = 100

/** The text of a nested block is parsed again at each level: without a bound, a file of one megabyte means a hundred megabytes to parse and keep. */
const timesTheFile = 10

/** How many UTF-16 units of nested DO blocks are read in a text: in proportion to its length, so that many small files cannot get around it. */
export function allowance(text: string): Context['nested'] {
  return { left: timesTheFile * text.length }
}

/** The body of a DO statement. `span` is the statement's place in `fragment`, `text` is the text that is parsed there. */
export function doBody(fragment: Fragment, span: Span, text: string, around: Context): Body {
  const context = { ...around, depth: around.depth + 1 }
  if (context.depth > deepest) return opaque(locate(fragment, span), `more than ${deepest} DO blocks are nested`)
  const { language, literal } = parts(text)
  const body = literal && literalText(fragment, [[span[0] + literal[0], span[0] + literal[1]]])
  if (!body) return opaque(locate(fragment, span), 'the form in which the body of this DO block is written is not read')
  if (around.depth > 0) {
    const left = around.nested.left - body.text.length
    if (left < 0) {
      const reason = `the DO blocks in other DO blocks are together more than ${timesTheFile} times as long as the file`
      return opaque(locate(fragment, span), reason)
    }
    around.nested.left = left
  }
  if (language === 'plpgsql') return plpgsqlBody(body, context)
  if (language === 'sql') return { ...readFragment(body, context), opaque: [] }
  return opaque(locate(body, [0, body.text.length]), `a DO block in ${language}: only PL/pgSQL and SQL are read`)
}

function opaque(span: Span, reason: string): Body {
  return { statements: [], opaque: [{ span, reason }], problems: [] }
}

/** DO [LANGUAGE name] 'code' [LANGUAGE name]: the string that does not follow LANGUAGE is the code. */
function parts(text: string): { language: string; literal: Span | null } {
  let language = 'plpgsql'
  let literal: Span | null = null
  let named = false
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    if (lexeme.kind === 'comment') continue
    const raw = text.slice(lexeme.start, lexeme.end)
    if (named) {
      language = raw.replace(/^["']|["']$/g, '').toLowerCase()
      named = false
    } else if (lexeme.kind === 'string') literal = [lexeme.start, lexeme.end]
    else named = raw.toLowerCase() === 'language'
  }
  return { language, literal }
}
