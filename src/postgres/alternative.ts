import type { CreateStmt } from '@pgsql/types'
import { append } from '../parse/list.ts'
import { lookUp } from '../parse/look-up.ts'
import { unnamed } from '../parse/placeholder.ts'
import type { Statement } from '../parse/script.ts'
import type { Moment } from './backend.ts'
import type { Catalog } from './catalog/catalog.ts'
import {
  doubtOf,
  doubtsAbout,
  droppedBy,
  type Named,
  namedBy,
  onlyCertain,
  partlyDoubted,
  withoutFacts,
  withoutObjects,
} from './catalog/doubt.ts'
import { searchPath } from './catalog/name.ts'
import { perhapsTheSame } from './catalog/placeholder-name.ts'
import { isTable, notNullConstraint, notNullsByColumn } from './catalog/relation.ts'
import { type Command, doubted, underCondition } from './doubted.ts'
import { type Effect, works } from './effect.ts'
import { blocksWrites, lockModes } from './lock.ts'
import type { Operation } from './operation.ts'
import { isThereAlready, nothingIf } from './optional.ts'
import type { Outcome } from './outcome.ts'

/**
 * What a statement does when more than one database is possible. A failure is certain only if the statement fails on
 * each of them, on every version that may be meant. Where a doubtful fact could make the statement keep others waiting
 * for longer, the statement may do that. A doubt makes a claim less certain; it never hides one.
 */

type Run = (moment: Moment) => Outcome

export function possibly(moment: Moment, otherVersions: readonly number[], run: Run): Outcome {
  const asTold = run(moment)
  const outcome =
    asTold.error === null ? worst(moment, asTold, run) : (firstThatRuns(moment, asTold, otherVersions, run) ?? asTold)
  if (outcome.error !== null) return outcome
  if (moment.statement.conditional) return { ...outcome, after: doubted(moment, outcome, underCondition) }
  const condition = nothingIf(moment) ?? copiedDoubt(moment)
  return condition === null ? outcome : { ...outcome, after: doubted(moment, outcome, condition) }
}

/** The doubt about a new object that copies its columns from a doubtful one. */
function copiedDoubt({ catalog, statement, settings }: Moment): string | null {
  if (!copies(statement)) return null
  const { relations, types } = namedBy(catalog, statement, searchPath(settings), [])
  return [...relations, ...types].flatMap(object => doubtOf(catalog, object) ?? [])[0] ?? null
}

function copies({ kind, node }: Statement): boolean {
  if (kind === 'CreateTableAsStmt' || kind === 'ViewStmt' || kind === 'SelectStmt') return true
  const { inhRelations, ofTypename, tableElts = [] } = kind === 'CreateStmt' ? (node as CreateStmt) : {}
  return inhRelations !== undefined || ofTypename !== undefined || tableElts.some(each => 'TableLikeClause' in each)
}

/** The statement itself shows whether a label was added in this transaction, wherever its type comes from (55P04). */
const independent: ReadonlySet<string> = new Set(['55P04'])

/** The transaction alone decides that. */
const inReadOnly = '25006'

function firstThatRuns(
  moment: Moment,
  asTold: Outcome,
  otherVersions: readonly number[],
  run: Run,
): Outcome | undefined {
  const { error } = asTold
  if (error === null || error.sqlstate === inReadOnly) return undefined
  // Two unknown names are not the same one, so nothing is known about a failure that takes them for the same.
  if (namesUnknown(moment.statement.node)) return { ...asTold, error: null }
  const unless = (condition: string, version?: number) =>
    // A statement under a condition asks for what it needs (IF NOT EXISTS … THEN), so the step does not say why it may
    // not run.
    moment.statement.conditional ? null : { ...error, condition, ...(version !== undefined && { version }) }
  for (const { at, condition, version } of alternatives(moment, error.sqlstate, otherVersions)) {
    const other = run(at)
    if (other.error !== null) continue
    return { ...other, after: withoutGuesses(moment, other.after), unless: unless(condition, version) }
  }
  // CREATE INDEX looks for an index of its name last, when nothing else is wrong with the statement (DefineIndex).
  const condition =
    moment.statement.kind === 'IndexStmt' || lacksPart(moment, error.sqlstate, run) ? null : nothingIf(moment)
  return condition === null ? undefined : { ...asTold, error: null, unless: unless(condition) }
}

/** IF EXISTS of one sub-command does not make up for a column, constraint or key that another one lacks. */
function lacksPart(moment: Moment, sqlstate: string, run: Run): boolean {
  const { statement } = moment
  const { kind, node } = statement
  if (kind !== 'AlterTableStmt' || lookUp(node, 'missing_ok') === true || !lacking.has(sqlstate)) return false
  const commands = (lookUp(node, 'cmds') ?? []) as readonly Command[]
  const bare = commands.map(asIfThere)
  if (bare.every((command, i) => command === commands[i])) return true
  return (
    run({ ...moment, statement: { ...statement, node: { ...node, cmds: bare } as Statement['node'] } }).error !== null
  )
}

