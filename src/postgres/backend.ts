import type { RangeVar } from '@pgsql/types'
import { isPlaceholder } from '../parse/placeholder.ts'
import type { Statement } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type { Catalog, Constraint, Oid, Relation, RelationKind, Table, Type, View } from './catalog/catalog.ts'
import type { Column } from './catalog/column.ts'
import { doubtOf } from './catalog/doubt.ts'
import { CatalogEditor } from './catalog/editor.ts'
import { displayName, findRelation, findType, type QualifiedName, rangeVarName, searchPath } from './catalog/name.ts'
import {
  columnsByName,
  constraintsByName,
  isIndex,
  isTable,
  systemColumns,
  unknownRelation,
} from './catalog/relation.ts'
import type { Settings } from './catalog/setting.ts'
import { type Effect, merge, mergeByRelation, type Work } from './effect.ts'
import type { LockMode } from './lock.ts'
import type { Operation } from './operation.ts'
import type { Transaction } from './step.ts'
import type { Subject } from './subject.ts'
import { type Lifetime, supportedVersions } from './version.ts'

type Draft = Operation extends infer O ? (O extends Operation ? Omit<O, 'effects'> : never) : never

/** The facts that a backend needs about the moment in which a statement runs. */
export interface Moment {
  readonly version: number
  readonly migration: number
  readonly statement: Statement
  readonly catalog: Catalog
  readonly settings: Settings
  readonly transaction: Transaction
  /** The catalog when the transaction began; null when the statement is not known to run in one. */
  readonly began: Catalog | null
  /** Functions that this version lacks are assumed to exist, from an extension or made by hand. */
  readonly unseenFunctions?: boolean
  /** Relations of which the facts are doubtful are assumed not to depend on anything. */
  readonly onlyCertainDependents?: boolean
  /** What the migrations say, where `catalog` is another one that is possible. */
  readonly told?: Catalog
  /** Gets the newer major versions from which on the statement may do something else: see `Backend.since`. */
  readonly boundaries?: Set<number> | undefined
}

/**
 * The PostgreSQL server process that executes one statement, on a model. Handlers (src/postgres/statements) take locks,
 * do work and change the catalog through it, in the order in which PostgreSQL's own code does, and it records what they
 * did. There is one backend per statement; `catalog` is the catalog after everything done so far.
 */
export class Backend extends CatalogEditor {
  readonly statement: Statement
  settings: Settings
  readonly transaction: Transaction
  /** The catalog when the transaction began; null when the statement is not known to run in one. */
  readonly began: Catalog | null
  /** See Moment. */
  readonly unseenFunctions: boolean
  /** See Moment. */
  readonly onlyCertainDependents: boolean
  /** See Moment. */
  readonly told: Catalog | undefined
  /** Set by handlers when the effects are not known: the reason. */
  opaque: string | null = null
  /** Set beside `opaque`: those effects are on rows alone. */
  onlyRows = false
  /** See Step.refusedInTransaction. */
  refusedInTransaction: string | null = null
  /** Settings changed and transaction control are applied by the timeline; handlers do not touch them. */
  private readonly recorded: { draft: Draft; effects: Map<Oid, Effect> }[] = []
  private readonly loose = new Map<Oid, Effect>()
  private isDoubtful = false
  private readonly pending: Set<Oid>
  readonly #version: number
  readonly #boundaries: Set<number> | undefined

  constructor(moment: Moment) {
    super(moment.catalog, moment.migration)
    this.#version = moment.version
    this.#boundaries = moment.boundaries
    this.statement = moment.statement
    this.settings = moment.settings
    this.transaction = moment.transaction
    this.began = moment.began
    this.unseenFunctions = moment.unseenFunctions ?? false
    this.onlyCertainDependents = moment.onlyCertainDependents ?? false
    this.told = moment.told
    this.pending = new Set(moment.transaction.pendingEvents)
  }

  // --- the version --------------------------------------------------------------------------------------------------

