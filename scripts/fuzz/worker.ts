// Tries inputs in a thread of its own, which can be stopped when one of them does not end. The thread that started it gives the
// work, and sees in shared memory which input is being tried since when.
import { parentPort, workerData } from 'node:worker_threads'
import { loadParser } from '../../src/parse/parser.ts'
import type { Corpus } from './corpus.ts'
import { type Input, sizeOf } from './input.ts'
import { inputOf } from './kinds.ts'
import { ReportReader } from './reports.ts'
import { type Failure, failure, tried } from './try.ts'

export interface Setup {
  readonly root: string
  readonly corpus: Corpus
  readonly seed: number
  readonly kind?: string
  /** Inputs that take longer, twice, are slow. */
  readonly slow: number
  /** The number of the input that is being tried (-1: none), and since when, in milliseconds after `epoch`. */
  readonly heart: Int32Array
  readonly epoch: number
}

/** Inputs by number, `to` excluded; or one that somebody made smaller. */
export type Task = { readonly from: number; readonly to: number } | { readonly input: Input; readonly number: number }

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

/** What is being tried is the XML of several reports. */
const reading = -2

const setup = workerData as Setup
const port = parentPort
if (!port) throw new Error('this is started as a worker')
const reader = new ReportReader(setup.root)
await loadParser()
await tried({ kind: '', as: 'migrations', files: new Map([['1.sql', 'SELECT 1']]), config: '{}' })

const make = (number: number) => inputOf(setup.seed, number, setup.corpus, setup.kind)

async function measured(number: number, input: Input) {
  Atomics.store(setup.heart, 1, Date.now() - setup.epoch)
  Atomics.store(setup.heart, 0, number)
  const outcome = await tried(input)
  const failures = [...outcome.failures, ...(outcome.report ? reader.read(number, outcome.report) : [])]
  Atomics.store(setup.heart, 0, -1)
  return { ...outcome, failures }
}

/** Tries the inputs in their order, and then backwards: the outcome must be the same. */
async function several(from: number, to: number): Promise<Done> {
  const tallies: Record<string, { inputs: number; findings: number }> = {}
  const failed: Failed[] = []
  const slow: Done['slow'][number][] = []
  const first = new Map<number, { digest: string; milliseconds: number }>()
  for (let number = from; number < to; number++) {
    const input = make(number)
    const { failures, report, digest, milliseconds } = await measured(number, input)
    first.set(number, { digest, milliseconds })
    const tally = tallies[input.kind] ?? { inputs: 0, findings: 0 }
    tallies[input.kind] = { inputs: tally.inputs + 1, findings: tally.findings + (report?.findings.length ?? 0) }
    failed.push(...failures.map(each => ({ number, kind: input.kind, failure: each })))
  }
  for (let number = to - 1; number >= from; number--) {
    const input = make(number)
    Atomics.store(setup.heart, 1, Date.now() - setup.epoch)
    Atomics.store(setup.heart, 0, number)
    const { digest, milliseconds } = await tried(input)
    Atomics.store(setup.heart, 0, -1)
    const before = first.get(number)
    if (before?.digest !== digest) failed.push({ number, kind: input.kind, failure: changed })
    const shortest = Math.min(milliseconds, before?.milliseconds ?? milliseconds)
    if (shortest > setup.slow) slow.push({ number, kind: input.kind, size: sizeOf(input), milliseconds: shortest })
  }
  Atomics.store(setup.heart, 1, Date.now() - setup.epoch)
  Atomics.store(setup.heart, 0, reading)
  const unread = await reader.flush()
  Atomics.store(setup.heart, 0, -1)
  for (const { number, failure: each } of unread) failed.push({ number, kind: make(number).kind, failure: each })
  return { tallies, failed, slow }
}

const changed = failure(
  'the same input has the same outcome, also after others',
  'it came out otherwise the second time',
  'second time',
)

async function one(input: Input, number: number): Promise<Done> {
  const { failures, digest } = await measured(number, input)
  const again = await tried(input)
  const all = [
    ...failures,
    ...(await reader.flush()).map(each => each.failure),
    ...(digest === again.digest ? [] : [changed]),
  ]
  return { tallies: {}, failed: all.map(each => ({ number, kind: input.kind, failure: each })), slow: [] }
}

port.on('message', async (task: Task) => {
  port.postMessage('from' in task ? await several(task.from, task.to) : await one(task.input, task.number))
})
port.postMessage('ready')
