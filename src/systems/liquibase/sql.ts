import type { Execution } from '../../migration/execution.ts'
import type { Part } from '../../migration/migration.ts'
import type { Remark } from '../../migration/remark.ts'
import { tokens } from '../../parse/lexer.ts'
import type { Span } from '../../parse/span.ts'
import { between } from '../reading/delimiter.ts'
import { type Line, lines } from '../reading/lines.ts'
import { refused } from '../reading/opt-out.ts'
import type { Unit } from '../system.ts'
import { isForPostgres, ofOthers } from './filter.ts'
import { type Included, plainly } from './included.ts'

/** Formatted SQL of Liquibase, as AbstractFormattedChangeLogParser reads it: line by line, words in any case. */

const CHANGESET = /^\s*--\s*changeset\s/i
const NEARLY = /^(?:\s*--\s*changeset|-\s*changeset\s)/i
const ROLLBACK = /^\s*--\s*rollback (.*)$/i
const ROLLBACK_BLOCK = /^\s*\/\*\s*liquibase\s*rollback\s*$/i
const IGNORE_LINES = /^--\s*ignoreLines:(\w+)$/i

export interface Changeset {
  /** `author:id`, as the file has it. */
  readonly id: string
  /** The marker. */
  readonly line: Line
  /** Where its lines end. */
  readonly end: number
  readonly execution: Execution
  /** False when an attribute keeps it from PostgreSQL: `dbms:mysql`, `ignore:true`. */
  readonly runs: boolean
  readonly context: string
  /** Liquibase may skip it, because of its context, labels or preconditions. */
  readonly isConditional: boolean
  readonly delimiter: string | null
  /** `--ignoreLines:start` … `--ignoreLines:end`. */
  readonly ignored: readonly Span[]
}

export function changesets(text: string): Changeset[] {
  const all = lines(text)
  const ignored = ignoredLines(all)
  const isIgnored = inSpans(ignored)
  const markers = all.flatMap(line => {
    const id = nameOf(line.text)
    return id === null || isIgnored(line.start) ? [] : [{ id, line }]
  })
  let next = 0
  return markers.map(({ id, line }, i) => {
    const end = markers[i + 1]?.line.start ?? text.length
    const first = next
    while ((ignored[next]?.[0] ?? end) < end) next++
    return {
      id,
      line,
      end,
      execution: {
        inTransaction: attribute(line, 'runInTransaction')?.toLowerCase() !== 'false',
        singleMessage: attribute(line, 'splitStatements')?.toLowerCase() === 'false',
        spansFiles: false,
        beginsAgain: true,
      },
      runs: attribute(line, 'ignore')?.toLowerCase() !== 'true' && isForPostgres(attribute(line, 'dbms') ?? null),
      context: unquoted(attribute(line, 'contextFilter')) || unquoted(attribute(line, 'context')),
      isConditional: mayBeSkipped(line, all, end),
      delimiter: /\bendDelimiter:(\S+)/i.exec(line.text)?.[1] ?? null,
      ignored: ignored.slice(first, next).filter(span => line.end <= span[0]),
    }
  })
}

/** The run says which contexts and labels it takes, and by default a false precondition stops everything. */
function mayBeSkipped(line: Line, all: readonly Line[], end: number): boolean {
  if ((['context', 'contextFilter', 'labels'] as const).some(name => unquoted(attribute(line, name)) !== ''))
    return true
  // Lines are numbered from 1: the one after the marker has the marker's number as its place.
  for (let i = line.number; i < all.length && (all[i]?.start ?? end) < end; i++)
    if (SKIPS.test(all[i]?.text ?? '')) return true
  return false
}

/** PRECONDITIONS_REGEX, with an answer to a false precondition that skips the change set. */
const SKIPS = /^\s*--\s*preconditions\b.*\bonFail:(?:MARK_RAN|CONTINUE)\b/i

function unquoted(value: string | undefined): string {
  return (value ?? '').replace(/^"|"$/g, '').trim()
}

/** `author:id` of a marker line, as the file has it; either may be in double quotes. Null for any other line. */
function nameOf(line: string): string | null {
  const marker = CHANGESET.exec(line)?.[0].length
  if (marker === undefined) return null
  const name = line.slice(marker).trimStart()
  const author = quotedIn(name)?.length ?? 0
  const colon = author > 0 && name[author] === ':' ? author : name.indexOf(':')
  if (colon <= 0) return null
  const rest = name.slice(colon + 1)
  const id = rest.trimStart()
  const length = (quotedIn(id) ?? /^\S+/.exec(id)?.[0] ?? '').length
  return length === 0 ? null : name.slice(0, name.length - id.length + length)
}

/** The word in double quotes at the start of a text. */
function quotedIn(text: string): string | undefined {
  return /^"[^"]+"/.exec(text)?.[0]
}

/** Tells places that lie in spans, which are in order and apart; to be asked in order. */
function inSpans(spans: readonly Span[]): (place: number) => boolean {
  let at = 0
  return place => {
    while ((spans[at]?.[1] ?? Number.POSITIVE_INFINITY) <= place) at++
    return (spans[at]?.[0] ?? Number.POSITIVE_INFINITY) <= place
  }
}

/** Change sets by what databasechangelog records of them; those that PostgreSQL would not run are never recorded. */
export function units(text: string): Unit[] {
  return changesets(text)
    .filter(({ runs }) => runs)
    .map(({ id, line, end }) => ({
      id,
      span: [line.end, end],
      repeatable: (['runOnChange', 'runAlways'] as const).some(name => attribute(line, name)?.toLowerCase() === 'true'),
    }))
}

