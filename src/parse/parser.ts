/** PostgreSQL's own parser: text → trees, with places in UTF-16 offsets, or PostgreSQL's error. */
import { mayNeedMoreStack } from './depth.ts'
import { type Answer, ask, type Language } from './instance.ts'
import { byteOffsets, codePointOffset } from './offsets.ts'

export { loadParser } from './instance.ts'

/** One statement as PostgreSQL's grammar sees it. Offsets are UTF-16 offsets into the text that was parsed. */
export interface RawStatement {
  readonly kind: string
  readonly node: Record<string, unknown>
  readonly start: number
  readonly end: number
}

export interface ParserError {
  readonly message: string
  /** UTF-16 offset into the text that was parsed. */
  readonly offset: number
  /** True if it is not an error of PostgreSQL's: the text is too much for this parser, and may be correct. */
  readonly isUnread: boolean
}

type Parsed = { readonly statements: readonly RawStatement[] } | { readonly error: ParserError }

const LOCATIONS = new Set(['location', 'name_location', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end'])
const TOO_MUCH = 'it is too large, or nested too deeply, for the parser'
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** A parser with a longer stack. Returns null when the text is too much for it, too. */
type LargeStack = (language: Language, text: string) => Answer | null

let largeStack: LargeStack | null = null

/** Lets another instance of the parser, for instance in a thread of Node, parse deeply nested text. */
export function useLargeStack(parse: LargeStack): void {
  largeStack = parse
}

/** The last answers about texts that were too much for this parser: the file around them is read again without them. */
const answered = new Map<string, Answer | null>()

/** Forgets the texts that were too much, after their file has been read. */
export function forgetAnswers(): void {
  answered.clear()
}

/** Null: the text is too much for every parser there is. Throws ParserLost, see `ask`. */
function answerTo(language: Language, text: string): Answer | null {
  const known = answered.size > 0 ? answered.get(`${language} ${text}`) : undefined
  if (known !== undefined) return known
  if (largeStack && mayNeedMoreStack(text)) return largeStack(language, text)
  const first = ask(language, text)
  if (first) return first
  const answer = largeStack?.(language, text) ?? null
  answered.set(`${language} ${text}`, answer)
  return answer
}

/**
 * Parses `text` (usually one statement). It throws nothing but ParserLost, when the parser must be loaded again.
 *
 * Locations in the tree become UTF-16 offsets in the file, as computed by `place`. PostgreSQL's "unknown" (-1) becomes
 * an absent
 * field, and a location of zero, which libpg-query leaves out, cannot occur: a space is put in front of the text.
 */
export function parseText(text: string, place: (offset: number) => number): Parsed {
  const sent = ` ${text.replaceAll('\0', ' ').replace(LONE_SURROGATE, '\ufffd')}`
  const answer = answerTo('sql', sent)
  if (answer === null) return { error: { message: TOO_MUCH, offset: 0, isUnread: true } }
  if ('message' in answer) {
    const offset = Math.max(0, codePointOffset(sent, answer.codePoint) - 1)
    return { error: { message: answer.message, offset, isUnread: false } }
  }
  const result = JSON.parse(answer.json) as { stmts?: RawStmt[] }
  const toUnits = byteOffsets(sent)
  const unit = (byte: number): number => toUnits(byte) - 1
  const statements = (result.stmts ?? []).flatMap(raw => rawStatement(raw, unit, place, text.length))
  return { statements }
}

interface RawStmt {
  readonly stmt?: Record<string, Record<string, unknown>>
  readonly stmt_location?: number
  readonly stmt_len?: number
}

function rawStatement(
  raw: RawStmt,
  unit: (byte: number) => number,
  place: (offset: number) => number,
  length: number,
): RawStatement[] {
  const entry = Object.entries(raw.stmt ?? {})[0]
  if (!entry) return []
  const [kind, node] = entry
  relocate(node, byte => place(unit(byte)))
  const first = raw.stmt_location ?? 0
  const start = Math.max(0, unit(first))
  return [{ kind, node, start, end: raw.stmt_len ? unit(first + raw.stmt_len) : length }]
}

/** Rewrites every location below `node`, without recursion: trees can be deeper than the stack. */
function relocate(node: Record<string, unknown>, place: (byte: number) => number): void {
  const waiting: object[] = [node]
  for (let current = waiting.pop(); current; current = waiting.pop()) {
    if (Array.isArray(current)) {
      for (const value of current) if (typeof value === 'object' && value !== null) waiting.push(value)
      continue
    }
    const fields = current as Record<string, unknown>
    for (const key in fields) {
      const value = fields[key]
      if (typeof value === 'object' && value !== null) waiting.push(value)
      else if (typeof value === 'number' && LOCATIONS.has(key)) {
        if (value < 0) delete fields[key]
        else fields[key] = place(value)
      }
    }
  }
}

/** The functions in a DO or CREATE FUNCTION statement as PL/pgSQL's own parser returns them, or its error. */
export function parsePlpgsql(statement: string): { functions: readonly unknown[] } | { error: string } {
  const answer = answerTo('plpgsql', statement)
  if (answer === null) return { error: TOO_MUCH }
  if ('message' in answer) return { error: answer.message }
  return { functions: (JSON.parse(answer.json) as { plpgsql_funcs?: unknown[] }).plpgsql_funcs ?? [] }
}
