import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { ColumnUse, Oid, Relation } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import type { LockMode } from '../lock.ts'
import type { Collation } from './collation.ts'

/**
 * How far PostgreSQL processes a query: `analyze` locks what it names (CREATE VIEW, PREPARE), `plan` also everything
 * behind views and parents (EXPLAIN), `execute` reads rows.
 */
export type Depth = 'analyze' | 'plan' | 'execute'

/** An output column of a query or a relation. */
export interface Output {
  readonly name: string
  /** Null when it cannot be inferred. */
  readonly type: ColumnType | null
  readonly collation: string | null
  /** Null or left out: it is not known. */
  readonly collated?: Collation | null
  readonly uses: readonly ColumnUse[]
  /** PostgreSQL certainly finds no name for it and calls it `?column?`. */
  readonly isUnnamed?: boolean
}

/** The columns of a query. It is not complete when some relation in the query is not wholly known, so that there may be more. */
export interface Outputs {
  readonly columns: readonly Output[]
  readonly complete: boolean
  /** A LIMIT keeps the number of rows from growing with the tables. */
  readonly limited?: boolean
}

/** An entry of FROM, or the target of a write. */
export interface Source extends Outputs {
  readonly alias: string
  /** Null for sub-selects, WITH queries, functions and system catalogs. */
  readonly relation: Relation | null
  readonly lock: LockMode
  /** False for ONLY. */
  readonly inherits: boolean
}

/** The context that a query gives to the queries inside it. */
export interface Context {
  readonly backend: Backend
  readonly depth: Depth
  /** The WITH queries that can be named, by name. */
  readonly queries: ReadonlyMap<string, Outputs>
  readonly outer: Level | null
  /** Whether FOR UPDATE or a similar clause locks the rows of everything inside. */
  readonly rowLocks: boolean
  /** The planner turns it into a join with the query around it (EXISTS and IN in WHERE). */
  readonly joined: boolean
  /** No name can be a PL/pgSQL variable, so a column that does not exist makes the statement fail. */
  readonly strict: boolean
  /** SQL functions whose bodies are being run, outermost first. */
  readonly calling: readonly Oid[]
  /** The number of queries around it. */
  readonly nested: number
  /** Every column that is used anywhere in the statement. */
  readonly uses: ColumnUse[]
}

/** One SELECT, UPDATE or DELETE: its FROM entries and the conditions that all its rows meet. */
export interface Level {
  readonly context: Context
  readonly sources: Source[]
  /** The columns that a bare `*` stands for. They differ from the columns of all sources where JOIN … USING merges two. */
  starred: Outputs | null
  readonly conditions: Node[]
}

export function newLevel(context: Context): Level {
  return { context, sources: [], starred: null, conditions: [] }
}

/** A context for the outermost query of a statement. */
export function topContext(backend: Backend, depth: Depth): Context {
  return {
    backend,
    depth,
    queries: new Map(),
    outer: null,
    rowLocks: false,
    joined: false,
    strict: false,
    calling: [],
    nested: 0,
    uses: [],
  }
}

/** Adds the parts of WHERE or ON that must all hold to the conditions of a level. */
export function addConditions(level: Level, condition: Node | undefined): void {
  const waiting = condition ? [condition] : []
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (!('BoolExpr' in next) || next.BoolExpr.boolop !== 'AND_EXPR') level.conditions.push(next)
    else for (const arg of [...(next.BoolExpr.args ?? [])].reverse()) waiting.push(arg)
  }
}
