/**
 * What a table says under a name that anybody may have chosen: its own entries only. Plain `table[name]` would also find what
 * every object inherits, so that a relation called `constructor` or `toString` would be taken for something that is known.
 */
export function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
