import { environment } from '../reading/database.ts'
import { nearestSettings } from '../reading/program-settings.ts'
import type { Tree } from '../reading/tree.ts'
import type { TableName } from './table-names.ts'
import type { Tracking } from './tracking.ts'

/** The name of the table in a configuration; the nearest of these files counts. */
interface Named {
  readonly files: readonly string[]
  /** The names that it is inside of, and its own; the first that the file has. */
  readonly name?: readonly (readonly string[])[]
  readonly schema?: readonly (readonly string[])[]
}

/** Must be asked within `withParsers`. */
export function namedIn({ files, name = [], schema = [] }: Named): NonNullable<Tracking['configured']> {
  return (tree: Tree, directory: string) => {
    const settings = nearestSettings(tree, directory, files)
    const first = (all: readonly (readonly string[])[]) =>
      all.map(names => settings?.textOf(names)).find(text => text !== undefined)
    return place(first(name), first(schema))
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
