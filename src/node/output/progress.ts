import type { Phase, Watch } from '../../lint/watch.ts'
import { visible } from '../../report/visible.ts'
import { counted } from '../../report/words.ts'

/** The current stage of a long piece of work, shown to a person who waits for it. */
export interface Progress {
  /** `Reading the log of db/migrations`. */
  at(stage: string): void
  /** Removes the line that was shown. */
  done(): void
}

/** One line of the terminal that is overwritten; nothing if standard error is a file or a pipe. */
export function progressOn(stream: { readonly isTTY?: boolean; write(text: string): unknown }): Progress {
  if (!stream.isTTY) return { at: () => {}, done: () => {} }
  // ECMA-48: to the first column, and erase the line.
  const cleared = '\r\u001b[2K'
  return { at: stage => stream.write(`${cleared}${visible(stage)} …`), done: () => stream.write(cleared) }
}

const verbs: Readonly<Record<Phase, string>> = { read: 'Reading', model: 'Running', rules: 'Judging' }

/** Milliseconds before a run shows anything, and between two lines: nobody reads what a short run shows. */
const [patience, pause] = [1000, 100]

/** Shows how many migrations are read, run and judged, once the run is a long one. `now`: milliseconds since any moment. */
export function showing(progress: Progress, now: () => number = () => performance.now()): Watch {
  let next = now() + patience
  return {
    file(phase, _, place, count) {
      const time = now()
      if (time < next) return
      next = time + pause
      progress.at(`${verbs[phase]} ${place} of ${counted(count, 'migration')}`)
    },
  }
}
