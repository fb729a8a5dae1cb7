/**
 * The value of a table under a name that anybody may have chosen. It only finds the table's own entries. Plain
 * `table[name]` would also find what every object inherits, so that a relation called `constructor` or `toString` would
 * be taken for a known name.
 */
export function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
