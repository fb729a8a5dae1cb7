import type { Phase, Watch } from './watch.ts'

/**
 * A budget of time for each file. A file that takes too long is given up and reported, and the other files go on: a
 * file from a stranger must not keep a machine busy.
 */

/** A clock that also stops work that takes too long. */
export interface Clock {
  /** Milliseconds since any moment. Processor time is best, because then a busy machine makes no difference. */
  now(): number
  /**
   * Calls `work`, and ends it wherever it is after this many milliseconds. It then returns true, and no `catch` or
   * `finally` of `work` has run. Without this function, work is only asked to end between two statements and between
   * two rules.
   */
  stopped?(work: () => void, milliseconds: number): boolean
}

/** Additional milliseconds for each character. A large file that is not malicious needs a tenth of that. */
const perCharacter = 0.002

/** How much longer than the budget work may take in real time until it is ended by force. It is asked to end before that. */
const shortestPatience = 4

/** Thrown through whatever is running when the time for a file is over. */
export class TimeOver extends Error {
  override name = 'TimeOver'
}

export class Budget {
  readonly #clock: Clock | null
  readonly #milliseconds: number
  readonly #watch: Watch
  readonly #spent = new Map<string, number>()
  /** Times of the file that is being processed. */
  #since = 0
  #left = Number.POSITIVE_INFINITY

  /** `seconds` for each file; without a number or a clock there is no limit. */
  constructor(clock: Clock | null, seconds: number | null, watch: Watch = {}) {
    this.#watch = watch
    this.#clock = seconds === null ? null : clock
    this.#milliseconds = (seconds ?? 0) * 1000
  }

  /** The same time for each file, for work that is only asked to end: it would leave something half done otherwise. */
  asking(): Budget {
    const clock = this.#clock
    return new Budget(clock && { now: () => clock.now() }, this.#milliseconds / 1000, this.#watch)
  }

  /** The message about a file that is given up. */
  get message(): string {
    return `checking it takes more than ${this.#milliseconds / 1000} seconds`
  }

  /** Throws TimeOver when the time of the present file is over. Called between statements and between rules. */
  readonly check = (): void => {
    if (this.#clock && this.#clock.now() - this.#since > this.#left) throw new TimeOver(this.message)
  }

  /**
   * Calls `work` for each of the files from `turn.next` on, and advances `turn.next`. Calls `over` for those whose time is over, in this
   * call or together with earlier ones. Throws what `work` throws, except TimeOver.
   */
  each<File extends { readonly path: string }>(
    phase: Phase,
    files: readonly File[],
    sizeOf: (file: File) => number,
    work: (file: File, index: number) => void,
    over: (file: File, index: number) => void,
    turn: { next: number } = { next: 0 },
  ): void {
    const clock = this.#clock
    const mostFor = (file: File) => this.#milliseconds + sizeOf(file) * perCharacter
    const leftFor = (file: File) => mostFor(file) - (this.#spent.get(file.path) ?? 0)
    const one = () => {
      const file = files[turn.next] as File
      this.#watch.file?.(phase, file.path, turn.next + 1, files.length)
      if (!clock) work(file, turn.next)
      else if (!this.#within(clock, file.path, leftFor(file), () => work(file, turn.next))) over(file, turn.next)
      turn.next++
    }
    let patience = shortestPatience
    while (turn.next < files.length) {
      const file = files[turn.next] as File
      if (!clock?.stopped) one()
      else {
        const began = clock.now()
        // Many small files are judged together, because watching the time has a cost of its own.
        const some = () => {
          do one()
          while (turn.next < files.length && clock.now() - began < mostFor(file))
        }
        if (!clock.stopped(some, patience * mostFor(file))) continue
        const stopped = files[turn.next] as File
        this.#leave(clock, stopped.path)
        if (leftFor(stopped) > 0) {
          // The machine was busy with something else. The file is started again, and may take longer in real time.
          patience *= 2
          continue
        }
        over(stopped, turn.next)
        turn.next++
      }
    }
  }

  #within(clock: Clock, path: string, left: number, work: () => void): boolean {
    this.#since = clock.now()
    this.#left = left
    try {
      work()
      return true
    } catch (error) {
      if (error instanceof TimeOver) return false
      throw error
    } finally {
      this.#leave(clock, path)
    }
  }

  #leave(clock: Clock, path: string): void {
    const now = clock.now()
    this.#spent.set(path, (this.#spent.get(path) ?? 0) + now - this.#since)
    this.#since = now
    this.#left = Number.POSITIVE_INFINITY
  }
}
