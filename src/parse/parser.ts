/** The one place that calls libpg-query: PostgreSQL 18's own parser, compiled to WebAssembly. */
import { hasSqlDetails, loadModule, parsePlPgSQLSync, parseSync } from 'libpg-query'
import { tooDeepAt } from './depth.ts'
import { byteOffsets, codePointOffset } from './offsets.ts'

/** Loads the parser. `parse` is synchronous afterwards. */
export async function loadParser(): Promise<void> {
  await loadModule()
}

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
}

type Parsed = { readonly statements: readonly RawStatement[] } | { readonly error: ParserError }

const LOCATIONS = new Set(['location', 'name_location', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end'])
const TOO_DEEP = 'nested too deeply for the parser'
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * Parses `text` (usually one statement). Never throws for any text.
 *
 * Locations in the tree become UTF-16 offsets, `place` tells where to. PostgreSQL's "unknown" (-1) becomes an absent
 * field, and a location of zero, which libpg-query leaves out, cannot occur: a space is put in front of the text.
 */
export function parseText(text: string, place: (offset: number) => number): Parsed {
  const sent = ` ${text.replaceAll('\0', ' ').replace(LONE_SURROGATE, '\ufffd')}`
  const tooDeep = tooDeepAt(text)
  if (tooDeep >= 0) return { error: { message: TOO_DEEP, offset: tooDeep } }
  try {
    const result = parseSync(sent) as unknown as { stmts?: RawStmt[] }
    const toUnits = byteOffsets(sent)
    const unit = (byte: number): number => toUnits(byte) - 1
    const statements = (result.stmts ?? []).flatMap(raw => rawStatement(raw, unit, place, text.length))
    return { statements }
  } catch (error) {
    return { error: parserError(error, sent) }
  }
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

function parserError(error: unknown, sent: string): ParserError {
  const message = error instanceof Error ? error.message : String(error)
  if (!hasSqlDetails(error)) return { message: TOO_DEEP, offset: 0 }
  const offset = codePointOffset(sent, error.sqlDetails?.cursorPosition ?? 0) - 1
  return { message, offset: Math.max(0, offset) }
}

/** The functions in a DO or CREATE FUNCTION statement as PL/pgSQL's own parser sees them, or why it could not. */
export function parsePlpgsql(statement: string): { functions: readonly unknown[] } | { error: string } {
  try {
    const result = parsePlPgSQLSync(statement) as unknown as { plpgsql_funcs?: unknown[] }
    return { functions: result.plpgsql_funcs ?? [] }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
