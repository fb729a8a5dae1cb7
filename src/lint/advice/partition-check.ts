import type { Node } from '@pgsql/types'
import type { RunnerAdvice } from '../../migration/runner.ts'
import type { Catalog, Oid } from '../../postgres/catalog/catalog.ts'
import type { PartitionBound } from '../../postgres/catalog/partitioning.ts'
import { isTable } from '../../postgres/catalog/relation.ts'
import { proveThat, validateLater } from './advice.ts'
import { relationName } from './relations.ts'
import { identifier, identifiers, newName, quoteIdentifier, quoteLiteral, raw, type Sql, sql } from './sql.ts'

/** True for a relation and for the partitions below it. */
export function isWithin(catalog: Catalog, oid: Oid, whole: Oid): boolean {
  if (oid === whole) return true
  const relation = catalog.relations.get(oid)
  if (relation && 'table' in relation) return isWithin(catalog, relation.table, whole)
  const above = relation && 'partitionOf' in relation ? relation.partitionOf : null
  return above !== null && isWithin(catalog, above, whole)
}

/**
 * The conditions that PostgreSQL accepts as proof instead of reading rows. Both need IS NOT NULL, because a CHECK
 * accepts NULL.
 */
interface Proof {
  /** All rows belong to a partition. */
  readonly inside: Sql
  /** No rows belong to it: the promise that the DEFAULT partition needs. */
  readonly outside: Sql
}

/**
 * What a partition's rows have in common, for CHECK constraints. Null for hash partitions, for keys of several columns or
 * expressions, and for bounds that are more than constants.
 */
export function boundProof(catalog: Catalog, parent: Oid, bound: PartitionBound | null): Proof | null {
  const table = catalog.relations.get(parent)
  const keys = table && 'partitioning' in table ? (table.partitioning?.keys ?? []) : []
  const column = keys.length === 1 ? (keys[0]?.column ?? null) : null
  if (column === null || !bound) return null
  const key = quoteIdentifier(column)
  if (bound.kind === 'list') {
    const values = bound.values.map(constant)
    if (values.length === 0 || values.includes(null)) return null
    const list = values.join(', ')
    return proof(key, `${key} IN (${list})`, `${key} NOT IN (${list})`)
  }
  const [from, to] = bound.kind === 'range' ? [bound.from[0], bound.to[0]] : []
  if (!from || !to) return null
  const lower = isWord(from, 'minvalue') ? '' : constant(from)
  const upper = isWord(to, 'maxvalue') ? '' : constant(to)
  if (lower === null || upper === null || (lower === '' && upper === '')) return null
  const sides = (low: string, high: string, word: string) =>
    [lower && `${key} ${low} ${lower}`, upper && `${key} ${high} ${upper}`]
      .filter(side => side !== '')
      .join(` ${word} `)
  const outside = sides('<', '>=', 'OR')
  return proof(key, sides('>=', '<', 'AND'), lower && upper ? `(${outside})` : outside)
}

function proof(key: string, inside: string, outside: string): Proof {
  return { inside: raw(`${key} IS NOT NULL AND ${inside}`), outside: raw(`${key} IS NOT NULL AND ${outside}`) }
}

function constant(node: Node): string | null {
  if (!('A_Const' in node)) return null
  const { sval, ival, fval } = node.A_Const
  if (sval) return quoteLiteral(sval.sval ?? '')
  if (ival) return String(ival.ival ?? 0)
  return fval?.fval ?? null
}

function isWord(node: Node, word: string): boolean {
  const field = 'ColumnRef' in node ? node.ColumnRef.fields?.[0] : undefined
  return field !== undefined && 'String' in field && field.String.sval === word
}

/** The foreign keys of a partitioned table that a table lacks, as SQL that adds them to it before it becomes a partition. */
export function missingForeignKeys(catalog: Catalog, parent: Oid, partition: Oid): { add: Sql; validate: Sql }[] {
  const [above, own] = [catalog.relations.get(parent), catalog.relations.get(partition)]
  if (!above || !own || !isTable(above) || !isTable(own)) return []
  const table = relationName(catalog, partition) ?? own.name
  return above.constraints.flatMap(({ columns, references, deferrable, initiallyDeferred }) => {
    const target = references && relationName(catalog, references.table)
    if (!references || !target) return []
    const has = own.constraints.some(
      each => each.references?.table === references.table && each.columns.join() === columns.join(),
    )
    if (has) return []
    const name = identifier(newName(table, columns, 'fkey'))
    const actions = [
      references.onUpdate !== 'no action' && `ON UPDATE ${references.onUpdate.toUpperCase()} `,
      references.onDelete !== 'no action' && `ON DELETE ${references.onDelete.toUpperCase()} `,
      deferrable && 'DEFERRABLE ',
      initiallyDeferred && 'INITIALLY DEFERRED ',
    ].filter(each => each !== false)
    return [
      {
        add: sql`ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${identifiers(columns)}) REFERENCES ${target} (${identifiers(references.columns)}) ${raw(actions.join(''))}NOT VALID;`,
        validate: sql`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
      },
    ]
  })
}

/**
 * Help that proves a condition for all rows while others read and write, and then does the intended step, which no longer
 * reads anything.
 */
export function proveFirst(
  table: string,
  condition: Sql,
  meant: Sql,
  runner: RunnerAdvice,
  endings: { readonly name: string; readonly claim: string; readonly afterwards: string },
): (string | Sql)[] {
  const name = identifier(newName(table, endings.name))
  return [
    proveThat(endings.claim),
    sql`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${condition}) NOT VALID;`,
    validateLater(runner),
    sql`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
    endings.afterwards,
    meant,
    sql`ALTER TABLE ${table} DROP CONSTRAINT ${name};`,
  ]
}
