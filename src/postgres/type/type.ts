import type { Node, TypeName } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { DomainType, Type } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import { qualifiedName, strings } from '../catalog/name.ts'
import { extensions, types } from './builtin.generated.ts'

const serials: ReadonlyMap<string, 'smallint' | 'integer' | 'bigint'> = new Map([
  ['smallserial', 'smallint'],
  ['serial2', 'smallint'],
  ['serial', 'integer'],
  ['serial4', 'integer'],
  ['bigserial', 'bigint'],
  ['serial8', 'bigint'],
])

const internalNames = { smallint: 'int2', integer: 'int4', bigint: 'int8' } as const

/**
 * The integer type behind `serial` and its siblings, or null. As transformColumnDefinition (parse_utilcmd.c), only an
 * unqualified name counts: they are words of CREATE and ALTER TABLE, not types.
 */
export function serialOf(type: TypeName): 'smallint' | 'integer' | 'bigint' | null {
  const { schema, name } = qualifiedName(type.names)
  return schema === null && !type.pct_type ? (serials.get(name) ?? null) : null
}

/**
 * The type that a name means, looked up as PostgreSQL does: pg_catalog first, then the search path. `t.c%TYPE` becomes
 * the column's type. For an unknown type, schema is null (or the schema as written).
 */
export function resolveType(backend: Backend, type: TypeName): ColumnType {
  const array = (type.arrayBounds ?? []).length > 0
  if (type.pct_type) return { ...typeOfColumn(backend, type), ...(array && { array }) }
  const serial = serialOf(type)
  if (serial) return { schema: 'pg_catalog', name: internalNames[serial], modifiers: null, array }

  const written = qualifiedName(type.names)
  const modifiers = modifiersOf(type.typmods)
  // `_int4` is the name that PostgreSQL itself gives to the array type of int4.
  const element = written.name.startsWith('_') ? written.name.slice(1) : null
  for (const name of element === null ? [written.name] : [written.name, element]) {
    const schema = schemaOf(backend, written.schema, name)
    if (schema !== null) return { schema, name, modifiers, array: array || name === element }
  }
  return { schema: written.schema, name: written.name, modifiers, array }
}

function schemaOf(backend: Backend, schema: string | null, name: string): string | null {
  if ((schema === null || schema === 'pg_catalog') && types.has(name)) return 'pg_catalog'
  if (schema === 'pg_catalog') return null
  const found = backend.lookupType({ schema, name })
  if (found && found !== 'dropped') return found.schema
  const relation = backend.lookup({ schema, name })
  if (relation && relation !== 'dropped') return relation.schema
  const extension = extensionOf(name)
  const installed = extension === null ? undefined : backend.catalog.extensions.get(extension)
  return installed && (schema === null || schema === installed.schema) ? installed.schema : null
}

function typeOfColumn(backend: Backend, type: TypeName): ColumnType {
  const names = (type.names ?? []).slice(0, -1)
  const column = qualifiedName(type.names).name
  const relation = backend.lookup(qualifiedName(names))
  const known =
    relation && relation !== 'dropped' && 'columns' in relation ? backend.column(relation, column) : undefined
  return known?.complete
    ? known.type
    : { schema: null, name: `${qualifiedName(names).name}.${column}%TYPE`, modifiers: null, array: false }
}

/** A modifier that is not a number (`geometry(Point, 4326)`) becomes NaN, which equals nothing, not even itself. */
function modifiersOf(nodes: readonly Node[] | undefined): readonly number[] | null {
  if (!nodes || nodes.length === 0) return null
  return nodes.map(node => {
    if (!('A_Const' in node)) return Number.NaN
    const { ival, fval, sval } = node.A_Const
    if (ival) return ival.ival ?? 0
    return Number.parseFloat(fval?.fval ?? sval?.sval ?? '')
  })
}

/** The extension, among those that come with PostgreSQL, that defines a type of this name; null: none. */
export function extensionOf(name: string): string | null {
  for (const [extension, objects] of extensions) if (objects.types.has(name)) return extension
  return null
}

/**
 * The user-defined type behind a column type (for an array: of its elements). Null for types of PostgreSQL itself and
 * of the extensions that come with it; `unknown` when the migrations do not create it.
 */
export function typeOf(backend: Backend, type: ColumnType): Type | 'unknown' | null {
  if (type.schema === 'pg_catalog') return null
  const found = backend.lookupType(type)
  if (found && found !== 'dropped') return found
  const relation = backend.lookup(type)
  if (relation && relation !== 'dropped' && 'columns' in relation) {
    const { schema, name, complete, createdIn, oid } = relation
    return { kind: 'composite', relation: oid, oid: 0, schema, name, complete, createdIn }
  }
  return extensionOf(type.name) === null ? 'unknown' : null
}

