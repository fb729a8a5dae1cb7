import type { CreateTableAsStmt, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { ColumnUse, Table } from '../catalog/catalog.ts'
import { type Column, unknownType } from '../catalog/column.ts'
import { rangeVarName, strings } from '../catalog/name.ts'
import { blankTable } from '../catalog/relation.ts'
import { refuseConflicts } from '../query/collation.ts'
import { type Outputs, topContext } from '../query/level.ts'
import { readQuery } from '../query/read.ts'
import type { Handlers } from './handler.ts'

/**
 * CREATE TABLE AS, SELECT INTO and CREATE MATERIALIZED VIEW: the query is analysed (which locks what it names) before the
 * name is looked at, and executed unless WITH NO DATA. Source: ExecCreateTableAs in createas.c.
 */
export function createTableAs(backend: Backend, node: CreateTableAsStmt): void {
  const { query, into } = node
  const materialized = node.objtype === 'OBJECT_MATVIEW'
  const written = rangeVarName(into?.rel ?? {})
  const temporary = into?.rel?.relpersistence === 't' || written.schema === 'pg_temp'
  const schema = temporary ? 'pg_temp' : (written.schema ?? backend.creationSchema)
  const taken = backend.lookup({ schema, name: written.name })
  const exists = taken !== undefined && taken !== 'dropped'
  const skipped = exists && node.if_not_exists === true
  begin(backend, node, written.name, skipped)
  if (!query) return
  const context = topContext(backend, skipped || into?.skipData ? 'analyze' : 'execute')
  const outputs: Outputs =
    'ExecuteStmt' in query ? executed(backend, query.ExecuteStmt.name ?? '') : readQuery(context, query)
  if (skipped) return
  if (exists && taken.complete) backend.fail('42P07', `relation "${written.name}" already exists`)
  refuseConflicts(backend, outputs.columns, 'table')
  const table = backend.create<Table>({
    ...blankTable,
    kind: materialized ? 'materialized view' : 'table',
    schema,
    name: written.name,
    persistence: temporary ? 'temporary' : into?.rel?.relpersistence === 'u' ? 'unlogged' : 'permanent',
    tablespace: into?.tableSpaceName || null,
    accessMethod: into?.accessMethod || null,
    columns: columnsOf(backend, outputs, into?.colNames),
    uses: materialized ? distinct(context.uses) : [],
    populated: !into?.skipData,
    ...(into?.skipData ? {} : { written: true as const }),
  })
  // Columns that `*` of an unknown table adds are not listed.
  if (!outputs.complete) backend.change<Table>(table.oid, { complete: false })
  if (!materialized) backend.amend({ columns: table.columns })
}

function begin(backend: Backend, node: CreateTableAsStmt, name: string, skipped: boolean): void {
  const { span, keyword } = backend.statement
  const ifNotExists = node.if_not_exists === true
  if (node.objtype === 'OBJECT_MATVIEW') {
    backend.operation({
      kind: 'create-materialized-view',
      span,
      keyword,
      name,
      subject: null,
      replace: false,
      ifNotExists,
    })
    return
  }
  backend.operation({
    kind: 'create-table',
    span,
    keyword,
    name,
    columns: [],
    constraints: [],
    ifNotExists,
    skipped,
    partitionOf: null,
  })
}

function executed(backend: Backend, name: string): Outputs {
  backend.opaque = `executes the prepared statement "${name}", which was not looked up`
  return { columns: [], complete: false }
}

/** The columns of a relation that a query defines. An inferred type without modifiers is exactly what the query returns. */
export function columnsOf(backend: Backend, outputs: Outputs, names: readonly Node[] | undefined): Column[] {
  const given = strings(names)
  const all = outputs.columns.map((output, i) => given[i] ?? output.name)
  // For a column without a name it is not always certain that PostgreSQL finds none either.
  const sure = all.filter((name, i) => name !== '?column?' || given[i] !== undefined || outputs.columns[i]?.isUnnamed)
  const twice = sure.find((name, i) => sure.indexOf(name) !== i)
  if (twice !== undefined) backend.fail('42701', `column "${twice}" specified more than once`)
  return outputs.columns.map((output, i) => ({
    name: all[i] ?? output.name,
    type: output.type ?? unknownType,
    collation: output.collation,
    ...(output.collated ? {} : { collationUnknown: true as const }),
    notNull: false,
    default: null,
    identity: null,
    generated: null,
    complete: output.type !== null,
    createdIn: backend.migration,
    inherited: false,
    storage: null,
  }))
}

/** Each use once. The use of a relation as a whole is listed only if none of its columns is used. */
export function distinct(uses: readonly ColumnUse[]): ColumnUse[] {
  const seen = new Map<string, ColumnUse>()
  const withColumns = new Set(uses.filter(use => use.column !== null).map(use => use.relation))
  for (const use of uses) {
    if (use.column === null && withColumns.has(use.relation)) continue
    seen.set(`${use.relation}.${use.column}`, use)
  }
  return [...seen.values()]
}

export const createTableAsHandlers = { CreateTableAsStmt: createTableAs } satisfies Partial<Handlers>
