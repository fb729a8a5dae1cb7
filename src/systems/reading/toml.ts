import { parse, TomlError } from 'smol-toml'
import { lately } from './lately.ts'

/** A string, a boolean, the strings of a list, or any other value as text. */
export type TomlValue = string | boolean | readonly string[]

/**
 * The values of a TOML file by their full names: `[migrate]` and `table-name = "x"` give `migrate.table-name`, `a = { b
 * = "x" }` gives `a.b`. Of several tables with one name (`[[bin]]`) the last counts. Null if the file is not TOML.
 */
export function toml(text: string): ReadonlyMap<string, TomlValue> | null {
  return read(text).values
}

/** The error that keeps the text from being TOML, with the line, from 1; null if there is none. */
export function tomlProblem(text: string): { readonly line: number; readonly what: string } | null {
  return read(text).problem
}

/** Nested tables are read down to this depth: no configuration goes deeper. */
const deepest = 50

const read = lately((text: string) => {
  try {
    const values = new Map<string, TomlValue>()
    flatten(parse(text, { integersAsBigInt: true }), '', deepest, values)
    return { values, problem: null }
  } catch (error) {
    if (error instanceof TomlError) {
      const [, what = ''] = error.message.split('\n', 1)[0]?.split('Invalid TOML document: ') ?? []
      return { values: null, problem: { line: error.line, what } }
    }
    // RangeError: nested too deeply for the stack.
    return { values: null, problem: { line: 1, what: error instanceof Error ? error.message : String(error) } }
  }
})

function flatten(table: object, prefix: string, depth: number, values: Map<string, TomlValue>): void {
  for (const [key, value] of Object.entries(table)) {
    const name = prefix + key
    const tables = (Array.isArray(value) ? value : [value]).filter(isTable)
    if (tables.length > 0) {
      if (depth > 0) for (const each of tables) flatten(each, `${name}.`, depth - 1, values)
    } else if (Array.isArray(value)) {
      values.set(
        name,
        value.filter(each => typeof each === 'string'),
      )
    } else values.set(name, typeof value === 'boolean' ? value : String(value))
  }
}

/** Dates are objects, too. */
function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
