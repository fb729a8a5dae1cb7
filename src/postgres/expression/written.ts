import { greatest, smallest } from '../../parse/list.ts'
import type { Statement } from '../../parse/script.ts'
import { placeOf } from '../../parse/sorted.ts'
import type { Span } from '../../parse/span.ts'
import type { Token } from '../../parse/token.ts'
import { wordsOf } from '../grammar/statement-words.ts'
import { walk } from './expression.ts'

/**
 * Where an expression or clause stands in the source. Each of PostgreSQL's nodes knows one place (its start, or its
 * operator), so the span reaches from the first of them to the end of the last, and beyond that over everything that
 * belongs to it: closing brackets, type modifiers, `NOT NULL` of `IS NOT NULL`…. It is the statement's own span when no
 * node knows its place, or when the text does not match the source (inside an EXECUTE'd literal with doubled quotes).
 */
export function spanOf(node: unknown, statement: Statement): Span {
  const places: number[] = []
  walk({ Root: node }, (_, fields) => collect(fields, places))
  if (places.length === 0 || statement.text.length !== statement.span[1] - statement.span[0]) return statement.span
  const words = wordsOf(statement)
  const at = (place: number): number => {
    const before = placeOf(words, ({ span }) => span[0] > place) - 1
    return place < (words[before]?.span[1] ?? 0) ? before : -1
  }
  const [first, last] = [at(smallest(places)), at(greatest(places))]
  const start = words[first]
  if (!start || last < 0) return statement.span
  const opened = isFieldOf(node) && words[first - 1]?.text === '(' ? first - 1 : first
  const range = grow(words, opened, isConstraint(node) ? constraintEnd(words, first, last) : last)
  return [words[range[0]]?.span[0] ?? start.span[0], words[range[1]]?.span[1] ?? start.span[1]]
}

/** The text of an expression or clause as it is written in the statement; empty if it is not known. */
export function textOf(node: unknown, statement: Statement): string {
  const [start, end] = spanOf(node, statement)
  if (start === statement.span[0]) return ''
  return statement.text.slice(start - statement.span[0], end - statement.span[0])
}

// Fields that hold a node without its name (typeName, relation…) have a place as well.
function collect(fields: Record<string, unknown>, places: number[]): void {
  for (const [name, value] of Object.entries(fields)) {
    if (placeFields.has(name) && typeof value === 'number' && value >= 0) places.push(value)
    else if (isBare(value)) collect(value, places)
  }
}

const placeFields: ReadonlySet<string> = new Set(['location', 'rexpr_list_end', 'list_end'])

function isBare(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !/^[A-Z]/.test(Object.keys(value)[0] ?? '')
}

const openers: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['CASE', 'END'],
])
const closers: ReadonlySet<string> = new Set(openers.values())

/** Words that cannot end an expression: another word must follow. */
const unfinished: ReadonlySet<string> = new Set(['.', '::', 'IS', 'NOT', 'COLLATE', 'AS', '-', '+', '~', '@', '!'])

/** Words that continue an expression with a type or a test when they follow it. */
const continuations: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['DOUBLE', new Set(['PRECISION'])],
  ['CHARACTER', new Set(['VARYING'])],
  ['CHAR', new Set(['VARYING'])],
  ['BIT', new Set(['VARYING'])],
  ['NATIONAL', new Set(['CHARACTER', 'CHAR'])],
  ['WITH', new Set(['TIME'])],
  ['WITHOUT', new Set(['TIME'])],
  ['TIME', new Set(['ZONE'])],
  ['IS', new Set(['DISTINCT', 'NORMALIZED'])],
])

const zoned: ReadonlySet<string> = new Set(['TIME', 'TIMESTAMP', 'TIMETZ', ')'])

/** Widens a range of tokens until its brackets are balanced and its last word is finished. */
function grow(words: readonly Token[], first: number, last: number): [number, number] {
  const word = (i: number): string => words[i]?.text.toUpperCase() ?? ''
  let [start, end] = [first, last]
  for (let grown = true; grown; ) {
    grown = false
    const { unopened, unclosed } = balance(words, start, end)
    if (unclosed > 0 && end + 1 < words.length) {
      end++
      grown = true
    } else if (unopened > 0 && start > 0) {
      start--
      grown = true
    } else if (end + 1 < words.length && goesOn(words, word, end)) {
      end++
      grown = true
    }
  }
  return [start, end]
}

function goesOn(words: readonly Token[], word: (i: number) => string, end: number): boolean {
  const [now, next] = [word(end), word(end + 1)]
  if (unfinished.has(now) || next === '.' || next === '[') return true
  if (continuations.get(now)?.has(next)) return true
  if ((next === 'WITH' || next === 'WITHOUT') && zoned.has(now) && word(end + 2) === 'TIME') return true
  // A function's arguments, a type's modifiers.
  const kind = words[end]?.kind
  return next === '(' && (kind === 'word' || kind === 'quoted-identifier') && !clauseWords.has(now)
}

/** After these words an open parenthesis starts something else. */
const clauseWords: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE', 'END', 'UNKNOWN', 'DEFAULT'])

function balance(words: readonly Token[], start: number, end: number): { unopened: number; unclosed: number } {
  let [unopened, unclosed] = [0, 0]
  for (let i = start; i <= end; i++) {
    const text = words[i]?.kind === 'quoted-identifier' ? '' : (words[i]?.text.toUpperCase() ?? '')
    if (openers.has(text)) unclosed++
    else if (closers.has(text)) {
      if (unclosed > 0) unclosed--
      else unopened++
    }
  }
  return { unopened, unclosed }
}

/** `(a).b`: the parentheses belong to it, but the tree does not contain their places. */
function isFieldOf(node: unknown): boolean {
  if (!isFields(node) || !isFields(node.A_Indirection)) return false
  const [part] = (node.A_Indirection.indirection as unknown[] | undefined) ?? []
  return isFields(part) && 'String' in part
}

function isConstraint(node: unknown): boolean {
  return isFields(node) && ('Constraint' in node || 'contype' in node)
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Words that begin the next constraint of the same column. */
const constraintStarts: ReadonlySet<string> = new Set(
  'CONSTRAINT CHECK UNIQUE PRIMARY FOREIGN EXCLUDE REFERENCES DEFAULT GENERATED NULL COLLATE COMPRESSION STORAGE'.split(
    ' ',
  ),
)

/** A constraint continues up to the next comma, closing parenthesis, or constraint. */
function constraintEnd(words: readonly Token[], first: number, last: number): number {
  const word = (i: number): string =>
    words[i]?.kind === 'quoted-identifier' ? '' : (words[i]?.text.toUpperCase() ?? '')
  let depth = 0
  let started = first
  if (word(first) === 'CONSTRAINT') started = first + 2
  let end = first
  for (let i = first; i < words.length; i++) {
    const text = word(i)
    if (text === '(' || text === '[') depth++
    if (text === ')' || text === ']') depth--
    if (depth < 0 || (depth === 0 && (text === ',' || text === ';'))) break
    if (depth === 0 && i > Math.max(started, last) && startsConstraint(word, i, started)) break
    end = i
  }
  return end
}

function startsConstraint(word: (i: number) => string, i: number, started: number): boolean {
  if (word(i) === 'NOT') return word(i + 1) === 'NULL'
  if (!constraintStarts.has(word(i))) return false
  if (word(i) === 'REFERENCES' && word(started) === 'FOREIGN') return false
  // ON DELETE SET NULL, ON UPDATE SET DEFAULT, NOT NULL itself.
  return word(i - 1) !== 'SET' && !(word(i) === 'NULL' && word(i - 1) === 'NOT')
}
