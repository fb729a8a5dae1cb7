import type { FuncCall, Node } from '@pgsql/types'
import { type Backend, isSequence } from '../backend.ts'
import { nameKey, type QualifiedName, qualifiedName } from '../name.ts'

const onSequences: ReadonlySet<string> = new Set(['nextval', 'setval', 'currval'])

/**
 * What the functions that an expression calls do: sequence functions lock their sequence (init_sequence in sequence.c
 * takes RowExclusiveLock for each of them), functions of the migrations may do anything.
 */
export function callFunction(backend: Backend, call: FuncCall): void {
  const name = qualifiedName(call.funcname)
  if (onSequences.has(name.name) && (name.schema === null || name.schema === 'pg_catalog')) {
    const sequence = sequenceNamed(backend, call.args?.[0])
    const found = sequence && backend.lookup(sequence)
    if (found && found !== 'dropped' && isSequence(found)) {
      backend.lock(found, 'RowExclusiveLock', `${name.name}() locks the sequence`)
    }
    return
  }
  for (const schema of name.schema === null ? backend.path : [name.schema]) {
    const overloads = backend.catalog.routineNames.get(nameKey('routine', schema, name.name)) ?? []
    const routine = overloads
      .map(oid => backend.catalog.routines.get(oid))
      .find(each => each?.volatility === 'volatile')
    if (routine && routine.kind !== 'aggregate') {
      const shown = schema === 'public' ? routine.name : `${schema}.${routine.name}`
      backend.opaque ??= `calls ${shown}(), whose body was not looked into`
    }
    if (overloads.length > 0) return
  }
}

/** `'app.users_id_seq'`, also as `'…'::regclass` or `pg_get_serial_sequence('app.users', 'id')`. */
function sequenceNamed(backend: Backend, argument: Node | undefined): QualifiedName | null {
  if (!argument) return null
  if ('TypeCast' in argument) return sequenceNamed(backend, argument.TypeCast.arg)
  if ('A_Const' in argument) return argument.A_Const.sval ? parsedName(argument.A_Const.sval.sval ?? '') : null
  if (!('FuncCall' in argument) || qualifiedName(argument.FuncCall.funcname).name !== 'pg_get_serial_sequence')
    return null
  const [table, column] = (argument.FuncCall.args ?? []).map(arg =>
    'A_Const' in arg ? (arg.A_Const.sval?.sval ?? null) : null,
  )
  const relation = table ? backend.lookup(parsedName(table)) : undefined
  if (!relation || relation === 'dropped' || !column) return null
  const owned = backend.catalog.relations.find(
    each => isSequence(each) && each.ownedBy?.relation === relation.oid && each.ownedBy.column === column,
  )
  return owned ? { schema: owned.schema, name: owned.name } : null
}

/** A name in a string, as textToQualifiedNameList reads it: unquoted parts are folded to lower case. */
export function parsedName(text: string): QualifiedName {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'),
  )
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }
}
