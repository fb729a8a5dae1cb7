import { allowance } from './body.ts'
import { next } from './lexer.ts'
import { verbatim } from './offsets.ts'
import { spellings } from './placeholder.ts'
import { type Head, plpgsqlBody } from './plpgsql.ts'
import type { Body, Comment } from './script.ts'
import { contains } from './span.ts'

/** The effects of calling a PL/pgSQL function or procedure. */
export interface RoutineBody extends Body {
  /**
   * Names of the functions that its expressions call, in lower case unless quoted: `['app', 'new_id']`. Calls inside
   * statements are not included.
   */
  readonly calls: readonly (readonly string[])[]
}

/**
 * Reads the body of a PL/pgSQL routine; offsets are those in the body. `loadParser()` must have resolved before. Never throws:
 * a body that cannot be parsed is opaque.
 */
export function routineBody(text: string, parameters: readonly (string | null)[], isTrigger = false): RoutineBody {
  const list = parameters.map((name, i) => `"${(name ?? `unnamed${i}`).replaceAll('"', '""')}" text`).join(', ')
  const comments: Comment[] = []
  const spelling = spellings()
  // Whether RETURN takes a value depends on what the function returns (one value, a set or nothing), so each of them is tried.
  const types = isTrigger ? ['trigger'] : ['text', 'SETOF record', 'void']
  const bodies = types.map(type => () => {
    const head: Head = `CREATE FUNCTION f(${list}) RETURNS ${type} LANGUAGE plpgsql AS`
    return plpgsqlBody(
      verbatim(text),
      { conditional: false, comments, spelling, depth: 0, nested: allowance(text) },
      head,
    )
  })
  let read = bodies[0]?.()
  for (const again of bodies.slice(1)) if (!read || unparsed(read)) read = again()
  const body = read ?? { statements: [], opaque: [], problems: [] }
  return { ...body, calls: calls(text, body) }
}

function unparsed({ statements, opaque }: Body): boolean {
  return statements.length === 0 && opaque.some(({ isUnparsed }) => isUnparsed)
}

/** Names before an opening parenthesis, outside of statements. */
function calls(text: string, { statements }: Body): string[][] {
  const found: string[][] = []
  let name: string[] = []
  let isOpen = false
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    const { kind, start, end } = lexeme
    if (kind === 'comment') continue
    const written = text.slice(start, end)
    if (kind === 'word' || kind === 'quoted-identifier') {
      const part = kind === 'word' ? written.toLowerCase() : written.slice(1, -1).replaceAll('""', '"')
      name = isOpen ? [...name, part] : [part]
      isOpen = false
    } else if (written === '.' && name.length > 0) isOpen = true
    else {
      if (written === '(' && name.length > 0 && !statements.some(({ span }) => contains(span, start))) found.push(name)
      name = []
      isOpen = false
    }
  }
  return found
}
