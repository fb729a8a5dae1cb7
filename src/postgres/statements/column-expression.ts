import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import type { Column } from '../catalog/column.ts'
import { qualifiedName, strings } from '../catalog/name.ts'
import { columnsOf, walk } from '../expression/expression.ts'
import { columnsOfTable } from '../expression/type-of.ts'
import { isMutable, volatility } from '../expression/volatility.ts'
import {
  aggregateFunctions,
  extensions,
  functionLifetimes,
  setReturningFunctions,
  windowFunctions,
} from '../type/builtin.generated.ts'
import { typeOf } from '../type/type.ts'
import { routinesNamed } from './routine-lookup.ts'

/**
 * The expressions that a DEFAULT may contain. Source: cookDefault, transformColumnRef and ParseExprKind in the parser.
 */
export function checkDefault(backend: Backend, expression: Node): void {
  checkCalls(backend, expression, 'DEFAULT expressions')
  if (columnsOf(expression).length > 0) backend.fail('0A000', 'cannot use column reference in DEFAULT expression')
}

/**
 * The expressions that GENERATED ALWAYS AS may contain. Source: cookDefault, check_nested_generated,
 * check_virtual_generated_security.
 */
export function checkGenerated(backend: Backend, table: Table, column: Column): void {
  if (!column.generated) return
  const { kind, expression } = column.generated
  checkCalls(backend, expression, 'column generation expressions')
  if (isMutable(volatility(backend, expression, columnsOfTable(backend, table))))
    backend.fail('42P17', 'generation expression is not immutable')
  for (const name of columnsOf(expression)) {
    const used = name === column.name ? column : backend.existingColumn(table, name)
    if (used?.generated) backend.fail('42P17', `cannot use generated column "${name}" in column generation expression`)
  }
  if (kind === 'virtual') {
    if (typeOf(backend, column.type) !== null && typeOf(backend, column.type) !== 'unknown') {
      backend.fail('0A000', `virtual generated column "${column.name}" cannot have a user-defined type`)
    }
    walk(expression, (node, fields) => {
      const name = node === 'FuncCall' ? strings(fields.funcname as Node[]).at(-1) : undefined
      if (name && routinesNamed(backend, qualifiedName(fields.funcname as Node[])).length > 0) {
        backend.fail('0A000', 'generation expression uses user-defined function')
      }
    })
  }
}

/** Calls that no stored expression may contain. Source: ParseExprKind in parse_agg.c, parse_func.c, parse_expr.c. */
export function checkCalls(backend: Backend, expression: Node, where: string): void {
  walk(expression, (node, fields) => {
    if (node === 'SubLink') backend.fail('0A000', `cannot use subquery in ${where}`)
    // EXTRACT(…) and the like are syntax: the function that they call has changed over the versions.
    if (node !== 'FuncCall' || fields.funcformat === 'COERCE_SQL_SYNTAX') return
    const name = strings(fields.funcname as Node[]).at(-1) ?? ''
    if (fields.over) backend.fail('42P20', `window functions are not allowed in ${where}`)
    if (routinesNamed(backend, qualifiedName(fields.funcname as Node[])).length > 0) return
    const lifetime = functionLifetimes.get(name)
    if (lifetime?.since !== undefined && !isUnseen(backend, name) && !backend.since(lifetime.since))
      backend.fail('42883', `function ${name}() does not exist`)
    if (aggregateFunctions.has(name) && !windowFunctions.has(name))
      backend.fail('42803', `aggregate functions are not allowed in ${where}`)
    if (setReturningFunctions.has(name)) backend.fail('0A000', `set-returning functions are not allowed in ${where}`)
  })
}

/**
 * gen_random_uuid() was part of pgcrypto before it was built in. Other extensions, and people, define other functions
 * (uuidv7).
 */
function isUnseen(backend: Backend, name: string): boolean {
  if (backend.unseenFunctions) return true
  return [...extensions.values()].some(({ functions }) => Object.values(functions).some(names => names.has(name)))
}
