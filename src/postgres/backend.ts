import type { Node, RangeVar } from '@pgsql/types'
import type { Statement } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type {
  Catalog,
  Column,
  Constraint,
  Index,
  Oid,
  Relation,
  RelationKind,
  Routine,
  Schema,
  Sequence,
  Table,
  Type,
  View,
} from './catalog.ts'
import { type Effect, merge, mergeByRelation, type Work } from './effect.ts'
import type { LockMode } from './lock.ts'
import { reindexMentions } from './mention.ts'
import { displayName, findRelation, findType, nameKey, type QualifiedName, rangeVarName, searchPath } from './name.ts'
import type { Operation, Subject } from './operation.ts'
import type { Settings, Transaction } from './step.ts'

/** Thrown by Backend.fail: the statement certainly fails. Caught by whoever runs the statement, never by a handler. */
export class StatementError extends Error {
  readonly sqlstate: string
  constructor(sqlstate: string, message: string) {
    super(message)
    this.sqlstate = sqlstate
  }
}

type Draft = Operation extends infer O ? (O extends Operation ? Omit<O, 'effects'> : never) : never

/** What a backend needs to know of the moment in which a statement runs. */
export interface Moment {
  readonly version: number
  readonly migration: number
  readonly statement: Statement
  readonly catalog: Catalog
  readonly settings: Settings
  readonly transaction: Transaction
  /** The catalog when the transaction began; null when the statement is not known to run in one. */
  readonly began: Catalog | null
}

/**
 * The PostgreSQL server process that executes one statement, on a model: handlers (src/postgres/statements) take locks,
 * do work and change the catalog through it, in the order in which PostgreSQL's own code does, and it keeps the record.
 * One backend per statement; `catalog` is the picture after what was done so far.
 */
export class Backend {
  /** The catalog as it is now: what the statement did so far is in it. */
  catalog: Catalog
  /** The catalog as it was before the statement. */
  readonly before: Catalog
  readonly version: number
  readonly migration: number
  readonly statement: Statement
  settings: Settings
  readonly transaction: Transaction
  /** The catalog when the transaction began; null when the statement is not known to run in one. */
  readonly began: Catalog | null
  /** Why effects are not known, when they are not: set by handlers. */
  opaque: string | null = null
  /** Settings changed and transaction control are applied by the timeline; handlers do not touch them. */
  private readonly recorded: { draft: Draft; effects: Effect[] }[] = []
  private readonly loose: Effect[] = []
  private readonly createdHere = new Set<Oid>()
  private readonly doubtful = new Set<Oid>()
  private readonly pending: Set<Oid>

  constructor(moment: Moment) {
    this.catalog = moment.catalog
    this.before = moment.catalog
    this.version = moment.version
    this.migration = moment.migration
    this.statement = moment.statement
    this.settings = moment.settings
    this.transaction = moment.transaction
    this.began = moment.began
    this.pending = new Set(moment.transaction.pendingEvents)
  }

  // --- the record ---------------------------------------------------------------------------------------------------

  /** Starts an operation: locks and work that follow belong to it. */
  operation(draft: Draft): void {
    this.recorded.push({ draft, effects: [] })
  }

  /** Adds facts to the operation that was started last, once they are known. */
  amend(facts: Partial<Draft>): void {
    const last = this.recorded.at(-1)
    if (last) last.draft = { ...last.draft, ...facts } as Draft
  }

  /** Takes back the last operations: named at first because the statement might fail, then again one by one as they are done. */
  withdraw(count: number): void {
    this.recorded.splice(this.recorded.length - count, count)
  }

  /** Takes a lock on a relation; a relation that this statement created is nobody's business and leaves no effect. */
  lock(relation: Relation, mode: LockMode, because: string, certain = true): void {
    this.record(relation, { lock: mode, work: 'none', because, certain })
  }

  /** The lock of a sub-command, once its operations were named: put down to each that `run` starts, or to what came before. */
  lockAround(run: () => void, relation: () => Relation | undefined, mode: LockMode, because: string): void {
    const first = this.recorded.length
    run()
    const now = relation()
    if (!now) return
    const started = this.recorded.slice(first).map(({ effects }) => effects)
    for (const target of started.length > 0 ? started : [this.current()]) {
      this.record(now, { lock: mode, work: 'none', because, certain: true }, target)
    }
  }

