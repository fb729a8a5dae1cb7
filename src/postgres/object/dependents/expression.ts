import type { Node } from '@pgsql/types'
import { append } from '../../../parse/list.ts'
import { nameParts } from '../../../parse/placeholder.ts'
import type { Backend } from '../../backend.ts'
import type { FunctionName, Mention, Oid, Relation, Table, View } from '../../catalog/catalog.ts'
import type { Column } from '../../catalog/column.ts'
import { unquoted } from '../../catalog/mention.ts'
import { qualifiedName } from '../../catalog/name.ts'
import { isTable } from '../../catalog/relation.ts'
import { walk } from '../../expression/expression.ts'
import { literal } from '../object.ts'
import { type Link, normal } from './link.ts'

/** The objects that depend on an object because an expression or query stored with them names it. */

/** Functions that an expression or query calls, as written. */
export function callsIn(node: unknown): FunctionName[] {
  const found: FunctionName[] = []
  walk(node, (kind, fields) => {
    if (kind === 'FuncCall') found.push(qualifiedName(fields.funcname as Node[]))
  })
  return found
}

/** Relations with a function call of one of these names. */
function callers(backend: Backend, names: Iterable<string>): Relation[] {
  return mentioningAny(
    backend,
    [...names].map(name => `function:${name}` as const),
  )
}

/** Relations that mention any of these, each once, in the order in which they were made. */
export function mentioningAny(backend: Backend, mentions: readonly Mention[]): Relation[] {
  const found = new Map(mentions.flatMap(mention => backend.mentioning(mention)).map(each => [each.oid, each]))
  return [...found.values()].sort((a, b) => a.oid - b.oid)
}

/** Views, policies and expressions that call a function of one of these names. */
export function linksByCall(backend: Backend, names: Iterable<string>, isIt: (name: FunctionName) => boolean): Link[] {
  const relations = callers(backend, names)
  return [...linksByQuery(relations, isIt), ...linksByExpression(relations, node => callsIn(node).some(isIt))]
}

/** Views and policies that call something. */
function linksByQuery(relations: readonly Relation[], isIt: (name: FunctionName) => boolean): Link[] {
  return relations.flatMap(relation => {
    const called = 'calls' in relation && relation.calls?.some(isIt)
    const policies = 'policies' in relation ? relation.policies.filter(policy => policy.calls?.some(isIt)) : []
    return [
      ...(called ? [normal({ kind: 'relation', oid: relation.oid })] : []),
      ...policies.map(({ name }) => normal({ kind: 'policy', relation: relation.oid, name })),
    ]
  })
}

/** Defaults, generated columns, CHECK constraints and indexes of these relations whose expression does something. */
export function linksByExpression(relations: readonly Relation[], uses: (node: Node) => boolean): Link[] {
  const links: Link[] = []
  for (const relation of relations) {
    if ('columns' in relation)
      append(
        links,
        relation.columns.flatMap(column => linksByColumnExpression(relation, column, uses)),
      )
    if (isTable(relation)) {
      for (const { name, expression } of relation.constraints) {
        if (expression && uses(expression)) links.push(normal({ kind: 'constraint', relation: relation.oid, name }))
      }
    }
    if ('keys' in relation) {
      const expressions = [...relation.keys.map(key => key.expression), relation.predicate]
      if (expressions.some(node => node !== null && uses(node)))
        links.push(normal({ kind: 'relation', oid: relation.oid }))
    }
  }
  return links
}

function linksByColumnExpression(relation: Table | View, column: Column, uses: (node: Node) => boolean): Link[] {
  const at = { relation: relation.oid, name: column.name }
  if (column.generated && uses(column.generated.expression)) return [normal({ kind: 'column', ...at })]
  return column.default && uses(column.default) ? [normal({ kind: 'default', ...at })] : []
}

export function namesSequence(backend: Backend, node: Node, sequence: Oid): boolean {
  let found = false
  walk(node, (kind, fields) => {
    if (kind !== 'FuncCall') return
    if (qualifiedName(fields.funcname as Node[]).name !== 'nextval') return
    const text = literal((fields.args as Node[] | undefined)?.[0])
    found ||= text !== null && sequenceNamed(backend, text)?.oid === sequence
  })
  return found
}

function sequenceNamed(backend: Backend, text: string): Relation | undefined {
  const parts = nameParts(text).map(unquoted)
  const found = backend.lookup({ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' })
  return found === 'dropped' ? undefined : found
}
