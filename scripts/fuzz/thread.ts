import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { type Failure, failure } from './try.ts'
import type { Done, Failed, Setup, Task } from './worker.ts'

/** Bundles the code that tries the inputs, so that it runs as fast as the program. Returns its path. */
export async function bundleWorker(root: string): Promise<string> {
  const outfile = `${root}.cache/fuzz/worker.mjs`
  await build({
    absWorkingDir: root,
    entryPoints: ['scripts/fuzz/worker.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  })
  return outfile
}

/** The outcome of a task, and where it stopped if an input kept it from its end. */
export interface Ended {
  readonly done: Done | null
  readonly stopped: Failed | null
}

/** A worker that starts again if an input kills it or keeps it busy for ever. */
export class Thread {
  readonly #path: string
  readonly #setup: Setup
  readonly #patience: number
  readonly #threads: number
  #worker: Promise<Worker> | null = null

  /**
   * `patience`: the milliseconds of processor time after which an input counts as never ending; `threads`: how many such threads there are.
   */
  constructor(path: string, setup: Omit<Setup, 'heart'>, patience: number, threads: number) {
    this.#path = path
    this.#setup = { ...setup, heart: new Int32Array(new SharedArrayBuffer(8)) }
    this.#patience = patience
    this.#threads = threads
  }

  async run(task: Task): Promise<Ended> {
    this.#worker ??= this.#start()
    const worker = await this.#worker
    const { heart } = this.#setup
    let watched = { number: -1, since: -1, spent: 0, at: 0 }
    return new Promise(resolve => {
      const listeners = {
        message: (done: Done) => end(done, null),
        error: (error: Error) => end(null, failure('the process goes on', error.message, error.message)),
        exit: (code: number) => end(null, failure('the process goes on', `it ended with exit code ${code}`, 'exit')),
      }
      const end = (done: Done | null, why: Failure | null) => {
        clearInterval(watch)
        for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener)
        const stopped = why && { number: Atomics.load(heart, 0), kind: '', failure: why }
        if (stopped) this.stop()
        resolve({ done, stopped })
      }
      const watch = setInterval(() => {
        const [number, since] = [Atomics.load(heart, 0), Atomics.load(heart, 1)]
        const [spent, at] = [processorTime(), performance.now()]
        if (number !== watched.number || since !== watched.since) watched = { number, since, spent, at }
        const isBusy = (spent - watched.spent) / this.#threads > this.#patience
        const isWaiting = at - watched.at > this.#patience * asleep
        if (number !== -1 && (isBusy || isWaiting)) end(null, endless)
      }, 100)
      for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener)
      worker.postMessage(task)
    })
  }

  stop(): void {
    this.#worker?.then(worker => worker.terminate())
    this.#worker = null
  }

  #start(): Promise<Worker> {
    Atomics.store(this.#setup.heart, 0, -1)
    // Without the loader of this process, because the worker is bundled.
    // The stack is as large as that of Node's main thread, so that an input that does not fit there fails here, too.
    const resourceLimits = { stackSizeMb: 1, maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 64 }
    const worker = new Worker(this.#path, {
      workerData: this.#setup,
      resourceLimits,
      execArgv: ['--enable-source-maps'],
    })
    return new Promise((resolve, reject) => {
      worker.once('message', () => {
        worker.off('error', reject)
        resolve(worker)
      })
      worker.once('error', reject)
    })
  }
}

/**
 * The milliseconds of processor time that this process has used. Node.js 20 does not know those of a single thread. A share of all is never
 * more because other programs keep the machine busy, as the time on a clock is.
 */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** An input that uses no processor time waits for something. It may do so for this many times the patience. */
const asleep = 15

const endless = failure('every input comes to an end', 'it did not end in time', 'endless')
