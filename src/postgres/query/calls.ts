import type { FuncCall, Node } from '@pgsql/types'
import { parse } from '../../parse/parse.ts'
import { type RoutineBody, routineBody } from '../../parse/routine.ts'
import type { Body } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import type { Backend } from '../backend.ts'
import type { Routine } from '../catalog/catalog.ts'
import { nameKey, type QualifiedName, qualifiedName } from '../catalog/name.ts'
import { isSequence } from '../catalog/relation.ts'
import { nodeKind, withoutCasts } from '../expression/expression.ts'
import { argumentTypes, ofTypes } from '../expression/function.ts'
import { statementsIn } from '../object/sql-body.ts'
import { type Context, newLevel, topContext } from './level.ts'
import { readExpressions, readQuery } from './read.ts'

const onSequences: ReadonlySet<string> = new Set(['nextval', 'setval', 'currval'])

/**
 * The effects of the functions that an expression calls. Sequence functions lock their sequence (init_sequence in
 * sequence.c takes RowExclusiveLock for each of them); functions of the migrations run the SQL in their bodies as far
 * as it is static. Returns whether everything that is called is known.
 */
export function callFunction(context: Context, call: FuncCall): boolean {
  const { backend } = context
  const name = qualifiedName(call.funcname)
  if (onSequences.has(name.name) && (name.schema === null || name.schema === 'pg_catalog')) {
    const sequence = sequenceNamed(backend, call.args?.[0])
    const found = sequence && backend.lookup(sequence)
    if (found && found !== 'dropped' && isSequence(found)) {
      backend.lock(found, 'RowExclusiveLock', `${name.name}() locks the sequence`)
    }
    return true
  }
  const all = overloads(backend, name, call.args?.length ?? 0)
  const called = all.length > mostOverloads ? ofTypes(all, argumentTypes(backend, call)) : all
  if (called.length > mostOverloads) {
    backend.opaque ??= `it calls ${name.name}(), and it is not known which of many functions that is`
    return true
  }
  for (const routine of called) {
    if (context.calling.includes(routine.oid)) continue
    const { language, body, sqlBody } = routine
    if (sqlBody) runParsed(context, routine, statementsIn(sqlBody))
    else if (language === 'sql' && body !== null) runBody(context, routine, queriesOf(routine, body))
    else if (language === 'plpgsql' && body !== null) runBlock(context, routine, body)
    else if (routine.kind !== 'aggregate') opaque(backend, routine)
  }
  return called.length > 0
}

/** More functions of one name are not read at each call: it is not known which of them runs. */
const mostOverloads = 20

function opaque(backend: Backend, routine: Routine): void {
  const shown = routine.schema === 'public' ? routine.name : `${routine.schema}.${routine.name}`
  if (routine.volatility === 'volatile') backend.opaque ??= `it calls ${shown}(), whose body was not read`
}

/** The routines of the migrations that the call can mean: those in the first schema that has any, by number of arguments. */
function overloads(backend: Backend, name: QualifiedName, count: number): readonly Routine[] {
  for (const schema of name.schema === null ? backend.path : [name.schema]) {
    const oids = backend.catalog.routineNames.get(nameKey('routine', schema, name.name)) ?? []
    const found = oids.flatMap(oid => backend.catalog.routines.get(oid) ?? [])
    const fitting = found.filter(routine => routine.arguments.length === count)
    if (found.length > 0) return fitting.length > 0 ? fitting : found
  }
  return []
}

/** Reads the body of a function once, because migrations that fill tables call the same function many times. */
function readOnce<T>(read: (routine: Routine, text: string) => T): (routine: Routine, text: string) => T {
  const bodies = new WeakMap<Routine, T>()
  return (routine, text) => {
    const body = bodies.get(routine) ?? read(routine, text)
    bodies.set(routine, body)
    return body
  }
}