const lacking: ReadonlySet<string> = new Set(['42703', '42704'])

/** ADD COLUMN IF NOT EXISTS with the name alone: PostgreSQL looks at nothing else if there is such a column. */
function asIfThere(command: Command): Command {
  const { AlterTableCmd: cmd } = command
  if (cmd?.subtype !== 'AT_AddColumn' || !cmd.missing_ok || !cmd.def || !('ColumnDef' in cmd.def)) return command
  const { colname = '' } = cmd.def.ColumnDef
  return { AlterTableCmd: { ...cmd, def: { ColumnDef: { colname, typeName: integer } } } }
}

const integer = { names: [{ String: { sval: 'pg_catalog' } }, { String: { sval: 'int4' } }] }

/** Whether a name in the statement is an unknown part of a program. */
function namesUnknown(node: unknown): boolean {
  const open = [node]
  for (let each = open.pop(); each !== undefined; each = open.pop())
    if (typeof each === 'string') {
      if (each.includes(unnamed)) return true
    } else if (typeof each === 'object' && each !== null) append(open, Object.values(each))
  return false
}

const elsewhere = 'an extension brings it, or somebody has made it by hand'

/** On another possible database the statement also dropped other objects; on this one they may still exist. */
function withoutGuesses({ catalog, statement, settings }: Moment, after: Catalog): Catalog {
  if (after.dropped === catalog.dropped) return after
  const named = new Set(droppedBy(after, namedBy(catalog, statement, searchPath(settings), [])))
  return { ...after, dropped: after.dropped.filter((_, key) => catalog.dropped.has(key) || named.has(key)) }
}

interface Alternative {
  readonly at: Moment
  readonly condition: string
  /** Set when the condition is this version, and nothing else. */
  readonly version?: number
}

/** Other databases and versions on which the statement may run, the most likely first. */
function* alternatives(moment: Moment, sqlstate: string, otherVersions: readonly number[]): Generator<Alternative> {
  for (const version of otherVersions) {
    const catalog = sqlstate === '42704' && version >= 18 ? withNotNullConstraints(moment) : moment.catalog
    yield { at: { ...moment, version, catalog }, condition: `it runs on PostgreSQL ${version}`, version }
  }
  if (independent.has(sqlstate)) return
  if (sqlstate === '42883') yield { at: { ...moment, unseenFunctions: true }, condition: elsewhere }
  const { catalog } = moment
  const path = searchPath(moment.settings)
  const { relations, names } = namedBy(catalog, moment.statement, path, [])
  const doubt = sqlstate === hasDependents ? doubtOfUsers(catalog, names) : undefined
  if (doubt !== undefined) {
    for (const version of [moment.version, ...otherVersions])
      yield { at: { ...moment, version, onlyCertainDependents: true }, condition: doubt }
  }
  // Objects that refer to the named ones can prevent the statement, too.
  const mentioning = relations.flatMap(({ oid }) => [...(catalog.mentioned.get(oid)?.keys() ?? [])])
  const named = namedBy(catalog, moment.statement, path, mentioning)
  const doubts = doubtsAbout(catalog, named)
  const condition = doubts.join(', or ')
  const catalogs: readonly (() => Catalog)[] =
    doubts.length === 0
      ? []
      : [() => withoutFacts(catalog, named, true), () => withoutObjects(catalog, named), () => onlyCertain(catalog)]
  for (const version of [moment.version, ...otherVersions]) {
    for (const [i, other] of catalogs.entries()) {
      // It is also unknown whether a foreign key is still deferred.
      const transaction = i < 2 ? moment.transaction : { ...moment.transaction, pendingEvents: [] }
      yield { at: { ...moment, version, transaction, catalog: other() }, condition }
    }
  }
  yield* underOtherNames(moment, named, otherVersions)
}

const hasDependents = '2BP01'

/** The first doubt about a relation that uses a type, a function or a sequence of one of these names. */
function doubtOfUsers(catalog: Catalog, names: ReadonlySet<string>): string | undefined {
  for (const name of names)
    for (const kind of ['type', 'function', 'sequence'] as const)
      for (const oid of catalog.mentioned.get(`${kind}:${name}`)?.keys() ?? []) {
        const user = catalog.relations.get(oid)
        const doubt = user ? doubtOf(catalog, user) : null
        if (doubt !== null) return doubt
      }
  return undefined
}

/** Databases on which a placeholder stands for a name that something else has, so that more is known of an object than its own name shows. */
function* underOtherNames(moment: Moment, named: Named, otherVersions: readonly number[]): Generator<Alternative> {
  const { catalog } = moment
  const found = perhapsTheSame(catalog, named)
  if (!found) return
  const { placeholder, relations, types, dropped } = found
  const condition = `${placeholder} stands for another name that the migrations use`
  const doubtful: Catalog = {
    ...catalog,
    relations: relations.reduce((all, each) => all.set(each.oid, { ...each, doubt: condition }), catalog.relations),
    types: types.reduce((all, each) => all.set(each.oid, { ...each, doubt: condition }), catalog.types),
    dropped: catalog.dropped.filter((_, key) => !dropped.has(key)),
  }
  const own = namedBy(doubtful, moment.statement, searchPath(moment.settings), [])
  for (const version of [moment.version, ...otherVersions])
    for (const other of [() => withoutFacts(doubtful, own, true), () => withoutObjects(doubtful, own)])
      yield { at: { ...moment, version, catalog: other() }, condition }
}

