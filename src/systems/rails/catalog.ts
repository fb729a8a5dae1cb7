/** The results of earlier migrations, as far as Rails asks the database for them: names of indexes and keys, and whether objects exist. */

export interface IndexOf {
  name: string
  /** Its columns; an expression as it was written. */
  readonly columns: string[] | string
}

export interface KeyOf {
  readonly name: string
  readonly to: string
  readonly columns: readonly string[]
}

export interface TableOf {
  /** Its columns, and their types in SQL where these are known. */
  readonly columns: Map<string, string | null>
  readonly indexes: IndexOf[]
  readonly keys: KeyOf[]
  /** Checks and other constraints. */
  readonly constraints: Set<string>
  /** A migration that was read created it, so the lists are complete. */
  readonly isWhole: boolean
  /** The primary key of a new table, if it has a sequence. */
  readonly sequenceOf: string | null
}

export class Catalog {
  readonly #tables = new Map<string, TableOf>()
  /** Names in SQL of the migrations, whose state is unknown. */
  readonly #mentioned = new Set<string>()
  /** False as soon as something was not read, because that may have created other tables. */
  isSure = true

  copy(): Catalog {
    const copied = new Catalog()
    for (const [name, table] of this.#tables)
      copied.#tables.set(name, {
        ...table,
        columns: new Map(table.columns),
        indexes: table.indexes.map(index => ({ ...index })),
        keys: [...table.keys],
        constraints: new Set(table.constraints),
      })
    for (const name of this.#mentioned) copied.#mentioned.add(name)
    copied.isSure = this.isSure
    return copied
  }

  table(name: string): TableOf | undefined {
    return this.#tables.get(name)
  }

  /** The table with this name, which is known from here on. */
  known(name: string): TableOf {
    const found = this.#tables.get(name)
    if (found) return found
    return this.make(name, { isWhole: false, sequenceOf: null })
  }

  make(name: string, { isWhole, sequenceOf }: Pick<TableOf, 'isWhole' | 'sequenceOf'>): TableOf {
    const made = { columns: new Map(), indexes: [], keys: [], constraints: new Set<string>(), isWhole, sequenceOf }
    this.#tables.set(name, made)
    return made
  }

  drop(name: string): void {
    this.#tables.delete(name)
  }

  rename(from: string, to: string): void {
    const found = this.#tables.get(from)
    this.#tables.delete(from)
    if (found) this.#tables.set(to, found)
    for (const { keys } of this.#tables.values())
      for (const [i, key] of keys.entries()) if (key.to === from) keys[i] = { ...key, to }
  }

  /** Records SQL that was sent as it is: the names in it are unknown from here on. */
  mention(sql: string): void {
    for (const [word] of sql.matchAll(/\w+/g)) this.#mentioned.add(word.toLowerCase())
  }

  /** True if a table is completely known. */
  isWhole(name: string): boolean {
    return this.isSure && this.#tables.get(name)?.isWhole === true && !this.#isMentioned(name)
  }

  /** Whether a table has something; null: unknown. */
  has(name: string, what: (table: TableOf) => boolean): boolean | null {
    const found = this.#tables.get(name)
    if (!found || this.#isMentioned(name)) return null
    if (what(found)) return true
    return this.isWhole(name) ? false : null
  }

  #isMentioned(name: string): boolean {
    return this.#mentioned.has(name.toLowerCase())
  }
}
