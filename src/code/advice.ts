/**
 * How advice in SQL is written in a tool's own language. Where the tool has its own call for a statement, advice shows that call first and the SQL
 * after it; otherwise it shows the call that sends SQL as it is. Each call must send exactly that SQL: a test reads it with the tool's reader.
 */
export interface AdviceInCode {
  /** In lower case, as after the fence of a Markdown code block: `js`, `ruby`. */
  readonly language: string
  /**
   * A statement that sends this SQL as it is, without the semicolon at its end. `isOutside`: it cannot run in a transaction. How the
   * migration says so is in the words before the code; here it matters to tools where each statement says it.
   */
  readonly sql: (text: string, isOutside: boolean) => string
  /** Calls of the tool, by what they do; null: the tool has no call for exactly this. */
  readonly calls?: { readonly [Kind in keyof Remedies]?: (remedy: Remedies[Kind]) => string | null }
  /** Wraps statements that cannot run in a transaction, where the code itself says so. */
  readonly outside?: (statements: readonly string[]) => string
  /** The text between statements; by default a line break. */
  readonly between?: string
  /** How code stops using a column before it is dropped: a sentence that ends in a colon, and the code after it. Null: nothing special. */
  readonly unused?: (column: Remedies['dropColumn']) => { readonly how: string; readonly code: string } | null
}

/** Names are as they are, without quotes. */
export interface Name {
  readonly schema: string | null
  readonly name: string
}

/** What statements of advice do, as far as tools have their own calls for it. The statement does nothing else. */
export interface Remedies {
  createIndex: {
    readonly name: string
    readonly table: Name
    readonly columns: readonly string[]
    readonly unique: boolean
    readonly concurrently: boolean
    readonly ifNotExists: boolean
    /** `gin`; null: `btree`. */
    readonly method: string | null
    /** The condition of a partial index, in SQL. */
    readonly where: string | null
  }
  dropIndex: {
    readonly index: Name
    /** The table that it is of, as the index is named: with its schema, if that is. Null: it is not known. */
    readonly table: Name | null
    readonly concurrently: boolean
    readonly ifExists: boolean
  }
  addForeignKey: {
    readonly name: string
    readonly table: Name
    readonly columns: readonly string[]
    readonly referenced: Name
    readonly referencedColumns: readonly string[]
    /** `CASCADE`, `SET NULL`; null: the constraint has no such clause. */
    readonly onDelete: string | null
    readonly onUpdate: string | null
    readonly notValid: boolean
    /** Everything after the name, in SQL: `FOREIGN KEY (…) REFERENCES … NOT VALID`. */
    readonly definition: string
  }
  addCheck: {
    readonly name: string
    readonly table: Name
    /** In SQL, without the parentheses around it. */
    readonly condition: string
    /** The column of which it says nothing but that it is not NULL; null: it says something else. */
    readonly notNull: string | null
    readonly notValid: boolean
    readonly definition: string
  }
  /** `UNIQUE USING INDEX` */
  addUniqueByIndex: { readonly name: string; readonly table: Name; readonly index: string }
  /** `of`: what the same advice has added under this name; null: nothing. */
  validateConstraint: { readonly name: string; readonly table: Name; readonly of: 'foreign key' | 'check' | null }
  dropConstraint: { readonly name: string; readonly table: Name; readonly ifExists: boolean }
  setNotNull: { readonly table: Name; readonly column: string }
  dropNotNull: { readonly table: Name; readonly column: string }
  dropColumn: { readonly table: Name; readonly column: string }
}

export type Remedy = { readonly [Kind in keyof Remedies]: { readonly kind: Kind } & Remedies[Kind] }[keyof Remedies]
