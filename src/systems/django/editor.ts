import type { ConstraintKind } from '../../parse/constraint-kind.ts'
import type { Span } from '../../parse/span.ts'
import type { Constraint } from './catalog.ts'
import { sameColumns } from './catalog.ts'
import { type Model, type Tiers, tableOf, withEntry } from './state.ts'

/** The places of an operation: its call, the name of its class, and the names in it (quoted names of SQL, and fields). */
export interface Place {
  readonly at: Span
  readonly nameAt: Span
  readonly names: ReadonlyMap<string, Span>
  readonly fields: ReadonlyMap<string, Span>
}

/** Receives what a migration does. */
export interface Output {
  /** One message to the server. `note`: a sentence on what Django does there although the operation does not say it. `drops`: the kind of the constraint that it drops. */
  readonly send: (sql: string, place: Place, note?: string, drops?: ConstraintKind) => void
  /** A part of the operation is unknown. `field`: the field that it is about. */
  readonly unread: (why: string, place: Place, field?: string) => void
}

/** SQL that waits for the end of the migration: Statement of django/db/backends/ddl_references.py. Its names follow later renames. */
export interface Deferred {
  readonly app: string
  table: string
  columns: string[]
  readonly to?: { table: string; columns: string[] }
  readonly sql: (own: Deferred) => string
  /** What the database contains afterwards. */
  readonly makes: (own: Deferred) => Constraint
}

/** BaseDatabaseSchemaEditor: the statements that are sent, those that wait, and the names in the database. One editor runs one migration. */
export class Editor {
  catalog: Tiers<readonly Constraint[]>
  /** The places of the current operation. */
  place: Place
  readonly #output: Output
  #deferred: { readonly statement: Deferred; readonly place: Place }[] = []

  constructor(catalog: Tiers<readonly Constraint[]>, output: Output, place: Place) {
    this.catalog = catalog
    this.#output = output
    this.place = place
  }

  execute(sql: string, note?: string, drops?: ConstraintKind): void {
    this.#output.send(sql, this.place, note, drops)
  }

  /** Reports an unknown part of the operation; `field` is the name of the field that it is about. */
  readonly unread = (why: string, field?: string): void => this.#output.unread(why, this.place, field)

  defer(statement: Deferred): void {
    this.#deferred.push({ statement, place: this.place })
  }

  /** Sends a statement at once that could wait. */
  now(statement: Deferred): void {
    this.execute(statement.sql(statement))
    this.add(statement.app, statement.table, statement.makes(statement))
  }

  /** Ends the migration by sending the waiting statements. */
  finish(): void {
    for (const { statement, place } of this.#deferred) {
      this.place = place
      this.now(statement)
    }
    this.#deferred = []
  }

  constraintsOf(model: Model): readonly Constraint[] {
    return this.catalog.get(model.app)?.get(tableOf(model)) ?? []
  }

  /** The names of constraints and indexes of a table on these columns (_constraint_names). */
  names(model: Model, columns: readonly string[], test: (constraint: Constraint) => boolean): string[] {
    return this.constraintsOf(model)
      .filter(each => sameColumns(each.columns, columns) && test(each))
      .map(({ name }) => name)
  }

  add(app: string, table: string, constraint: Constraint): void {
    const own = this.catalog.get(app)?.get(table) ?? []
    this.#set(app, table, [...own, constraint])
  }

  drop(model: Model, name: string): void {
    this.#set(
      model.app,
      tableOf(model),
      this.constraintsOf(model).filter(each => each.name !== name),
    )
  }

  renameConstraint(model: Model, from: string, to: string): void {
    this.#set(
      model.app,
      tableOf(model),
      this.constraintsOf(model).map(each => (each.name === from ? { ...each, name: to } : each)),
    )
  }

  dropTable(model: Model): void {
    const table = tableOf(model)
    this.#set(model.app, table, undefined)
    this.#deferred = this.#deferred.filter(
      ({ statement }) => statement.table !== table && statement.to?.table !== table,
    )
  }

  dropColumn(model: Model, column: string): void {
    const table = tableOf(model)
    this.#set(
      model.app,
      table,
      this.constraintsOf(model).filter(each => !each.columns.includes(column)),
    )
    const isOf = (at: { readonly table: string; readonly columns: readonly string[] } | undefined) =>
      at?.table === table && at.columns.includes(column)
    this.#deferred = this.#deferred.filter(({ statement }) => !isOf(statement) && !isOf(statement.to))
  }

  renameColumn(model: Model, from: string, to: string): void {
    const table = tableOf(model)
    const now = (columns: readonly string[]) => columns.map(each => (each === from ? to : each))
    this.#set(
      model.app,
      table,
      this.constraintsOf(model).map(each => ({ ...each, columns: now(each.columns) })),
    )
    for (const { statement } of this.#deferred)
      for (const at of [statement, statement.to]) if (at?.table === table) at.columns = now(at.columns)
  }

  renameTable(app: string, from: string, to: string): void {
    const own = this.catalog.get(app)?.get(from)
    this.#set(app, from, undefined)
    if (own) this.#set(app, to, own)
    for (const { statement } of this.#deferred)
      for (const at of [statement, statement.to]) if (at?.table === from) at.table = to
  }

  /** Drops an index. If its creation still waits, it is not created (_delete_index_sql). */
  forget(model: Model, name: string): void {
    this.drop(model, name)
    this.#deferred = this.#deferred.filter(({ statement }) => statement.makes(statement).name !== name)
  }

  #set(app: string, table: string, constraints: readonly Constraint[] | undefined): void {
    this.catalog = withEntry(this.catalog, app, table, constraints)
  }
}
