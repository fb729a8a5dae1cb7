import type { Source } from '../../parse/script.ts'
import { type Palette, palette } from '../palette.ts'
import { positionsIn } from '../position.ts'
import type { Style } from '../reporter.ts'
import { type Field, table } from '../table.ts'
import { clip } from '../width.ts'
import { counted } from '../words.ts'
import { hang } from '../wrap.ts'
import type { SeenRelation, Trace, TracedStatement, TraceReporter } from './trace.ts'
import { changedBy, duration, inWords, isTold, leftBy, outcomeOf, refusal, unseenLocks, waitsAt } from './words.ts'

/** For people: each statement with what it really locked and rewrote, how long it took, and where that is not what was predicted. */
export const traceText: TraceReporter = (trace, style) => {
  const paint = palette(style)
  const lines = trace.files.flatMap(file => [
    paint.path(paint.safe(file.source.path)) + (file.takenBack ? ' (taken back)' : ''),
    '',
    ...file.statements.flatMap(each => shown(each, file.source, style, paint)),
    ...leftBy(file).flatMap((words, i) =>
      hang(i === 0 ? '  ' : '    ', paint.safe(words), style.width).map(line => paint.severity.warning(line)),
    ),
    '',
  ])
  return [...lines, ...summary(trace, style, paint)].map(line => `${line.trimEnd()}\n`).join('')
}

function shown(statement: TracedStatement, source: Source, style: Style, paint: Palette): string[] {
  const { span, text, seen, notSent, differences } = statement
  const { line } = positionsIn(source).at(span[0])
  const number = String(line)
  const indent = 6
  const time = seen ? `  ${duration(seen.milliseconds)}` : ''
  const head = shortened(text, style.width - indent - time.length - 2, style, paint)
  const margin = ' '.repeat(indent)
  const say = (words: string, look: (line: string) => string) =>
    hang(margin, paint.safe(words), style.width).map(each => look(each))
  const said = (words: string | null, look: (line: string) => string) => (words === null ? [] : say(words, look))
  return [
    `${number.padStart(indent - 2)}  ${paint.message(head)}${paint.faint(time)}`,
    ...said(notSent === null ? null : `not run: ${notSent}`, paint.severity.warning),
    ...said(refusal(statement), paint.severity.error),
    ...(seen
      ? table(
          seen.relations.filter(isTold).map(each => row(each, paint)),
          { indent, width: style.width, phrase: false },
        )
      : []),
    ...said(unseenLocks(statement), paint.faint),
    ...changedBy(statement).flatMap(words => say(words, paint.faint)),
    ...differences.flatMap(each => say(`differs from the prediction: ${inWords(each)}`, paint.severity.warning)),
  ]
}

function row(seen: SeenRelation, paint: Palette): Field[] {
  const { relation, kind, lock, isTaken, work, read } = seen
  const waits = waitsAt(seen)
  const blocks = waits.reads ? 'blocks reads, writes' : waits.writes ? 'blocks writes' : 'blocks neither'
  const rows = read > 0 ? `${counted(read, 'row')} read` : ''
  return [
    { text: paint.safe(relation), paint: paint.relation },
    { text: kind, paint: paint.faint },
    { text: lock === null ? 'no lock' : isTaken ? lock : `${lock} (held)` },
    { text: blocks },
    { text: work === 'none' ? rows : [work, rows].filter(Boolean).join(', ') },
  ]
}

function shortened(sql: string, room: number, style: Style, paint: Palette): string {
  const line = paint.safe(sql.trim().replace(/\s+/g, ' '))
  return clip(line, Math.max(room, 10), paint.signs.cut, style.ascii)
}

function summary(trace: Trace, style: Style, paint: Palette): string[] {
  const { notRun, failures, result } = outcomeOf(trace)
  const say = (words: string, look: (line: string) => string) =>
    hang('', paint.safe(words), style.width).map(line => look(line))
  return [
    ...(notRun === null ? [] : say(notRun, paint.severity.warning)),
    ...failures.flatMap(words => say(words, paint.severity.error)),
    ...say(result, paint.message),
  ]
}
