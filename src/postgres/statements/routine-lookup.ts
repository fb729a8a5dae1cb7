import type { Node, ObjectWithArgs } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Routine } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import { nameKey, type QualifiedName, qualifiedName } from '../catalog/name.ts'
import { resolveType } from '../type/type.ts'

/** All known routines of a name, in the first schema of the search path that has one. */
export function routinesNamed(backend: Backend, { schema, name }: QualifiedName): Routine[] {
  for (const candidate of schema === null ? backend.path : [schema]) {
    const oids = backend.catalog.routineNames.get(nameKey('routine', candidate, name)) ?? []
    const found = oids.flatMap(oid => backend.catalog.routines.get(oid) ?? [])
    if (found.length > 0) return found
  }
  return []
}

/** The routine that `f(integer)` or plain `f` names, or null when it is not known. Source: LookupFuncWithArgs in parse_func.c. */
export function findRoutine(backend: Backend, signature: ObjectWithArgs): Routine | null {
  const found = routinesNamed(backend, qualifiedName(signature.objname))
  if (signature.args_unspecified) {
    if (found.length > 1) {
      backend.fail('42725', `function name "${qualifiedName(signature.objname).name}" is not unique`)
    }
    return found[0] ?? null
  }
  const wanted = argumentTypes(backend, signature.objargs)
  return found.find(routine => sameTypes(routine.arguments, wanted)) ?? null
}

export function argumentTypes(backend: Backend, nodes: readonly Node[] | undefined): ColumnType[] {
  return (nodes ?? []).flatMap(node => ('TypeName' in node ? [resolveType(backend, node.TypeName)] : []))
}

/** Argument lists that mean the same function: modifiers do not count. */
export function sameTypes(a: readonly ColumnType[], b: readonly ColumnType[]): boolean {
  return a.length === b.length && a.every((type, at) => sameType(type, b[at]))
}

export function sameType(a: ColumnType, b: ColumnType | undefined): boolean {
  return b !== undefined && a.name === b.name && a.array === b.array && a.schema === b.schema
}
