import type { CreateTrigStmt, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Relation, Table, Trigger, View } from '../catalog/catalog.ts'
import { qualifiedName, repeated, strings } from '../catalog/name.ts'
import { isIndex, isTable } from '../catalog/relation.ts'
import { columnsOf } from '../expression/expression.ts'
import type { Handlers } from './handler.ts'
import { routinesNamed } from './routine-lookup.ts'
import { wholeStatement } from './whole-statement.ts'

/** CREATE TRIGGER. Source: CreateTriggerFiringOn in trigger.c. */
export const triggerHandlers = { CreateTrigStmt: createTrigger } satisfies Partial<Handlers>

// Bits of CreateTrigStmt.timing and .events. Source: src/include/catalog/pg_trigger.h.
const before = 1 << 1
const insteadOf = 1 << 6
const events: readonly (readonly [bit: number, event: Trigger['events'][number]])[] = [
  [1 << 2, 'insert'],
  [1 << 3, 'delete'],
  [1 << 4, 'update'],
  [1 << 5, 'truncate'],
]

function createTrigger(backend: Backend, node: CreateTrigStmt): void {
  const name = node.trigname ?? ''
  const relation = backend.relation(node.relation ?? {})
  const replace = node.replace ?? false
  backend.operation({
    kind: 'create-trigger',
    ...wholeStatement(backend),
    name,
    subject: backend.subject(relation),
    replace,
    ifNotExists: false,
  })
  if (isIndex(relation) || relation.kind === 'sequence') {
    backend.fail('42809', `"${relation.name}" is not a table or view`)
  }
  const row = node.row ?? false
  const timing = node.timing ?? 0
  requireSuitable(backend, relation, row, timing)
  backend.lock(relation, 'ShareRowExclusiveLock', 'CREATE TRIGGER keeps writers out')
  if (node.constrrel) backend.lock(backend.relation(node.constrrel), 'AccessShareLock', `trigger "${name}" names it`)
  for (const column of strings(node.columns)) if (isTable(relation)) backend.existingColumn(relation, column)
  const twice = repeated(strings(node.columns))
  if (twice !== undefined) backend.fail('42701', `column "${twice}" specified more than once`)
  const trigger: Trigger = {
    name,
    routine: functionOf(backend, node.funcname),
    columns: [...strings(node.columns), ...(node.whenClause ? columnsOf(node.whenClause) : [])],
    events: events.flatMap(([bit, event]) => ((node.events ?? 0) & bit ? [event] : [])),
    deferrable: node.deferrable ?? false,
    row,
  }
  if (!replace && relation.triggers.some(other => other.name === name)) {
    backend.fail('42710', `trigger "${name}" for relation "${relation.name}" already exists`)
  }
  put(backend, relation, trigger)
  if (!row || !isTable(relation) || relation.kind !== 'partitioned table') return
  for (const partition of backend.withDescendants(relation).slice(1)) {
    backend.lock(
      partition,
      'ShareRowExclusiveLock',
      `it is a partition of "${relation.name}" and gets the trigger as well`,
    )
    put(backend, partition, trigger)
  }
}

function put(backend: Backend, relation: Table | View, trigger: Trigger): void {
  const others = relation.triggers.filter(({ name }) => name !== trigger.name)
  backend.change<Table | View>(relation.oid, { triggers: [...others, trigger] })
}

function requireSuitable(backend: Backend, relation: Relation, row: boolean, timing: number): void {
  const { kind, name } = relation
  const refuse = (message: string) => {
    if (relation.complete) backend.fail('42809', message)
  }
  if (kind === 'view') {
    if (row && timing !== insteadOf) refuse(`"${name}" is a view`)
  } else if (kind === 'materialized view') refuse(`relation "${name}" cannot have triggers`)
  else if (timing === insteadOf) refuse(`"${name}" is a table`)
  else if (kind === 'partitioned table' && row && timing === before && !backend.since(13)) {
    refuse(`"${name}" is a partitioned table`)
  }
}

/** The trigger's function: the one without arguments. Fails if it certainly is not a trigger function. */
function functionOf(backend: Backend, names: readonly Node[] | undefined): number | null {
  const found = routinesNamed(backend, qualifiedName(names)).find(routine => routine.arguments.length === 0)
  if (!found) return null
  if (!found.returnsTrigger) backend.fail('42P17', `function ${found.name} must return type trigger`)
  return found.oid
}
