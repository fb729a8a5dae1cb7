import type { IndexElem, IndexStmt, Node } from '@pgsql/types'
import type { Span } from '../../../parse/span.ts'
import { serialised } from '../../../parse/stackless.ts'
import type { Backend } from '../../backend.ts'
import type { Index, IndexKey, Table } from '../../catalog/catalog.ts'
import { rangeVarName, strings } from '../../catalog/name.ts'
import { blankIndex, hasKnownType } from '../../catalog/relation.ts'
import { columnsOf } from '../../expression/expression.ts'
import { columnsOfTable } from '../../expression/type-of.ts'
import { isMutable, volatility } from '../../expression/volatility.ts'
import { type AccessMethod, operatorClasses, types } from '../../type/builtin.generated.ts'
import { baseType, typeOf } from '../../type/type.ts'
import { chooseRelationName, indexNameAddition } from '../automatic-name.ts'
import { checkCalls } from '../column-expression.ts'
import type { Handlers } from '../handler.ts'
import { rowsOf } from '../rewrite.ts'
import { preventInTransactionBlock } from '../transaction-block.ts'

export const indexHandlers = { IndexStmt: createIndex } satisfies Partial<Handlers>

/** The index to build, for CREATE INDEX, for a constraint or for ATTACH PARTITION. */
export type IndexDefinition = Pick<
  Index,
  'method' | 'keys' | 'included' | 'predicate' | 'unique' | 'nullsNotDistinct' | 'tablespace' | 'options'
>

export function indexDefinition(stmt: {
  accessMethod?: string
  indexParams?: Node[]
  indexIncludingParams?: Node[]
  whereClause?: Node
  unique?: boolean
  nulls_not_distinct?: boolean
  tableSpace?: string
}): IndexDefinition {
  return {
    method: stmt.accessMethod || 'btree',
    keys: elements(stmt.indexParams).map(indexKey),
    included: elements(stmt.indexIncludingParams).flatMap(element => element.name || []),
    predicate: stmt.whereClause ?? null,
    unique: stmt.unique ?? false,
    nullsNotDistinct: stmt.nulls_not_distinct ?? false,
    tablespace: stmt.tableSpace || null,
    options: new Map(),
  }
}

function elements(nodes: readonly Node[] | undefined): IndexElem[] {
  return (nodes ?? []).flatMap(node => ('IndexElem' in node ? [node.IndexElem] : []))
}

function indexKey(element: IndexElem): IndexKey {
  const descending = element.ordering === 'SORTBY_DESC'
  return {
    column: element.name || null,
    expression: element.expr ?? null,
    collation: strings(element.collation).at(-1) ?? null,
    operatorClass: strings(element.opclass).at(-1) ?? null,
    defaultOrder: !descending && (element.nulls_ordering ?? 'SORTBY_NULLS_DEFAULT') !== 'SORTBY_NULLS_FIRST',
  }
}

/** Key columns and the columns that expressions, INCLUDE and the predicate use. */
export function indexColumns(index: Pick<Index, 'keys' | 'included' | 'predicate'>): string[] {
  const keys = index.keys.flatMap(key =>
    key.column !== null ? [key.column] : key.expression ? columnsOf(key.expression) : [],
  )
  return [...keys, ...index.included, ...(index.predicate ? columnsOf(index.predicate) : [])]
}

/** Puts a new index into the catalog. It takes no locks and does no work. */
export function addIndex(
  backend: Backend,
  table: Table,
  definition: IndexDefinition,
  facts: Partial<Pick<Index, 'constraint' | 'parent' | 'valid' | 'clustered'>> & { readonly name: string },
): Index {
  const index = backend.create<Index>({
    ...blankIndex,
    ...definition,
    kind: backend.isPartitioned(table) ? 'partitioned index' : 'index',
    schema: table.schema,
    persistence: table.persistence,
    table: table.oid,
    // The definition may come from an index of another table, which has another place among the partitions than the new
    // one.
    parent: null,
    children: [],
    clustered: false,
    ...facts,
  })
  backend.change<Table>(table.oid, { indexes: [...(backend.getTable(table.oid) ?? table).indexes, index.oid] })
  if (facts.parent) {
    const parent = backend.getIndex(facts.parent)
    if (parent) backend.change<Index>(parent.oid, { children: [...parent.children, index.oid] })
  }
  return index
}

