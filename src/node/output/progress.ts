import { visible } from '../../report/visible.ts'

/** What a long piece of work is at, shown to whoever sits there and waits. */
export interface Progress {
  /** `Reading the log of db/migrations`. */
  at(stage: string): void
  /** Takes away what was shown. */
  done(): void
}

/** One line of the terminal that is written over; nothing where standard error is a file or a pipe. */
export function progressOn(stream: { readonly isTTY?: boolean; write(text: string): unknown }): Progress {
  if (!stream.isTTY) return { at: () => {}, done: () => {} }
  // ECMA-48: to the first column, and erase the line.
  const cleared = '\r\u001b[2K'
  return { at: stage => stream.write(`${cleared}${visible(stage)} …`), done: () => stream.write(cleared) }
}
