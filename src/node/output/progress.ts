import { visible } from '../../report/visible.ts'

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