/** True when both would serve the same purpose, as ATTACH PARTITION and CREATE INDEX on a parent decide it (CompareIndexInfo). */
export function sameIndex(a: IndexDefinition, b: IndexDefinition): boolean {
  return (
    a.method === b.method &&
    a.unique === b.unique &&
    a.nullsNotDistinct === b.nullsNotDistinct &&
    (a.predicate === null) === (b.predicate === null) &&
    shape(a.predicate) === shape(b.predicate) &&
    a.keys.length === b.keys.length &&
    a.keys.every((key, i) => {
      const other = b.keys[i]
      return (
        key.column === other?.column &&
        key.collation === other.collation &&
        key.operatorClass === other.operatorClass &&
        shape(key.expression) === shape(other.expression)
      )
    })
  )
}

/** An expression without its places in the text, for comparison. */
export function shape(node: unknown): string {
  return serialised(node ?? null, field => field === 'location')
}

/**
 * Builds an index on a table and, when it is partitioned, on every partition below it that has no such index. Source:
 * DefineIndex in indexcmds.c. The caller holds the locks.
 */
export function buildIndex(
  backend: Backend,
  table: Table,
  definition: IndexDefinition,
  facts: {
    readonly name: string
    readonly because: string
    readonly certain?: boolean
    readonly only?: boolean
    readonly constraint?: string | null
    readonly label: string
    readonly addition: string | null
    readonly parent?: Index
  },
): Index {
  const children = table.kind === 'partitioned table' && !facts.only ? table.children : []
  const index = addIndex(backend, table, definition, {
    name: facts.name,
    constraint: facts.constraint ?? null,
    ...(facts.parent ? { parent: facts.parent.oid } : {}),
    // ON ONLY a table that has partitions: invalid until an index of every partition is attached.
    valid: !(facts.only && table.children.length > 0),
  })
  // ONLY is written for partitioned tables, so a table that no migration creates is assumed to be one.
  const isPartitioned = table.kind === 'partitioned table' || (!table.complete && table.createdIn === null)
  const rows = facts.only && isPartitioned ? 'none' : rowsOf(backend, table)
  if (rows !== 'none') backend.work(table, 'build', facts.because, facts.certain !== false && rows === 'own')
  for (const oid of children) {
    const child = backend.getTable(oid)
    if (!child) continue
    const like = backend.indexesOf(child).find(other => other.parent === null && sameIndex(other, definition))
    if (like) {
      backend.lock(like, 'ShareLock', 'it becomes part of the partitioned index')
      attachIndex(backend, index, like)
    }
    const own =
      like ??
      buildIndex(backend, child, definition, {
        ...facts,
        name: chooseRelationName(backend, child, facts.addition, facts.label),
        parent: index,
      })
    // An index that is not valid is used as well, and makes the whole index invalid.
    if (!own.valid) backend.change<Index>(index.oid, { valid: false })
  }
  return backend.getIndex(index.oid) ?? index
}

export function attachIndex(backend: Backend, parent: Index, child: Index): void {
  const fresh = backend.getIndex(parent.oid) ?? parent
  backend.change<Index>(child.oid, { parent: parent.oid })
  backend.change<Index>(parent.oid, { children: [...fresh.children, child.oid] })
}

/** A unique index on a partitioned table must contain the partition key (SQLSTATE 0A000). */
export function requirePartitionKey(backend: Backend, table: Table, definition: IndexDefinition, what: string): void {
  const columns = definition.keys.map(key => key.column)
  for (const key of table.partitioning?.keys ?? []) {
    if (key.column === null) {
      backend.fail('0A000', `unsupported ${what} constraint with partition key definition`)
    }
    if (!columns.includes(key.column)) {
      backend.fail('0A000', 'unique constraint on partitioned table must include all partitioning columns')
    }
  }
}

/** A type without a default operator class for the access method cannot be indexed (SQLSTATE 42704). */
function requireOperatorClass(backend: Backend, table: Table, definition: IndexDefinition): void {
  const method = definition.method as AccessMethod
  for (const key of definition.keys) {
    const column = key.column === null ? undefined : backend.column(table, key.column)
    if (!hasKnownType(column) || key.operatorClass || column.type.array) continue
    const type = baseType(backend, column.type)
    if (!types.has(type.name) || typeOf(backend, type) !== null || operatorClasses.get(type.name)?.[method]) continue
    // Classes of polymorphic types (ranges, enums) are listed under their own names; extensions add more for gin and
    // gist.
    if (method !== 'btree' && method !== 'hash') continue
    backend.fail('42704', `data type ${type.name} has no default operator class for access method "${method}"`)
  }
}

