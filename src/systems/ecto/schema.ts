import { schemaName } from '../../code/elixir/schema.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { hasFile, join, textOf, upwards } from '../reading/files.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'

/** The table of a schema (Ecto.Schema), or the table that a query names itself. */
export interface Source {
  readonly table: Text
  readonly prefix: Text | null
  /** All columns, as a query without `select` asks for them; null: they are not known. */
  readonly columns: readonly string[] | null
  /** The primary key, if it is one known column. */
  readonly key: string | null
}

/** A schema of another file of the project, by the name of its module. */
export type Schemas = (module: string, at: Span) => Source | null

/** What a query is of: `"orders"`, `{"orders", Order}` or `Order`. Throws NotRead where it is unknown. */
export function sourceOf(value: Value | undefined, schemas: Schemas, at: Span): Source {
  if (value?.kind === 'text' && unknownIn(value) === null)
    return { table: value, prefix: null, columns: null, key: null }
  if (value?.kind === 'list' && value.items.length === 2) {
    const [table, schema] = value.items
    if (table?.kind === 'text' && unknownIn(table) === null) return { ...sourceOf(schema, schemas, at), table }
  }
  if (value?.kind === 'callable') return ofModule(value, at)
  const found = value?.kind === 'unknown' && value.isForeign && value.name ? schemas(value.name, at) : null
  if (found) return found
  throw new NotRead(value?.kind === 'unknown' ? value.why : 'the table is not known', at)
}

function ofModule({ entries }: Extract<Value, { kind: 'callable' }>, at: Span): Source {
  const own = entries.get(schemaName)
  const [table, isKnown, ...columns] = own?.kind === 'list' ? own.items : []
  if (table?.kind !== 'text') throw new NotRead('the module has no schema that is read', at)
  const prefix = entries.get('@schema_prefix')
  if (prefix && prefix.kind !== 'text') throw new NotRead('the prefix of the schema is not known', at)
  const key = keyOf(entries.get('@primary_key'))
  const areKnown = isKnown?.kind === 'plain' && isKnown.value === true && key !== undefined
  const names = columns.flatMap(each => (each.kind === 'text' ? [plain(each)] : []))
  return {
    table,
    prefix: prefix ?? null,
    columns: areKnown ? [...(key === null ? [] : [key]), ...names] : null,
    key: key ?? null,
  }
}

/** `@primary_key {:id, :binary_id, autogenerate: true}`; null: the schema has none, undefined: it is not known. */
function keyOf(value: Value | undefined): string | null | undefined {
  if (value === undefined) return 'id'
  if (value.kind === 'plain' && value.value === false) return null
  const name = value.kind === 'list' ? value.items[0] : undefined
  return name?.kind === 'text' && unknownIn(name) === null ? plain(name) : undefined
}

/**
 * The schemas of the project, by the names of their modules. They are in files of that name, of which `mix new` puts `App.Users.User` into
 * `lib/app/users/user.ex`. Their columns may be those of a later time than the migration's, so they are not said.
 */
export function schemasOf(tree: Tree, directory: string): Schemas {
  const root = [...upwards(directory)].find(dir => hasFile(tree, join(dir, 'mix.exs')))
  let files: readonly string[] | null = null
  const textOfModule = (module: string): string | null => {
    if (root === undefined || !/^[A-Z]\w*(?:\.[A-Z]\w*)*$/.test(module)) return null
    const lib = join(root, 'lib')
    const names = module.split('.').map(underscored)
    const usual = join(lib, `${names.join('/')}.ex`)
    files ??= filesBelow(tree, lib)
    const others = files.filter(path => path.endsWith(`/${names.at(-1)}.ex`))
    for (const path of hasFile(tree, usual) ? [usual, ...others] : others) {
      const text = textOf(tree, path)
      if (text?.includes(`defmodule ${module} do`)) return text
    }
    return null
  }
  const known = new Map<string, Table | null>()
  return (module, at) => {
    const found = known.get(module) ?? tableIn(textOfModule(module))
    known.set(module, found)
    if (!found) return null
    const { table, prefix, key } = found
    return { table: textAt(table, at), prefix: prefix === null ? null : textAt(prefix, at), columns: null, key }
  }
}

interface Table {
  readonly table: string
  readonly prefix: string | null
  readonly key: string | null
}

function tableIn(text: string | null): Table | null {
  const tables = text === null ? [] : [...text.matchAll(/^[ \t]*schema[ (]+"([^"\n\\]{1,63})"/gm)]
  const table = tables[0]?.[1]
  if (text === null || tables.length !== 1 || table === undefined || /\bsource:/.test(text)) return null
  const prefix = /^[ \t]*@schema_prefix\b(?:[ \t]+"([^"\n\\]{1,63})"[ \t]*$)?/m.exec(text)
  if (prefix && prefix[1] === undefined) return null
  return { table, prefix: prefix?.[1] ?? null, key: /^[ \t]*@primary_key\b/m.test(text) ? null : 'id' }
}

/** Macro.underscore */
function underscored(name: string): string {
  return name
    .replace(/([A-Z])([A-Z][^A-Z_])/g, '$1_$2')
    .replace(/([^A-Z_])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
