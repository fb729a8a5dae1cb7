import { greatest } from '../parse/list.ts'
import type { Source } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type { Effect } from '../postgres/effect.ts'
import { lockModes } from '../postgres/lock.ts'
import type { Step } from '../postgres/step.ts'
import { effectFacts } from './facts.ts'
import { type Palette, palette } from './palette.ts'
import { positionsIn } from './position.ts'
import type { Style } from './reporter.ts'
import { visibleJson } from './visible.ts'
import { clip } from './width.ts'
import { blocked, counted, instantly, until } from './words.ts'
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

export interface LocksOptions {
  /** Statements that lock nothing are shown, too, for people. Programs always get them. */
  readonly all: boolean
}

export type LocksReporter = (files: readonly LockedFile[], style: Style, options: LocksOptions) => string

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

/**
 * For people: for each statement the relations that it locks, the queries that wait, and for how long, in the words of findings. The columns
 * are those of all statements.
 */
export const locksText: LocksReporter = (files, style, { all }) => {
  const paint = palette(style)
  const shown = files.map(({ source, steps }) => ({ source, steps: all ? steps : steps.filter(says) }))
  const telling = shown.flatMap(({ steps }) =>
    steps.flatMap(step => (step.error || step.opaque !== null ? [] : [step.effects])),
  )
  const draw = drawing(telling, paint)
  const lines = shown.flatMap(file =>
    file.steps.length === 0
      ? []
      : [paint.path(paint.safe(file.source.path)), ...statements(file, draw, style, paint), ''],
  )
  const count = files.reduce((sum, file) => sum + file.steps.length, 0)
  const left = count - shown.reduce((sum, file) => sum + file.steps.length, 0)
  const quiet =
    left === 0
      ? []
      : [
          `${counted(left, 'more statement')} ${left === 1 ? 'locks' : 'lock'} nothing that was there before (--all shows them).`,
        ]
  const summary = `${counted(count, 'statement')} in ${counted(files.length, 'migration')}`
  return [...lines, ...legend(telling, style, paint), ...(telling.length > 0 ? [''] : []), ...quiet, summary]
    .map(line => `${line.trimEnd()}\n`)
    .join('')
}

/** Whether there is anything to say about a statement. */
function says({ effects, error, opaque }: LockingStep): boolean {
  return effects.length > 0 || error !== null || opaque !== null
}

type Telling = readonly (readonly Effect[])[]

/** What the words in the columns mean, as far as they occur. */
function legend(telling: Telling, style: Style, paint: Palette): string[] {
  const all = telling.flat()
  if (all.length === 0) return []
  const modes = new Set(all.flatMap(({ lock }) => lock ?? []))
  const used = lockModes.filter(mode => modes.has(mode)).reverse()
  const entries: [string, string][] = [
    ...used.map((mode): [string, string] => [mode, blocked(mode)]),
    ...(telling.some(effects => effects.some(each => until(each, effects) === instantly))
      ? [['instant', 'once it has the lock'] as [string, string]]
      : []),
    ...(all.some(({ work }) => work !== 'none')
      ? [['for, while …', 'longer the larger the table'] as [string, string]]
      : []),
    ...(all.some(({ certain }) => !certain)
      ? [['?', 'depends on what the migrations do not show'] as [string, string]]
      : []),
  ]
  const width = greatest(
    entries.map(([word]) => word.length),
    0,
  )
  const lines = entries.flatMap(([word, meaning]) => hang(`  ${word.padEnd(width)}  `, meaning, style.width))
  const held =
    'Queries that a lock blocks wait from the moment in which it is asked for, until the transaction that has it ends.'
  return [...lines, ...hang('  ', held, style.width)].map(line => paint.faint(line))
}

/** Draws the effects of a statement, with the columns of all statements. */
function drawing(telling: Telling, paint: Palette): (effects: readonly Effect[]) => string[] {
  const cells = (effect: Effect, all: readonly Effect[]) => {
    const time = until(effect, all)
    const kind = effect.kind === 'table' ? '' : ` (${effect.kind})`
    const doubt = effect.certain ? '' : ' ?'
    return {
      lock: effect.lock ?? 'no lock',
      time: time === instantly ? 'instant' : time,
      relation: `${paint.relation(paint.safe(effect.relation))}${kind}${doubt}`,
    }
  }
  const rows = telling.flatMap(effects => effects.map(effect => cells(effect, effects)))
  const widest = (of: (row: (typeof rows)[number]) => string) =>
    greatest(
      rows.map(row => of(row).length),
      0,
    )
  const [locks, times] = [widest(({ lock }) => lock), widest(({ time }) => time)]
  return effects =>
    effects.map(effect => {
      const { lock, time, relation } = cells(effect, effects)
      return `${' '.repeat(rowIndent)}${lock.padEnd(locks)}   ${time.padEnd(times)}   ${relation}`
    })
}

const rowIndent = 6

function statements(
  { source, steps }: LockedFile,
  draw: (effects: readonly Effect[]) => readonly string[],
  style: Style,
  paint: Palette,
): string[] {
  const positions = positionsIn(source)
  const numbers = steps.map(step => String(positions.at(step.statement.span[0]).line))
  const digits = greatest(
    numbers.map(number => number.length),
    1,
  )
  return steps.flatMap((step, i) => {
    const sql = shortened(sqlOf(step, source), style.width - digits - 4, style, paint)
    return [
      `  ${paint.faint((numbers[i] ?? '').padStart(digits))}  ${paint.message(sql)}`,
      ...outcome(step, draw, style, paint),
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

function outcome(
  step: LockingStep,
  draw: (effects: readonly Effect[]) => readonly string[],
  style: Style,
  paint: Palette,
): string[] {
  const margin = ' '.repeat(rowIndent)
  const say = (sign: string, text: string, look: (line: string) => string) =>
    hang(margin + sign, paint.safe(text), style.width).map(line => look(line))
  if (step.error) return say('', `fails: ${step.error.message} (SQLSTATE ${step.error.sqlstate})`, paint.severity.error)
  if (step.opaque !== null) return say('', `not known: ${step.opaque}`, paint.severity.warning)
  if (step.effects.length === 0) return say('', 'locks nothing that was there before', paint.faint)
  const doubts = step.effects.filter(effect => !effect.certain)
  return [
    ...draw(step.effects),
    ...doubts.flatMap(effect => say('? ', `${effect.relation}: ${effect.because}`, paint.faint)),
  ]
}
