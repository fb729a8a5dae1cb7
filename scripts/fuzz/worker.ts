// Tries inputs in a separate thread, which can be stopped if one of them does not end. The thread that started it gives the
// work, and sees in shared memory which input this thread is trying, and since when.
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { useGrammars } from '../../src/code/grammar.ts'
import type { Report } from '../../src/lint/report.ts'
import { loadParser } from '../../src/parse/parser.ts'
import type { Corpus } from './corpus.ts'
import { type Input, sizeOf } from './input.ts'
import { inputOf } from './kinds.ts'
import { ReportReader } from './reports.ts'
import { shapesOf } from './shape.ts'
import { type Failure, failure, type Outcome, tried } from './try.ts'

export interface Setup {
  readonly root: string
  readonly corpus: Corpus
  /** Where the grammars of programs are, by their names. */
  readonly grammars: Readonly<Record<string, string>>
  readonly seed: number
  readonly kind?: string
  /** Try everything, and not only samples. */
  readonly thorough: boolean
  /** Inputs that take longer, twice, are slow. */
  readonly slow: number
  /** The number of the current input (-1: none), and its start in milliseconds after `epoch`. */
  readonly heart: Int32Array
  readonly epoch: number
}

/** Inputs by number, up to but without `to`; or an input that was made smaller; or the rest of the reports when there are no more inputs. */
export type Task =
  | { readonly from: number; readonly to: number }
  | { readonly input: Input; readonly number: number }
  | 'the rest'

export interface Failed {
  readonly number: number
  readonly kind: string
  readonly failure: Failure
}

export interface Done {
  readonly tallies: Readonly<Record<string, { inputs: number; findings: number }>>
  readonly failed: readonly Failed[]
  readonly slow: readonly {
    readonly number: number
    readonly kind: string
    readonly size: number
    readonly milliseconds: number
  }[]
}

/** The current work is the XML of several reports. */
const reading = -2

const setup = workerData as Setup
const port = parentPort
if (!port) throw new Error('this is started as a worker')
const reader = new ReportReader(setup.root)
useGrammars(async name => {
  const path = setup.grammars[name]
  return path === undefined ? null : new Uint8Array(await readFile(path))
})
await loadParser()
await tried({ kind: '', as: 'migrations', files: new Map([['1.sql', 'SELECT 1']]), config: '{}' })

const make = (number: number) => inputOf(setup.seed, number, setup.corpus, setup.kind)

/** Of this many inputs with known shapes, one is printed; and of this many, one is tried again. The two numbers do not divide each other. */
const printedOf = 17
const againOf = 7

/** The shapes in the reports that this thread has printed. */
const seen = new Set<string>()

function isNews(kind: string, report: Report | null): boolean {
  const fresh = report ? [...shapesOf(kind, report)].filter(shape => !seen.has(shape)) : []
  for (const shape of fresh) seen.add(shape)
  return fresh.length > 0
}

async function timed(number: number, input: Input): Promise<Outcome> {
  Atomics.store(setup.heart, 1, Date.now() - setup.epoch)
  Atomics.store(setup.heart, 0, number)
  const outcome = await tried(input)
  Atomics.store(setup.heart, 0, -1)
  return outcome
}

function printed(number: number, { linted }: Outcome): readonly Failure[] {
  if (linted === null) return []
  Atomics.store(setup.heart, 1, Date.now() - setup.epoch)
  Atomics.store(setup.heart, 0, number)
  const failures = reader.read(number, linted)
  Atomics.store(setup.heart, 0, -1)
  return failures
}

/** Tries the inputs in their order, and some of them again backwards: the outcome must be the same. */
async function several(from: number, to: number): Promise<Done> {
  const tallies: Record<string, { inputs: number; findings: number }> = {}
  const failed: Failed[] = []
  const slow: Done['slow'][number][] = []
  const again: { readonly number: number; readonly digest: string; readonly milliseconds: number }[] = []
  for (let number = from; number < to; number++) {
    const input = make(number)
    const outcome = await timed(number, input)
    const { digest, milliseconds, linted } = outcome
    const isNew = isNews(input.kind, linted?.report ?? null) || setup.thorough
    if (isNew || number % againOf === 0 || milliseconds > setup.slow) again.push({ number, digest, milliseconds })
    const found = linted?.report?.findings.length ?? 0
    const tally = tallies[input.kind] ?? { inputs: 0, findings: 0 }
    tallies[input.kind] = { inputs: tally.inputs + 1, findings: tally.findings + found }
    const wrong = [...outcome.failures, ...(isNew || number % printedOf === 0 ? printed(number, outcome) : [])]
    failed.push(...wrong.map(each => ({ number, kind: input.kind, failure: each })))
  }
  for (const before of again.reverse()) {
    const { number } = before
    const input = make(number)
    const { digest, milliseconds } = await timed(number, input)
    if (before.digest !== digest) failed.push({ number, kind: input.kind, failure: changed })
    const shortest = Math.min(milliseconds, before.milliseconds)
    if (shortest > setup.slow) slow.push({ number, kind: input.kind, size: sizeOf(input), milliseconds: shortest })
  }
  if (reader.waiting >= readTogether) failed.push(...(await unread()))
  return { tallies, failed, slow }
}

/** The number of XML documents that are read at once, because starting the parser takes longer than parsing. */
const readTogether = 500

async function unread(): Promise<Failed[]> {
  Atomics.store(setup.heart, 1, Date.now() - setup.epoch)
  Atomics.store(setup.heart, 0, reading)
  const failures = await reader.flush()
  Atomics.store(setup.heart, 0, -1)
  return failures.map(({ number, failure: each }) => ({ number, kind: make(number).kind, failure: each }))
}

const changed = failure(
  'the same input has the same outcome, also after others',
  'it came out otherwise the second time',
  'second time',
)

async function one(input: Input, number: number): Promise<Done> {
  const outcome = await timed(number, input)
  const again = await tried(input)
  const all = [
    ...outcome.failures,
    ...printed(number, outcome),
    ...(await reader.flush()).map(each => each.failure),
    ...(outcome.digest === again.digest ? [] : [changed]),
  ]
  return { tallies: {}, failed: all.map(each => ({ number, kind: input.kind, failure: each })), slow: [] }
}

port.on('message', async (task: Task) => {
  if (task === 'the rest') port.postMessage({ tallies: {}, failed: await unread(), slow: [] } satisfies Done)
  else port.postMessage('from' in task ? await several(task.from, task.to) : await one(task.input, task.number))
})
port.postMessage('ready')
