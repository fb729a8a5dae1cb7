import { nameParts } from '../../parse/placeholder.ts'
import type { Catalog } from '../../postgres/catalog/catalog.ts'
import { doubtOf } from '../../postgres/catalog/doubt.ts'
import { nameKey } from '../../postgres/catalog/name.ts'
import type { Operation } from '../../postgres/operation.ts'
import type { Step } from '../../postgres/step.ts'
import type { Subject } from '../../postgres/subject.ts'
import { once } from '../once.ts'

interface Place {
  readonly step: Step
  readonly migration: readonly Step[]
}

/** The steps that others see as one: those of the transaction. If it is not known how the migration is run, all of them. */
export function together(place: Place): readonly Step[] {
  return place.migration.filter(each => areTogether(place.step, each))
}

function areTogether(step: Step, other: Step): boolean {
  const { id, kind } = step.transaction
  return kind === 'unknown' || other === step || (id !== null && other.transaction.id === id)
}

/** The names that others find once the step's transaction has committed. */
export function catalogAtEnd({ step, migration }: Place): Catalog {
  const { id, kind } = step.transaction
  if (kind === 'unknown') return (migration.at(-1) ?? step).after
  return ((id === null ? undefined : lastSteps(migration).get(id)) ?? step).after
}

/** The last step of each transaction. */
const lastSteps = once((migration: readonly Step[]) => new Map(migration.map(each => [each.transaction.id, each])))

/**
 * True if the transaction leaves nothing under a name that other sessions were using. False for the halves of an
 * exchange (`a` to `a_old`, `a_new` to `a`), for a view or domain that takes the name over, and for a name that was
 * given only on the way.
 */
export function losesName(place: Place, space: 'relation' | 'type', schema: string, name: string): boolean {
  const key = nameKey(space, schema, name)
  const row = nameKey('relation', schema, name)
  const { names } = catalogAtEnd(place)
  return !names.has(key) && !names.has(row) && !isNewName(place, name)
}

/** True when an earlier step of the transaction gave this name to something. */
export function isNewName(place: Place, name: string): boolean {
  return (givingSteps(place.migration).get(name) ?? []).some(
    each => each.index < place.step.index && areTogether(place.step, each),
  )
}

/** New names, with the steps that give them. */
const givingSteps = once((migration: readonly Step[]) =>
  stepsWith(migration, each => (each.kind.startsWith('rename-') && 'to' in each ? [each.to] : [])),
)

/** Names that an object loses, because it is renamed or dropped. */
const takingSteps = once((migration: readonly Step[]) =>
  stepsWith(migration, each => [
    ...(each.kind.startsWith('rename-') && 'from' in each ? [each.from] : []),
    ...(each.kind.startsWith('drop-') && 'name' in each ? [each.name] : []),
    ...(each.kind === 'drop-column' ? [each.column] : []),
  ]),
)

function stepsWith(
  migration: readonly Step[],
  names: (operation: Operation) => readonly unknown[],
): ReadonlyMap<unknown, readonly Step[]> {
  const found = new Map<unknown, Step[]>()
  for (const step of migration) {
    for (const name of new Set(step.operations.flatMap(names))) {
      const own = found.get(name)
      if (own) own.push(step)
      else found.set(name, [step])
    }
  }
  return found
}

/** Schema and name, from a name as reports show it: `app.users`, or `users` in `public`. */
export function parts(name: string): readonly [schema: string, name: string] {
  const [first = '', ...rest] = nameParts(name)
  return rest.length === 0 ? ['public', name] : [first, rest.join('.')]
}

/** The same for a relation that is in the catalog, whatever its name looks like. */
export function partsOf(catalog: Catalog, { oid, name }: Subject): readonly [schema: string, name: string] {
  const relation = catalog.relations.get(oid)
  return relation ? [relation.schema, relation.name] : parts(name)
}

/** The step that creates a table of the same name again, after this one has dropped it. */
export function recreation({ step, migration }: Place, table: Subject): Step | undefined {
  const key = nameKey('relation', ...partsOf(step.before, table))
  const next = naming(migration).find(({ index, after }) => index > step.index && after.names.has(key))
  return next?.operations.some(({ kind }) => kind === 'create-table') ? next : undefined
}

/** Steps after which an object may have a new name. A file with thousands of drops has none. */
const naming = once((migration: readonly Step[]) =>
  migration.filter(
    ({ before, after, operations }) =>
      before.names !== after.names && operations.some(({ kind }) => !kind.startsWith('drop-')),
  ),
)

/** True when some object has a relation's name again at the end of the migration, whatever its transactions are. */
export function nameReturns({ step, migration }: Place, relation: Subject): boolean {
  const { after } = migration.at(-1) ?? step
  return after.names.has(nameKey('relation', ...partsOf(step.before, relation)))
}

/** True when the migrations create a type or routine and all of them were read: then they also contain everything that depends on it. */
export function isCreatedHere({ before }: Step, name: string): boolean {
  const [schema, own] = parts(name)
  const routines = before.routineNames.get(nameKey('routine', schema, own))
  if (routines) return routines.every(oid => oid >= (before.uncertain?.until ?? 0))
  const type = before.types.get(before.names.get(nameKey('type', schema, own)) ?? -1)
  return type?.complete === true && doubtOf(before, type) === null
}

/** True when others find some object under a relation's name again after the transaction. */
export function nameStays(place: Place, relation: Subject): boolean {
  return catalogAtEnd(place).names.has(nameKey('relation', ...partsOf(place.step.before, relation)))
}

/** True when the transaction has taken a new name from another object before: the end of an exchange. */
export function takesOver(place: Place, name: string): boolean {
  return (takingSteps(place.migration).get(name) ?? []).some(
    each => each.index < place.step.index && areTogether(place.step, each),
  )
}
