import { append } from '../../parse/list.ts'
import { lookUp } from '../../parse/look-up.ts'
import { closest } from './closest.ts'
import { globProblem, globSize, largestSize } from './glob.ts'
import { orList } from './or-list.ts'

/**
 * The part of JSON Schema that the configuration needs. One value validates a configuration, documents it and becomes
 * the schema file that is shipped. `noun` is our own word, for messages.
 */
export interface Schema {
  readonly type?: SchemaType | readonly SchemaType[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly (string | null)[]
  readonly pattern?: string
  /** The value is a glob that `globProblem` accepts. Our own word. */
  readonly glob?: true
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  /** Keys that match a regular expression. */
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: false | Schema
  readonly propertyNames?: Schema
  /** At most one alternative per JSON type: the value's type chooses. */
  readonly anyOf?: readonly Schema[]
  readonly deprecated?: boolean
  /** Its name under `$defs` of the shipped file, which has it once however often it is used. Our own word. */
  readonly definition?: string
  /** The word for a key of this object, or for this value: `rule`. */
  readonly noun?: string
  /**
   * The expected value in words, where the other keywords do not describe it well: `a version such as "15" or "14.2"`.
   */
  readonly expected?: string
}

type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'null'

/** A problem of a value, and its place: the keys and indexes that lead to it. */
export interface Mismatch {
  readonly path: readonly (string | number)[]
  /** The key itself is wrong, not its value. */
  readonly key: boolean
  readonly message: string
}

/**
 * All places in which a value differs from its schema, in the order of the schema's keywords. `whole`: the name of the
 * value itself in messages, as the start of a sentence.
 */
export function mismatches(value: unknown, schema: Schema, whole: string): Mismatch[] {
  return new Comparison(whole).at(value, schema, [])
}

type Path = Mismatch['path']

/** Compares a value with its schema. Each message names the place that it is about. */
class Comparison {
  readonly #whole: string

  constructor(whole: string) {
    this.#whole = whole
  }