/** The domain that a type is, as far as the migrations show; undefined for arrays of it. */
export function domainOf(backend: Backend, type: ColumnType): DomainType | undefined {
  const found = type.array ? null : typeOf(backend, type)
  return found !== null && found !== 'unknown' && found.kind === 'domain' ? found : undefined
}

/**
 * The base type of a domain (or of a domain over a domain). Any other type is its own base type, and so are domains
 * that are defined by each other.
 */
export function baseType(backend: Backend, type: ColumnType): ColumnType {
  const seen = new Set<Type>()
  for (let at = type; ; ) {
    const found = at.array ? null : typeOf(backend, at)
    if (found === null || found === 'unknown' || found.kind !== 'domain' || seen.has(found)) return at
    seen.add(found)
    at = found.base
  }
}

/**
 * Whether values of the type must be checked against a domain's NOT NULL or CHECK (DomainHasConstraints, typcache.c).
 * An array of a domain counts as unconstrained, as it does there. Domains that are defined by each other, which the
 * server refuses, are unknown.
 */
export function isConstrainedDomain(backend: Backend, type: ColumnType): boolean | 'unknown' {
  const seen = new Set<Type>()
  for (let at = type; ; ) {
    if (at.array) return false
    const found = typeOf(backend, at)
    if (found === null) return false
    if (found === 'unknown' || seen.has(found)) return 'unknown'
    if (found.kind !== 'domain') return false
    if (found.notNull || found.constraints.length > 0) return true
    if (!found.complete) return 'unknown'
    seen.add(found)
    at = found.base
  }
}

/** Type names as people write them, where they differ from PostgreSQL's internal ones. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['int2', 'smallint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['bool', 'boolean'],
  ['bpchar', 'char'],
])

/** A type for people, as they would write it: `varchar(10)`, `timestamptz`, `integer`, `app.status[]`. */
export function typeText(type: TypeName | ColumnType): string {
  if ('modifiers' in type) {
    const numbers = (type.modifiers ?? []).filter(number => !Number.isNaN(number)).map(String)
    return spelled(type.schema, type.name, numbers, type.array)
  }
  const { schema, name } = qualifiedName(type.names)
  if (type.pct_type) return `${strings(type.names).map(quoted).join('.')}%TYPE`
  const own = schema === null && types.has(name) ? 'pg_catalog' : schema
  return spelled(own, name, (type.typmods ?? []).map(modifierText), (type.arrayBounds ?? []).length > 0)
}

function modifierText(node: Node): string {
  if ('A_Const' in node) {
    const { ival, fval, sval } = node.A_Const
    return ival ? String(ival.ival ?? 0) : (fval?.fval ?? `'${sval?.sval ?? ''}'`)
  }
  return 'ColumnRef' in node ? strings(node.ColumnRef.fields).join('.') : ''
}

function spelled(schema: string | null, name: string, modifiers: readonly string[], array: boolean): string {
  const own = schema === 'pg_catalog'
  const qualifier = schema === null || own || schema === 'public' ? '' : `${quoted(schema)}.`
  const word = own && name === 'char' ? '"char"' : ((own ? spellings.get(name) : undefined) ?? quoted(name))
  const rest =
    own && name === 'interval' ? intervalFields(modifiers) : modifiers.length > 0 ? `(${modifiers.join(',')})` : ''
  return `${qualifier}${word}${rest}${array ? '[]' : ''}`
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** Bits of an interval's first modifier (INTERVAL_MASK of src/include/utils/timestamp.h), largest field first. */
const intervalBits: readonly (readonly [bit: number, field: string])[] = [
  [2, 'year'],
  [1, 'month'],
  [3, 'day'],
  [10, 'hour'],
  [11, 'minute'],
  [12, 'second'],
]
const allIntervalFields = 0x7fff

function intervalFields([mask, precision]: readonly string[]): string {
  const number = Number(mask ?? allIntervalFields)
  const fields =
    number === allIntervalFields ? [] : intervalBits.filter(([bit]) => number & (1 << bit)).map(([, field]) => field)
  const range = fields.length > 1 ? ` ${fields[0]} to ${fields.at(-1)}` : fields.length > 0 ? ` ${fields[0]}` : ''
  return `${range}${precision === undefined ? '' : `(${precision})`}`
}
