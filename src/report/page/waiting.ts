import type { LockMode } from '../../postgres/lock.ts'
import { blocksReads, blocksWrites } from '../../postgres/lock.ts'

/** The sessions that wait for a lock, in a few words, and the class with its colour. */
export interface Waiting {
  readonly words: string
  readonly look: 'reads' | 'writes' | 'neither'
}

/** `waits`: who waits, where it is known better than by the mode. */
export function waiting(
  mode: LockMode | null,
  waits: { readonly reads: boolean; readonly writes: boolean } = {
    reads: blocksReads(mode),
    writes: blocksWrites(mode),
  },
): Waiting {
  const look = waits.reads ? 'reads' : waits.writes ? 'writes' : 'neither'
  return { words: wordsOf[look], look }
}

/** From the gravest. */
export const strength = ['reads', 'writes', 'neither'] as const

export const wordsOf = { reads: 'reads and writes', writes: 'writes', neither: 'neither reads nor writes' } as const

/** The meaning of colours, for all charts of a page. `more`: items for other signs. */
export function legend(more: readonly string[] = []): string {
  return `<ul class="legend">${[
    ...strength.map(look => `<li><span class="swatch ${look}"></span>blocks ${wordsOf[look]}</li>`),
    '<li><span class="swatch work"></span>work that takes longer the larger the table</li>',
    ...more,
  ].join('')}</ul>`
}