  /** Does work on a relation; say the lock with `lock`. */
  work(relation: Relation, work: Work, because: string, certain = true): void {
    this.record(relation, { lock: null, work, because, certain })
  }

  /** Whether the relation exists at all is not known (IF EXISTS): no effect on it is certain. */
  doubt(relation: Relation): void {
    this.doubtful.add(relation.oid)
  }

  private current(): Effect[] {
    return this.recorded.at(-1)?.effects ?? this.loose
  }

  private record(
    relation: Relation,
    effect: Pick<Effect, 'lock' | 'work' | 'because' | 'certain'>,
    target = this.current(),
  ): void {
    if (this.createdHere.has(relation.oid)) return
    const full: Effect = {
      relation: displayName(this.before.relations.get(relation.oid) ?? relation),
      oid: relation.oid,
      kind: relation.kind,
      exposed: this.isExposed(relation),
      ...effect,
      certain: effect.certain && !this.doubtful.has(relation.oid),
    }
    const at = target.findIndex(other => other.oid === relation.oid)
    const seen = target[at]
    if (seen) target[at] = merge(seen, full)
    else target.push(full)
  }

  /** The statement certainly fails with this SQLSTATE. */
  fail(sqlstate: string, message: string): never {
    throw new StatementError(sqlstate, message)
  }

  /** Everything that was recorded. */
  result(): { operations: Operation[]; effects: Effect[]; pendingEvents: Oid[] } {
    const operations = this.recorded.map(({ draft, effects }) => ({ ...draft, effects }) as Operation)
    const effects = mergeByRelation([...this.loose, ...operations.flatMap(operation => operation.effects)])
    return { operations, effects, pendingEvents: [...this.pending] }
  }

  /** Forgets what was recorded but for the operations themselves: a statement that fails has no effects. */
  abandon(): { operations: Operation[]; effects: Effect[] } {
    return { operations: this.recorded.map(({ draft }) => ({ ...draft, effects: [] }) as Operation), effects: [] }
  }

  /** Runs part of a statement with a schema in front of the search path, as CREATE SCHEMA does with its elements. */
  within(schema: string, run: () => void): void {
    const { settings } = this
    const value = [schema, ...this.path].map(name => `"${name}"`).join(', ')
    this.settings = new Map(settings).set('search_path', { value, local: true, setBy: null })
    run()
    this.settings = settings
  }

  // --- deferred trigger events ----------------------------------------------------------------------------------------

  /** A deferred constraint will look at what was written to this table at COMMIT. Source: AfterTriggerSaveEvent. */
  postpone(table: Table): void {
    this.pending.add(table.oid)
  }

  /** SET CONSTRAINTS … IMMEDIATE: nothing waits any more. Returns the tables on which events waited. */
  settle(): Table[] {
    const tables = [...this.pending].flatMap(oid => this.getTable(oid) ?? [])
    this.pending.clear()
    return tables
  }

  /** Fails with 55006 when trigger events wait on the table. Source: CheckTableNotInUse in tablecmds.c. */
  requireNotInUse(table: Table, command: string): void {
    if (this.pending.has(table.oid)) {
      this.fail('55006', `cannot ${command} "${table.name}" because it has pending trigger events`)
    }
  }

  // --- looking things up ---------------------------------------------------------------------------------------------

  get path(): readonly string[] {
    return searchPath(this.settings)
  }

  /** Where an unqualified new object goes. */
  get creationSchema(): string {
    return this.path[0] ?? 'public'
  }

  /** Undefined when nothing is known of it, `dropped` when it is known to be absent. */
  lookup(name: QualifiedName): Relation | 'dropped' | undefined {
    return findRelation(this.catalog, this.path, name)
  }

  lookupType(name: QualifiedName): Type | 'dropped' | undefined {
    return findType(this.catalog, this.path, name)
  }

