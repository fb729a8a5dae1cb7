import type {
  CallStmt,
  DeclareCursorStmt,
  ExecuteStmt,
  ExplainStmt,
  FuncCall,
  Node,
  PrepareStmt,
  SelectStmt,
} from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { strings } from '../catalog/name.ts'
import { walk } from '../expression/expression.ts'
import { findFunction } from '../expression/function.ts'
import type { Other } from '../operation.ts'
import { callFunction } from '../query/calls.ts'
import { type Depth, newLevel, topContext } from '../query/level.ts'
import { readExpressions, readQuery } from '../query/read.ts'
import { createTableAs } from './create-table-as.ts'
import type { Handlers } from './handler.ts'
import { nameChanges } from './session.ts'

/** Starts an operation that covers the whole statement and has no other fact than its kind. */
export function begin(backend: Backend, kind: Other['kind']): void {
  backend.operation({ kind, span: backend.statement.span, keyword: backend.statement.keyword })
}

function select(backend: Backend, node: SelectStmt): void {
  const { intoClause: into, ...query } = node
  if (into) {
    createTableAs(backend, { query: { SelectStmt: query }, into, objtype: 'OBJECT_TABLE', is_select_into: true })
    return
  }
  begin(backend, 'select')
  readQuery(topContext(backend, 'execute'), { SelectStmt: node })
  nameChanges(backend)
  backend.opaque ??= unknownCall(backend, node)
}

/**
 * Functions of extensions that only store a row in a table of their own. Source: src/job_metadata.c of pg_cron, sql/pg_net.sql of pg_net. The
 * job and the request run later, in other sessions.
 */
const storing: ReadonlySet<string> = new Set([
  'cron.schedule',
  'cron.schedule_in_database',
  'cron.unschedule',
  'cron.alter_job',
  'net.http_get',
  'net.http_post',
  'net.http_delete',
])

/** Functions of extensions partition tables, add columns and schedule jobs: the effects of an unknown function are not known. */
function unknownCall(backend: Backend, node: SelectStmt): string | null {
  let name: string | null = null
  walk(node, (kind, fields) => {
    if (kind !== 'FuncCall' || name !== null) return
    const call = fields as FuncCall
    const { volatility, routine } = findFunction(backend, call)
    const called = strings(call.funcname).join('.')
    if (volatility === 'unknown' && routine === null && !storing.has(called)) name = called
  })
  return name === null ? null : `it calls ${name}(), which is not in the migrations`
}

/** Processes an inner statement (of EXPLAIN, PREPARE, DECLARE) as far as `depth`. */
function inner(backend: Backend, query: Node | undefined, depth: Depth): void {
  if (!query) return
  begin(backend, 'select')
  if ('CreateTableAsStmt' in query) {
    if (depth === 'execute') createTableAs(backend, query.CreateTableAsStmt)
    else if (query.CreateTableAsStmt.query) inner(backend, query.CreateTableAsStmt.query, depth)
  } else if ('ExecuteStmt' in query) execute(backend, query.ExecuteStmt)
  else if ('DeclareCursorStmt' in query) inner(backend, query.DeclareCursorStmt.query, depth)
  else if ('RefreshMatViewStmt' in query) return
  else readQuery(topContext(backend, depth), query)
}

/** EXPLAIN plans, EXPLAIN ANALYZE executes. */
function explain(backend: Backend, node: ExplainStmt): void {
  inner(backend, node.query, isOn(node.options, 'analyze') ? 'execute' : 'plan')
}

function prepare(backend: Backend, node: PrepareStmt): void {
  inner(backend, node.query, 'analyze')
}

function execute(backend: Backend, node: ExecuteStmt): void {
  begin(backend, 'other')
  backend.opaque = `executes the prepared statement "${node.name}", which was not looked up`
}

/** The query is planned when the cursor is opened; rows are read by FETCH. WITH HOLD reads them at COMMIT. */
function declare(backend: Backend, node: DeclareCursorStmt): void {
  inner(backend, node.query, 'plan')
}

function call(backend: Backend, node: CallStmt): void {
  begin(backend, 'call')
  if (!node.funccall) return
  const context = topContext(backend, 'execute')
  readExpressions(newLevel(context), node.funccall.args)
  if (!callFunction(context, node.funccall)) {
    backend.opaque = `it calls ${strings(node.funccall.funcname).join('.')}(), whose body was not read`
  }
}

/** Whether an option of the form (NAME [true|false|on|off|1|0]) is on. Source: defGetBoolean in define.c. */
export function isOn(options: readonly Node[] | undefined, name: string): boolean {
  let on = false
  for (const option of options ?? []) {
    if (!('DefElem' in option) || option.DefElem.defname !== name) continue
    const { arg } = option.DefElem
    if (!arg) on = true
    else if ('String' in arg) on = !['false', 'off'].includes((arg.String.sval ?? '').toLowerCase())
    else if ('Integer' in arg) on = (arg.Integer.ival ?? 0) !== 0
    else if ('Boolean' in arg) on = arg.Boolean.boolval === true
  }
  return on
}

const nothing = (backend: Backend) => begin(backend, 'other')

export const queryHandlers = {
  SelectStmt: select,
  ExplainStmt: explain,
  PrepareStmt: prepare,
  ExecuteStmt: execute,
  DeallocateStmt: nothing,
  DeclareCursorStmt: declare,
  FetchStmt: nothing,
  ClosePortalStmt: nothing,
  CallStmt: call,
  CheckPointStmt: nothing,
  NotifyStmt: nothing,
  ListenStmt: nothing,
  UnlistenStmt: nothing,
  LoadStmt: nothing,
} satisfies Partial<Handlers>
