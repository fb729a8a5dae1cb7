/** A kind of migration whose cost must grow no faster than its text. */
export interface Shape {
  readonly name: string
  /** The larger size measured; the smaller is a quarter of it. Chosen so that the text stays below some 500 KB. */
  readonly most: number
  /** The text of one file with `count` of the things in its name. */
  readonly text: (count: number) => string
}

export const list = (count: number, each: (i: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, i) => each(i)).join(separator)
export const lines = (count: number, each: (i: number) => string) => list(count, each, '\n')

export const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n'
