import type { Node } from '@pgsql/types'
import { smallest } from '../../parse/list.ts'
import type { Statement } from '../../parse/script.ts'
import type { Catalog, Oid } from '../../postgres/catalog/catalog.ts'
import { displayName } from '../../postgres/catalog/name.ts'
import {
  identifier,
  identifiers,
  newName,
  quoteIdentifier,
  quoteLiteral,
  quoteName,
  raw,
  type Sql,
  sql,
} from './sql.ts'
import { tableOf } from './table.ts'

/**
 * Loops that change a table piece by piece and commit after each piece. They walk the primary key, or the blocks of a
 * table without one, so that the last piece costs as much as the first: a search for the remaining rows would read more
 * finished rows each time.
 */

/** In a batch of a table whose size is not known. */
const usualRows = 1000

/** What the loop does to the rows that meet a condition. It ends without a semicolon; its lines are indented by four spaces. */
type Change = (condition: string) => string

/** The columns of a table's primary key, in order; empty when the migrations do not show one. */
function keyOf(catalog: Catalog, table: Oid): readonly string[] {
  return tableOf(catalog, table)?.constraints.find(({ kind }) => kind === 'primary key')?.columns ?? []
}

/** A table whose rows the loop changes. */
interface Walked {
  readonly oid: Oid
  readonly name: string
  /** The name of the table in the change; empty: its own. */
  readonly alias?: string | undefined
  /** ONLY: without the rows of its children. */
  readonly isAlone?: boolean
  /** In a batch. */
  readonly rows?: number | undefined
}

/** Walks the primary key. */
function byKey(
  { name, alias = '', isAlone = false, rows = usualRows }: Walked,
  key: readonly string[],
  change: Change,
): string {
  const row = (prefix: string) => {
    const columns = key.map(column => prefix + quoteIdentifier(column))
    return columns.length > 1 ? `(${columns.join(', ')})` : columns.join()
  }
  const list = key.map(quoteIdentifier).join(', ')
  const down = key.map(column => `${quoteIdentifier(column)} DESC`).join(', ')
  const from = `${isAlone ? 'ONLY ' : ''}${quoteName(name)}`
  const own = row(alias && `${quoteIdentifier(alias)}.`)
  return `DECLARE
  batch_start record;
  batch_end record;
BEGIN
  SELECT ${list} INTO batch_start FROM ${from} ORDER BY ${list} LIMIT 1;
  WHILE FOUND LOOP
    SELECT * INTO batch_end FROM (
      SELECT ${list} FROM ${from} WHERE ${row('')} >= ${row('batch_start.')} ORDER BY ${list} LIMIT ${rows}
    ) AS batch ORDER BY ${down} LIMIT 1;
    ${change(`${own} >= ${row('batch_start.')} AND ${own} <= ${row('batch_end.')}`)};
    COMMIT;
    SELECT ${list} INTO batch_start FROM ${from} WHERE ${row('')} > ${row('batch_end.')} ORDER BY ${list} LIMIT 1;
  END LOOP;
END`
}

/**
 * A primary key is not inherited, so a child may have no index that the walk can follow: then each batch would read all of the child. Indexes for
 * these children, which the walk of the parent uses as well.
 */
function indexesOfChildren(catalog: Catalog, { oid, isAlone = false }: Walked, key: readonly string[]): string[] {
  const all = isAlone ? [] : childrenOf(catalog, oid)
  return all.flatMap(child => {
    const table = tableOf(catalog, child)
    const isFollowed = table?.indexes.some(index => {
      const found = catalog.relations.get(index)
      return (
        found?.kind === 'index' &&
        found.predicate === null &&
        key.every((column, i) => found.keys[i]?.column === column)
      )
    })
    if (!table || isFollowed) return []
    const name = displayName(table)
    const index = identifier(newName(name, [...key], 'idx'))
    return [sql`CREATE INDEX CONCURRENTLY ${index} ON ${name} (${identifiers(key)});`.sql]
  })
}

/** The tables that inherit from a table, and those that inherit from them. Partitions are not among them: they have the indexes of their table. */
function childrenOf(catalog: Catalog, oid: Oid): Oid[] {
  const found = new Set<Oid>()
  const waiting = [oid]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const table = tableOf(catalog, next)
    for (const child of table?.kind === 'table' ? table.children : []) {
      if (found.has(child)) continue
      found.add(child)
      waiting.push(child)
    }
  }
  return [...found]
}

/**
 * Walks the blocks of all partitions at once. A changed row may turn up again in a later block, so the change must
 * leave out finished rows. Before 14 PostgreSQL cannot find rows by a range of ctid (TID Range Scan), but it can by a
 * list.
 */
