import type { FuncCall, Node } from '@pgsql/types'
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
import { resolveType } from '../type/type.ts'

/** The function that a call refers to. */
export interface Callee {
  readonly volatility: Volatility
  /** Set when the migrations created it. */
  readonly routine: Routine | null
}

const levels = ['immutable', 'stable', 'volatile'] as const

/** Looks a called function up: PostgreSQL's own, then those of the migrations, then those of contrib extensions. */
export function findFunction(backend: Backend, call: FuncCall): Callee {
  const { schema, name } = qualifiedName(call.funcname)
  const own = schema === null || schema === 'pg_catalog' ? builtin(backend, call, name) : null
  if (own) return { volatility: own, routine: null }
  const routines = overloads(backend, schema, name, call)
  if (routines.length > 0) return agreed(routines)
  return { volatility: inExtension(name) ?? 'unknown', routine: null }
}

function builtin(backend: Backend, call: FuncCall, name: string): Volatility | null {
  // EXTRACT, AT TIME ZONE and other syntax always mean a function of PostgreSQL, whatever its name is.
  const isSyntax = call.funcformat === 'COERCE_SQL_SYNTAX'
  const lives = (lifetime: Lifetime | undefined): boolean =>
    isSyntax || backend.unseenFunctions || isAlive(lifetime, backend.version)
  if (!lives(functionLifetimes.get(name))) return null
  const mixed = mixedFunctions.get(name)
  // If a version does have the overload, that version decides.
  const alive = mixed?.filter(overload => isAlive(overload, backend.version)) ?? []
  if (mixed) return ofOverloads(backend, call, alive.length > 0 ? alive : mixed)
  return levels.find(level => functionsByVolatility[level].has(name)) ?? null
}

interface Lifetime {
  readonly since?: number
  readonly until?: number
}

function isAlive(lifetime: Lifetime | undefined, version: number): boolean {
  return (lifetime?.since ?? 0) <= version && version <= (lifetime?.until ?? Number.POSITIVE_INFINITY)
}

/** The most volatile of the overloads that fit the number of arguments and the types as far as they are known. */
function ofOverloads(backend: Backend, call: FuncCall, all: readonly Overload[]): Volatility | null {
  const given = argumentTypes(backend, call)
  const fitting = all
    .filter(overload => overload.arguments.length === given.length)
    .map(overload => ({
      ...overload,
      exact: overload.arguments.every((type, i) => type === given[i] || given[i] === null),
    }))
  const candidates = fitting.some(({ exact }) => exact) ? fitting.filter(({ exact }) => exact) : fitting
  // If types are unknown, PostgreSQL prefers the common ones; among mixed overloads, the volatile one is never for a
  // common type.
  const found = new Set(candidates.map(overload => overload.volatility))
  return (found.size > 1 ? (['stable', 'immutable'] as const) : levels).find(level => found.has(level)) ?? null
}

/** The types of the arguments of a call, as far as they are known. */
export function argumentTypes(backend: Backend, { args = [] }: FuncCall): readonly (string | null)[] {
  return args.map(arg => inferType(backend, arg))
}

/** The routines that take arguments of these types, as far as they are known. */
export function ofTypes(routines: readonly Routine[], given: readonly (string | null)[]): readonly Routine[] {
  return routines.filter(routine => routine.arguments.every((type, i) => given[i] === null || given[i] === type.name))
}

/** The type of an argument as far as it is known without looking at columns: internal name, or null. */
function inferType(backend: Backend, node: Node): string | null {
  if ('TypeCast' in node && node.TypeCast.typeName) return resolveType(backend, node.TypeCast.typeName).name
  if ('SQLValueFunction' in node) return valueFunctionTypes[node.SQLValueFunction.op ?? ''] ?? 'name'
  if ('FuncCall' in node) return returnTypes.get(qualifiedName(node.FuncCall.funcname).name) ?? null
  if ('A_Const' in node) return node.A_Const.ival ? 'int4' : node.A_Const.sval ? 'text' : null
  return null
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
