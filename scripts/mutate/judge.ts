import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Said } from './cases.ts'

/** Milliseconds. A case takes a hundredth of a second, the modules take seconds to load, and a flip may cause an endless loop. */
const patience = 60_000

/** Asks a child process whether a measured case notices a flip. A child that never ends or crashes has noticed it. */
export class Judge {
  readonly #copy: string
  #child: ChildProcess | null = null
  /** Flips in code that runs while the modules load, so that their effect stays. */
  loading: ReadonlySet<number> = new Set()

  constructor(copy: string) {
    this.#copy = copy
  }

  async start(): Promise<void> {
    const child = fork(join(this.#copy, 'scripts/mutate/cases.ts'), {
      cwd: this.#copy,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child = child
    const said = await answer(child)
    if (said?.kind !== 'ready') throw new Error('the measured cases cannot be compared')
    this.loading = new Set(said.loading)
  }

  async notices(number: number): Promise<boolean> {
    if (!this.#child) await this.start()
    this.#child?.send(number)
    const said = this.#child && (await answer(this.#child))
    if (said?.kind === 'judged') return said.noticed
    this.stop()
    return true
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
    this.#child = null
  }
}

/** The next message that is more than a sign of life; null if none comes. */
function answer(child: ChildProcess): Promise<Said | null> {
  return new Promise(resolve => {
    const end = (said: Said | null) => {
      clearTimeout(timer)
      child.off('message', hear)
      child.off('exit', exit)
      resolve(said)
    }
    const timer = setTimeout(() => end(null), patience)
    const hear = (said: Said) => (said.kind === 'alive' ? timer.refresh() : end(said))
    const exit = () => end(null)
    child.on('message', hear)
    child.on('exit', exit)
  })
}
