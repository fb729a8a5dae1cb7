import type { Source, StatementKind } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type { RelationKind } from '../postgres/catalog/catalog.ts'
import { blocksReads, blocksWrites, type LockMode } from '../postgres/lock.ts'
import { type Palette, palette } from './palette.ts'
import { positionsIn } from './position.ts'
import type { Style } from './reporter.ts'
import { type Field, table } from './table.ts'
import { visibleJson } from './visible.ts'
import { clip } from './width.ts'
import { counted } from './words.ts'
import { hang } from './wrap.ts'

/** What a server did when migrations ran on it. */
export interface Trace {
  /** For people: `PGlite, PostgreSQL 18.3`. */
  readonly server: string
  readonly files: readonly (TracedFile & { readonly source: Source })[]
  /** The number of statements and unread places in migrations before those asked for that did not run. */
  readonly earlierNotRun: number
  /** The statements with which projects ended before their time. */
  readonly failures: readonly { readonly path: string }[]
}

export interface TracedFile {
  readonly path: string
  readonly statements: readonly TracedStatement[]
  /** The number of places in it that were not read, and so did not run. */
  readonly unread: number
}

export interface TracedStatement {
  /** Its place in the file. */
  readonly span: Span
  /** What was sent. */
  readonly text: string
  readonly kind: StatementKind
  /** Statements with the same number ran in one transaction. */
  readonly transaction: number | null
  /** Why it was not sent, a clause. */
  readonly notSent: string | null
  readonly seen: Seen | null
  readonly differences: readonly Difference[]
}

/** `sampled`: locks that it held for a moment only may be missing. `none`: it ran by itself on a server with one session. */
export const locksSeen = ['all', 'sampled', 'none'] as const
type LocksSeen = (typeof locksSeen)[number]

/** What the server did with one statement. */
export interface Seen {
  readonly milliseconds: number
  readonly refused: { readonly sqlstate: string; readonly message: string; readonly detail: string | null } | null
  /** Those that were there before. */
  readonly relations: readonly SeenRelation[]
  readonly locksSeen: LocksSeen
}

export interface SeenRelation {
  readonly relation: string
  readonly kind: RelationKind
  /** The strongest lock that the transaction has on it after the statement. */
  readonly lock: LockMode | null
  /** The statement took it, or made it stronger. */
  readonly isTaken: boolean
  /** Nobody else sees it: it is temporary, or the same transaction has created it. */
  readonly isOwn: boolean
  /** It got a new file. */
  readonly work: 'none' | 'rewrite' | 'rebuild'
  /** The rows that were read in scans of the whole relation. */
  readonly read: number
}

/** Something that the server did and the model does not say, or the other way round. */
export type Difference =
  | { readonly kind: 'refused' | 'accepted'; readonly sqlstate: string }
  | {
      readonly kind: 'lock'
      readonly relation: string
      readonly predicted: LockMode | null
      readonly seen: LockMode | null
    }
  | { readonly kind: 'work'; readonly relation: string; readonly predicted: boolean }

export const differenceKinds: readonly Difference['kind'][] = ['refused', 'accepted', 'lock', 'work']

export type TraceReporter = (trace: Trace, style: Style) => string

/** For programs; the shape is in schema/report.json. */
export const traceJson: TraceReporter = ({ server, files, failures, earlierNotRun }) => {
  const statements = files.flatMap(({ source, statements }) => {
    const positions = positionsIn(source)
    return statements.map(({ span, text, transaction, notSent, seen, differences }) => ({
      path: source.path,
      ...positions.range(span),
      sql: text,
      transaction,
      ...(notSent !== null && { notSent }),
      ...(seen && {
        milliseconds: Math.round(seen.milliseconds * 1000) / 1000,
        ...(seen.refused && { refused: seen.refused }),
        locksSeen: seen.locksSeen,
        relations: seen.relations.flatMap(({ isTaken, isOwn, ...each }) => (isOwn ? [] : { ...each, taken: isTaken })),
      }),
      differences,
    }))
  })
  const summary = { ...totals(files), earlierNotRun, failed: failures.length }
  return `${visibleJson({ schemaVersion: 1, server, statements, failures, summary }, 2)}\n`
}

/** For people: each statement with what it really locked and rewrote, how long it took, and where that is not what was predicted. */
export const traceText: TraceReporter = (trace, style) => {
  const paint = palette(style)
  const lines = trace.files.flatMap(file => [
    paint.path(paint.safe(file.source.path)),
    '',
    ...file.statements.flatMap(each => shown(each, file.source, style, paint)),
    '',
  ])
  return [...lines, ...summary(trace, style, paint)].map(line => `${line.trimEnd()}\n`).join('')
}

