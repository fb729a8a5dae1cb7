import { listed, sqlAt } from '../../code/given/sql.ts'
import { plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import type { Annotations } from './annotation.ts'
import { delimited, dotted } from './given.ts'

/** A table as it is named in a migration. */
export interface TableName {
  readonly schema: Value | undefined
  readonly name: Value | undefined
}

/**
 * Which columns of tables are counted by the server, as far as the migrations so far show: after rows were inserted, Npgsql sets their
 * sequences (AddSequenceBumpingForSeeding of NpgsqlMigrationsSqlGenerator).
 */
export class Identities {
  readonly #columns = new Map<string, Set<string>>()

  copy(): Identities {
    const copied = new Identities()
    for (const [table, columns] of this.#columns) copied.#columns.set(table, new Set(columns))
    return copied
  }

  set(table: TableName, column: Text, annotations: Annotations): void {
    const key = keyOf(table)
    if (key === null) return
    const columns = this.#columns.get(key) ?? new Set()
    if (isCounted(annotations)) columns.add(plain(column))
    else columns.delete(plain(column))
    this.#columns.set(key, columns)
  }

  dropColumn(table: TableName, column: Text): void {
    this.#columns.get(keyOf(table) ?? '')?.delete(plain(column))
  }

  renameColumn(table: TableName, from: Text, to: Text): void {
    const columns = this.#columns.get(keyOf(table) ?? '')
    if (columns?.delete(plain(from))) columns.add(plain(to))
  }

  drop(table: TableName): void {
    this.#columns.delete(keyOf(table) ?? '')
  }

  rename(from: TableName, to: TableName): void {
    const columns = this.#columns.get(keyOf(from) ?? '')
    this.drop(from)
    const key = keyOf(to)
    if (columns && key !== null) this.#columns.set(key, columns)
  }

  /** What is sent after rows were inserted into these tables: one command, or nothing. */
  afterRows(tables: readonly (TableName & { readonly nameAt: Span })[]): Text | null {
    const seen = new Set<string>()
    const statements = tables.flatMap(table => {
      const key = keyOf(table)
      if (key === null || seen.has(key)) return []
      seen.add(key)
      return [...(this.#columns.get(key) ?? [])].map(column => setsSequence(table, column, table.nameAt))
    })
    const [first] = tables
    return first && statements.length > 0 ? listed(statements, first.nameAt, ';\n') : null
  }
}

function keyOf({ schema, name }: TableName): string | null {
  if (name?.kind !== 'text' || unknownIn(name) !== null) return null
  if (schema !== undefined && (schema.kind !== 'text' || unknownIn(schema) !== null)) return null
  return JSON.stringify([schema ? plain(schema) : '', plain(name)])
}

function isCounted(annotations: Annotations): boolean {
  const strategy = annotations.get('Npgsql:ValueGenerationStrategy')
  return (
    strategy?.kind === 'text' && /^(?:IdentityByDefaultColumn|IdentityAlwaysColumn|SerialColumn)$/.test(plain(strategy))
  )
}

function setsSequence({ schema, name }: TableName, column: string, at: Span): Text {
  const own = delimited(name as Text)
  const table = schema?.kind === 'text' ? dotted(delimited(schema), own, at) : own
  const counted = textAt(column, at)
  const sql = sqlAt(at)
  const sequence = sql`pg_get_serial_sequence('${table}', ${quoted(counted, "'")})`
  return sql`SELECT setval(
    ${sequence},
    GREATEST(
        (SELECT MAX(${delimited(counted)}) FROM ${table}) + 1,
        nextval(${sequence})),
    false)`
}
