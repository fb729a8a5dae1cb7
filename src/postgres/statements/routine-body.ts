import type { Node } from '@pgsql/types'
import { parse } from '../../parse/index.ts'
import type { Backend } from '../backend.ts'
import type { ColumnUse, Routine, View } from '../catalog/catalog.ts'
import { isView } from '../catalog/relation.ts'
import { nodeKind } from '../expression/expression.ts'
import { refuseNewLabels } from '../object/new-enum-value.ts'
import { statementsIn } from '../object/sql-body.ts'
import { newLevel, topContext } from '../query/level.ts'
import { readExpressions, readQuery } from '../query/read.ts'

const queries: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

/**
 * What CREATE FUNCTION does with a body in SQL. It is analysed and rewritten, which locks the relations that it names
 * and those behind views, but it is not planned: partitions, policies and foreign keys are not touched. Returns the
 * objects that a body given as a parse tree uses: these are dependencies, and a text has none. Source:
 * fmgr_sql_validator in pg_proc.c.
 */
export function readBody(backend: Backend, routine: Omit<Routine, 'oid' | 'createdIn'>): readonly ColumnUse[] {
  if (routine.sqlBody) return analyse(backend, statementsIn(routine.sqlBody))
  const checked = !['off', 'false', 'no', '0'].includes(backend.settings.get('check_function_bodies')?.value ?? 'on')
  const isPolymorphic = routine.arguments.some(({ name }) => name.startsWith('any'))
  if (routine.language !== 'sql' || routine.body === null || !checked || isPolymorphic) return []
  const { statements, problems } = parse({ path: '', text: routine.body })
  if (problems.length === 0)
    analyse(
      backend,
      statements.map(({ kind, node }) => ({ [kind]: node }) as unknown as Node),
    )
  return []
}

function analyse(backend: Backend, statements: readonly Node[]): readonly ColumnUse[] {
  const context = topContext(backend, 'analyze')
  for (const statement of statements) {
    if (queries.has(nodeKind(statement))) readQuery(context, statement)
    else if ('ReturnStmt' in statement) readExpressions(newLevel(context), statement.ReturnStmt.returnval)
    refuseNewLabels(backend, statement)
  }
  for (const oid of new Set(context.uses.map(({ relation }) => relation))) {
    const view = backend.get(oid)
    if (view && isView(view))
      lockBehind(
        backend,
        view,
        statements.some(statement => isWriteTo(statement, view.name)),
      )
  }
  return context.uses
}

/** Rewriting replaces a view by its query. */
function lockBehind(backend: Backend, view: View, writes: boolean): void {
  for (const oid of new Set(view.uses.map(({ relation }) => relation))) {
    const relation = backend.get(oid)
    if (!relation || oid === view.oid) continue
    const written = writes && (view.base === undefined || view.base === oid)
    backend.lock(relation, written ? 'RowExclusiveLock' : 'AccessShareLock', `view "${view.name}" reads it`)
    if (isView(relation)) lockBehind(backend, relation, written)
  }
}

function isWriteTo(statement: Node, view: string): boolean {
  const [fields] = Object.values(statement) as { readonly relation?: { readonly relname?: string } }[]
  return fields?.relation?.relname === view
}