function shown(statement: TracedStatement, source: Source, style: Style, paint: Palette): string[] {
  const { span, text, kind, seen, notSent, differences } = statement
  const { line } = positionsIn(source).at(span[0])
  const number = String(line)
  const indent = 6
  const time = seen ? `  ${duration(seen.milliseconds)}` : ''
  const head = shortened(text, style.width - indent - time.length - 2, style, paint)
  const margin = ' '.repeat(indent)
  const say = (words: string, look: (line: string) => string) =>
    hang(margin, paint.safe(words), style.width).map(each => look(each))
  return [
    `${number.padStart(indent - 2)}  ${paint.message(head)}${paint.faint(time)}`,
    ...(notSent === null ? [] : say(`not run: ${notSent}`, paint.severity.warning)),
    ...(seen?.refused
      ? say(
          `fails: ${seen.refused.message} (SQLSTATE ${seen.refused.sqlstate})${remedy(statement)}`,
          paint.severity.error,
        )
      : []),
    ...(seen
      ? table(
          seen.relations.filter(isTold).map(each => row(each, paint)),
          { indent, width: style.width, phrase: false },
        )
      : []),
    ...(seen?.locksSeen === 'none' && !seen.refused && !lockless.has(kind)
      ? say('its locks could not be seen: it cannot run in a transaction, and this server has one session', paint.faint)
      : []),
    ...differences.flatMap(each => say(`differs from the prediction: ${inWords(each)}`, paint.severity.warning)),
  ]
}

/** What helps, from the manual's table of SQLSTATEs: an extension that the server lacks; an undefined object or schema. */
function remedy({ kind, seen }: TracedStatement): string {
  if (kind === 'CreateExtensionStmt') return '. Give a server that has it: --server or --database-url.'
  const isAbsent = ['42704', '3F000'].includes(seen?.refused?.sqlstate ?? '')
  return isAbsent ? '. If your servers have it before the first migration, create it in a file for --setup.' : ''
}

/** Nobody asks for the locks of these. */
const lockless: ReadonlySet<StatementKind> = new Set([
  'TransactionStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'DiscardStmt',
])

/** Weak locks on indexes depend on plans, and are in nobody's way. */
function isTold({ kind, lock, isTaken, isOwn, work, read }: SeenRelation): boolean {
  if (isOwn) return false
  return work !== 'none' || read > 0 || (isTaken && (!kind.endsWith('index') || blocksWrites(lock)))
}

function row({ relation, kind, lock, isTaken, work, read }: SeenRelation, paint: Palette): Field[] {
  const blocks = blocksReads(lock) ? 'blocks reads, writes' : blocksWrites(lock) ? 'blocks writes' : 'blocks neither'
  const rows = read > 0 ? `${counted(read, 'row')} read` : ''
  return [
    { text: paint.safe(relation), paint: paint.relation },
    { text: kind, paint: paint.faint },
    { text: lock === null ? 'no lock' : isTaken ? lock : `${lock} (held)` },
    { text: blocks },
    { text: work === 'none' ? rows : [work, rows].filter(Boolean).join(', ') },
  ]
}

/** A difference as the end of a sentence. */
function inWords(difference: Difference): string {
  switch (difference.kind) {
    case 'refused':
      return `it fails with SQLSTATE ${difference.sqlstate}`
    case 'accepted':
      return `it does not fail, and SQLSTATE ${difference.sqlstate} was expected`
    case 'work':
      return `${difference.relation} is ${difference.predicted ? 'not written again' : 'written again'}`
    case 'lock':
      return `${difference.relation} has ${difference.seen ?? 'no lock'}, and ${difference.predicted ?? 'no lock'} was expected`
  }
}

function shortened(sql: string, room: number, style: Style, paint: Palette): string {
  const line = paint.safe(sql.trim().replace(/\s+/g, ' '))
  return clip(line, Math.max(room, 10), paint.signs.cut, style.ascii)
}

function duration(milliseconds: number): string {
  return milliseconds >= 1000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}

function totals(files: Trace['files']) {
  const statements = files.flatMap(each => each.statements)
  return {
    migrations: files.length,
    statements: statements.length,
    ran: statements.filter(({ seen }) => seen !== null).length,
    notRun:
      statements.filter(({ notSent }) => notSent !== null).length + files.reduce((sum, { unread }) => sum + unread, 0),
    differences: statements.reduce((sum, { differences }) => sum + differences.length, 0),
  }
}

function summary({ server, files, failures, earlierNotRun }: Trace, style: Style, paint: Palette): string[] {
  const { migrations, ran, notRun, differences } = totals(files)
  const say = (words: string, look: (line: string) => string) =>
    hang('', paint.safe(words), style.width).map(line => look(line))
  const left = [
    ...(notRun > 0 ? [counted(notRun, 'statement')] : []),
    ...(earlierNotRun > 0 ? [`${counted(earlierNotRun, 'statement')} of earlier migrations`] : []),
  ]
  const result =
    ran === 0
      ? 'so nothing is known'
      : differences === 0
        ? `${left.length > 0 ? 'those that ran' : 'all'} did what was predicted`
        : `${counted(differences, 'difference')} from the prediction`
  return [
    ...(left.length > 0
      ? say(
          `${left.join(' and ')} could not be run, and what comes after may differ for that reason.`,
          paint.severity.warning,
        )
      : []),
    ...failures.flatMap(({ path }) =>
      say(`${path} does not apply: the migrations after it were not run.`, paint.severity.error),
    ),
    ...say(
      `${counted(ran, 'statement')} in ${counted(migrations, 'migration')} ran on ${server}; ${result}.`,
      paint.message,
    ),
  ]
}
