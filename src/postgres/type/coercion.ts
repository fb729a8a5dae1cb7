import type { Backend } from '../backend.ts'
import type { ColumnType } from '../catalog/column.ts'
import { type Cast, casts, extensions, types } from './builtin.generated.ts'
import { isLengthNoop, lengthCoercion } from './length-coercion.ts'
import { baseType, extensionOf, isConstrainedDomain, typeOf, typeText } from './type.ts'

/** The context of a coercion: an explicit cast may do more than an assignment does by itself. */
export type Context = 'assignment' | 'explicit'

/** A value that is converted from one type to another, as the planner sees the expression that makes it. */
export interface Value {
  /** Modifiers as exprTypmod (nodeFuncs.c) knows them. */
  readonly type: ColumnType
  /**
   * - `same`: the stored bytes are already a value of the type
   * - `zone`: they are if the session's time zone is UTC
   * - `computed`: some expression is left to evaluate for each row
   * - `unknown`: depends on a type that the migrations do not create
   */
  readonly work: 'same' | 'zone' | 'computed' | 'unknown'
  /** Why, as a clause for people; empty for `same`. */
  readonly because: string
}

export function storedValue(type: ColumnType): Value {
  return { type, work: 'same', because: '' }
}

/**
 * Coerces a value as coerce_to_target_type (parse_coerce.c) and the planner together do. Null: there is no such cast in
 * this context (SQLSTATE 42804 or 42846).
 */
export function coerce(backend: Backend, value: Value, to: ColumnType, context: Context): Value | null {
  const converted = sameType(value.type, to) ? value : convert(backend, value, to, context)
  return converted && fitLength(backend, converted, to)
}

/** Same type, modifiers apart. */
export function sameType(a: ColumnType, b: ColumnType): boolean {
  return a.name === b.name && a.array === b.array && (a.schema === b.schema || a.schema === null || b.schema === null)
}

/** coerce_type. */
function convert(backend: Backend, value: Value, to: ColumnType, context: Context): Value | null {
  const target = baseType(backend, to)
  const path = pathway(backend, baseType(backend, value.type), target, context)
  if (path === null) return null
  const converted = follow(value, path, target)
  return typeOf(backend, to) !== null && target !== to ? enterDomain(backend, converted, to) : converted
}

function follow(value: Value, path: Pathway, target: ColumnType): Value {
  const type = { ...target, modifiers: null }
  const conversion = `every value is converted from ${typeText(value.type)} to ${typeText(type)}`
  switch (path) {
    case 'relabel':
      // A domain over varchar(10) that is relabelled as varchar has no modifier either.
      return { ...value, type: sameType(value.type, target) ? value.type : type }
    case 'zone':
      return heavier(value, { type, work: 'zone', because: conversion })
    case 'compute':
      return heavier(value, { type, work: 'computed', because: conversion })
    case 'unknown':
      return heavier(value, { type, work: 'unknown', because: `how ${conversion} is not known` })
  }
}

/** coerce_to_domain: first the base type's length, then the domain's constraints, if it has any. */
function enterDomain(backend: Backend, value: Value, domain: ColumnType): Value {
  const fitted = fitLength(backend, value, baseType(backend, domain))
  const constrained = isConstrainedDomain(backend, domain)
  const type = { ...domain, modifiers: null }
  const name = typeText(type)
  if (constrained === 'unknown')
    return heavier(fitted, { type, work: 'unknown', because: `whether ${name} has constraints is not known` })
  if (constrained)
    return heavier(fitted, { type, work: 'computed', because: `every value is checked against domain ${name}` })
  return { ...fitted, type }
}

