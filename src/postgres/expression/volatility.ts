import type { FuncCall, Node, TypeCast } from '@pgsql/types'
import { type Recursion, resultOf } from '../../parse/stackless.ts'
import type { Backend } from '../backend.ts'
import type { Volatility } from '../catalog/catalog.ts'
import { qualifiedName } from '../catalog/name.ts'
import { isStableCast } from '../type/stable-cast.ts'
import { resolveType } from '../type/type.ts'
import { childrenOf } from './expression.ts'
import { type Callee, findFunction } from './function.ts'
import { inlineBody } from './inline.ts'
import { type TypeOfColumn, typeOfNode } from './type-of.ts'

export interface VolatilityFound {
  readonly volatility: Volatility
  /** A clause for people that names the cause: `random() is volatile`. */
  readonly because: string
  /** Set when an argument's type is not known, and for some type the expression is less volatile. */
  readonly isGuess?: true
}

const constant: VolatilityFound = { volatility: 'immutable', because: 'the expression is constant' }

/** From the least to the most decisive: one volatile call makes the whole volatile, whatever else is unknown. */
const weights: readonly Volatility[] = ['immutable', 'stable', 'unknown', 'volatile']

/**
 * How often a default (or any expression without subqueries) has to be computed after the planner has simplified it: it
 * removes branches that are never taken, and inlines SQL functions (clauses.c). `column` gives the types of the columns in it.
 */
export function volatility(backend: Backend, expression: Node, column?: TypeOfColumn): VolatilityFound {
  return resultOf(find({ backend, column }, expression, new Map(), []))
}

/** Where the names in an expression are looked up. */
interface Scope {
  readonly backend: Backend
  readonly column?: TypeOfColumn | undefined
}

/** The values of the parameters of an inlined function. */
type Parameters = ReadonlyMap<string, VolatilityFound>

function* find(
  scope: Scope,
  node: Node,
  parameters: Parameters,
  active: readonly string[],
): Recursion<VolatilityFound> {
  if ('FuncCall' in node) return (yield ofCall(scope, node.FuncCall, parameters, active)) as VolatilityFound
  if ('ParamRef' in node) return parameters.get(`$${node.ParamRef.number ?? 0}`) ?? constant
  if ('ColumnRef' in node) return parameters.get(qualifiedName(node.ColumnRef.fields).name) ?? constant
  if ('SQLValueFunction' in node) return stable(node.SQLValueFunction.op)
  const found: VolatilityFound[] = []
  if ('TypeCast' in node) found.push(ofCast(scope, node.TypeCast))
  for (const child of computed(node).flatMap(childrenOf))
    found.push((yield find(scope, child, parameters, active)) as VolatilityFound)
  return heaviest(found)
}

/** The parts of an expression that are computed after the planner has simplified it. */
function computed(node: Node): readonly unknown[] {
  if ('CoalesceExpr' in node) return untilConstant(node.CoalesceExpr.args ?? [])
  if ('CaseExpr' in node) return takenBranches(node.CaseExpr)
  if ('BoolExpr' in node) {
    const { args = [], boolop } = node.BoolExpr
    const deciding = boolop === 'OR_EXPR' ? 'true' : boolop === 'AND_EXPR' ? 'false' : null
    return args.some(arg => deciding !== null && literal(arg) === deciding) ? [] : args
  }
  const isNullOperation =
    'A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP' && [node.A_Expr.lexpr, node.A_Expr.rexpr].some(isNull)
  return isNullOperation ? [] : Object.values(node)
}

function heaviest(found: readonly VolatilityFound[]): VolatilityFound {
  return found.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a), constant)
}

function weightOf({ volatility, isGuess }: VolatilityFound): number {
  return weights.indexOf(volatility) - (isGuess ? 0.5 : 0)
}

function stable(op: string | undefined): VolatilityFound {
  const name = (op ?? '').replace(/^SVFOP_/, '').replace(/_N$/, '')
  return { volatility: 'stable', because: `${name} is stable` }
}

/** A cast alone, without its argument. PostgreSQL reads a literal once, before it looks at the expression. */
function ofCast({ backend, column = () => null }: Scope, { arg, typeName }: TypeCast): VolatilityFound {
  if (!arg || !typeName || 'A_Const' in arg) return constant
  const [source, target] = [typeOfNode(backend, arg, column), resolveType(backend, typeName)]
  const isOwn = source?.schema === 'pg_catalog' && target.schema === 'pg_catalog' && !source.array && !target.array
  if (!isOwn || !isStableCast(source.name, target.name)) return constant
  return { volatility: 'stable', because: `the cast of ${source.name} to ${target.name} is stable` }
}

