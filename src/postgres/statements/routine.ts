import type { AlterFunctionStmt, CreateFunctionStmt, DefElem, DefineStmt, FunctionParameter, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Routine } from '../catalog/catalog.ts'
import { type ColumnType, unknownType } from '../catalog/column.ts'
import { displayName, qualifiedName, strings } from '../catalog/name.ts'
import { resolveType } from '../type/type.ts'
import type { Handlers } from './handler.ts'
import { readBody } from './routine-body.ts'
import { parametersOf, requireParameters, requireWellFormed } from './routine-definition.ts'
import { argumentTypes, findRoutine, routinesNamed, sameType, sameTypes } from './routine-lookup.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Functions, procedures and aggregates. Source: functioncmds.c, ProcedureCreate in pg_proc.c. */
export const routineHandlers = {
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: alterFunction,
} satisfies Partial<Handlers>

type New = Omit<Routine, 'oid' | 'createdIn'>

function createFunction(backend: Backend, node: CreateFunctionStmt): void {
  const routine = routineOf(backend, node)
  backend.operation({
    kind: 'create-routine',
    ...wholeStatement(backend),
    name: displayName(routine),
    subject: null,
    replace: node.replace ?? false,
    ifNotExists: false,
  })
  requireWellFormed(backend, node)
  const uses = readBody(backend, routine)
  const existing = routinesNamed(backend, routine).find(other => sameTypes(other.arguments, routine.arguments))
  if (existing) requireReplaceable(backend, existing, routine, node.replace ?? false)
  backend.putRoutine({ ...routine, uses }, existing?.oid)
}

function routineOf(backend: Backend, node: CreateFunctionStmt): New {
  const { schema, name } = qualifiedName(node.funcname)
  const parameters = parametersOf(node.parameters)
  const inputs = parameters.filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE')
  const options = new Map(
    (node.options ?? []).flatMap(item => ('DefElem' in item ? [[item.DefElem.defname, item.DefElem]] : [])),
  )
  const definesRow = parameters.some(({ mode }) => mode === 'FUNC_PARAM_TABLE')
  return {
    schema: schema ?? backend.creationSchema,
    name,
    kind: node.is_procedure ? 'procedure' : 'function',
    language: textOf(options.get('language')) ?? 'sql',
    volatility: volatilityOf(options.get('volatility')) ?? 'volatile',
    arguments: inputs.map(parameter => typeOf(backend, parameter)),
    argumentNames: inputs.map(parameter => parameter.name || null),
    defaults: inputs.filter(({ defexpr }) => defexpr !== undefined).length,
    // Several OUT arguments or a TABLE make a row. Its columns are not compared.
    returns: node.returnType && !definesRow ? resolveType(backend, node.returnType) : null,
    returnsTrigger: ['trigger', 'event_trigger'].includes(strings(node.returnType?.names).at(-1) ?? ''),
    strict: isTrue(options.get('strict')),
    body: bodyOf(options.get('as')),
    sqlBody: node.sql_body ?? null,
    returnsSet: node.returnType?.setof === true || definesRow,
    neverInlined: isTrue(options.get('security')) || options.has('set'),
  }
}

function typeOf(backend: Backend, { argType }: FunctionParameter): ColumnType {
  return argType ? resolveType(backend, argType) : unknownType
}

function textOf(option: DefElem | undefined): string | null {
  return option?.arg && 'String' in option.arg ? (option.arg.String.sval ?? '').toLowerCase() : null
}

function volatilityOf(option: DefElem | undefined): Routine['volatility'] | null {
  const text = textOf(option)
  return text === 'immutable' || text === 'stable' || text === 'volatile' ? text : null
}

function isTrue(option: DefElem | undefined): boolean {
  return option?.arg !== undefined && 'Boolean' in option.arg && option.arg.Boolean.boolval === true
}

/** The text of the body; functions in C have a file and a symbol instead. */
function bodyOf(option: DefElem | undefined): string | null {
  const texts = option?.arg && 'List' in option.arg ? strings(option.arg.List.items) : []
  return texts.length === 1 ? (texts[0] ?? null) : null
}

/** The properties that CREATE OR REPLACE must not change. */
function requireReplaceable(backend: Backend, old: Routine, made: New, replace: boolean): void {
  if (!replace) backend.fail('42723', `function "${made.name}" already exists with same argument types`)
  if (old.kind !== made.kind) backend.fail('42809', 'cannot change routine kind')
  if (old.returns && made.returns && !sameType(old.returns, made.returns)) {
    backend.fail('42P13', 'cannot change return type of existing function')
  }
  for (const [at, name] of (old.argumentNames ?? []).entries()) {
    if (name !== null && made.argumentNames?.[at] !== name) {
      backend.fail('42P13', `cannot change name of input parameter "${name}"`)
    }
  }
  if ((made.defaults ?? 0) < (old.defaults ?? 0)) {
    backend.fail('42P13', 'cannot remove parameter defaults from existing function')
  }
}

/** No relation is locked, and nothing that was computed with the function is computed again. */
function alterFunction(backend: Backend, node: AlterFunctionStmt): void {
  otherOperation(backend, 'alter-other')
  const found = node.func ? findRoutine(backend, node.func) : null
  if (!found) return
  let changed: Routine = found
  for (const action of node.actions ?? []) {
    if (!('DefElem' in action)) continue
    const { DefElem: option } = action
    if (option.defname === 'volatility')
      changed = { ...changed, volatility: volatilityOf(option) ?? changed.volatility }
    if (option.defname === 'strict') changed = { ...changed, strict: isTrue(option) }
    if (option.defname === 'security' || option.defname === 'set') changed = { ...changed, neverInlined: true }
  }
  backend.changeRoutine(changed)
}

/** CREATE AGGREGATE name (arguments) (…). Source: DefineAggregate in aggregatecmds.c. */
export function createAggregate(backend: Backend, node: DefineStmt): void {
  const { schema, name } = qualifiedName(node.defnames)
  const created = { schema: schema ?? backend.creationSchema, name }
  backend.operation({
    kind: 'create-routine',
    ...wholeStatement(backend),
    name: displayName(created),
    subject: null,
    replace: node.replace ?? false,
    ifNotExists: false,
  })
  const types = aggregateArguments(backend, node.args)
  const existing = routinesNamed(backend, created).find(each => sameTypes(each.arguments, types))
  const aggregate: New = {
    ...created,
    kind: 'aggregate',
    language: 'internal',
    volatility: 'immutable',
    arguments: types,
    returns: null,
    returnsTrigger: false,
    strict: false,
    body: null,
  }
  if (existing) requireReplaceable(backend, existing, aggregate, node.replace ?? false)
  backend.putRoutine(aggregate, existing?.oid)
}

function aggregateArguments(backend: Backend, args: readonly Node[] | undefined): ColumnType[] {
  const [list] = args ?? []
  const parameters = parametersOf(list && 'List' in list ? list.List.items : undefined)
  requireParameters(backend, parameters)
  return argumentTypes(
    backend,
    parameters.flatMap(({ argType }) => (argType ? [{ TypeName: argType }] : [])),
  )
}
