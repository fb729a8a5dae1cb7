import { smallest } from '../../parse/list.ts'
import type { Statement } from '../../parse/script.ts'
import type { Catalog, Oid } from '../../postgres/catalog/catalog.ts'
import { tableOf } from './foreign-key.ts'
import { quoteIdentifier, raw, type Sql } from './sql.ts'

const size = 10_000
const wholeNumbers: ReadonlySet<string> = new Set(['int2', 'int4', 'int8'])

/**
 * The same UPDATE or DELETE as a loop over ranges of the primary key that commits after each. Null when the migrations do not
 * tell of a primary key that is one whole number, or when the statement is not a plain one.
 */
export function inBatches({ kind, node, text }: Statement, catalog: Catalog, table: Oid, name: string): Sql | null {
  const key = wholeNumberKey(catalog, table)
  const plainOne =
    (kind === 'UpdateStmt' || kind === 'DeleteStmt') &&
    !node.returningClause &&
    !node.fromClause &&
    !node.usingClause &&
    !node.withClause
  if (key === null || !plainOne || text.includes('$$')) return null
  const relation = node.relation as { readonly alias?: { readonly aliasname?: string } } | undefined
  const column =
    (relation?.alias?.aliasname ? `${quoteIdentifier(relation.alias.aliasname)}.` : '') + quoteIdentifier(key)
  const isOr = (node.whereClause as { BoolExpr?: { boolop?: string } } | undefined)?.BoolExpr?.boolop === 'OR_EXPR'
  // A condition in parentheses would need to know where it begins; a comment at the end would swallow what follows.
  if (isOr || /--|\/\*/.test(text)) return null
  const from = name.split('.').map(quoteIdentifier).join('.')
  return raw(`DO $$ BEGIN
  FOR n IN 0..(SELECT coalesce(max(${quoteIdentifier(key)}), 0) / ${size} FROM ${from}) LOOP
    ${indented(text)}
      ${node.whereClause ? 'AND' : 'WHERE'} ${column} BETWEEN n * ${size}::bigint AND n * ${size}::bigint + ${size - 1};
    COMMIT;
  END LOOP;
END $$;`)
}

function indented(text: string): string {
  const lines = text.split(/\r?\n/)
  const rest = lines.slice(1).filter(line => line.trim() !== '')
  const margin = smallest(rest.map(line => /^\s*/.exec(line)?.[0].length ?? 0))
  return [lines[0] ?? '', ...rest.map(line => `    ${line.slice(margin > 0 ? margin - 2 : 0)}`)].join('\n')
}

function wholeNumberKey(catalog: Catalog, oid: Oid): string | null {
  const table = tableOf(catalog, oid)
  const columns = table?.constraints.find(({ kind }) => kind === 'primary key')?.columns ?? []
  const column = table?.columns.find(({ name }) => name === columns[0])
  return columns.length === 1 && column && wholeNumbers.has(column.type.name) ? column.name : null
}