  /**
   * Whether the server has this major version or a newer one. A no is noted as a boundary, so that a run says for which newer servers it
   * holds, too: ask last, when only the version decides whether something differs.
   */
  since(version: number): boolean {
    if (this.#version >= version) return true
    this.#boundaries?.add(version)
    return false
  }

  /** The same without a note, for what no finding shows, or what is noted elsewhere when something depends on it. */
  quietlySince(version: number): boolean {
    return this.#version >= version
  }

  /** Whether the server has something that came and went with versions. */
  has({ since, until }: Lifetime): boolean {
    return (since === undefined || this.since(since)) && (until === undefined || !this.since(until + 1))
  }

  /** What a function of the version gives. The newer versions for which it gives something else are noted, as by `since`. */
  byVersion<T>(answer: (version: number) => T, isSame: (one: T, other: T) => boolean = Object.is): T {
    const own = answer(this.#version)
    if (!this.#boundaries) return own
    let last = own
    for (const version of supportedVersions.filter(each => each > this.#version)) {
      const next = answer(version)
      if (!isSame(last, next)) this.#boundaries.add(version)
      last = next
    }
    return own
  }

  // --- the record ---------------------------------------------------------------------------------------------------

  /** Starts an operation: locks and work that follow belong to it. */
  operation(draft: Draft): void {
    this.recorded.push({ draft, effects: new Map() })
  }

  /** Adds facts to the operation that was started last, when they become known only later. */
  amend(facts: Partial<Draft>): void {
    const last = this.recorded.at(-1)
    if (last) last.draft = { ...last.draft, ...facts } as Draft
  }

  /**
   * Takes back the last operations. They were named first because the statement might fail, and are named again one by
   * one as they are done.
   */
  withdraw(count: number): void {
    this.recorded.splice(this.recorded.length - count, count)
  }

  /**
   * Takes a lock on a relation; a relation that this statement created is invisible to other sessions and leaves no
   * effect.
   */
  lock(relation: Relation, mode: LockMode, because: string, certain = true): void {
    this.record(relation, { lock: mode, work: 'none', because, certain })
  }

  /**
   * The lock of a sub-command whose operations are named already. It is recorded for each operation that `run` starts,
   * or for the last one before.
   */
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

  /** Does work on a relation. The lock is taken separately, by `lock`. */
  work(relation: Relation, work: Work, because: string, certain = true): void {
    this.record(relation, { lock: null, work, because, certain })
  }

  /** It is not known whether the relation of the statement exists at all (IF EXISTS), so no effect is certain, on whatever relation. */
  doubt(): void {
    this.isDoubtful = true
  }

  private current(): Map<Oid, Effect> {
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
      certain: effect.certain && !this.isDoubtful,
    }
    const seen = target.get(relation.oid)
    target.set(relation.oid, seen ? merge(seen, full) : full)
  }

  /** Everything that was recorded. */
  result(): { operations: Operation[]; effects: Effect[]; pendingEvents: Oid[] } {
    const operations = this.recorded.map(
      ({ draft, effects }) => ({ ...draft, effects: [...effects.values()] }) as Operation,
    )
    const effects = mergeByRelation([...this.loose.values(), ...operations.flatMap(operation => operation.effects)])
    return { operations, effects, pendingEvents: [...this.pending] }
  }

  /** Forgets everything but the operations themselves: a statement that fails has no effects. */
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

  /** SET CONSTRAINTS … IMMEDIATE: the pending events fire. Returns the tables that had pending events. */
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

  /** Undefined when nothing is known about it, `dropped` when it is known to be absent. */
  lookup(name: QualifiedName): Relation | 'dropped' | undefined {
    return findRelation(this.catalog, this.path, name)
  }

  lookupType(name: QualifiedName): Type | 'dropped' | undefined {
    return findType(this.catalog, this.path, name)
  }

  /**
   * The relation that a statement names. If it is known to be absent, the statement fails with 42P01. If nothing is
   * known about it, it enters the catalog as an incomplete relation of the kind that the statement needs, so that facts
   * about it can be collected.
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

  /** The same where only a table (or partitioned table, or foreign table) is allowed; another kind fails with 42809. */
  table(name: RangeVar | QualifiedName): Table {
    const found = this.relation(name)
    if (!isTable(found)) this.fail('42809', `"${found.name}" is not a table`)
    return found
  }

  isExposed(relation: Relation): boolean {
    if (relation.persistence === 'temporary' || this.createdHere.has(relation.oid)) return false
    if (isIndex(relation)) {
      const table = this.getTable(relation.table)
      if (table) return this.isExposed(table)
    }
    return relation.createdIn === null || relation.createdIn < this.migration || this.isLive(relation)
  }

  /** A new table with rows that others use, because the transaction that gave it the name of a used table has ended. */
  private isLive(relation: Relation): boolean {
    if (!isTable(relation) || !relation.live || !relation.written) return false
    return relation.live.transaction === null || relation.live.transaction !== this.transaction.id
  }

  wasCreatedHere(relation: Relation): boolean {
    return this.createdHere.has(relation.oid)
  }

  subject(relation: Relation): Subject {
    return {
      oid: relation.oid,
      name: displayName(relation),
      kind: isTable(relation) && this.isPartitioned(relation) ? 'partitioned table' : relation.kind,
      exposed: this.isExposed(relation),
      complete: relation.complete,
      doubtful: doubtOf(this.catalog, relation) !== null,
      isPartition: isTable(relation) && relation.partitionOf !== null,
    }
  }

  /** True also of a table that no migration creates, when a partition of it is known. */
  isPartitioned(table: Table): boolean {
    if (table.complete || table.kind !== 'table') return table.kind === 'partitioned table'
    return table.children.some(child => this.getTable(child)?.partitionOf === table.oid)
  }

  // --- columns and constraints of a table -----------------------------------------------------------------------------

  column(table: Table | View, name: string): Column | undefined {
    return columnsByName.find(table.columns, name)
  }

  /**
   * The column; undefined if it is not known. Fails with 42703 if all columns of the table are known and none has that name. A placeholder
   * may name any of them.
   */
  existingColumn(table: Table, name: string): Column | undefined {
    const column = this.column(table, name)
    if (!column && table.complete && !systemColumns.has(name) && !isPlaceholder(name)) {
      this.fail('42703', `column "${name}" of relation "${table.name}" does not exist`)
    }
    return column
  }

  constraint(table: Table, name: string): Constraint | undefined {
    const found = constraintsByName.find(table.constraints, name)
    if (!found && mayNameNotNull(table, name)) this.since(18)
    return found
  }

  /** The span of a node that carries a location. It ends with the statement; handlers shorten it. */
  spanFrom(location: number | undefined): Span {
    return location === undefined || location < 0 ? this.statement.span : [location, this.statement.span[1]]
  }
}

/**
 * Whether this may be the name that 18 gives to the NOT NULL of a column: `orders_id_not_null`, from the names that the table and the column
 * had then. One of the two may have another name now.
 */
function mayNameNotNull({ name: table, columns }: Table, name: string): boolean {
  const end = name.lastIndexOf('_not_null')
  if (end < 0) return false
  const before = name.slice(0, end)
  if (columns.some(column => !column.notNull && before === `${table}_${column.name}`)) return false
  return before.startsWith(`${table}_`) || columns.some(column => column.notNull && before.endsWith(`_${column.name}`))
}
