import { serverName, splitName } from './names.ts'

/** A constraint or an index that a table has in the database, as far as Django made it. Django looks their names up there. */
export interface Constraint {
  readonly name: string
  readonly kind: 'primary key' | 'foreign key' | 'unique' | 'check' | 'index' | 'sequence'
  /** None: expressions. */
  readonly columns: readonly string[]
  /** Of indexes: the access method, if it is not btree. */
  readonly method?: string
  /** Of a unique one: it is an index without a constraint. */
  readonly isIndexAlone?: true
}

/** The name that PostgreSQL gives a constraint without a name: one that the table does not have yet. */
export function freeName(taken: readonly Constraint[], table: string, column: string, label: string): string {
  const [, own] = splitName(table)
  const names = new Set(taken.map(({ name }) => name))
  let name = serverName(own, column, label)
  for (let i = 1; names.has(name); i++) name = serverName(own, column, `${label}${i}`)
  return name
}

export function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((column, i) => column === b[i])
}