/** coerce_type_typmod, and the result after the planner's support functions. */
function fitLength(backend: Backend, value: Value, to: ColumnType): Value {
  const wanted = to.modifiers
  if (wanted === null || sameModifiers(value.type.modifiers, wanted)) return value
  const type = { ...value.type, modifiers: wanted }
  const name = typeText(type)
  const method = to.array ? 'compute' : lengthCoercion(backend, type)
  if (method === null) return value
  if (method === 'unknown')
    return heavier(value, { type, work: 'unknown', because: `what ${name} does to a value is not known` })
  if (method !== 'compute' && isLengthNoop(method, value.type.modifiers, wanted)) return { ...value, type }
  return heavier(value, { type, work: 'computed', because: `every value is fitted to ${name}` })
}

const weights: readonly Value['work'][] = ['same', 'zone', 'unknown', 'computed']

function heavier(before: Value, after: Value): Value {
  return weights.indexOf(after.work) > weights.indexOf(before.work) ? after : { ...before, type: after.type }
}

export function sameModifiers(a: ColumnType['modifiers'], b: ColumnType['modifiers']): boolean {
  return a === b || (a !== null && b !== null && a.length === b.length && a.every((modifier, i) => modifier === b[i]))
}

type Pathway = 'relabel' | 'zone' | 'compute' | 'unknown'

/** find_coercion_pathway (parse_coerce.c), for base types. */
function pathway(backend: Backend, from: ColumnType, to: ColumnType, context: Context): Pathway | null {
  if (sameType(from, to)) return 'relabel'
  if (!from.array && !to.array) {
    const cast = findCast(backend, from, to)
    if (cast) return isAllowed(cast, context) ? pathwayOf(cast, from, to) : null
    if (isForeign(backend, from) || isForeign(backend, to)) return 'unknown'
  }
  if (from.array && to.array) {
    const element = pathway(backend, elementOf(backend, from), elementOf(backend, to), context)
    return element === null ? null : 'compute'
  }
  return throughText(backend, from, to, context)
}

function elementOf(backend: Backend, type: ColumnType): ColumnType {
  return baseType(backend, { ...type, array: false })
}

function isAllowed(cast: Cast, context: Context): boolean {
  return context === 'explicit' || cast.context !== 'explicit'
}

/** Only these two functions may be skipped by ALTER TABLE (ATColumnChangeRequiresRewrite, tablecmds.c). */
function pathwayOf(cast: Cast, from: ColumnType, to: ColumnType): Pathway {
  if (cast.method === 'binary') return 'relabel'
  const zoned = [from.name, to.name].sort().join(' ') === 'timestamp timestamptz'
  return zoned ? 'zone' : 'compute'
}

/**
 * Every type has a text form: an assignment converts anything to a string, and an explicit cast also converts strings
 * to anything.
 */
function throughText(backend: Backend, from: ColumnType, to: ColumnType, context: Context): Pathway | null {
  if (isString(backend, to)) return 'compute'
  return context === 'explicit' && isString(backend, from) ? 'compute' : null
}

/** Types of category S in pg_type. "char" left it in PostgreSQL 15. */
export function isString(backend: Backend, type: ColumnType): boolean {
  if (type.array) return false
  if (type.schema !== 'pg_catalog') return type.name === 'citext' && typeOf(backend, type) === null
  return types.get(type.name)?.category === 'S' || (type.name === 'char' && !backend.since(15))
}

function findCast(backend: Backend, from: ColumnType, to: ColumnType): Cast | undefined {
  const own =
    from.schema === 'pg_catalog' && to.schema === 'pg_catalog' ? casts.get(`${from.name} ${to.name}`) : undefined
  if (own) return backend.has(own) ? own : undefined
  for (const type of [from, to]) {
    const extension = typeOf(backend, type) === null && type.schema !== 'pg_catalog' ? extensionOf(type.name) : null
    const found = extensions
      .get(extension ?? '')
      ?.casts.find(cast => cast.source === from.name && cast.target === to.name)
    if (found && backend.has(found)) return found
  }
  return undefined
}

/** A type about which nothing is known, or a base type made with C functions: it may have casts of its own. */
function isForeign(backend: Backend, type: ColumnType): boolean {
  const found = typeOf(backend, type)
  return found === 'unknown' || (found !== null && (found.kind === 'base' || found.kind === 'shell' || !found.complete))
}