  /**
   * The relation a statement names. Known to be absent: fails with 42P01. Never heard of: it is put into the catalog as an
   * incomplete relation of the kind the statement needs, so that facts about it can gather.
   */
  relation(name: RangeVar | QualifiedName, kind: RelationKind = 'table'): Relation {
    const wanted =
      'relname' in name || 'relpersistence' in name ? rangeVarName(name as RangeVar) : (name as QualifiedName)
    const found = this.lookup(wanted)
    if (found === 'dropped') this.fail('42P01', `relation "${wanted.name}" does not exist`)
    if (found) return found
    const schema = wanted.schema ?? this.creationSchema
    return this.insert(unknownRelation(kind, schema, wanted.name), false)
  }

  /** The same, when only a table (or partitioned table, or foreign table) will do; another kind fails with 42809. */
  table(name: RangeVar | QualifiedName): Table {
    const found = this.relation(name)
    if (!isTable(found)) this.fail('42809', `"${found.name}" is not a table`)
    return found
  }

  /** By oid, as it is now. */
  get(oid: Oid): Relation | undefined {
    return this.catalog.relations.get(oid)
  }

  getTable(oid: Oid): Table | undefined {
    const found = this.get(oid)
    return found && isTable(found) ? found : undefined
  }

  getIndex(oid: Oid): Index | undefined {
    const found = this.get(oid)
    return found && isIndex(found) ? found : undefined
  }

  /** Relations whose foreign keys, queries, rules, policies or ownership refer to this one; it is not among them itself. */
  mentioning(oid: Oid): Relation[] {
    return (this.catalog.mentioned.get(oid) ?? []).flatMap(other => this.get(other) ?? [])
  }

  indexesOf(table: Table): Index[] {
    return table.indexes.flatMap(oid => this.getIndex(oid) ?? [])
  }

  /** The table and all below it: partitions of partitions, children of children; parents first, as find_all_inheritors. */
  withDescendants(table: Table): Table[] {
    const all = [table]
    const seen = new Set([table.oid])
    for (let next = 0; next < all.length; next++) {
      for (const oid of all[next]?.children ?? []) {
        const child = this.getTable(oid)
        if (child && !seen.has(oid)) {
          seen.add(oid)
          all.push(child)
        }
      }
    }
    return all
  }

  isExposed(relation: Relation): boolean {
    if (relation.persistence === 'temporary' || this.createdHere.has(relation.oid)) return false
    if (isIndex(relation)) {
      const table = this.getTable(relation.table)
      if (table) return this.isExposed(table)
    }
    return relation.createdIn === null || relation.createdIn < this.migration
  }

  wasCreatedHere(relation: Relation): boolean {
    return this.createdHere.has(relation.oid)
  }

  subject(relation: Relation): Subject {
    return {
      oid: relation.oid,
      name: displayName(relation),
      kind: relation.kind,
      exposed: this.isExposed(relation),
      complete: relation.complete,
      isPartition: isTable(relation) && relation.partitionOf !== null,
    }
  }

  // --- changing the catalog ------------------------------------------------------------------------------------------

  /** Creates a relation. Fails with 42P07 when the name is taken. Its effects are left out from now on. */
  create<R extends Relation>(relation: Omit<R, 'oid' | 'createdIn' | 'complete'>): R {
    const taken = this.catalog.names.get(nameKey('relation', relation.schema, relation.name))
    if (taken !== undefined && this.catalog.relations.get(taken)?.complete) {
      this.fail('42P07', `relation "${relation.name}" already exists`)
    }
    const made = { ...relation, createdIn: this.migration, complete: true } as unknown as WithoutOid<Relation>
    return this.insert(made, true) as R
  }

  private insert(relation: WithoutOid<Relation>, created: boolean): Relation {
    const oid = this.catalog.nextOid
    const full = { ...relation, oid } as Relation
    const key = nameKey('relation', full.schema, full.name)
    this.catalog = {
      ...this.catalog,
      nextOid: oid + 1,
      relations: this.catalog.relations.set(oid, full),
      mentioned: reindexMentions(this.catalog.mentioned, null, full),
      names: this.catalog.names.set(key, oid),
      dropped: this.catalog.dropped.remove(key),
    }
    if (created) this.createdHere.add(oid)
    return full
  }