function byBlocks({ name }: Walked, hasChildren: boolean, version: number, change: Change): string {
  const blocks = 10
  // MaxHeapTuplesPerPage: no block of 8 kB holds more rows.
  const most = 291
  const table = quoteLiteral(quoteName(name))
  const start = `first_block * ${blocks}`
  const tid = (block: string, row: string) => `format('(%s,%s)', ${block}, ${row})::tid`
  const condition =
    version >= 14
      ? `ctid >= ${tid(start, '0')} AND ctid < ${tid(`${start} + ${blocks}`, '0')}`
      : `ctid = ANY (ARRAY(
        SELECT ${tid(`${start} + block`, 'line')} FROM generate_series(0, ${blocks - 1}) block, generate_series(1, ${most}) line))`
  // pg_partition_tree knows no children that are not partitions.
  const largest = hasChildren
    ? `WITH RECURSIVE tree AS (
      SELECT ${table}::regclass::oid AS oid UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = tree.oid
    ) SELECT max(pg_relation_size(oid)) / current_setting('block_size')::int / ${blocks} FROM tree`
    : `SELECT greatest(max(pg_relation_size(relid)), pg_relation_size(${table})) / current_setting('block_size')::int / ${blocks}
    FROM pg_partition_tree(${table})`
  return `BEGIN
  FOR first_block IN 0..(
    ${largest}
  ) LOOP
    ${change(condition)};
    COMMIT;
  END LOOP;
END`
}

function block(body: string, before: readonly string[] = []): Sql {
  const tag = ['$$', '$batches$', '$all_batches$'].find(each => !body.includes(each)) ?? '$of_all_batches$'
  return raw([...before, `DO ${tag}\n${body} ${tag};`].join('\n'))
}

/** Fills a column: `set` is applied to all rows that meet `todo`, and makes `todo` false for them. */
export function fillInBatches(
  catalog: Catalog,
  { oid, name }: { readonly oid: Oid; readonly name: string },
  { set, todo, version }: { readonly set: Sql; readonly todo: Sql; readonly version: number },
): Sql {
  const change: Change = condition =>
    `UPDATE ${quoteName(name)} SET ${set.sql}\n    WHERE ${condition}\n      AND ${todo.sql}`
  const key = keyOf(catalog, oid)
  const walked = { oid, name }
  return key.length > 0
    ? block(byKey(walked, key, change), indexesOfChildren(catalog, walked, key))
    : block(byBlocks(walked, childrenOf(catalog, oid).length > 0, version, change))
}

/**
 * The same UPDATE or DELETE as a loop. Null when the migrations do not show a primary key, when the statement has other
 * clauses, or when it changes the key. `rows`: those of a batch.
 */
export function inBatches(
  { kind, node, text }: Statement,
  catalog: Catalog,
  table: Oid,
  name: string,
  rows?: number,
): Sql | null {
  const key = keyOf(catalog, table)
  const plainOne =
    (kind === 'UpdateStmt' || kind === 'DeleteStmt') &&
    !node.returningClause &&
    !node.fromClause &&
    !node.usingClause &&
    !node.withClause
  if (key.length === 0 || !plainOne) return null
  const set = ((node.targetList as Node[] | undefined) ?? []).map(each => 'ResTarget' in each && each.ResTarget.name)
  if (kind === 'UpdateStmt' && set.some(column => column && key.includes(column))) return null
  const isOr = (node.whereClause as { BoolExpr?: { boolop?: string } } | undefined)?.BoolExpr?.boolop === 'OR_EXPR'
  // A condition in parentheses would require its start to be known; a comment at the end would swallow the text after
  // it.
  if (isOr || /--|\/\*/.test(text)) return null
  const relation = node.relation as Relation | undefined
  const change: Change = condition => `${indented(text)}\n      ${node.whereClause ? 'AND' : 'WHERE'} ${condition}`
  const walked = { oid: table, name, alias: relation?.alias?.aliasname, isAlone: relation?.inh !== true, rows }
  return block(byKey(walked, key, change), indexesOfChildren(catalog, walked, key))
}

interface Relation {
  readonly alias?: { readonly aliasname?: string }
  /** Absent with ONLY. */
  readonly inh?: boolean
}

function indented(text: string): string {
  const lines = text.split(/\r?\n/)
  const rest = lines.slice(1).filter(line => line.trim() !== '')
  const margin = smallest(rest.map(line => /^\s*/.exec(line)?.[0].length ?? 0))
  return [lines[0] ?? '', ...rest.map(line => `    ${line.slice(margin > 0 ? margin - 2 : 0)}`)].join('\n')
}