/** The SQL of each change set; those that PostgreSQL would not run are left out, and so are those of `leftOut`. */
export function upParts(text: string, included: Included = plainly): Part[] {
  return changesets(text)
    .filter(({ runs, context }) => runs && whyOthers(context, included) === null)
    .flatMap(({ line, end, execution, delimiter, ignored, isConditional }) => {
      const pieces = without([line.start, end], ignored)
      // A rollback block is a comment; text with other delimiters than a semicolon is not SQL.
      const spans =
        delimiter === null || delimiter === ';'
          ? pieces
          : pieces.flatMap(piece => between(text, piece, unescaped(delimiter)))
      const conditional = (isConditional || included.isConditional) && { isConditional: true }
      return spans.map((span, i) => ({ span, execution, ...conditional, ...(i === 0 && { apart: true }) }))
    })
}

/** The change sets that a run on PostgreSQL may leave out, as their contexts are for other databases. They are not read. */
export function leftOut(text: string, included: Included = plainly): { readonly at: Span; readonly why: string }[] {
  return changesets(text).flatMap(({ line, runs, context }) => {
    const why = runs ? whyOthers(context, included) : null
    return why === null ? [] : [{ at: [line.start, line.end], why }]
  })
}

function whyOthers(context: string, included: Included): string | null {
  return ofOthers(context) ?? ofOthers(included.context)
}

/** The text after `--rollback`, line by line, and the text in rollback blocks. */
export function downParts(text: string): Part[] {
  const all = lines(text)
  const last = text.lastIndexOf('*/')
  return changesets(text)
    .filter(({ runs }) => runs)
    .flatMap(({ line, end, execution }) => {
      const found: Part[] = []
      const add = (span: Span) => found.push({ span, execution, ...(found.length === 0 && { apart: true }) })
      // Lines are numbered from 1: the one after the marker has the marker's number as its place.
      for (let i = line.number; i < all.length && (all[i]?.start ?? end) < end; i++) {
        const each = all[i] ?? line
        const sql = ROLLBACK.exec(each.text)?.[1]
        if (sql !== undefined) {
          if (!NO_SQL.test(sql)) add([each.end - sql.length, each.end])
        } else if (each.end <= last && ROLLBACK_BLOCK.test(each.text)) {
          add([each.end, text.indexOf('*/', each.end)])
        }
      }
      return found
    })
}

const NO_SQL = /^\s*(?:empty\b|not required\b|changesetId:|$)/i

export function remarks(text: string): Remark[] {
  const known = changesets(text)
  const nearly = lines(text).find(line => NEARLY.test(line.text) && nameOf(line.text) === null)
  if (nearly) {
    const help = 'Write `--changeset author:id`, and the attributes after it.'
    return [{ at: [nearly.start, nearly.end], kind: 'refused', why: 'a change set is `--changeset author:id`', help }]
  }
  const [first] = known
  const head = text.slice(0, first?.line.start ?? text.length)
  const sql = tokens(head).some(({ kind }) => kind !== 'comment')
  const why = 'statements before the first `--changeset` are not run'
  return sql ? [refused(text, why, 'Put them below a line `--changeset author:id`.')] : []
}

function attribute({ text }: Line, name: keyof typeof ATTRIBUTES): string | undefined {
  return [...text.matchAll(ATTRIBUTES[name])].at(-1)?.[1]
}

const ATTRIBUTES = {
  runInTransaction: /\brunInTransaction:(\w+)/gi,
  splitStatements: /\bsplitStatements:(\w+)/gi,
  ignore: /\bignore:(\w+)/gi,
  runOnChange: /\brunOnChange:(\w+)/gi,
  runAlways: /\brunAlways:(\w+)/gi,
  dbms: /dbms:([^,][\w!,]+)/gi,
  context: /context:("[^"]*"|\S*)/gi,
  contextFilter: /contextFilter:("[^"]*"|\S*)/gi,
  labels: /labels:("[^"]*"|\S*)/gi,
}

function ignoredLines(all: readonly Line[]): Span[] {
  const spans: Span[] = []
  for (let i = 0; i < all.length; i++) {
    const from = all[i]
    const [, what] = IGNORE_LINES.exec(from?.text ?? '') ?? []
    if (from === undefined || what === undefined || what === 'end') continue
    const count = Number.parseInt(what, 10)
    let end = what === 'start' ? i + 1 : -1
    while (what === 'start' && end < all.length && IGNORE_LINES.exec(all[end]?.text ?? '')?.[1] !== 'end') end++
    if (end === all.length) end = -1
    const last = what === 'start' ? (end < 0 ? all.length - 1 : end) : i + (Number.isNaN(count) ? 0 : count)
    spans.push([from.start, (all[Math.min(last, all.length - 1)] ?? from).end])
    i = last
  }
  return spans
}

function without([start, end]: Span, holes: readonly Span[]): Span[] {
  const edges = [start, ...holes.flatMap(hole => [...hole]), end]
  const spans: Span[] = []
  for (let i = 0; i + 1 < edges.length; i += 2) spans.push([edges[i] ?? end, edges[i + 1] ?? end])
  return spans
}

function unescaped(delimiter: string): string {
  return delimiter.replace(/\\n/g, '\n').replace(/\\r/g, '\r').replace(/\\t/g, '\t')
}