  /** Replaces a relation by a changed copy (same oid; name and schema unchanged: see rename). Returns it. */
  put<R extends Relation>(relation: R): R {
    const before = this.catalog.relations.get(relation.oid) ?? null
    this.catalog = {
      ...this.catalog,
      relations: this.catalog.relations.set(relation.oid, relation),
      mentioned: reindexMentions(this.catalog.mentioned, before, relation),
    }
    return relation
  }

  /** Changes some facts of a relation as it is now in the catalog. */
  change<R extends Relation>(oid: Oid, facts: Partial<R>): R {
    return this.put({ ...(this.catalog.relations.get(oid) as R), ...facts })
  }

  /** Gives a relation another name or schema. Fails with 42P07 when it is taken. */
  rename<R extends Relation>(relation: R, schema: string, name: string): R {
    const oldKey = nameKey('relation', relation.schema, relation.name)
    const newKey = nameKey('relation', schema, name)
    if (this.catalog.names.has(newKey)) this.fail('42P07', `relation "${name}" already exists`)
    this.catalog = {
      ...this.catalog,
      names: this.catalog.names.remove(oldKey).set(newKey, relation.oid),
      dropped: this.catalog.dropped.set(oldKey, true).remove(newKey),
    }
    return this.put({ ...relation, schema, name })
  }

  /** Removes a relation from the catalog and remembers that its name is absent. Nothing else: see statements/drop. */
  remove(relation: Relation): void {
    const key = nameKey('relation', relation.schema, relation.name)
    this.catalog = {
      ...this.catalog,
      relations: this.catalog.relations.remove(relation.oid),
      mentioned: reindexMentions(this.catalog.mentioned, this.catalog.relations.get(relation.oid) ?? null, null),
      names: this.catalog.names.remove(key),
      dropped: this.catalog.dropped.set(key, true),
    }
  }

  /** Creates a type. Fails with 42710 when the name is taken. */
  createType<T extends Type>(type: Omit<T, 'oid' | 'createdIn' | 'complete'>): T {
    const key = nameKey('type', type.schema, type.name)
    const taken = this.catalog.names.get(key)
    if (taken !== undefined && this.catalog.types.get(taken)?.complete) {
      this.fail('42710', `type "${type.name}" already exists`)
    }
    const oid = this.catalog.nextOid
    const full = { ...type, oid, createdIn: this.migration, complete: true } as unknown as T
    this.catalog = {
      ...this.catalog,
      nextOid: oid + 1,
      types: this.catalog.types.set(oid, full),
      names: this.catalog.names.set(key, oid),
      dropped: this.catalog.dropped.remove(key),
    }
    return full
  }

  putType(type: Type): void {
    this.catalog = { ...this.catalog, types: this.catalog.types.set(type.oid, type) }
  }

  renameType(type: Type, schema: string, name: string): void {
    const oldKey = nameKey('type', type.schema, type.name)
    this.catalog = {
      ...this.catalog,
      types: this.catalog.types.set(type.oid, { ...type, schema, name }),
      names: this.catalog.names.remove(oldKey).set(nameKey('type', schema, name), type.oid),
      dropped: this.catalog.dropped.set(oldKey, true),
    }
  }

  removeType(type: Type): void {
    const key = nameKey('type', type.schema, type.name)
    this.catalog = {
      ...this.catalog,
      types: this.catalog.types.remove(type.oid),
      names: this.catalog.names.remove(key),
      dropped: this.catalog.dropped.set(key, true),
    }
  }

  /** Creates or replaces a routine (same schema, name and argument types replace). */
  putRoutine(routine: Omit<Routine, 'oid' | 'createdIn'>, replaces?: Oid): Oid {
    const oid = replaces ?? this.catalog.nextOid
    const key = nameKey('routine', routine.schema, routine.name)
    const overloads = this.catalog.routineNames.get(key) ?? []
    this.catalog = {
      ...this.catalog,
      nextOid: Math.max(this.catalog.nextOid, oid + 1),
      routines: this.catalog.routines.set(oid, { ...routine, oid, createdIn: this.migration }),
      routineNames: this.catalog.routineNames.set(key, overloads.includes(oid) ? overloads : [...overloads, oid]),
    }
    return oid
  }

