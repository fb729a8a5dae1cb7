import type { Node, ViewStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Oid, View } from '../catalog/catalog.ts'
import type { Column } from '../catalog/column.ts'
import { rangeVarName, strings } from '../catalog/name.ts'
import { isView } from '../catalog/relation.ts'
import { walk } from '../expression/expression.ts'
import { sameType } from '../expression/type-of.ts'
import { callsIn } from '../object/dependents/expression.ts'
import { collationOfColumn, refuseConflicts } from '../query/collation.ts'
import { topContext } from '../query/level.ts'
import { readQuery } from '../query/read.ts'
import { aggregateFunctions, setReturningFunctions } from '../type/builtin.generated.ts'
import { typeText } from '../type/type.ts'
import { columnsOf, distinct } from './create-table-as.ts'
import type { Handlers } from './handler.ts'

/** Source: DefineView and DefineVirtualRelation in view.c. */
function createView(backend: Backend, node: ViewStmt): void {
  const { span, keyword } = backend.statement
  const written = rangeVarName(node.view ?? {})
  const replace = node.replace === true
  backend.operation({
    kind: 'create-view',
    span,
    keyword,
    name: written.name,
    subject: null,
    replace,
    ifNotExists: false,
  })
  const context = { ...topContext(backend, 'analyze'), strict: true }
  const outputs = node.query ? readQuery(context, node.query) : { columns: [], complete: false }
  const uses = distinct(context.uses)
  const calls = callsIn(node.query)
  // A view on a temporary table is temporary itself.
  const overTemporary = uses.some(use => backend.get(use.relation)?.persistence === 'temporary')
  const temporary = node.view?.relpersistence === 't' || written.schema === 'pg_temp' || overTemporary
  const schema = temporary ? 'pg_temp' : (written.schema ?? backend.creationSchema)
  const columns = columnsOf(backend, outputs, node.aliases)
  refuseConflicts(
    backend,
    outputs.columns.map((output, i) => ({ ...output, name: columns[i]?.name ?? output.name })),
    'view',
  )
  const base = baseOf(backend, node.query)

  const taken = backend.lookup({ schema, name: written.name })
  if (taken !== undefined && taken !== 'dropped') {
    if (!replace) {
      if (taken.complete) backend.fail('42P07', `relation "${written.name}" already exists`)
    } else {
      backend.lock(taken, 'AccessExclusiveLock', 'the view is replaced')
      if (isView(taken)) {
        backend.amend({ subject: backend.subject(taken) })
        checkReplacement(backend, taken, columns, outputs.complete)
        backend.change<View>(taken.oid, { columns, uses, calls, base, complete: outputs.complete })
        return
      }
      if (taken.complete || taken.kind !== 'table') backend.fail('42809', `"${taken.name}" is not a view`)
      // So far only its name was known; this statement shows that it is a view.
      const { oid, schema, name, persistence, owner, tablespace, createdIn } = taken
      const common = { oid, schema, name, persistence, owner, tablespace, createdIn, complete: outputs.complete }
      backend.put<View>({ ...common, kind: 'view', columns, uses, calls, base, rules: [], triggers: [] })
      return
    }
  }
  const view = backend.create<View>({
    kind: 'view',
    schema,
    name: written.name,
    persistence: temporary ? 'temporary' : 'permanent',
    owner: null,
    tablespace: null,
    columns,
    uses,
    calls,
    base,
    rules: [],
    triggers: [],
  })
  if (!outputs.complete) backend.change<View>(view.oid, { complete: false })
}

/** The relation that a view writes through to, or null. Source: view_query_is_auto_updatable in rewriteHandler.c. */
function baseOf(backend: Backend, query: Node | undefined): Oid | null {
  if (!query || !('SelectStmt' in query)) return null
  const { SelectStmt: select } = query
  const { distinctClause, groupClause, havingClause, withClause, limitCount, limitOffset, valuesLists } = select
  const derived =
    distinctClause ?? groupClause ?? havingClause ?? withClause ?? limitCount ?? limitOffset ?? valuesLists
  const [from, more] = select.fromClause ?? []
  if (derived || select.op !== 'SETOP_NONE' || !from || more || !('RangeVar' in from)) return null
  const found = backend.lookup(rangeVarName(from.RangeVar))
  if (!found || found === 'dropped' || found.kind === 'materialized view' || found.kind === 'sequence') return null
  return (select.targetList ?? []).some(makesRows) ? null : found.oid
}

// Aggregates, window functions and functions that return sets.
function makesRows(target: Node): boolean {
  let found = false
  walk(target, (kind, node) => {
    const name = kind === 'FuncCall' ? (strings(node.funcname as Node[]).at(-1) ?? '') : ''
    found ||=
      name !== '' && (node.over !== undefined || aggregateFunctions.has(name) || setReturningFunctions.has(name))
  })
  return found
}

/** Columns can be added at the end of a view; nothing else is allowed. Source: checkViewColumns in view.c. */
function checkReplacement(backend: Backend, view: View, columns: readonly Column[], complete: boolean): void {
  if (!view.complete) return
  if (complete && columns.length < view.columns.length) backend.fail('42P16', 'cannot drop columns from view')
  if (!complete) return
  for (const [i, old] of view.columns.entries()) {
    const column = columns[i]
    if (!column) return
    if (column.name !== old.name) {
      backend.fail('42P16', `cannot change name of view column "${old.name}" to "${column.name}"`)
    }
    if (column.complete && old.complete && !sameType(column.type, old.type)) {
      const [from, to] = [typeText(old.type), typeText(column.type)]
      backend.fail('42P16', `cannot change data type of view column "${old.name}" from ${from} to ${to}`)
    }
    const [was, is] = [collationOfColumn(old), collationOfColumn(column)]
    // Up to 14, it was changed (checkViewTupleDesc).
    if (backend.since(15) && was && is && was.name !== is.name) {
      const names = `from "${was.name}" to "${is.name}"`
      backend.fail('42P16', `cannot change collation of view column "${old.name}" ${names}`)
    }
  }
}

export const viewHandlers = { ViewStmt: createView } satisfies Partial<Handlers>