function* ofCall(
  scope: Scope,
  call: FuncCall,
  parameters: Parameters,
  active: readonly string[],
): Recursion<VolatilityFound> {
  const name = qualifiedName(call.funcname).name
  const given: VolatilityFound[] = []
  for (const arg of call.args ?? []) given.push((yield find(scope, arg, parameters, active)) as VolatilityFound)
  const { backend } = scope
  const callee = findFunction(backend, call, scope.column)
  const body = active.includes(name) ? null : inlined(backend, callee, given)
  if (body) {
    // Its names are those of its arguments.
    return (yield find({ backend }, body.expression, body.parameters, [...active, name])) as VolatilityFound
  }
  return heaviest([ownVolatility(name, callee), ...given])
}

function ownVolatility(name: string, { volatility, isGuess }: Callee): VolatilityFound {
  if (volatility === 'immutable') return constant
  const because = volatility === 'unknown' ? `whether ${name}() is volatile is not known` : `${name}() is ${volatility}`
  return { volatility, because, ...(isGuess && { isGuess }) }
}

/** The expression that inline_function (clauses.c) puts in the place of a call; null: it stays a call. */
function inlined(
  backend: Backend,
  { routine, volatility: declared }: Callee,
  given: readonly VolatilityFound[],
): { readonly expression: Node; readonly parameters: Parameters } | null {
  // The body of a stable or immutable function can only be what it is declared to be, or it stays a call.
  if (!routine || declared !== 'volatile') return null
  const body = inlineBody(backend, routine)
  if (!body) return null
  const uses = routine.arguments.map((_, position) => body.uses(position))
  if (routine.strict && (uses.includes(0) || !body.strict)) return null
  if (given.some(({ volatility }, position) => volatility === 'volatile' && (uses[position] ?? 0) > 1)) return null
  const parameters = new Map<string, VolatilityFound>()
  routine.arguments.forEach((_, position) => {
    const found = given[position] ?? constant
    parameters.set(`$${position + 1}`, found)
    const name = routine.argumentNames?.[position]
    if (name) parameters.set(name, found)
  })
  return { expression: body.expression, parameters }
}

/** COALESCE ends at its first constant that is not NULL. */
function untilConstant(args: readonly Node[]): readonly Node[] {
  const end = args.findIndex(arg => literal(arg) !== null && !isNull(arg))
  return args.slice(0, end < 0 ? args.length : end + 1)
}

/** CASE without the branches that a constant condition rules out. */
function takenBranches(expr: Extract<Node, { CaseExpr: unknown }>['CaseExpr']): readonly Node[] {
  const taken: Node[] = expr.arg ? [expr.arg] : []
  for (const branch of expr.args ?? []) {
    if (!('CaseWhen' in branch)) continue
    const { expr: condition, result } = branch.CaseWhen
    const value = condition && decided(condition, expr.arg)
    if (value === false) continue
    if (condition && value !== true) taken.push(condition)
    if (result) taken.push(result)
    if (value === true) return taken
  }
  return expr.defresult ? [...taken, expr.defresult] : taken
}

function decided(condition: Node, arg: Node | undefined): boolean | null {
  const value = literal(condition)
  if (value === null) return null
  if (!arg) return value === 'true' ? true : value === 'false' || value === 'null' ? false : null
  const given = literal(arg)
  return given === null ? null : given === value && value !== 'null'
}

/** A literal as text, different for different literals: `null`, `true`, `1`, `'x'`; null for everything else. */
function literal(node: Node): string | null {
  if (!('A_Const' in node)) return null
  const { isnull, boolval, ival, fval, sval } = node.A_Const
  if (isnull) return 'null'
  if (boolval) return String(boolval.boolval ?? false)
  if (ival) return String(ival.ival ?? 0)
  return fval?.fval ?? (sval ? `'${sval.sval ?? ''}'` : null)
}

function isNull(node: Node | undefined): boolean {
  return node !== undefined && literal(node) === 'null'
}

/** True if PostgreSQL certainly refuses the expression where only immutable ones are allowed (42P17). */
export function isMutable({ volatility, isGuess }: VolatilityFound): boolean {
  return !isGuess && (volatility === 'stable' || volatility === 'volatile')
}