  at(value: unknown, schema: Schema, path: Path): Mismatch[] {
    if (schema.anyOf) {
      const chosen = schema.anyOf.find(option => hasType(value, option))
      const found = chosen ? this.at(value, chosen, path) : null
      return found === null || (found.length > 0 && schema.expected) ? [this.#wrong(path, value, schema)] : found
    }
    if (!hasType(value, schema)) return [this.#wrong(path, value, schema)]
    if (schema.enum && !schema.enum.includes(value as string | null)) return [this.#wrong(path, value, schema)]
    if (typeof value === 'string' && schema.pattern && !matches(schema.pattern, value))
      return [this.#wrong(path, value, schema)]
    if (typeof value === 'string' && schema.glob) {
      const problem = globProblem(value)
      return problem === null
        ? []
        : [{ path, key: false, message: `The glob ${shown(value)} in ${this.#place(path)} ${problem}.` }]
    }
    if (typeof value === 'number' && (value < (schema.minimum ?? value) || value > (schema.maximum ?? value))) {
      return [this.#wrong(path, value, schema)]
    }
    if (Array.isArray(value)) return this.#inArray(value, schema, path)
    if (typeof value === 'object' && value !== null)
      return this.#inObject(value as Record<string, unknown>, schema, path)
    return []
  }

  #inArray(value: readonly unknown[], schema: Schema, path: Path): Mismatch[] {
    if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? value.length)) {
      return [this.#wrong(path, value, schema)]
    }
    const globs = value.filter(item => typeof item === 'string')
    if (schema.items?.glob && globSize(globs) > largestSize) {
      return [{ path, key: false, message: `${this.#place(path)} has too many globs, or too long ones.` }]
    }
    return value.flatMap((item, i) => {
      const own = schema.prefixItems?.[i] ?? schema.items
      return own ? this.at(item, own, [...path, i]) : []
    })
  }

  #inObject(value: Record<string, unknown>, schema: Schema, path: Path): Mismatch[] {
    const missing = (schema.required ?? []).filter(key => !Object.hasOwn(value, key))
    const found = missing.map(key => ({ path, key: false, message: `${this.#place(path)} needs "${key}".` }))
    for (const [key, item] of Object.entries(value)) {
      const known = lookUp(schema.properties ?? {}, key) ?? ofPattern(key, schema)
      const names = schema.propertyNames ? this.at(key, schema.propertyNames, [...path, key]) : []
      append(
        found,
        names.map(each => ({ ...each, key: true })),
      )
      const own = known ?? (schema.additionalProperties || undefined)
      if (own) append(found, this.at(item, own, [...path, key]))
      else if (schema.additionalProperties === false) found.push(this.#unknownKey(key, schema, path))
    }
    return found
  }

  #unknownKey(key: string, schema: Schema, path: Path): Mismatch {
    const keys = Object.entries(schema.properties ?? {}).flatMap(([name, own]) => (own.deprecated ? [] : [name]))
    const guess = closest(key, keys)
    const list = keys.length <= 12 ? ` It can be ${orList(keys.map(name => JSON.stringify(name)))}.` : ''
    const hint = guess === null ? (keys.length === 0 ? '' : list) : ` Did you mean "${guess}"?`
    const where = path.length === 0 || schema.noun === 'rule' ? '' : ` in ${this.#place(path)}`
    return {
      path: [...path, key],
      key: true,
      message: `There is no ${schema.noun ?? 'key'} ${JSON.stringify(key)}${where}.${hint}`,
    }
  }

  #wrong(path: Path, value: unknown, schema: Schema): Mismatch {
    const words = (schema.anyOf ?? [schema]).flatMap(option => (option.enum ?? []).filter(word => word !== null))
    const guess = typeof value === 'string' ? closest(value, words) : null
    const hint = guess === null ? '' : ` Did you mean "${guess}"?`
    return {
      path,
      key: false,
      message: `${this.#place(path)} must be ${expectation(schema)}, not ${shown(value)}.${hint}`,
    }
  }

  #place(path: Path): string {
    if (path.length === 0) return this.#whole
    return JSON.stringify(
      path.reduce<string>(
        (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text && `${text}.`}${part}`),
        '',
      ),
    )
  }
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern).test(text)
}

function ofPattern(key: string, { patternProperties = {} }: Schema): Schema | undefined {
  return Object.entries(patternProperties).find(([pattern]) => matches(pattern, key))?.[1]
}

function expectation(schema: Schema): string {
  if (schema.expected) return schema.expected
  if (schema.anyOf) return orList(schema.anyOf.map(expectation))
  if (schema.enum) return orList(schema.enum.map(word => JSON.stringify(word)))
  return orList([schema.type ?? 'object'].flat().map(type => typeWords[type]))
}

const typeWords: Record<SchemaType, string> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function hasType(value: unknown, schema: Schema): boolean {
  const types = schema.type === undefined ? [] : [schema.type].flat()
  return types.length === 0 || types.some(type => typeTests[type](value))
}

const typeTests: Record<SchemaType, (value: unknown) => boolean> = {
  string: value => typeof value === 'string',
  number: value => typeof value === 'number',
  integer: value => Number.isInteger(value),
  boolean: value => typeof value === 'boolean',
  array: value => Array.isArray(value),
  object: value => typeof value === 'object' && value !== null && !Array.isArray(value),
  null: value => value === null,
}

/** The schema for other programs: without our own words, and with the named parts under `$defs`. */
export function toJsonSchema(schema: Schema): Record<string, unknown> {
  const definitions = new Map<string, Record<string, unknown>>()
  const json = written(schema, definitions)
  return definitions.size === 0 ? json : { ...json, $defs: Object.fromEntries(definitions) }
}

function written(schema: Schema, definitions: Map<string, Record<string, unknown>>): Record<string, unknown> {
  if (schema.definition !== undefined) {
    const { definition, description, default: value, ...body } = schema
    if (!definitions.has(definition)) definitions.set(definition, written(body, definitions))
    // A description of a single use stays with that use.
    return {
      $ref: `#/$defs/${definition}`,
      ...(description !== undefined && { description }),
      ...(value !== undefined && { default: value }),
    }
  }
  const inner = (each: Schema) => written(each, definitions)
  const { noun: _, expected: __, glob: ___, propertyNames: ____, ...rest } = schema
  const out: Record<string, unknown> = { ...rest }
  if (schema.items) out.items = inner(schema.items)
  if (schema.prefixItems) out.prefixItems = schema.prefixItems.map(inner)
  if (schema.anyOf) out.anyOf = schema.anyOf.map(inner)
  if (schema.additionalProperties) out.additionalProperties = inner(schema.additionalProperties)
  if (schema.properties) {
    out.properties = Object.fromEntries(Object.entries(schema.properties).map(([key, own]) => [key, inner(own)]))
  }
  if (schema.patternProperties) {
    const own = Object.entries(schema.patternProperties).map(([key, each]) => [key, inner(each)])
    out.patternProperties = Object.fromEntries(own)
  }
  return out
}
