import type { IntegrityFile } from '../system.ts'

/** A migration that nothing builds on. */
export interface Head {
  readonly path: string
  /** As the tool names it. */
  readonly name: string
}

/** How many of them are named, since each is told of all: a thousand would be a million names. */
export const shown = 5

/** What the tool makes of several of them, and its own way out. */
interface Conflict {
  /** A clause that begins with the tool: `Django refuses to migrate`. */
  readonly does: string
  /** What they are, the end of a sentence: `leaf nodes of shop`. */
  readonly are: string
  readonly help: string
}

/** Migrations that come last beside each other, each with the others; none where there is only one. */
export function severalHeads(heads: readonly Head[], { does, are, help }: Conflict): IntegrityFile[] {
  if (heads.length < 2) return []
  const names = heads.slice(0, shown).map(({ name }) => JSON.stringify(name))
  const last = heads.length > shown ? `${heads.length - shown} more` : names.pop()
  const what = `${names.join(', ')} and ${last} are ${heads.length === 2 ? 'both' : 'all'} ${are}`
  return heads.map(({ path }) => ({
    path,
    covers: [path],
    discrepancies: [{ kind: 'heads', at: [0, 0], severity: 'error', does, what, help, about: [] }],
  }))
}
