import { append } from '../../parse/list.ts'
/** A script of Alembic, by what stands at its top. */
export interface Revision {
  readonly id: string
  readonly path: string
  readonly down: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
}

/**
 * The order in which `alembic upgrade heads` runs revisions, given in the order of their files: that of
 * RevisionMap._topological_sort (alembic/script/revision.py), which goes back from the heads, turned around. What refers
 * to a revision that is not there, or is in a circle, comes last.
 */
export function topologicalOrder(revisions: readonly Revision[]): { order: Revision[]; heads: string[] } {
  const byId = new Map(revisions.map(revision => [revision.id, revision]))
  const { resolve, parents } = graphOf(revisions)
  const lineage = new Set(revisions.flatMap(({ down }) => down.flatMap(word => resolve(word) ?? [])))
  const heads = revisions.map(({ id }) => id).filter(id => !lineage.has(id))
  const emitted = backwards(heads, parents)
  const found = [...emitted].reverse()
  const left = revisions.filter(({ id }) => !emitted.has(id))
  return { order: [...found.flatMap(id => byId.get(id) ?? []), ...left], heads }
}

/** These revisions and all that they build on. */
export function lineage(revisions: readonly Revision[], ids: readonly string[]): Set<string> {
  const { parents } = graphOf(revisions)
  return new Set(ids.flatMap(id => [...ancestors(id, parents)]))
}

function graphOf(revisions: readonly Revision[]) {
  const ids = revisions.map(({ id }) => id)
  const named = new Map(revisions.flatMap(({ id, labels }) => labels.map(label => [label, id] as const)))
  // Ids may be shortened.
  const resolve = (word: string) => named.get(word) ?? (ids.includes(word) ? word : ids.find(id => id.startsWith(word)))
  const parentsOf = ({ down, dependsOn }: Revision) => [...down, ...dependsOn].flatMap(word => resolve(word) ?? [])
  return { resolve, parents: new Map(revisions.map(revision => [revision.id, [...new Set(parentsOf(revision))]])) }
}

function backwards(heads: readonly string[], parents: ReadonlyMap<string, readonly string[]>): Set<string> {
  const emitted = new Set<string>()
  const current = [...heads]
  let at = 0
  // Each step emits a revision, drops a head or goes to another head that depends on this one; a circle would never end.
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

/** A revision and all that it builds on. */
function ancestors(id: string, parents: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>([id])
  for (const each of found) for (const parent of parents.get(each) ?? []) found.add(parent)
  return found
}
