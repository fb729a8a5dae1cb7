import type { RuleStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Table, View } from '../catalog/catalog.ts'
import { isTable, isView } from '../catalog/relation.ts'
import { type Context, type Level, newLevel, topContext } from '../query/level.ts'
import { readExpressions, readQuery } from '../query/read.ts'
import { outputsOf } from '../query/resolve.ts'
import type { Handlers } from './handler.ts'
import { wholeStatement } from './whole-statement.ts'

/** CREATE RULE. Source: DefineRule in rewriteDefine.c, transformRuleStmt in parse_utilcmd.c. */
export const ruleHandlers = { RuleStmt: createRule } satisfies Partial<Handlers>

function createRule(backend: Backend, node: RuleStmt): void {
  const name = node.rulename ?? ''
  const relation = backend.relation(node.relation ?? {})
  const replace = node.replace ?? false
  backend.operation({
    kind: 'create-rule',
    ...wholeStatement(backend),
    name,
    subject: backend.subject(relation),
    replace,
    ifNotExists: false,
  })
  backend.lock(relation, 'AccessExclusiveLock', `rule "${name}" is made for it`)
  if (!isTable(relation) && !isView(relation)) {
    backend.fail('42809', `relation "${relation.name}" cannot have rules`)
  }
  const context = topContext(backend, 'analyze')
  const outer = oldAndNew(context, relation)
  readExpressions(outer, node.whereClause)
  for (const action of node.actions ?? []) readQuery({ ...context, outer }, action)
  if (!replace && relation.rules.some(rule => rule.name === name)) {
    backend.fail('42710', `rule "${name}" for relation "${relation.name}" already exists`)
  }
  const others = relation.rules.filter(rule => rule.name !== name)
  backend.change<Table | View>(relation.oid, { rules: [...others, { name, relations: context.uses }] })
}

/** OLD and NEW stand for the rows of the rule's own table. */
function oldAndNew(context: Context, relation: Table | View): Level {
  const level = newLevel(context)
  for (const alias of ['old', 'new']) {
    level.sources.push({ ...outputsOf(relation), alias, relation, lock: 'AccessShareLock', inherits: false })
  }
  return level
}
