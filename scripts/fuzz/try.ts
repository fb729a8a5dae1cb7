import { createHash } from 'node:crypto'
import { type Config, completeConfig, readConfig } from '../../src/index.ts'
import type { InternalError } from '../../src/lint/report.ts'
import type { Input } from './input.ts'
import { type Linted, linted } from './linted.ts'
import { outsideOfReport } from './positions.ts'

/** Something that happened although it must never happen. */
export interface Failure {
  /** The condition that must hold. */
  readonly property: string
  readonly message: string
  /** The same for the same defect, whatever the input: without names, numbers and text of the input. */
  readonly signature: string
}

export interface Outcome {
  readonly failures: readonly Failure[]
  /** Null if it threw. */
  readonly linted: Linted | null
  /** The same for the same outcome. */
  readonly digest: string
  readonly milliseconds: number
}

/** Lints the input as the library does, and returns the failures. Never throws. */
export async function tried(input: Input): Promise<Outcome> {
  const started = performance.now()
  const failures: Failure[] = []
  let result: Linted | null = null
  try {
    const checked = checkedConfig(input.config)
    failures.push(...outsideOfConfig(checked.problems, input.config))
    result = await linted(input, checked.config, failures)
    const { report } = result
    if (report) failures.push(...report.internalErrors.map(internal), ...outsideOfReport(report))
  } catch (error) {
    failures.push(thrown('nothing is thrown', error))
  }
  const milliseconds = performance.now() - started
  return { failures, linted: result, digest: digestOf(result, failures), milliseconds }
}

interface Checked {
  readonly config: Config
  readonly problems: ReturnType<typeof readConfig>['problems']
}

/** Most inputs have one of a few configurations. All inputs share one object for each of them, which nobody may change. */
const usual = new Map<string, Checked>()
const manyUsual = 1000

function checkedConfig(text: string): Checked {
  const known = usual.get(text)
  if (known) return known
  const { config, problems } = readConfig(text)
  const checked = { config: completeConfig(config ?? {}), problems }
  if (text.length < 200 && config !== null && usual.size < manyUsual) usual.set(text, checked)
  return checked
}

function internal({ part, message, stack }: InternalError): Failure {
  return failure(
    'there is no internal error',
    `${part}: ${message}\n${ownFrames(stack).join('\n')}`,
    `${part} ${stack === null ? message : ownFrames(stack)[0]}`,
  )
}

/** A failure about something that was thrown. */
export function thrown(property: string, error: unknown): Failure {
  const known = error instanceof Error ? error : new Error(String(error))
  const frames = ownFrames(known.stack ?? null)
  return failure(
    property,
    `${known.message.slice(0, 300)}\n${frames.join('\n')}`,
    `${known.name} ${frames[0] ?? known.message}`,
  )
}

export function failure(property: string, message: string, signature: string): Failure {
  return { property, message, signature: `${property}: ${signature}` }
}

/** The places in this project where it happened, the innermost first. */
function ownFrames(stack: string | null): string[] {
  const frames = stack?.split('\n').filter(line => /\b(?:src|rules)\/.*\.ts:\d+/.test(line)) ?? []
  return frames
    .slice(0, 4)
    .map(line => line.replace(/^\s*at /, '  at ').replace(/\(?\S*?((?:src|rules)\/\S+?)\)?$/, '$1'))
}

function outsideOfConfig(problems: ReturnType<typeof readConfig>['problems'], text: string): Failure[] {
  const lines = text.split('\n')
  return problems.flatMap(({ message, line, column }) => {
    const isInside =
      line !== null &&
      column !== null &&
      1 <= line &&
      line <= lines.length &&
      1 <= column &&
      column <= (lines[line - 1] ?? '').length + 1
    return isInside
      ? []
      : [failure('places are inside of the configuration', `${line}:${column} ${message}`, 'configuration')]
  })
}

/** A hash of everything in the report except the times. */
function digestOf(result: Linted | null, failures: readonly Failure[]): string {
  const { rules: _, sources, milliseconds: __, ...told } = result?.report ?? nothing
  const paths = [...sources.keys()]
  return createHash('sha1')
    .update(JSON.stringify([told, result?.told, paths, failures.map(({ signature }) => signature)]))
    .digest('hex')
}

const nothing = { rules: [], sources: new Map<string, never>(), milliseconds: null }
