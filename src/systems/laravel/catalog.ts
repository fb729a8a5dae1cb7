import { plain, type Text, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'

/** Tables and columns as earlier migrations left them: the answers of `Schema::hasTable` and `Schema::hasColumn`, as far as they are known. */
export class Catalog {
  /** Columns by table. Null: the columns of the table depend on something unknown. */
  readonly #tables = new Map<string, Set<string> | null>()
  /** False as soon as something was not read, because that may have made other tables and columns. */
  #isSure = true

  copy(): Catalog {
    const copied = new Catalog()
    for (const [name, columns] of this.#tables) copied.#tables.set(name, columns && new Set(columns))
    copied.#isSure = this.#isSure
    return copied
  }

  create(table: string): void {
    this.#tables.set(table, new Set())
  }

  drop(table: string): void {
    this.#tables.delete(table)
  }

  rename(from: string, to: string): void {
    const found = this.#tables.get(from)
    this.#tables.delete(from)
    if (found !== undefined) this.#tables.set(to, found)
  }

  add(table: string, column: string): void {
    this.#tables.get(table)?.add(column.toLowerCase())
  }

  remove(table: string, column: string): void {
    this.#tables.get(table)?.delete(column.toLowerCase())
  }

  /** Nothing more is known about a table. */
  forget(table: string): void {
    if (this.#tables.has(table)) this.#tables.set(table, null)
  }

  /** Nothing more is known about the tables that this SQL names. */
  forgetNamed(sql: string): void {
    for (const [word] of sql.matchAll(/\w+/g)) this.forget(word)
  }

  /** Something was not read. */
  doubt(): void {
    this.#isSure = false
  }

  /** Null: unknown. */
  hasTable(table: string): boolean | null {
    return this.#tables.get(table) ? true : null
  }

  /** Null: unknown. */
  hasColumn(table: string, column: string): boolean | null {
    const columns = this.#tables.get(table)
    if (!columns) return null
    return columns.has(column.toLowerCase()) ? true : this.#isSure ? false : null
  }
}

/** A name that is known; null: it is not. */
export function nameIn(value: Value | Text | undefined): string | null {
  return value?.kind === 'text' && unknownIn(value) === null ? plain(value) : null
}
