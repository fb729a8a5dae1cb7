import type { RunnerAdvice } from '../../migration/runner.ts'
import type { Catalog, Constraint, Oid } from '../../postgres/catalog/catalog.ts'
import { isTable } from '../../postgres/catalog/relation.ts'
import { provesNotNull, unseenConstraint } from '../../postgres/expression/proof.ts'
import { proveThat, validateLater } from './advice.ts'
import { validate } from './constraint-sql.ts'
import { identifier, newName, quoted, type Sql, sql } from './sql.ts'

/** The columns among these that may hold NULL: neither NOT NULL nor proven by a valid CHECK, as far as the migrations show. */
export function nullableColumns(catalog: Catalog, table: Oid, columns: readonly string[]): string[] {
  const relation = catalog.relations.get(table)
  if (!relation || !isTable(relation)) return [...columns]
  return columns.filter(name => {
    const column = relation.columns.find(each => each.name === name)
    return !column?.notNull && provesNotNull(relation.constraints, name) === null
  })
}

/** The CHECK that proves, before the statement, that a column has no NULL; null: there is none. */
export function provenBefore(catalog: Catalog, table: Oid, column: string): string | null {
  const relation = catalog.relations.get(table)
  return relation && isTable(relation) ? (provesNotNull(relation.constraints, column)?.name ?? null) : null
}

/** The constraint that a migration validates although none creates it, which may prove anything; null: there is none. */
export function unseenProof(catalog: Catalog, table: Oid): string | null {
  const relation = catalog.relations.get(table)
  return relation && 'constraints' in relation ? (unseenConstraint(relation.constraints)?.name ?? null) : null
}

/** The constraint that would prove it if it were validated; null: there is none. */
export function unvalidatedProof(catalog: Catalog, table: Oid, column: string): Constraint | null {
  const relation = catalog.relations.get(table)
  if (!relation || !isTable(relation)) return null
  return provesNotNull(
    relation.constraints.filter(({ valid }) => !valid).map(constraint => ({ ...constraint, valid: true })),
    column,
  )
}

interface Where {
  readonly runner: RunnerAdvice
  readonly version: number
}

/**
 * Help that proves that a column contains no NULL while reads and writes go on. SET NOT NULL would do the same while
 * everybody waits.
 */
export function proveNotNull(table: string, column: string, where: Where): (string | Sql)[] {
  return [proveThat(`${quoted(column)} is never NULL`), ...proof(table, column, where)]
}

/** Help that makes a column NOT NULL while reads and writes go on. */
export function makeNotNull(table: string, column: string, where: Where, when = ''): (string | Sql)[] {
  return [
    when === ''
      ? 'Add a constraint without checking existing rows:'
      : `${when} add a constraint without checking existing rows:`,
    ...proof(table, column, where),
    // The validated constraint of PostgreSQL 18 is NOT NULL itself.
    ...(where.version >= 18
      ? []
      : [
          'After that SET NOT NULL takes the constraint as proof and reads nothing:',
          sql`ALTER TABLE ${table} ALTER COLUMN ${identifier(column)} SET NOT NULL;`,
          sql`ALTER TABLE ${table} DROP CONSTRAINT ${identifier(newName(table, column, 'not_null'))};`,
        ]),
  ]
}

function proof(table: string, column: string, { runner, version }: Where): (string | Sql)[] {
  const name = newName(table, column, 'not_null')
  // PostgreSQL 18 knows NOT NULL constraints that are not validated yet.
  const add =
    version >= 18
      ? sql`ALTER TABLE ${table} ADD CONSTRAINT ${identifier(name)} NOT NULL ${identifier(column)} NOT VALID;`
      : sql`ALTER TABLE ${table} ADD CONSTRAINT ${identifier(name)} CHECK (${identifier(column)} IS NOT NULL) NOT VALID;`
  return [add, validateLater(runner), validate(table, name)]
}

/** Help that drops the CHECK constraints of `proveNotNull` once the columns are NOT NULL themselves. */
export function withoutProof(table: string, columns: readonly string[], version: number): (string | Sql)[] {
  if (version >= 18 || columns.length === 0) return []
  return [
    'Then drop the constraint, which is no longer needed:',
    ...columns.map(
      column => sql`ALTER TABLE ${table} DROP CONSTRAINT ${identifier(newName(table, column, 'not_null'))};`,
    ),
  ]
}