/**
 * The catalog as PostgreSQL 18 would have it, where NOT NULL is a constraint with a name, for the tables that the
 * statement names.
 */
function withNotNullConstraints({ catalog, statement, settings, migration }: Moment): Catalog {
  let { relations } = catalog
  for (const table of namedBy(catalog, statement, searchPath(settings), []).relations) {
    if (!isTable(table)) continue
    const missing = table.columns.filter(
      ({ name, notNull }) => notNull && !notNullsByColumn.find(table.constraints, name),
    )
    const constraints = missing.map(({ name }) => notNullConstraint(`${table.name}_${name}_not_null`, name, migration))
    relations = relations.set(table.oid, { ...table, constraints: [...table.constraints, ...constraints] })
  }
  return { ...catalog, relations }
}

/**
 * Statements that never keep others from writing to a relation that was there before, whatever the database looks like. Of a DO block the
 * statements inside run one by one.
 */
export const harmless: ReadonlySet<string> = new Set([
  'CommentStmt',
  'CreateEnumStmt',
  'CreateExtensionStmt',
  'CreateFunctionStmt',
  'DeleteStmt',
  'DoStmt',
  'GrantStmt',
  'InsertStmt',
  'SelectStmt',
  'TransactionStmt',
  'UpdateStmt',
  'VariableSetStmt',
])

/** What the statement does, or what it may do on another possible database if that is worse for others. */
function worst(moment: Moment, asTold: Outcome, run: Run): Outcome {
  const { catalog, statement } = moment
  if (harmless.has(statement.kind)) return asTold
  const isDoubtful = ({ oid }: Effect) => {
    const relation = catalog.relations.get(oid)
    return relation !== undefined && (relation.doubt !== undefined || partlyDoubted(relation) !== null)
  }
  const isTrue = catalog.uncertain === null || catalog.uncertain.isShown === true
  if (isTrue && !asTold.effects.some(isDoubtful)) return asTold
  if (isThereAlready(moment)) return asTold
  const touched = asTold.effects.map(({ oid }) => oid)
  const named = namedBy(catalog, statement, searchPath(moment.settings), touched)
  const doubtful = withoutFacts(catalog, named, false)
  if (doubtful === catalog) return asTold
  const other = run({ told: catalog, ...moment, catalog: doubtful })
  if (other.error !== null || !isWorse(other, asTold)) return asTold
  const told = toldOf(asTold)
  const uncertain = (effects: readonly Effect[]): Effect[] =>
    effects.map(effect => (covers(told(effect), effect) ? effect : { ...effect, certain: false }))
  return {
    ...other,
    operations: other.operations.map(operation => ({ ...operation, effects: uncertain(operation.effects) })),
    effects: uncertain(other.effects),
    // The catalog afterwards is the one that the migrations describe.
    after: asTold.after,
  }
}

function isWorse(other: Outcome, asTold: Outcome): boolean {
  const told = toldOf(asTold)
  const harms = ({ exposed, lock }: Effect) => exposed && blocksWrites(lock)
  return (
    other.effects.some(effect => harms(effect) && !covers(told(effect), effect)) ||
    other.operations.some((operation, i) => losesData(operation) && !losesData(asTold.operations[i]))
  )
}

/** Finds the described effect on a relation. An unknown index is a different object from the doubtful one with the same name. */
function toldOf({ effects }: Outcome): (other: Effect) => Effect | undefined {
  const byOid = new Map(effects.map(effect => [effect.oid, effect]))
  const byName = new Map(effects.map(effect => [nameOf(effect), effect]))
  return other => byOid.get(other.oid) ?? byName.get(nameOf(other))
}

/** Of an unknown index, it is not known whether it is one of a partitioned table. */
function nameOf({ kind, relation }: Effect): string {
  return `${kind === 'partitioned index' ? 'index' : kind} ${relation}`
}

/** True when the effect as described is as bad as the other one. */
function covers(told: Effect | undefined, other: Effect): boolean {
  if (!told) return false
  const rank = ({ lock }: Effect) => (lock === null ? -1 : lockModes.indexOf(lock))
  return (
    rank(told) >= rank(other) && works.indexOf(told.work) >= works.indexOf(other.work) && told.certain >= other.certain
  )
}

/** DROP COLUMN IF EXISTS does nothing if there is no such column, and DROP TYPE does nothing to a type that was dropped before. */
function losesData(operation: Operation | undefined): boolean {
  if (operation?.kind === 'drop-type' || operation?.kind === 'drop-domain') return !operation.isNew
  return operation?.kind === 'drop-column' && operation.table.exposed && !(operation.table.complete && !operation.known)
}
