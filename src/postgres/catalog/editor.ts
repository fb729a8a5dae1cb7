import {
  type Catalog,
  type Index,
  type Mention,
  type Oid,
  type Relation,
  type Routine,
  type Schema,
  type Table,
  type Type,
  withRelations,
} from './catalog.ts'
import { reindexMentions } from './mention.ts'
import { nameKey } from './name.ts'
import { isIndex, isTable, keepIndexes, type WithoutOid } from './relation.ts'

/**
 * Thrown by Backend.fail: the statement certainly fails. The code that runs the statement catches it, never a handler. It is not an Error,
 * because nobody reads the stack, and recording it takes V8 time.
 */
export class StatementError {
  readonly sqlstate: string
  readonly message: string
  constructor(sqlstate: string, message: string) {
    this.sqlstate = sqlstate
    this.message = message
  }
}

/** The catalog while one statement changes it: objects are found by oid, made, replaced, renamed and removed. */
export class CatalogEditor {
  /** The catalog as it is now, with everything that the statement has done so far. */
  catalog: Catalog
  /** The catalog as it was before the statement. */
  readonly before: Catalog
  /** Position of the migration: objects remember which one made them. */
  readonly migration: number
  protected readonly createdHere = new Set<Oid>()

  constructor(catalog: Catalog, migration: number) {
    this.catalog = catalog
    this.before = catalog
    this.migration = migration
  }

  /** Ends the statement: it certainly fails with this SQLSTATE. */
  fail(sqlstate: string, message: string): never {
    throw new StatementError(sqlstate, message)
  }

  // --- by oid -----------------------------------------------------------------------------------------------------

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

  /**
   * Relations whose definitions refer to this one (foreign keys, queries, rules, policies, ownership), or to something
   * with its name. It is not in the list itself.
   */
  mentioning(mention: Mention): Relation[] {
    return this.mentioners(mention).flatMap(other => this.get(other) ?? [])
  }

  /** The same for types and routines. */
  typesMentioning(mention: Mention): Type[] {
    return this.mentioners(mention).flatMap(other => this.catalog.types.get(other) ?? [])
  }

  routinesMentioning(mention: Mention): Routine[] {
    return this.mentioners(mention).flatMap(other => this.catalog.routines.get(other) ?? [])
  }

  private mentioners(mention: Mention): Oid[] {
    return [...(this.catalog.mentioned.get(mention)?.keys() ?? [])]
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

  // --- changing the catalog ------------------------------------------------------------------------------------------

  /**
   * Creates a relation. Fails with 42P07 when the name is taken. Effects on it are left out from now on, because no other session
   * sees it.
   */
  create<R extends Relation>(relation: Omit<R, 'oid' | 'createdIn' | 'complete'>): R {
    const taken = this.catalog.names.get(nameKey('relation', relation.schema, relation.name))
    if (taken !== undefined && this.catalog.relations.get(taken)?.complete) {
      this.fail('42P07', `relation "${relation.name}" already exists`)
    }
    const made = { ...relation, createdIn: this.migration, complete: true } as unknown as WithoutOid<Relation>
    return this.insert(made, true) as R
  }

  protected insert(relation: WithoutOid<Relation>, created: boolean): Relation {
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
    if (before) keepIndexes(before, relation)
    const { relations, mentioned } = this.catalog
    this.catalog = withRelations(
      this.catalog,
      relations.set(relation.oid, relation),
      reindexMentions(mentioned, before, relation),
    )
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
      numbered: this.catalog.numbered.clear(),
      dropped: this.catalog.dropped.set(oldKey, this.catalog.nextOid).remove(newKey),
    }
    return this.put({ ...relation, schema, name })
  }

  /** Removes a relation from the catalog and remembers that its name is absent. It does nothing else: see statements/drop. */
  remove(relation: Relation): void {
    const key = nameKey('relation', relation.schema, relation.name)
    this.catalog = {
      ...this.catalog,
      relations: this.catalog.relations.remove(relation.oid),
      mentioned: reindexMentions(this.catalog.mentioned, this.catalog.relations.get(relation.oid) ?? null, null),
      names: this.catalog.names.remove(key),
      numbered: this.catalog.numbered.clear(),
      dropped: this.catalog.dropped.set(key, this.catalog.nextOid),
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
      mentioned: reindexMentions(this.catalog.mentioned, null, full),
      names: this.catalog.names.set(key, oid),
      dropped: this.catalog.dropped.remove(key),
    }
    return full
  }

  putType(type: Type): void {
    const before = this.catalog.types.get(type.oid) ?? null
    this.catalog = {
      ...this.catalog,
      types: this.catalog.types.set(type.oid, type),
      mentioned: reindexMentions(this.catalog.mentioned, before, type),
    }
  }

  renameType(type: Type, schema: string, name: string): void {
    const oldKey = nameKey('type', type.schema, type.name)
    const newKey = nameKey('type', schema, name)
    this.catalog = {
      ...this.catalog,
      names: this.catalog.names.remove(oldKey).set(newKey, type.oid),
      dropped: this.catalog.dropped.set(oldKey, this.catalog.nextOid).remove(newKey),
    }
    this.putType({ ...type, schema, name })
  }

  removeType(type: Type): void {
    const key = nameKey('type', type.schema, type.name)
    this.catalog = {
      ...this.catalog,
      types: this.catalog.types.remove(type.oid),
      mentioned: reindexMentions(this.catalog.mentioned, this.catalog.types.get(type.oid) ?? null, null),
      names: this.catalog.names.remove(key),
      dropped: this.catalog.dropped.set(key, this.catalog.nextOid),
    }
  }

  /** Creates or replaces a routine (same schema, name and argument types replace). */
  putRoutine(routine: Omit<Routine, 'oid' | 'createdIn'>, replaces?: Oid): Oid {
    const oid = replaces ?? this.catalog.nextOid
    this.catalog = { ...this.catalog, nextOid: Math.max(this.catalog.nextOid, oid + 1) }
    this.changeRoutine({ ...routine, oid, createdIn: this.migration })
    return oid
  }

  /** Replaces a routine by a changed copy, or puts one back that was removed under another name. */
  changeRoutine(routine: Routine): void {
    const key = nameKey('routine', routine.schema, routine.name)
    const overloads = this.catalog.routineNames.get(key) ?? []
    const before = this.catalog.routines.get(routine.oid) ?? null
    this.catalog = {
      ...this.catalog,
      routines: this.catalog.routines.set(routine.oid, routine),
      mentioned: reindexMentions(this.catalog.mentioned, before, routine),
      routineNames: overloads.includes(routine.oid)
        ? this.catalog.routineNames
        : this.catalog.routineNames.set(key, [...overloads, routine.oid]),
    }
  }

  removeRoutine(routine: Routine): void {
    const key = nameKey('routine', routine.schema, routine.name)
    const left = (this.catalog.routineNames.get(key) ?? []).filter(oid => oid !== routine.oid)
    this.catalog = {
      ...this.catalog,
      routines: this.catalog.routines.remove(routine.oid),
      mentioned: reindexMentions(this.catalog.mentioned, this.catalog.routines.get(routine.oid) ?? null, null),
      routineNames: left.length > 0 ? this.catalog.routineNames.set(key, left) : this.catalog.routineNames.remove(key),
    }
  }

  putSchema(schema: Schema): void {
    this.catalog = { ...this.catalog, schemas: this.catalog.schemas.set(schema.name, schema) }
  }
}
