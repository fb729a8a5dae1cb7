import type { IntegrityFile } from '../system.ts'

/** A migration that no other one follows. */
export interface Head {
  readonly path: string
  /** Its name in the tool. */
  readonly name: string
}

/** How many of them are named. Each finding names the others, so that a thousand would be a million names. */
export const shown = 5

/** How the tool reacts to several of them, and its own remedy. */
interface Conflict {
  /** A clause that begins with the tool: `Django refuses to migrate`. */
  readonly does: string
  /** The tool's word for them, as the end of a sentence: `leaf nodes of shop`. */
  readonly are: string
  readonly help: string
  /** Default: error. */
  readonly severity?: 'error' | 'warning'
}

/** Migrations that are all last, each with the others; none if there is only one. */
export function severalHeads(
  heads: readonly Head[],
  { does, are, help, severity = 'error' }: Conflict,
): IntegrityFile[] {
  if (heads.length < 2) return []
  const names = heads.slice(0, shown).map(({ name }) => JSON.stringify(name))
  const last = heads.length > shown ? `${heads.length - shown} more` : names.pop()
  const what = `${names.join(', ')} and ${last} are ${heads.length === 2 ? 'both' : 'all'} ${are}`
  return heads.map(({ path }) => ({
    path,
    covers: [path],
    discrepancies: [{ kind: 'heads', at: [0, 0], severity, does, what, help, about: [] }],
  }))
}

/** A migration that continues one that is missing: the tool stops before it looks for the last one. */
export function missingParent({ path }: Head, { does, are, help }: Conflict): IntegrityFile {
  return {
    path,
    covers: [path],
    discrepancies: [{ kind: 'heads', at: [0, 0], severity: 'error', does, what: are, help, about: [] }],
  }
}
