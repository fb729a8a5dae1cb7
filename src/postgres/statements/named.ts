import type { RangeVar } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Relation, RelationKind } from '../catalog/catalog.ts'
import { nameKey, type QualifiedName, rangeVarName } from '../catalog/name.ts'
import { relationWord } from '../object/object.ts'

/**
 * The relation that a statement names, where only some kinds are allowed. If it is known to be of another kind, the
 * statement fails with 42809 and `"users" is not a view`. If only its name is known, it becomes the kind that the
 * statement requires.
 */
export function namedRelation(
  backend: Backend,
  name: RangeVar | QualifiedName,
  kinds: readonly [RelationKind, ...RelationKind[]],
): Relation {
  const found = backend.relation(name, kinds[0])
  if (kinds.includes(found.kind)) return found
  if (found.complete) backend.fail('42809', `"${found.name}" is not ${article(relationWord(kinds[0]))}`)
  backend.remove(found)
  const key = nameKey('relation', found.schema, found.name)
  backend.catalog = { ...backend.catalog, dropped: backend.catalog.dropped.remove(key) }
  return backend.relation({ schema: found.schema, name: found.name }, kinds[0])
}

/** The same, or null when the relation is known to be absent. */
export function findNamed(
  backend: Backend,
  name: RangeVar | QualifiedName,
  kinds: readonly [RelationKind, ...RelationKind[]],
): Relation | null {
  const wanted = 'relname' in name ? rangeVarName(name) : (name as QualifiedName)
  return backend.lookup(wanted) === 'dropped' ? null : namedRelation(backend, wanted, kinds)
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`
}
