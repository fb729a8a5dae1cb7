import type { Catalog, Index, Oid } from '../../postgres/catalog/catalog.ts'
import { isTable } from '../../postgres/catalog/relation.ts'
import type { Step } from '../../postgres/step.ts'
import { once } from '../once.ts'
import { identifier, identifiers, raw, type Sql, sql } from './sql.ts'
import { beginsWith, behind, nameEnd, wordsAt } from './words.ts'

/** SQL for advice about constraints. */

/** `ALTER TABLE orders ADD … NOT VALID;` from the user's own ADD clause. `drop`: see `dropOfSame`. */
export function addNotValid(table: string, clause: string, drop: Sql = raw('')): Sql {
  return sql`ALTER TABLE ${table} ${drop}${clauseOnly(clause)} NOT VALID;`
}

/** `DROP CONSTRAINT orders_total, ` if the statement drops a constraint with the name of the one it adds; otherwise nothing. */
export function dropOfSame(step: Step, table: Oid, constraint: string): Sql {
  return raw(dropped(step).has(`${table} ${constraint}`) ? `DROP CONSTRAINT ${identifier(constraint).sql}, ` : '')
}

/** The constraints that a statement drops, as far as they are known. */
const dropped = once(
  ({ operations }: Step) =>
    new Set(
      operations.flatMap(each =>
        each.kind === 'drop-constraint' && each.constraint !== null ? [`${each.table.oid} ${each.name}`] : [],
      ),
    ),
)

export function validate(table: string, constraint: string): Sql {
  return sql`ALTER TABLE ${table} VALIDATE CONSTRAINT ${identifier(constraint)};`
}

/** The ADD clause alone, if the text is the whole statement. */
function clauseOnly(text: string): Sql {
  if (!beginsWith(text, 'ALTER')) return { sql: text }
  // The table may be called "add": the clause comes after its name.
  const name = ['ALTER', 'FOREIGN', 'TABLE', 'IF EXISTS', 'ONLY'].reduce((at, words) => behind(text, words, at), 0)
  const clause = wordsAt(text, 'ADD', nameEnd(text, name))
  return { sql: clause ? text.slice(clause[0]) : text }
}

/** The index that a unique, primary key or exclusion constraint owns. */
export function ownedIndex(catalog: Catalog, table: Oid, constraint: string): Index | undefined {
  const relation = catalog.relations.get(table)
  if (!relation || !isTable(relation)) return undefined
  const oid = relation.constraints.find(({ name }) => name === constraint)?.index ?? null
  const index = oid === null ? undefined : catalog.relations.get(oid)
  return index && 'keys' in index ? index : undefined
}

/** Builds the index that a unique constraint or primary key will own, while others read and write. */
export function uniqueIndexConcurrently(table: string, name: string, columns: readonly string[], index?: Index): Sql {
  const parts = [sql`CREATE UNIQUE INDEX CONCURRENTLY ${identifier(name)} ON ${table} (${identifiers(columns)})`.sql]
  if (index && index.included.length > 0) parts.push(`INCLUDE (${identifiers(index.included).sql})`)
  if (index?.nullsNotDistinct) parts.push('NULLS NOT DISTINCT')
  if (index?.tablespace) parts.push(`TABLESPACE ${identifier(index.tablespace).sql}`)
  return { sql: `${parts.join(' ')};` }
}
