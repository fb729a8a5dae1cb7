import type { FuncCall, Node } from '@pgsql/types'
import { greatest } from '../../parse/list.ts'
import type { Backend } from '../backend.ts'
import type { Routine, Volatility } from '../catalog/catalog.ts'
import { nameKey, qualifiedName } from '../catalog/name.ts'
import {
  extensions,
  functionLifetimes,
  functionsByVolatility,
  mixedFunctions,
  type Overload,
  returnTypes,
} from '../type/builtin.generated.ts'
import { isStableCast } from '../type/stable-cast.ts'
import { resolveType } from '../type/type.ts'
import type { Lifetime } from '../version.ts'
import { type TypeOfColumn, typeOfNode } from './type-of.ts'

/** The function that a call refers to. */
export interface Callee {
  readonly volatility: Volatility
  /** Set when the migrations created it. */
  readonly routine: Routine | null
  /** Set when another overload may be meant, which need not be as volatile. */
  readonly isGuess?: true
}

const levels = ['immutable', 'stable', 'volatile'] as const

const unknown: TypeOfColumn = () => null

/**
 * Looks a called function up: PostgreSQL's own, then those of the migrations, then those of contrib extensions. `column` gives the types of
 * the columns in its arguments.
 */
export function findFunction(backend: Backend, call: FuncCall, column: TypeOfColumn = unknown): Callee {
  const { schema, name } = qualifiedName(call.funcname)
  const own = schema === null || schema === 'pg_catalog' ? builtin(backend, call, name, column) : null
  if (own) return { routine: null, ...own }
  const routines = overloads(backend, schema, name, call)
  if (routines.length > 0) return agreed(routines)
  return { volatility: inExtension(name) ?? 'unknown', routine: null }
}

type Builtin = Omit<Callee, 'routine'>

function builtin(backend: Backend, call: FuncCall, name: string, column: TypeOfColumn): Builtin | null {
  // EXTRACT, AT TIME ZONE and other syntax always mean a function of PostgreSQL, whatever its name is.
  const isSyntax = call.funcformat === 'COERCE_SQL_SYNTAX'
  const lives = (lifetime: Lifetime | undefined): boolean =>
    isSyntax || backend.unseenFunctions || backend.has(lifetime ?? {})
  if (!lives(functionLifetimes.get(name))) return null
  const mixed = mixedFunctions.get(name)
  const given = mixed ? argumentTypes(backend, call, column) : []
  // The name of a type as a function is a cast.
  if (given.length === 1 && given[0] === name) return { volatility: 'immutable' }
  if (mixed) return backend.byVersion(version => ofOverloads(given, aliveOf(mixed, version)), isAsVolatile)
  const volatility = levels.find(level => functionsByVolatility[level].has(name))
  return volatility ? { volatility } : null
}

/** Those that a version has. If it has none of them, they come from elsewhere. */
function aliveOf(overloads: readonly Overload[], version: number): readonly Overload[] {
  const alive = overloads.filter(
    ({ since = 0, until = Number.POSITIVE_INFINITY }) => since <= version && version <= until,
  )
  return alive.length > 0 ? alive : overloads
}

function isAsVolatile(one: Builtin | null, other: Builtin | null): boolean {
  return one?.volatility === other?.volatility && one?.isGuess === other?.isGuess
}

/** The types that a value is turned into where no overload takes its own (pg_cast.castcontext is `i`). */
const implicitCasts: ReadonlyMap<string, readonly string[]> = new Map([
  ['bpchar', ['text']],
  ['date', ['timestamp', 'timestamptz']],
  ['name', ['text']],
  ['time', ['timetz', 'interval']],
  ['timestamp', ['timestamptz']],
  ['varchar', ['text']],
])

/** Those of each category that PostgreSQL would rather turn a value into (pg_type.typispreferred). */
const preferredTypes: ReadonlySet<string> = new Set(['interval', 'text', 'timestamptz'])

/**
 * What a call of one of these overloads is, by the types of its arguments as far as they are known. Source: manual, "Function Type
 * Resolution".
 */
