import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { nodeKind } from '../backend.ts'
import type { Routine } from '../catalog.ts'
import { newLevel, topContext } from '../query/level.ts'
import { readExpressions, readQuery } from '../query/read.ts'

const queries: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

/** The relations that a SQL body names are locked when the function is made: it is analysed. Source: fmgr_sql_validator in pg_proc.c. */
export function readBody(backend: Backend, routine: Pick<Routine, 'sqlBody'>): void {
  for (const statement of statementsOf(routine.sqlBody)) {
    if (queries.has(nodeKind(statement))) readQuery(topContext(backend, 'analyze'), statement)
    else if ('ReturnStmt' in statement)
      readExpressions(newLevel(topContext(backend, 'analyze')), statement.ReturnStmt.returnval)
  }
}

/** BEGIN ATOMIC … END is a list in a list, RETURN … one statement. */
function statementsOf(body: Node | null | undefined): Node[] {
  if (!body) return []
  return 'List' in body ? (body.List.items ?? []).flatMap(statementsOf) : [body]
}
