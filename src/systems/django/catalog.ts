import { serverName, splitName } from './names.ts'

/** A constraint or an index that Django made in the database. Django looks their names up there. */
export interface Constraint {
  readonly name: string
  readonly kind: 'primary key' | 'foreign key' | 'unique' | 'check' | 'index' | 'sequence'
  /** Empty for expressions. */
  readonly columns: readonly string[]
  /** The access method of an index other than btree. */
  readonly method?: string
  /** It is a unique index without a constraint. */
  readonly isIndexAlone?: true
}

/** The name that PostgreSQL gives a constraint without a name: the first one that is free in the table. */
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
