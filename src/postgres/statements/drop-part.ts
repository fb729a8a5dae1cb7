import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Relation } from '../catalog/catalog.ts'
import { qualifiedName, strings } from '../catalog/name.ts'
import { isIndex, isTable } from '../catalog/relation.ts'
import { relationWord } from '../object/object.ts'
import type { Target } from './drop-target.ts'

const parts = {
  OBJECT_TRIGGER: { kind: 'drop-trigger', part: 'trigger', list: 'triggers', owner: 'table' },
  OBJECT_RULE: { kind: 'drop-rule', part: 'rule', list: 'rules', owner: 'relation' },
  OBJECT_POLICY: { kind: 'drop-policy', part: 'policy', list: 'policies', owner: 'table' },
} as const

/**
 * A trigger, rule or policy to drop: `names` are those of its table, followed by its own. Source:
 * get_object_address_relobject.
 */
export function partToDrop(
  backend: Backend,
  type: keyof typeof parts,
  names: readonly Node[],
  ifExists: boolean,
): Target {
  const { kind, part } = parts[type]
  const name = strings(names).at(-1) ?? ''
  const owner = qualifiedName(names.slice(0, -1))
  const absent: Target = { kind, name, object: null, relation: null, isNew: true }
  if (ifExists && backend.lookup(owner) === 'dropped') return absent
  const relation = backend.relation(owner)
  if (!hasPart(relation, type, name)) {
    if (ifExists && relation.complete) return { ...absent, relation: null }
    requirePart(backend, relation, type, name)
  }
  if (type === 'OBJECT_TRIGGER') requireOwnTrigger(backend, relation, name)
  return {
    kind,
    name,
    object: { kind: part, relation: relation.oid, name },
    relation,
    isNew: !backend.isExposed(relation),
  }
}

function hasPart(relation: Relation, type: keyof typeof parts, name: string): boolean {
  const { list } = parts[type]
  const all = (relation as unknown as Record<string, readonly { readonly name: string }[] | undefined>)[list]
  return all?.some(each => each.name === name) ?? false
}

/** Fails with 42704 when the relation is wholly known and has no trigger, rule or policy of that name. */
export function requirePart(backend: Backend, relation: Relation, type: keyof typeof parts, name: string): void {
  const { part, owner } = parts[type]
  if (isIndex(relation) || !relation.complete || hasPart(relation, type, name)) return
  backend.fail('42704', `${part} "${name}" for ${owner} "${relation.name}" does not exist`)
}

/** A partition's row trigger that comes from its parent is dropped only together with the parent's. */
function requireOwnTrigger(backend: Backend, relation: Relation, name: string): void {
  const above = isTable(relation) && relation.partitionOf !== null ? backend.getTable(relation.partitionOf) : undefined
  const trigger = above?.triggers.find(each => each.name === name && each.row)
  if (!above || !trigger) return
  const on = `${relationWord(relation.kind)} ${relation.name}`
  backend.fail(
    '2BP01',
    `cannot drop trigger ${name} on ${on} because trigger ${name} on table ${above.name} requires it`,
  )
}
