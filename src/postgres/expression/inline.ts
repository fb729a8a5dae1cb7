import type { FuncCall, Node, SelectStmt } from '@pgsql/types'
import { parseText } from '../../parse/parser.ts'
import type { Backend } from '../backend.ts'
import type { Routine } from '../catalog/catalog.ts'
import { qualifiedName } from '../catalog/name.ts'
import { aggregateFunctions, setReturningFunctions } from '../type/builtin.generated.ts'
import { walk } from './expression.ts'
import { findFunction } from './function.ts'

/** The expression that can take the place of a call. */
export interface InlineBody {
  readonly expression: Node
  /** It returns NULL for every NULL argument, as far as is known. */
  readonly strict: boolean
  /** How often it uses the argument at this position, counted from 0. */
  uses(position: number): number
}

/** The body of a function if the planner puts it in place of a call; null: it does not (inline_function, clauses.c). */
export function inlineBody(backend: Backend, routine: Routine): InlineBody | null {
  if (routine.language !== 'sql' || routine.kind !== 'function') return null
  if (routine.neverInlined || routine.returnsSet) return null
  // The body's type would differ from that of the call.
  if (routine.returns?.name === 'void' || routine.returnsTrigger) return null
  const expression = routine.sqlBody ? returned(routine.sqlBody) : onlyExpression(routine.body ?? '')
  if (!expression) return null
  let strict = true
  let hasMany = false
  const uses = new Map<string, number>()
  const use = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1)
  walk(expression, (kind, node) => {
    strict &&= strictKinds.has(kind)
    hasMany ||= kind === 'SubLink' || (kind === 'FuncCall' && isOfMany(backend, node as FuncCall))
    if (kind === 'ParamRef') use(`$${node.number ?? 0}`)
    if (kind === 'ColumnRef') {
      const last = (node.fields as Node[] | undefined)?.at(-1)
      if (last && 'String' in last) use(last.String.sval ?? '')
    }
  })
  if (hasMany) return null
  return {
    expression,
    strict,
    uses: position => (uses.get(`$${position + 1}`) ?? 0) + (uses.get(routine.argumentNames?.[position] ?? '') ?? 0),
  }
}

/** Nodes that turn NULL into nothing but NULL. Functions may be called on NULL, so they are not in the list. */
const strictKinds: ReadonlySet<string> = new Set(
  'A_Const A_Expr ParamRef ColumnRef TypeCast TypeName CollateClause String Integer Float Boolean BitString List'.split(
    ' ',
  ),
)

/**
 * Whether a call is of an aggregate or a window function, or returns a set: the planner does not inline a body that
 * contains one.
 */
function isOfMany(backend: Backend, call: FuncCall): boolean {
  if (call.over) return true
  const { routine } = findFunction(backend, call)
  const { name } = qualifiedName(call.funcname)
  if (routine) return routine.kind === 'aggregate' || routine.returnsSet === true
  return aggregateFunctions.has(name) || setReturningFunctions.has(name)
}

function onlyExpression(text: string): Node | null {
  const parsed = parseText(text, offset => offset)
  if ('error' in parsed || parsed.statements.length !== 1) return null
  const [statement] = parsed.statements
  return statement?.kind === 'SelectStmt' ? selected(statement.node as SelectStmt) : null
}

function returned(body: Node): Node | null {
  if ('ReturnStmt' in body) return body.ReturnStmt.returnval ?? null
  // BEGIN ATOMIC: a list in a list of statements.
  if ('List' in body) return body.List.items?.length === 1 && body.List.items[0] ? returned(body.List.items[0]) : null
  return 'SelectStmt' in body ? selected(body.SelectStmt) : null
}

/** The clauses of SELECT that the body may have: one value and nothing else. */
const plainFields: ReadonlySet<string> = new Set(['targetList', 'limitOption', 'op'])

function selected(select: SelectStmt): Node | null {
  if (Object.keys(select).some(field => !plainFields.has(field)) || select.op !== 'SETOP_NONE') return null
  const [target, ...more] = select.targetList ?? []
  if (!target || more.length > 0 || !('ResTarget' in target)) return null
  return target.ResTarget.val ?? null
}
