import type { Span } from '../../parse/span.ts'
import { lines } from '../reading/lines.ts'

/** A goose migration as goose cuts it. */
export interface GooseFile {
  /** The statements, in order, without the annotations around them: each is sent by itself. */
  readonly up: readonly Span[]
  readonly down: readonly Span[]
  /** `-- +goose NO TRANSACTION`. */
  readonly noTransaction: boolean
  /** Why goose refuses the file, or null. */
  readonly error: string | null
  /** The places of the annotations. */
  readonly upStart: number | null
  readonly downStart: number | null
}

const known = ['Up', 'Down', 'StatementBegin', 'StatementEnd', 'NO TRANSACTION', 'ENVSUB ON', 'ENVSUB OFF']

/**
 * Cuts a file as `ParseSQLMigration` of goose/internal/sqlparser does: line by line, ignoring quotes and
 * dollar quotes. A statement ends with a line whose last word before a `--` word ends in `;`, or with `-- +goose
 * StatementEnd`.
 */
export function readGoose(text: string): GooseFile {
  const statements: { up: Span[]; down: Span[] } = { up: [], down: [] }
  let direction: 'up' | 'down' | null = null
  let noTransaction = false
  let error: string | null = null
  let upStart: number | null = null
  let downStart: number | null = null
  let inBlock = false
  /** Start and end of the statement that is being read. */
  let open: [number, number] | null = null
  const fail = (why: string) => {
    error ??= why
  }

  for (const { text: line, start, end, number } of lines(text)) {
    const trimmed = line.trim()
    if (trimmed.startsWith('--') && line.includes('+goose')) {
      const annotation = annotationOf(line)
      if (annotation === null) fail(`line ${number} is not an annotation that goose knows`)
      else if (annotation === 'Up') {
        if (direction !== null) fail('it has `-- +goose Up` twice')
        direction = 'up'
        upStart = start
      } else if (annotation === 'Down') {
        if (direction !== 'up' || inBlock) fail('`-- +goose Down` must follow `-- +goose Up`')
        if (open) fail(`the last statement before line ${number} has no ; at the end of a line`)
        open = null
        direction = 'down'
        downStart = start
      } else if (annotation === 'StatementBegin') {
        if (direction === null || inBlock)
          fail('`-- +goose StatementBegin` must follow `-- +goose Up` or `-- +goose Down`')
        inBlock = true
      } else if (annotation === 'StatementEnd') {
        if (!inBlock) fail('`-- +goose StatementEnd` must follow `-- +goose StatementBegin`')
        inBlock = false
        if (open && direction) statements[direction].push(open)
        open = null
      } else if (annotation === 'NO TRANSACTION') noTransaction = true
      continue
    }
    // Before a statement, comments and empty lines are skipped; lines of blanks are kept.
    if (!open && (trimmed.startsWith('--') || trimmed === '')) continue
    if (direction === null) {
      fail(`statements stand before \`-- +goose Up\``)
      continue
    }
    open = [open?.[0] ?? start, end]
    if (!inBlock && endsStatement(line)) {
      statements[direction].push(open)
      open = null
    }
  }
  if (direction === null) fail('it has no line `-- +goose Up`')
  if (inBlock) fail('`-- +goose StatementEnd` is missing')
  if (open) fail('the last statement has no ; at the end of a line')
  return { noTransaction, error, upStart, downStart, ...statements }
}

/** `extractAnnotation`: removes every `--` and the first `+goose`, in any case. Indented lines are an error. */
function annotationOf(line: string): string | null {
  if (/^[ \t]/.test(line)) return null
  const command = line.replaceAll('--', '').replace('+goose', '').trim()
  return known.find(name => name.toLowerCase() === command.toLowerCase()) ?? null
}

/** `endsWithSemicolon`. */
function endsStatement(line: string): boolean {
  const words = line.trim().split(/\s+/)
  const comment = words.findIndex(word => word.startsWith('--'))
  return (words.slice(0, comment < 0 ? words.length : comment).at(-1) ?? '').endsWith(';')
}
