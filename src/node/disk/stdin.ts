import { fstatSync } from 'node:fs'
import { Failure } from '../failure.ts'
import { sizeLimit, tooLarge } from './reading.ts'

/** Whether somebody may have meant to pipe SQL in: standard input is a pipe or a file. Nothing is read from it. */
export function isPiped(): boolean {
  try {
    const input = fstatSync(0)
    return input.isFIFO() || input.isFile()
  } catch {
    return false // It is closed.
  }
}

/**
 * Reads all of standard input. Throws a Failure if it is a terminal: nobody would know that the program waits for SQL.
 */
export async function readStdin(): Promise<Uint8Array> {
  if (process.stdin.isTTY) throw new Failure('Standard input is a terminal. Pipe SQL into it, or name files.')
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of process.stdin) {
    parts.push(part)
    size += part.length
    if (size > sizeLimit) throw new Failure(`Standard input could not be read: ${tooLarge}.`)
  }
  return Buffer.concat(parts)
}
