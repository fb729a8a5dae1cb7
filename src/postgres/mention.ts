import type { Catalog, Oid, Relation, Sequence, Table } from './catalog.ts'

/**
 * Which relations speak of which: pg_depend for the relations of the catalog. Foreign keys, views, rules, policies and owned
 * sequences are looked up from the relation they refer to thousands of times in a long history; this makes each look-up
 * cost what it finds, not the size of the catalog.
 */

/** The relations that a relation's definition refers to, each once, itself left out. */
function mentions(relation: Relation): Oid[] {
  const found = new Set<Oid>()
  if (relation.kind === 'sequence') {
    if (relation.ownedBy) found.add(relation.ownedBy.relation)
  } else if ('constraints' in relation) {
    for (const { references } of relation.constraints) if (references) found.add(references.table)
    for (const { uses } of relation.policies) for (const use of uses) found.add(use.relation)
  }
  if ('uses' in relation) for (const use of relation.uses) found.add(use.relation)
  if ('rules' in relation)
    for (const { relations } of relation.rules) for (const use of relations) found.add(use.relation)
  found.delete(relation.oid)
  return [...found]
}

/** True when the two certainly refer to the same relations: nothing that could refer was replaced. */
function refersAlike(a: Relation, b: Relation): boolean {
  const parts = ({ constraints, policies, uses, rules, ownedBy }: Partial<Table & Sequence>) => [
    constraints,
    policies,
    uses,
    rules,
    ownedBy,
  ]
  const those = parts(b as Partial<Table & Sequence>)
  return parts(a as Partial<Table & Sequence>).every((part, i) => part === those[i])
}

/** The index after a relation was added, replaced (`before` is what it was) or removed (`after` is null). */
export function reindexMentions(
  mentioned: Catalog['mentioned'],
  before: Relation | null,
  after: Relation | null,
): Catalog['mentioned'] {
  if (before && after && refersAlike(before, after)) return mentioned
  const old = before ? mentions(before) : []
  const now = after ? mentions(after) : []
  const by = (after ?? before)?.oid ?? 0
  let next = mentioned
  for (const oid of old)
    if (!now.includes(oid))
      next = next.set(
        oid,
        (next.get(oid) ?? []).filter(other => other !== by),
      )
  for (const oid of now) if (!old.includes(oid)) next = next.set(oid, [...(next.get(oid) ?? []), by])
  return next
}
