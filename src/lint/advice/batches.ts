import type { Node } from '@pgsql/types'
import { smallest } from '../../parse/list.ts'
import type { Statement } from '../../parse/script.ts'
import type { Catalog, Oid } from '../../postgres/catalog/catalog.ts'
import { quoteIdentifier, quoteLiteral, quoteName, raw, type Sql } from './sql.ts'
import { tableOf } from './table.ts'

/**
 * Loops that change a table piece by piece and commit after each piece. They walk the primary key, or the blocks of a
 * table without one, so that the last piece costs as much as the first: a search for the remaining rows would read more
 * finished rows each time.
 */

const rows = 1000

/** What the loop does to the rows that meet a condition. It ends without a semicolon; its lines are indented by four spaces. */
type Change = (condition: string) => string

/** The columns of a table's primary key, in order; empty when the migrations do not show one. */
function keyOf(catalog: Catalog, table: Oid): readonly string[] {
  return tableOf(catalog, table)?.constraints.find(({ kind }) => kind === 'primary key')?.columns ?? []
}

/** Walks the primary key. `alias`: the name of the table in the change. */
function byKey(name: string, key: readonly string[], change: Change, alias = ''): string {
  const row = (prefix: string) => {
    const columns = key.map(column => prefix + quoteIdentifier(column))
    return columns.length > 1 ? `(${columns.join(', ')})` : columns.join()
  }
  const list = key.map(quoteIdentifier).join(', ')
  const down = key.map(column => `${quoteIdentifier(column)} DESC`).join(', ')
  const from = quoteName(name)
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
 * Walks the blocks of all partitions at once. A changed row may turn up again in a later block, so the change must
 * leave out finished rows. Before 14 PostgreSQL cannot find rows by a range of ctid (TID Range Scan), but it can by a
 * list.
 */
function byBlocks(name: string, version: number, change: Change): string {
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
  return `BEGIN
  FOR first_block IN 0..(
    SELECT greatest(max(pg_relation_size(relid)), pg_relation_size(${table})) / current_setting('block_size')::int / ${blocks}
    FROM pg_partition_tree(${table})
  ) LOOP
    ${change(condition)};
    COMMIT;
  END LOOP;
END`
}

function block(body: string): Sql {
  const tag = ['$$', '$batches$', '$all_batches$'].find(each => !body.includes(each)) ?? '$of_all_batches$'
  return raw(`DO ${tag}\n${body} ${tag};`)
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
  return block(key.length > 0 ? byKey(name, key, change) : byBlocks(name, version, change))
}

/**
 * The same UPDATE or DELETE as a loop. Null when the migrations do not show a primary key, when the statement has other
 * clauses, or when it changes the key.
 */
export function inBatches({ kind, node, text }: Statement, catalog: Catalog, table: Oid, name: string): Sql | null {
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
  const alias = (node.relation as { readonly alias?: { readonly aliasname?: string } } | undefined)?.alias?.aliasname
  const change: Change = condition => `${indented(text)}\n      ${node.whereClause ? 'AND' : 'WHERE'} ${condition}`
  return block(byKey(name, key, change, alias))
}

function indented(text: string): string {
  const lines = text.split(/\r?\n/)
  const rest = lines.slice(1).filter(line => line.trim() !== '')
  const margin = smallest(rest.map(line => /^\s*/.exec(line)?.[0].length ?? 0))
  return [lines[0] ?? '', ...rest.map(line => `    ${line.slice(margin > 0 ? margin - 2 : 0)}`)].join('\n')
}
