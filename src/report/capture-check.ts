import { palette } from './palette.ts'
import type { Style } from './reporter.ts'
import { visibleJson } from './visible.ts'
import { clip } from './width.ts'
import { counted } from './words.ts'
import { hang } from './wrap.ts'

/** What a tool sent, beside what reading its migrations says that it sends. */
export interface CaptureCheck {
  readonly migrations: readonly ComparedMigration[]
  /** The files of which no migration was captured. */
  readonly notSent: readonly string[]
}

export interface ComparedMigration {
  /** The name that the tool has recorded; null: it recorded none. */
  readonly name: string | null
  /** Its file; null: none has that name, so nothing is compared. */
  readonly path: string | null
  /** The number of places in the file that are not read, each of which may send something. */
  readonly unread: number
  /** The statements that were sent and are not among those that were read. */
  readonly sentOnly: readonly string[]
  /** The statements that were read and were not sent. */
  readonly readOnly: readonly string[]
}

export type CaptureCheckReporter = (check: CaptureCheck, style: Style) => string

export function differs({ sentOnly, readOnly }: ComparedMigration): boolean {
  return sentOnly.length + readOnly.length > 0
}

function totals({ migrations, notSent }: CaptureCheck) {
  return {
    captured: migrations.length,
    compared: migrations.filter(({ path }) => path !== null).length,
    different: migrations.filter(differs).length,
    notSent: notSent.length,
  }
}

/** For programs; the shape is in schema/report.json. */
export const captureCheckJson: CaptureCheckReporter = check => {
  const migrations = check.migrations.map(each => ({ ...each }))
  return `${visibleJson({ schemaVersion: 1, summary: totals(check), migrations, notSent: check.notSent }, 2)}\n`
}

/** For people: each migration with what differs, and the count of those that do not. */
export const captureCheckText: CaptureCheckReporter = (check, style) => {
  const paint = palette(style)
  const shown = (sign: string, sql: string, look: (line: string) => string) => {
    const line = paint.safe(sql.trim().replace(/\s+/g, ' '))
    return look(`  ${sign} ${clip(line, Math.max(style.width - 4, 10), paint.signs.cut, style.ascii)}`)
  }
  const say = (words: string, look: (line: string) => string) =>
    hang('', paint.safe(words), style.width).map(line => look(line))
  const lines = check.migrations.flatMap(each => {
    const { name, path, unread, sentOnly, readOnly } = each
    if (path === null)
      return [...say(`${name ?? 'A migration without a name'}: no file has this name.`, paint.severity.warning), '']
    if (!differs(each)) return []
    const places = unread > 0 ? [`  ${counted(unread, 'place')} in it ${unread === 1 ? 'is' : 'are'} not read`] : []
    return [
      paint.path(paint.safe(path)),
      ...places.map(line => paint.faint(line)),
      ...readOnly.map(sql => shown('-', sql, paint.severity.error)),
      ...sentOnly.map(sql => shown('+', sql, paint.severity.warning)),
      '',
    ]
  })
  const { captured, compared, different } = totals(check)
  const left = [
    ...(captured > compared ? [`${counted(captured - compared, 'captured migration')} without a file`] : []),
    ...(check.notSent.length > 0 ? [`${counted(check.notSent.length, 'file')} of which nothing was captured`] : []),
  ]
  const result =
    compared === 0
      ? 'Nothing could be compared'
      : different === 0
        ? `${counted(compared, 'migration')} sent what was read`
        : `${different} of ${counted(compared, 'migration')} sent something else than what was read (- read, + sent)`
  const look =
    different > 0 || compared === 0 ? paint.severity.error : left.length > 0 ? paint.severity.warning : paint.good
  return [...lines, ...say([result, ...left].join('; '), look)].map(line => `${line.trimEnd()}\n`).join('')
}
