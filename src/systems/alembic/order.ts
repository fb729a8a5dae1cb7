import { append, grouped } from '../../parse/list.ts'
/** A script of Alembic: the values at its top. */
export interface Revision {
  readonly id: string
  readonly path: string
  readonly down: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
}

/**
 * The order in which `alembic upgrade heads` runs revisions, given in the order of their files. It is that of
 * RevisionMap._topological_sort (alembic/script/revision.py), which goes back from the heads, reversed. A revision that
 * refers to a missing one, or is in a circle, comes last.
 */
export function topologicalOrder(revisions: readonly Revision[]): Revision[] {
  const byId = new Map(revisions.map(revision => [revision.id, revision]))
  const { parents, heads } = graphOf(revisions)
  const emitted = backwards(heads, parents)
  const found = [...emitted].reverse()
  const left = revisions.filter(({ id }) => !emitted.has(id))
  return [...found.flatMap(id => byId.get(id) ?? []), ...left]
}

/** These revisions and all those that they are based on. */
export function lineage(revisions: readonly Revision[], ids: readonly string[]): Set<string> {
  const { parents } = graphOf(revisions)
  return new Set(ids.flatMap(id => [...ancestors(id, parents)]))
}

interface Heads {
  /** The branch label that they share; empty: none. */
  readonly label: string
  readonly heads: readonly Revision[]
  /** A revision names one of them in `depends_on`: people who write that run `alembic upgrade heads`. */
  readonly isMeant: boolean
}

/**
 * Heads that no branch label distinguishes: `alembic upgrade head`, or `<label>@head`, stops at them
 * (RevisionMap.get_current_head, _add_branches in alembic/script/revision.py), also if one depends on the other.
 */
export function sharedHeads(revisions: readonly Revision[]): readonly Heads[] {
  const { resolve, lines, heads } = graphOf(revisions)
  const dependedOn = new Set(revisions.flatMap(({ dependsOn }) => dependsOn.flatMap(word => resolve(word) ?? [])))
  const byId = new Map(revisions.map(revision => [revision.id, revision]))
  const labelsOf = ({ id }: Revision) => [...ancestors(id, lines)].flatMap(each => byId.get(each)?.labels ?? [])
  const all = heads.flatMap(id => byId.get(id) ?? [])
  return [...grouped(all, each => [...new Set(labelsOf(each))].sort().join('\n'))].map(([labels, own]) => {
    const unmeant = own.filter(({ id }) => !dependedOn.has(id))
    const isMeant = unmeant.length < 2
    return { label: labels.split('\n', 1)[0] ?? '', heads: isMeant ? own : unmeant, isMeant }
  })
}

/** Revisions with the one that they follow, if no file has it. Alembic looks for it by its whole id (RevisionMap._revision_map). */
export function withoutParents(
  revisions: readonly Revision[],
): { readonly revision: Revision; readonly parent: string }[] {
  const { resolve } = graphOf(revisions)
  return revisions.flatMap(revision => {
    const parent = revision.down.find(word => resolve(word) === undefined)
    return parent === undefined ? [] : [{ revision, parent }]
  })
}

function graphOf(revisions: readonly Revision[]) {
  const ids = revisions.map(({ id }) => id)
  const named = new Map(revisions.flatMap(({ id, labels }) => labels.map(label => [label, id] as const)))
  // Ids may be shortened.
  const resolve = (word: string) => named.get(word) ?? (ids.includes(word) ? word : ids.find(id => id.startsWith(word)))
  const parentsOf = ({ down, dependsOn }: Revision) => [...down, ...dependsOn].flatMap(word => resolve(word) ?? [])
  const line = (revision: Revision) => revision.down.flatMap(word => resolve(word) ?? [])
  const lines = new Map(revisions.map(revision => [revision.id, line(revision)]))
  const below = new Set([...lines.values()].flat())
  return {
    resolve,
    /** The revisions that each one follows. */
    lines,
    /** The same, together with those that each one depends on. */
    parents: new Map(revisions.map(revision => [revision.id, [...new Set(parentsOf(revision))]])),
    heads: ids.filter(id => !below.has(id)),
  }
}

function backwards(heads: readonly string[], parents: ReadonlyMap<string, readonly string[]>): Set<string> {
  const emitted = new Set<string>()
  const current = [...heads]
  let at = 0
  // Each step returns a revision, drops a head or goes to another head that depends on this one; a circle would never
  // end.
  for (let steps = (parents.size + heads.length) ** 2 + 1; current.length > 0 && steps > 0; steps--) {
    const candidate = current[at] ?? ''
    const dependent = current.findIndex((head, i) => i !== at && ancestors(head, parents).has(candidate))
    if (dependent >= 0) {
      at = dependent
      continue
    }
    emitted.add(candidate)
    const [next, ...others] = (parents.get(candidate) ?? []).filter(id => !emitted.has(id) && !current.includes(id))
    if (next === undefined) {
      current.splice(at, 1)
      at = Math.max(at - 1, 0)
    } else {
      current[at] = next
      append(current, others)
    }
  }
  return emitted
}

/** A revision and all those that it is based on. */
function ancestors(id: string, parents: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>([id])
  for (const each of found) for (const parent of parents.get(each) ?? []) found.add(parent)
  return found
}
