import type { Text } from '../../code/text.ts'
import type { Host, Value } from '../../code/value.ts'

/** The objects that functions of Ecto.Migration describe: structs of lib/ecto/migration.ex in ecto_sql. */
export type Described =
  | { readonly kind: 'table'; readonly name: Text; readonly options: Options }
  | { readonly kind: 'index'; readonly table: Text; readonly columns: readonly Value[]; readonly options: Options }
  | { readonly kind: 'constraint'; readonly table: Text; readonly name: Text; readonly options: Options }
  | { readonly kind: 'reference'; readonly table: Text; readonly options: Options }
  | { readonly kind: 'fragment'; readonly sql: Text }

export type Options = ReadonlyMap<string, Value>

const all = new WeakMap<Value, Described>()

export function describedBy(described: Described): Host {
  const value: Host = { kind: 'host', name: described.kind, isInert: true }
  all.set(value, described)
  return value
}

export function described<Kind extends Described['kind']>(
  value: Value | undefined,
  kind: Kind,
): Extract<Described, { kind: Kind }> | undefined {
  const own = value && all.get(value)
  return own?.kind === kind ? (own as Extract<Described, { kind: Kind }>) : undefined
}

export function describedAs(value: Value | undefined): Described | undefined {
  return value && all.get(value)
}