function ofOverloads(given: readonly (string | null)[], all: readonly Overload[]): Builtin | null {
  const sameLength = all.filter(overload => overload.arguments.length === given.length)
  const casts = (type: string, i: number) => implicitCasts.get(given[i] ?? '')?.includes(type) === true
  const fits = (type: string, i: number) => given[i] === null || given[i] === type || casts(type, i)
  const fitting = sameLength.filter(overload => overload.arguments.every(fits))
  const exact = most(fitting, (type, i) => type === given[i])
  const candidates = most(exact, (type, i) => casts(type, i) && preferredTypes.has(type))
  const found = new Set(
    (candidates.length > 0 ? candidates : sameLength).map(overload => {
      const isStable = overload.arguments.some((type, i) => isStableCast(given[i] ?? '', type))
      return isStable && overload.volatility === 'immutable' ? 'stable' : overload.volatility
    }),
  )
  const isGuess = found.size > 1
  // If types are unknown, PostgreSQL prefers the common ones; among mixed overloads, the volatile one is never for a
  // common type.
  const volatility = (isGuess ? (['stable', 'immutable'] as const) : levels).find(level => found.has(level))
  return volatility ? { volatility, ...(isGuess && { isGuess }) } : null
}

/** The overloads with the most arguments of which this is true. */
function most(overloads: readonly Overload[], isOf: (type: string, i: number) => boolean): readonly Overload[] {
  const counts = overloads.map(overload => overload.arguments.filter(isOf).length)
  const best = greatest(counts)
  return overloads.filter((_, i) => counts[i] === best)
}

/** The types of the arguments of a call, as far as they are known. */
export function argumentTypes(
  backend: Backend,
  { args = [] }: FuncCall,
  column: TypeOfColumn = unknown,
): readonly (string | null)[] {
  return args.map(arg => inferType(backend, arg, column))
}

/** The routines that take arguments of these types, as far as they are known. */
export function ofTypes(routines: readonly Routine[], given: readonly (string | null)[]): readonly Routine[] {
  return routines.filter(routine => routine.arguments.every((type, i) => given[i] === null || given[i] === type.name))
}

/** The type of an argument as far as it is known: internal name, or null. */
function inferType(backend: Backend, node: Node, column: TypeOfColumn): string | null {
  if ('TypeCast' in node && node.TypeCast.typeName) return resolveType(backend, node.TypeCast.typeName).name
  if ('SQLValueFunction' in node) return valueFunctionTypes[node.SQLValueFunction.op ?? ''] ?? 'name'
  if ('FuncCall' in node) {
    const type = returnTypes.get(qualifiedName(node.FuncCall.funcname).name)
    if (type !== undefined) return type
  }
  if ('A_Const' in node) return node.A_Const.ival ? 'int4' : node.A_Const.sval ? 'text' : null
  const type = typeOfNode(backend, node, column)
  return type && !type.array && type.schema === 'pg_catalog' ? type.name : null
}

const valueFunctionTypes: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: 'date',
  SVFOP_CURRENT_TIME: 'timetz',
  SVFOP_CURRENT_TIME_N: 'timetz',
  SVFOP_CURRENT_TIMESTAMP: 'timestamptz',
  SVFOP_CURRENT_TIMESTAMP_N: 'timestamptz',
  SVFOP_LOCALTIME: 'time',
  SVFOP_LOCALTIME_N: 'time',
  SVFOP_LOCALTIMESTAMP: 'timestamp',
  SVFOP_LOCALTIMESTAMP_N: 'timestamp',
}

function overloads(backend: Backend, schema: string | null, name: string, call: FuncCall): readonly Routine[] {
  const given = argumentTypes(backend, call)
  for (const place of schema === null ? ['pg_temp', ...backend.path] : [schema]) {
    const oids = backend.catalog.routineNames.get(nameKey('routine', place, name)) ?? []
    const routines = oids.flatMap(oid => backend.catalog.routines.get(oid) ?? [])
    const fitting = routines.filter(routine => routine.arguments.length === given.length)
    const chosen = [ofTypes(fitting, given), fitting, routines].find(list => list.length > 0)
    if (chosen) return chosen
  }
  return []
}

function agreed(routines: readonly Routine[]): Callee {
  const [first, ...rest] = routines
  const all = new Set(routines.map(routine => routine.volatility))
  if (!first || all.size > 1) return { volatility: 'unknown', routine: null }
  return { volatility: first.volatility, routine: rest.length === 0 ? first : null }
}

/** Extensions may be there although no migration creates them. */
function inExtension(name: string): Volatility | null {
  for (const { functions } of extensions.values()) {
    const level = levels.find(volatility => functions[volatility].has(name))
    if (level) return level
  }
  return null
}
