import { lookUp } from '../../parse/look-up.ts'
import { jsYaml } from './js-yaml.ts'
import { lately } from './lately.ts'

/**
 * The documents of a YAML file; none if it is not YAML, and while the parser is being loaded (`withParsers`). An alias is the same
 * object as its anchor.
 */
export function yaml(text: string): readonly unknown[] {
  return read(text).documents
}

/** The error that keeps the text from being YAML, with the line, from 1; null if there is none, and while the parser is being loaded. */
export function yamlProblem(text: string): { readonly line: number; readonly what: string } | null {
  return read(text).problem
}

interface Read {
  readonly documents: readonly unknown[]
  readonly problem: { readonly line: number; readonly what: string } | null
}

const nothing: Read = { documents: [], problem: null }

function read(text: string): Read {
  const library = jsYaml()
  return library === null ? nothing : parsed(library)(text)
}

let parsedBy: ((text: string) => Read) | null = null

function parsed({ CORE_SCHEMA, loadAll, YAMLException }: typeof import('js-yaml')): (text: string) => Read {
  parsedBy ??= lately(text => {
    try {
      return { documents: loadAll(text, { schema: CORE_SCHEMA }), problem: null }
    } catch (error) {
      if (error instanceof YAMLException) {
        return { documents: [], problem: { line: (error.mark?.line ?? 0) + 1, what: error.reason } }
      }
      // RangeError: nested too deeply for the stack.
      return { documents: [], problem: { line: 1, what: error instanceof Error ? error.message : String(error) } }
    }
  })
  return parsedBy
}

/** The value under these keys, one inside the other: `a`, `b` of `a: { b: 1 }` → 1. Undefined if there is none. */
export function valueAt(document: unknown, ...keys: readonly string[]): unknown {
  let value = document
  for (const key of keys) value = isMapping(value) ? lookUp(value, key) : undefined
  return value
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The largest number of named values: aliases of aliases can stand for more than any memory holds. */
const most = 10_000

/** The scalars of a document by their full names: `a: { b: 1 }` gives `a.b`; for a list, its scalars joined with commas. */
export function scalars(document: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let left = most
  const add = (value: unknown, name: string, depth: number) => {
    if (left-- <= 0 || depth > 50) return
    if (isMapping(value)) {
      for (const [key, each] of Object.entries(value)) add(each, name === '' ? key : `${name}.${key}`, depth + 1)
    } else if (Array.isArray(value)) {
      const items = value.filter(each => each !== null && typeof each !== 'object')
      found.set(name, items.join(','))
    } else if (value !== null && value !== undefined) found.set(name, String(value))
  }
  add(document, '', 0)
  return found
}
