import { greatest } from '../parse/list.ts'
import type { Source } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type { Effect } from '../postgres/effect.ts'
import { blocksReads, blocksWrites } from '../postgres/lock.ts'
import type { Step } from '../postgres/step.ts'
import { effectFacts } from './facts.ts'
import { type Palette, palette } from './palette.ts'
import { positionsIn } from './position.ts'
import type { Style } from './reporter.ts'
import { type Field, table } from './table.ts'
import { visibleJson } from './visible.ts'
import { clip } from './width.ts'
import { counted } from './words.ts'
import { hang } from './wrap.ts'

/** One migration with the effects of each of its statements. */
export interface LockedFile {
  readonly source: Source
  readonly steps: readonly LockingStep[]
}

/** The printed facts of a step. */
export interface LockingStep extends Pick<Step, 'effects' | 'error' | 'opaque'> {
  /** Where it is; and its SQL, where that does not stand there. */
  readonly statement: { readonly span: Span; readonly text?: string }
  readonly transaction: Pick<Step['transaction'], 'id'>
}

export type LocksReporter = (files: readonly LockedFile[], style: Style) => string

/** A statement as it is sent. */
function sqlOf({ statement: { span, text } }: LockingStep, source: Source): string {
  return text ?? source.text.slice(span[0], span[1])
}

/** For programs; the shape is a contract, as that of lint is. */
export const locksJson: LocksReporter = files => {
  const statements = files.flatMap(({ source, steps }) =>
    steps.map(step => ({
      path: source.path,
      ...positionsIn(source).range(step.statement.span),
      sql: sqlOf(step, source),
      transaction: step.transaction.id,
      opaque: step.opaque !== null,
      ...(step.error && { error: { sqlstate: step.error.sqlstate, message: step.error.message } }),
      effects: step.effects.map(effectFacts),
    })),
  )
  return `${visibleJson({ schemaVersion: 1, statements }, 2)}\n`
}

/** For people: for each statement the relations that it locks, the queries that wait, and the work that takes long. */
export const locksText: LocksReporter = (files, style) => {
  const paint = palette(style)
  const lines = files.flatMap(file => [
    paint.path(paint.safe(file.source.path)),
    '',
    ...statements(file, style, paint),
    '',
  ])
  const count = files.reduce((sum, file) => sum + file.steps.length, 0)
  const summary = `${counted(count, 'statement')} in ${counted(files.length, 'migration')}`
  return [...lines, summary].map(line => `${line.trimEnd()}\n`).join('')
}

function statements({ source, steps }: LockedFile, style: Style, paint: Palette): string[] {
  const positions = positionsIn(source)
  const numbers = steps.map(step => String(positions.at(step.statement.span[0]).line))
  const digits = greatest(
    numbers.map(number => number.length),
    1,
  )
  const indent = digits + 4
  return steps.flatMap((step, i) => {
    const sql = shortened(sqlOf(step, source), style.width - digits - 4, style, paint)
    return [
      `  ${paint.faint((numbers[i] ?? '').padStart(digits))}  ${paint.message(sql)}`,
      ...outcome(step, indent, style, paint),
    ]
  })
}

/** The statement's first line, as much of it as fits. */
function shortened(sql: string, room: number, style: Style, paint: Palette): string {
  const [first = ''] = sql.split(/\r\n|\r|\n/, 1)
  const { cut } = paint.signs
  const line = first.length < sql.length ? `${first.trimEnd()} ${cut}` : first
  return clip(line, room, cut, style.ascii)
}

function outcome(step: LockingStep, indent: number, style: Style, paint: Palette): string[] {
  const margin = ' '.repeat(indent)
  const say = (sign: string, text: string, look: (line: string) => string) =>
    hang(margin + sign, paint.safe(text), style.width).map(line => look(line))
  if (step.error) return say('', `fails: ${step.error.message} (SQLSTATE ${step.error.sqlstate})`, paint.severity.error)
  if (step.opaque !== null) return say('', `not known: ${step.opaque}`, paint.severity.warning)
  if (step.effects.length === 0) return say('', 'locks nothing that was there before', paint.faint)
  const rows = step.effects.map(effect => row(effect, paint))
  const doubts = step.effects.filter(effect => !effect.certain)
  return [
    ...table(rows, { indent, width: style.width, phrase: false }),
    ...doubts.flatMap(effect => say('? ', `${effect.relation}: ${effect.because}`, paint.faint)),
  ]
}

function row(effect: Effect, paint: Palette): Field[] {
  const doubt = effect.certain ? '' : ' ?'
  const blocks = blocksReads(effect.lock)
    ? 'blocks reads, writes'
    : blocksWrites(effect.lock)
      ? 'blocks writes'
      : 'blocks neither'
  return [
    { text: paint.safe(effect.relation), paint: paint.relation },
    { text: effect.kind, paint: paint.faint },
    { text: effect.lock ?? 'no lock' },
    { text: blocks },
    { text: (effect.work === 'none' ? 'instant' : effect.work) + doubt },
  ]
}
