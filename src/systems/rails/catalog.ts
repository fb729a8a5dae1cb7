/** What earlier migrations made, as far as Rails asks the database for it: names of indexes and keys, and whether things exist. */

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
  /** It was made by a migration that was read: what is not here is not there. */
  readonly isWhole: boolean
  /** Of a table that was made: its primary key, if it has a sequence. */
  readonly sequenceOf: string | null
}

export class Catalog {
  readonly #tables = new Map<string, TableOf>()
  /** Names that SQL of the migrations speaks of: what became of these is not known. */
  readonly #mentioned = new Set<string>()
  /** False as soon as something was not read: what is not known may have been made there. */
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

  /** A table that something is known of from here on. */
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

  /** SQL that was sent as it is: nothing is known of the names in it. */
  mention(sql: string): void {
    for (const [word] of sql.matchAll(/\w+/g)) this.#mentioned.add(word.toLowerCase())
  }

  /** True where all of a table is known: what it does not have, is not there. */
  isWhole(name: string): boolean {
    return this.isSure && this.#tables.get(name)?.isWhole === true && !this.#isMentioned(name)
  }

  /** Whether a table has something; null: that is not known. */
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
