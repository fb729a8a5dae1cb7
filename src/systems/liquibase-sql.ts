import type { Part } from '../lint/history.ts'
import type { Remark } from '../lint/remark.ts'
import type { Span } from '../parse/span.ts'
import type { Execution } from '../postgres/step.ts'
import { between } from './delimiter.ts'
import { type Line, lines } from './line.ts'
import { refused } from './opt-out.ts'
import type { Unit } from './system.ts'

/** Formatted SQL of Liquibase, as AbstractFormattedChangeLogParser reads it: line by line, words in any case. */

const CHANGESET = /^\s*--\s*changeset\s+(?:"[^"]+"|[^:]+):\s*(?:"[^"]+"|\S+)/i
const NEARLY = /^(?:\s*--\s*changeset\s*|-\s*changeset\s)/i
const ROLLBACK = /^\s*--\s*rollback (.*)$/i
const ROLLBACK_BLOCK = /^\s*\/\*\s*liquibase\s*rollback\s*$/i
const IGNORE_LINES = /^--\s*ignoreLines:(\w+)$/i

export interface Changeset {
  /** `author:id`, as it stands there. */
  readonly id: string
  /** The marker. */
  readonly line: Line
  /** Where its lines end. */
  readonly end: number
  readonly execution: Execution
  /** False when an attribute keeps it from PostgreSQL: `dbms:mysql`, `ignore:true`. */
  readonly runs: boolean
  readonly delimiter: string | null
  /** `--ignoreLines:start` … `--ignoreLines:end`. */
  readonly ignored: readonly Span[]
}

export function changesets(text: string): Changeset[] {
  const all = lines(text)
  const ignored = ignoredLines(all)
  const markers = all.filter(line => CHANGESET.test(line.text) && !ignored.some(span => within(line, span)))
  return markers.map((line, i) => {
    const end = markers[i + 1]?.start ?? text.length
    return {
      id: /changeset\s+((?:"[^"]+"|[^:]+):\s*(?:"[^"]+"|\S+))/i.exec(line.text)?.[1] ?? '',
      line,
      end,
      execution: {
        inTransaction: attribute(line, 'runInTransaction')?.toLowerCase() !== 'false',
        singleMessage: attribute(line, 'splitStatements')?.toLowerCase() === 'false',
        spansFiles: false,
      },
      runs: attribute(line, 'ignore')?.toLowerCase() !== 'true' && forPostgres(line),
      delimiter: /\bendDelimiter:(\S+)/i.exec(line.text)?.[1] ?? null,
      ignored: ignored.filter(span => line.end <= span[0] && span[0] < end),
    }
  })
}

/** Change sets by what databasechangelog records of them; those that PostgreSQL would not run are never recorded. */
export function units(text: string): Unit[] {
  return changesets(text)
    .filter(({ runs }) => runs)
    .map(({ id, line, end }) => ({
      id,
      span: [line.end, end],
      repeatable: ['runOnChange', 'runAlways'].some(name => attribute(line, name)?.toLowerCase() === 'true'),
    }))
}

/** The SQL of each change set; those that PostgreSQL would not run are left out. */
export function upParts(text: string): Part[] {
  return changesets(text)
    .filter(({ runs }) => runs)
    .flatMap(({ line, end, execution, delimiter, ignored }) => {
      const pieces = without([line.start, end], ignored)
      // A block of rollback is a comment; other delimiters than a semicolon are no SQL.
      const spans =
        delimiter === null || delimiter === ';'
          ? pieces
          : pieces.flatMap(piece => between(text, piece, unescaped(delimiter)))
      return spans.map(span => ({ span, execution }))
    })
}

/** What follows `--rollback`, line by line, and what stands in rollback blocks. */
export function downParts(text: string): Part[] {
  return changesets(text)
    .filter(({ runs }) => runs)
    .flatMap(({ line, end, execution }) => {
      const own = lines(text).filter(({ start }) => start > line.start && start < end)
      return own.flatMap((each): Part[] => {
        const sql = ROLLBACK.exec(each.text)?.[1]
        if (sql !== undefined) return NO_SQL.test(sql) ? [] : [{ span: [each.end - sql.length, each.end], execution }]
        if (!ROLLBACK_BLOCK.test(each.text)) return []
        const stop = text.indexOf('*/', each.end)
        return stop < 0 ? [] : [{ span: [each.end, stop], execution }]
      })
    })
}

const NO_SQL = /^\s*(?:empty\b|not required\b|changesetId:|$)/i

export function remarks(text: string): Remark[] {
  const known = changesets(text)
  const nearly = lines(text).find(line => NEARLY.test(line.text) && !CHANGESET.test(line.text))
  if (nearly) {
    const help = 'Write `--changeset author:id`, and the attributes after it.'
    return [{ at: [nearly.start, nearly.end], kind: 'refused', why: 'a change set is `--changeset author:id`', help }]
  }
  const [first] = known
  const head = text.slice(0, first?.line.start ?? text.length)
  const sql = head
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .some(line => !/^\s*(--|$)/.test(line))
  const why = 'statements before the first `--changeset` are not run'
  return sql ? [refused(text, why, 'Put them below a line `--changeset author:id`.')] : []
}

function attribute({ text }: Line, name: string): string | undefined {
  return new RegExp(`.*\\b${name}:(\\w+)`, 'i').exec(text)?.[1]
}

/** DatabaseList.definitionMatches: `all`, `none`, names, or `!` before those that are left out. */
function forPostgres({ text }: Line): boolean {
  const names = /dbms:([^,][\w!,]+)/i.exec(text)?.[1]?.toLowerCase().split(',') ?? []
  if (names.length === 0 || names.includes('all')) return true
  if (names.includes('none') || names.includes('!postgresql')) return false
  return names.includes('postgresql') || names.every(name => name.startsWith('!'))
}

function ignoredLines(all: readonly Line[]): Span[] {
  const spans: Span[] = []
  for (let i = 0; i < all.length; i++) {
    const from = all[i]
    const [, what] = IGNORE_LINES.exec(from?.text ?? '') ?? []
    if (from === undefined || what === undefined || what === 'end') continue
    const count = Number.parseInt(what, 10)
    const end = all.findIndex(({ text }, j) => j > i && IGNORE_LINES.exec(text)?.[1] === 'end')
    const last = what === 'start' ? (end < 0 ? all.length - 1 : end) : i + (Number.isNaN(count) ? 0 : count)
    spans.push([from.start, (all[Math.min(last, all.length - 1)] ?? from).end])
    i = last
  }
  return spans
}

function within({ start }: Line, span: Span): boolean {
  return span[0] <= start && start < span[1]
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
