import type { CreateFunctionStmt, FunctionParameter, FunctionParameterMode, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { repeated } from '../catalog/name.ts'
import { resolveType } from '../type/type.ts'
import { sameType } from './routine-lookup.ts'

/**
 * What CREATE FUNCTION and CREATE PROCEDURE refuse whatever else there is in the database. Source: CreateFunction,
 * interpret_function_parameter_list and compute_function_attributes in functioncmds.c.
 */
export function requireWellFormed(backend: Backend, node: CreateFunctionStmt): void {
  const options = (node.options ?? []).flatMap(item =>
    'DefElem' in item && item.DefElem.defname !== undefined ? [item.DefElem.defname] : [],
  )
  const isProcedure = node.is_procedure === true
  if (isProcedure && options.some(name => notOfProcedures.has(name))) {
    backend.fail('42P13', 'invalid attribute in procedure definition')
  }
  if (repeated(options.filter(name => name !== 'set')) !== undefined) {
    backend.fail('42601', 'conflicting or redundant options')
  }
  if (!node.sql_body && !options.includes('language')) backend.fail('42P13', 'no language specified')
  const parameters = parametersOf(node.parameters)
  requireParameters(backend, parameters)
  if (!isProcedure) requireResult(backend, node, parameters)
  if (!node.sql_body && !options.includes('as')) backend.fail('42P13', 'no function body specified')
}

const notOfProcedures: ReadonlySet<string> = new Set([
  'volatility',
  'strict',
  'leakproof',
  'window',
  'cost',
  'rows',
  'support',
  'parallel',
])

export function parametersOf(nodes: readonly Node[] | undefined): FunctionParameter[] {
  return (nodes ?? []).flatMap(item => ('FunctionParameter' in item ? [item.FunctionParameter] : []))
}

type Direction = 'in' | 'out' | 'both'

const directions: Readonly<Record<FunctionParameterMode, Direction>> = {
  FUNC_PARAM_DEFAULT: 'in',
  FUNC_PARAM_IN: 'in',
  FUNC_PARAM_VARIADIC: 'in',
  FUNC_PARAM_INOUT: 'both',
  FUNC_PARAM_OUT: 'out',
  FUNC_PARAM_TABLE: 'out',
}

function directionOf({ mode }: FunctionParameter): Direction {
  return directions[mode ?? 'FUNC_PARAM_DEFAULT']
}

/** The parameters of a function, a procedure or an aggregate. */
export function requireParameters(backend: Backend, parameters: readonly FunctionParameter[]): void {
  const inputs = parameters.filter(each => directionOf(each) !== 'out')
  const variadic = inputs.findIndex(({ mode }) => mode === 'FUNC_PARAM_VARIADIC')
  if (variadic >= 0 && variadic < inputs.length - 1) {
    backend.fail('42P13', 'VARIADIC parameter must be the last input parameter')
  }
  // Only an input and an output may have the same name.
  const named = (...some: readonly Direction[]) =>
    parameters.flatMap(each => (each.name && some.includes(directionOf(each)) ? [each.name] : []))
  const twice = repeated(named('in', 'both')) ?? repeated(named('out', 'both'))
  if (twice !== undefined) backend.fail('42P13', `parameter name "${twice}" used more than once`)
  const firstDefault = inputs.findIndex(({ defexpr }) => defexpr !== undefined)
  if (firstDefault >= 0 && inputs.slice(firstDefault).some(({ defexpr }) => defexpr === undefined)) {
    backend.fail('42P13', 'input parameters after one with a default value must also have defaults')
  }
}

/** RETURNS has to agree with the OUT parameters, as far as both are types of PostgreSQL itself. */
function requireResult(
  backend: Backend,
  { returnType }: CreateFunctionStmt,
  parameters: readonly FunctionParameter[],
): void {
  const outputs = parameters.filter(each => directionOf(each) !== 'in')
  if (!returnType) {
    if (outputs.length === 0) backend.fail('42P13', 'function result type must be specified')
    return
  }
  const [first] = outputs
  const returns = resolveType(backend, returnType)
  if (!first || returns.schema !== 'pg_catalog') return
  if (outputs.length > 1) {
    if (returns.name === 'record' && !returns.array) return
    backend.fail('42P13', 'function result type must be record because of OUT parameters')
  }
  const only = first.argType && resolveType(backend, first.argType)
  if (only?.schema === 'pg_catalog' && !sameType(only, returns)) {
    backend.fail('42P13', `function result type must be ${only.name} because of OUT parameters`)
  }
}
