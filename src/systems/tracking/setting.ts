import { nearest } from '../reading/code-migrations.ts'
import { environment } from '../reading/database.ts'
import type { Tree } from '../reading/tree.ts'
import type { TableName } from './table-names.ts'
import type { Tracking } from './tracking.ts'

/** The name of the table in a configuration; the nearest of these files counts. */
interface Named {
  readonly files: readonly string[]
  readonly name?: Pattern
  readonly schema?: Pattern
}

/** Finds the word in a text: by the first group of an expression, or by a function. */
type Pattern = RegExp | ((text: string) => string | undefined)

function find(pattern: Pattern | undefined, text: string): string | undefined {
  return typeof pattern === 'function' ? pattern(text) : pattern?.exec(text)?.[1]
}

export function namedIn({ files, name, schema }: Named): NonNullable<Tracking['configured']> {
  return (tree: Tree, directory: string) => {
    const text = nearest(tree, directory, files)?.text ?? ''
    return place(find(name, text), find(schema, text))
  }
}

/** The name of the table in a variable of an environment file: `name` or `schema.name`. */
export function namedBy(variable: string): NonNullable<Tracking['configured']> {
  return (tree, directory) => {
    const value = environment(tree, directory, variable)
    return value === undefined ? {} : qualified(value)
  }
}

/** `schema.name` or `name`; quotes keep a dot or upper-case letters in a part: `"My.Schema".history`. */
export function qualified(text: string): Partial<TableName> & { readonly name: string } {
  const parts = text.match(/"(?:[^"]|"")*"|[^.]+/g) ?? []
  const [name = '', schema] = parts.map(bare).reverse()
  return schema === undefined ? { name } : { name, schema }
}

export function place(name: string | undefined, schema: string | undefined): Partial<TableName> {
  return { ...(name === undefined ? {} : { name }), ...(schema === undefined ? {} : { schema }) }
}

function bare(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part
}
