import type { LockMode } from '../../postgres/lock.ts'
import { blocksReads, blocksWrites } from '../../postgres/lock.ts'

/** The sessions that wait for a lock, in a few words, and the class with its colour. */
export interface Waiting {
  readonly words: string
  readonly look: 'reads' | 'writes' | 'neither'
}

export function waiting(mode: LockMode): Waiting {
  if (blocksReads(mode)) return { words: 'reads and writes', look: 'reads' }
  return blocksWrites(mode)
    ? { words: 'writes', look: 'writes' }
    : { words: 'neither reads nor writes', look: 'neither' }
}
