import { visibleJson } from '../../report/visible.ts'
import type { CapturedMigration } from './migrations.ts'

/** What a command has sent. */
export interface Capture {
  readonly migrations: readonly CapturedMigration[]
  /** The exit code of the command. */
  readonly code: number
  /** The number of texts that the server refused, and of those for which there was no room. */
  readonly refused: number
  readonly left: number
}

/** The first key of the file, by which it is known; its value is the version of the form. */
const mark = 'migrateLintCapture'

/** The text of the file that keeps a capture; `schema/capture.json` describes it. The values of rows are not in it: they may be anybody's. */
export function captureText({ migrations, code, refused, left }: Capture): string {
  const kept = migrations.map(({ name, sql }) => ({ name, sql }))
  return `${visibleJson({ [mark]: 1, exitCode: code, refused, left, migrations: kept }, 2)}\n`
}

/** True for a text that begins as such a file does, whatever comes then. */
export function isCaptureText(text: string): boolean {
  return withoutSpaces(text.slice(0, 300)).startsWith(`{"${mark}"`)
}

const withoutSpaces = (text: string) => text.replace(/\s/g, '')

/** What the text of such a file keeps. Throws an Error with a clause that says why it cannot be used. */
export function readCapture(text: string): Capture {
  const file = record(parsed(text))
  if (file?.[mark] !== 1) throw new Error(`its "${mark}" is not 1, the only version that this migrate-lint knows`)
  const { exitCode: code, refused, left, migrations } = file
  for (const [name, value] of Object.entries({ exitCode: code, refused, left })) {
    if (!isCount(value)) throw new Error(`its "${name}" is not a whole number, 0 or more`)
  }
  if (!Array.isArray(migrations)) throw new Error('its "migrations" are not a list')
  if (migrations.length > most) throw new Error(`it has more than ${most} migrations`)
  const kept = migrations.map((value, i): CapturedMigration => {
    const { name, sql } = record(value) ?? {}
    if ((name !== null && typeof name !== 'string') || typeof sql !== 'string')
      throw new Error(`entry ${i + 1} of its "migrations" has no name and SQL as the schema says`)
    return { name, sql, row: [] }
  })
  return { migrations: kept, code: Number(code), refused: Number(refused), left: Number(left) }
}

/** No project has as many. */
const most = 100_000

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new Error('it is not JSON')
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function record(value: unknown): Readonly<Partial<Record<string, unknown>>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}