  removeRoutine(routine: Routine): void {
    const key = nameKey('routine', routine.schema, routine.name)
    const left = (this.catalog.routineNames.get(key) ?? []).filter(oid => oid !== routine.oid)
    this.catalog = {
      ...this.catalog,
      routines: this.catalog.routines.remove(routine.oid),
      routineNames: left.length > 0 ? this.catalog.routineNames.set(key, left) : this.catalog.routineNames.remove(key),
    }
  }

  putSchema(schema: Schema): void {
    this.catalog = { ...this.catalog, schemas: this.catalog.schemas.set(schema.name, schema) }
  }

  // --- columns and constraints of a table -----------------------------------------------------------------------------

  column(table: Table | View, name: string): Column | undefined {
    return table.columns.find(column => column.name === name)
  }

  /** The column, or an error 42703 when the table is wholly known and has none of that name; undefined: not known. */
  existingColumn(table: Table, name: string): Column | undefined {
    const column = this.column(table, name)
    if (!column && table.complete && !systemColumns.has(name)) {
      this.fail('42703', `column "${name}" of relation "${table.name}" does not exist`)
    }
    return column
  }

  constraint(table: Table, name: string): Constraint | undefined {
    return table.constraints.find(constraint => constraint.name === name)
  }

  /** Span of a node that carries a location, to the end of the statement at most: handlers refine it. */
  spanFrom(location: number | undefined): Span {
    return location === undefined || location < 0 ? this.statement.span : [location, this.statement.span[1]]
  }
}

export const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'oid'])

export function isTable(relation: Relation): relation is Table {
  return (
    relation.kind === 'table' ||
    relation.kind === 'partitioned table' ||
    relation.kind === 'foreign table' ||
    relation.kind === 'materialized view' ||
    relation.kind === 'composite type'
  )
}

export function isIndex(relation: Relation): relation is Index {
  return relation.kind === 'index' || relation.kind === 'partitioned index'
}

export function isView(relation: Relation): relation is View {
  return relation.kind === 'view'
}

export function isSequence(relation: Relation): relation is Sequence {
  return relation.kind === 'sequence'
}

/** Facts of a table about which nothing was said yet. */
export const blankTable = {
  persistence: 'permanent',
  owner: null,
  tablespace: null,
  columns: [],
  constraints: [],
  indexes: [],
  triggers: [],
  policies: [],
  rules: [],
  partitionOf: null,
  bound: null,
  detachPending: false,
  partitioning: null,
  children: [],
  parents: [],
  rowSecurity: false,
  replicaIdentity: 'default',
  accessMethod: null,
  ofType: null,
  options: new Map<string, string>(),
  uses: [],
  populated: true,
  filled: false,
} as const satisfies Partial<Table>

export const blankIndex = {
  persistence: 'permanent',
  owner: null,
  tablespace: null,
  method: 'btree',
  keys: [],
  included: [],
  predicate: null,
  unique: false,
  nullsNotDistinct: false,
  valid: true,
  constraint: null,
  parent: null,
  children: [],
  options: new Map<string, string>(),
  clustered: false,
} as const satisfies Partial<Index>

type WithoutOid<R> = R extends Relation ? Omit<R, 'oid'> : never

function unknownRelation(kind: RelationKind, schema: string, name: string): WithoutOid<Relation> {
  const base = {
    schema,
    name,
    complete: false,
    createdIn: null,
    persistence: 'permanent',
    owner: null,
    tablespace: null,
  } as const
  switch (kind) {
    case 'index':
    case 'partitioned index':
      return { ...blankIndex, ...base, kind, table: 0 }
    case 'view':
      return { ...base, kind, columns: [], uses: [], rules: [], triggers: [] }
    case 'sequence':
      return { ...base, kind, ownedBy: null, identity: false, type: 'bigint' }
    default:
      return { ...blankTable, ...base, kind }
  }
}

/** The single key of a node wrapper: `{ColumnRef: …}` → `ColumnRef`. */
export function nodeKind(node: Node): string {
  return Object.keys(node)[0] ?? ''
}