export function checkDefinition(backend: Backend, table: Table, definition: IndexDefinition): void {
  for (const column of indexColumns(definition)) backend.existingColumn(table, column)
  const virtual = indexColumns(definition).find(name => backend.column(table, name)?.generated?.kind === 'virtual')
  if (virtual) backend.fail('0A000', 'indexes on virtual generated columns are not supported')
  if (definition.method === 'hash' && definition.keys.length > 1) {
    backend.fail('0A000', 'access method "hash" does not support multicolumn indexes')
  }
  for (const expression of [
    ...definition.keys.flatMap(key => key.expression ?? []),
    ...(definition.predicate ? [definition.predicate] : []),
  ]) {
    checkCalls(backend, expression, expression === definition.predicate ? 'index predicates' : 'index expressions')
    if (isMutable(volatility(backend, expression, columnsOfTable(backend, table)))) {
      backend.fail(
        '42P17',
        `functions in index ${expression === definition.predicate ? 'predicate' : 'expression'} must be marked IMMUTABLE`,
      )
    }
  }
  if (definition.unique && ['hash', 'gist', 'gin', 'brin', 'spgist'].includes(definition.method)) {
    backend.fail('0A000', `access method "${definition.method}" does not support unique indexes`)
  }
  requireOperatorClass(backend, table, definition)
}

function createIndex(backend: Backend, node: IndexStmt): void {
  const concurrently = node.concurrent ?? false
  const { span, keyword } = backend.statement
  const name = node.idxname || null
  const definition = indexDefinition(node)
  const only = node.relation?.inh !== true
  const target = backend.relation(node.relation ?? {})
  if (target.kind === 'view' || target.kind === 'sequence' || target.kind === 'index') {
    backend.fail('42809', `cannot create index on relation "${target.name}"`)
  }
  const table = backend.table(node.relation ?? {})
  const addition = indexNameAddition(elements([...(node.indexParams ?? []), ...(node.indexIncludingParams ?? [])]))
  const chosen = name ?? chooseRelationName(backend, table, addition, 'idx')
  const existing = name === null ? undefined : backend.lookup({ schema: table.schema, name })
  const perChunk = isPerChunk(node.options)
  const skipped = existing !== undefined && existing !== 'dropped' && (node.if_not_exists ?? false)
  backend.operation({
    kind: 'create-index',
    span: span as Span,
    keyword,
    table: backend.subject(table),
    name,
    index: {
      oid: 0,
      kind: 'index',
      schema: table.schema,
      name: chosen,
      table: table.oid,
      complete: true,
      createdIn: backend.migration,
      ...blankIndex,
      ...definition,
    },
    concurrently,
    only,
    ifNotExists: node.if_not_exists ?? false,
    skipped,
    perChunk,
  })
  if (concurrently) preventInTransactionBlock(backend, 'CREATE INDEX CONCURRENTLY')
  if (concurrently && backend.isPartitioned(table)) {
    backend.fail('0A000', `cannot create index on partitioned table "${table.name}" concurrently`)
  }
  const mode = concurrently ? 'ShareUpdateExclusiveLock' : 'ShareLock'
  const because = concurrently
    ? 'CREATE INDEX CONCURRENTLY lets reads and writes go on'
    : 'CREATE INDEX keeps writers out until the index is built'
  for (const locked of only ? [table] : table.kind === 'partitioned table' ? backend.withDescendants(table) : [table]) {
    backend.lock(locked, mode, because)
  }
  backend.requireNotInUse(table, 'CREATE INDEX')
  checkDefinition(backend, table, definition)
  if (definition.unique && table.kind === 'partitioned table') requirePartitionKey(backend, table, definition, 'UNIQUE')
  // DefineIndex looks for an index of this name last (index_create).
  if (skipped) return
  if (existing !== undefined && existing !== 'dropped' && existing.complete) {
    backend.fail('42P07', `relation "${rangeVarName({ relname: chosen }).name}" already exists`)
  }
  buildIndex(backend, table, definition, {
    name: chosen,
    because: perChunk ? 'TimescaleDB builds it on one chunk after the other' : 'every row is read to build the index',
    certain: !perChunk,
    only,
    label: 'idx',
    addition,
  })
}

/**
 * WITH (timescaledb.transaction_per_chunk): each chunk of the hypertable is locked only while its own index is built, in its own
 * transaction, and TimescaleDB refuses CONCURRENTLY. Sources: process_index_start and process_index_chunk_multitransaction in its
 * process_utility.c.
 */
function isPerChunk(options: readonly Node[] | undefined): boolean {
  return (options ?? []).some(option => {
    if (!('DefElem' in option)) return false
    const { defnamespace, defname, arg } = option.DefElem
    const off = arg && 'String' in arg && ['false', 'off', '0'].includes(arg.String.sval?.toLowerCase() ?? '')
    return defnamespace === 'timescaledb' && defname === 'transaction_per_chunk' && !off
  })
}