const blockOf = readOnce(
  ({ argumentNames, arguments: all, returnsTrigger }, text): RoutineBody =>
    routineBody(text, argumentNames ?? all.map(() => null), returnsTrigger),
)

/** The body of a function of a trigger; null: it is not in the migrations, or not read. */
export function triggerBody(routine: Routine | undefined): RoutineBody | null {
  if (routine?.language !== 'plpgsql' || routine.body === null) return null
  const body = blockOf(routine, routine.body)
  return body.problems.length > 0 ? null : body
}

const queriesOf = readOnce(({ name }, text) => parse({ path: name, text }))

/** The static SQL of a PL/pgSQL body, and the calls in its expressions. */
function runBlock(context: Context, routine: Routine, body: string): void {
  const read = blockOf(routine, body)
  runBody(context, routine, read)
  if (read.opaque.length > 0) opaque(context.backend, routine)
  const calling = { ...context, calling: [...context.calling, routine.oid] }
  for (const name of read.calls) {
    callFunction(calling, { funcname: name.map(sval => ({ String: { sval } })) })
  }
}

function runBody(
  context: Context,
  routine: Routine,
  { statements, problems }: Pick<Body, 'statements' | 'problems'>,
): void {
  const { backend } = context
  const inside = insideOf(context, routine)
  if (problems.length > 0) opaque(backend, routine)
  for (const { kind, node, conditional } of statements) {
    const query = { [kind]: node } as unknown as Node
    if (runnable.has(kind) && !conditional) readQuery(inside, query)
    else if (kind !== 'SelectStmt' || concernsRelations(backend, node)) opaque(backend, routine)
  }
}

/** A body of SQL rather than text: RETURN …, or BEGIN ATOMIC … END. */
function runParsed(context: Context, routine: Routine, statements: readonly Node[]): void {
  const inside = insideOf(context, routine)
  for (const statement of statements) {
    if (runnable.has(nodeKind(statement))) readQuery(inside, statement)
    else if ('ReturnStmt' in statement) readExpressions(newLevel(inside), statement.ReturnStmt.returnval)
    else opaque(context.backend, routine)
  }
}

function insideOf({ backend, depth, nested, calling }: Context, { oid }: Routine): Context {
  return { ...topContext(backend, depth), nested, calling: [...calling, oid] }
}

/** True when a query involves relations: it names one, or calls a function of the migrations. */
function concernsRelations(backend: Backend, node: unknown): boolean {
  let found = false
  descend(node, (key, value) => {
    const calls = key === 'FuncCall' && overloads(backend, qualifiedName((value as FuncCall).funcname), 0).length > 0
    found ||= key === 'RangeVar' || calls
    return !found
  })
  return found
}

const runnable: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

/** `'app.users_id_seq'`, also as `'…'::regclass` or `pg_get_serial_sequence('app.users', 'id')`. */
function sequenceNamed(backend: Backend, given: Node | undefined): QualifiedName | null {
  const argument = given && withoutCasts(given)
  if (!argument) return null
  if ('A_Const' in argument) return argument.A_Const.sval ? parsedName(argument.A_Const.sval.sval ?? '') : null
  if (!('FuncCall' in argument) || qualifiedName(argument.FuncCall.funcname).name !== 'pg_get_serial_sequence')
    return null
  const [table, column] = (argument.FuncCall.args ?? []).map(arg =>
    'A_Const' in arg ? (arg.A_Const.sval?.sval ?? null) : null,
  )
  const relation = table ? backend.lookup(parsedName(table)) : undefined
  if (!relation || relation === 'dropped' || !column) return null
  const owned = backend
    .mentioning(relation.oid)
    .find(each => isSequence(each) && each.ownedBy?.relation === relation.oid && each.ownedBy.column === column)
  return owned ? { schema: owned.schema, name: owned.name } : null
}

/** A name in a string, as textToQualifiedNameList reads it: unquoted parts are folded to lower case. */
function parsedName(text: string): QualifiedName {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'),
  )
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }
}
