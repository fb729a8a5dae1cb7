import type { AlterPolicyStmt, CreatePolicyStmt, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { ColumnUse, Table } from '../catalog/catalog.ts'
import { callsIn } from '../object/dependents/expression.ts'
import { newLevel, topContext } from '../query/level.ts'
import { readExpressions } from '../query/read.ts'
import { outputsOf } from '../query/resolve.ts'
import { requirePart } from './drop-part.ts'
import type { Handlers } from './handler.ts'
import { wholeStatement } from './whole-statement.ts'

/** Row security policies. Source: policy.c. */
export const policyHandlers = {
  CreatePolicyStmt: createPolicy,
  AlterPolicyStmt: alterPolicy,
} satisfies Partial<Handlers>

function createPolicy(backend: Backend, node: CreatePolicyStmt): void {
  const name = node.policy_name ?? ''
  const table = backend.table(node.table ?? {})
  backend.operation({
    kind: 'create-policy',
    ...wholeStatement(backend),
    name,
    subject: backend.subject(table),
    replace: false,
    ifNotExists: false,
  })
  backend.lock(table, 'AccessExclusiveLock', `policy "${name}" is made for it`)
  const uses = usesOf(backend, table, [node.qual, node.with_check])
  if (table.policies.some(policy => policy.name === name)) {
    backend.fail('42710', `policy "${name}" for table "${table.name}" already exists`)
  }
  backend.change<Table>(table.oid, {
    policies: [...table.policies, { name, uses, calls: callsIn([node.qual, node.with_check]) }],
  })
}

function alterPolicy(backend: Backend, node: AlterPolicyStmt): void {
  const name = node.policy_name ?? ''
  const table = backend.table(node.table ?? {})
  backend.operation({ kind: 'alter-other', ...wholeStatement(backend) })
  backend.lock(table, 'AccessExclusiveLock', `its policy "${name}" is changed`)
  requirePart(backend, table, 'OBJECT_POLICY', name)
  const uses = usesOf(backend, table, [node.qual, node.with_check])
  const known = table.policies.find(policy => policy.name === name)
  if (!known || (!node.qual && !node.with_check)) return
  // If one of the two expressions is replaced, an object that only the old one used stays listed: the model does not
  // tell them apart.
  const kept = node.qual && node.with_check ? uses : [...known.uses, ...uses]
  const calls = [...(known.calls ?? []), ...callsIn([node.qual, node.with_check])]
  const policies = table.policies.map(policy => (policy === known ? { name, uses: kept, calls } : policy))
  backend.change<Table>(table.oid, { policies })
}

/** Locks the relations that USING and WITH CHECK query, and lists the objects that they use. */
function usesOf(backend: Backend, table: Table, nodes: readonly (Node | undefined)[]): ColumnUse[] {
  const context = topContext(backend, 'analyze')
  const level = newLevel(context)
  level.sources.push({
    ...outputsOf(table),
    alias: table.name,
    relation: table,
    lock: 'AccessShareLock',
    inherits: false,
  })
  readExpressions(level, nodes)
  return context.uses
}
