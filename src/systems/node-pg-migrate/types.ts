import { NotRead } from '../../code/given/not-read.ts'
import { type Options, optionsFrom } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, entriesOf, isNone, isNull, itemsOf, placeOf, written } from '../../code/given/value.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Given, Operation } from './given.ts'
import { escaped } from './values.ts'

const adapters = new Map([
  ['int', 'integer'],
  ['string', 'text'],
  ['float', 'real'],
  ['double', 'double precision'],
  ['datetime', 'timestamp'],
  ['bool', 'boolean'],
])

/** `applyType` of src/utils/types.ts: resolves a shorthand, or a type with options. The result has an entry `type`. Throws NotRead where it is unknown. */
export function appliedType(given: Given, value: Argument): Options {
  const own = typed(given, value)
  const first = own.get('type')
  let extended = new Map<string, Value>()
  let type: Argument = isNone(first) ? undefined : first
  for (const seen = new Set<string>(); type?.kind === 'text'; ) {
    const word = plain(type)
    const shorthand = shorthandOf(given, word, type)
    if (shorthand === null) break
    if (seen.has(word)) throw new NotRead('its shorthands refer to each other', placeOf(type, given.at))
    seen.add(word)
    const short: ReadonlyMap<string, Value> = shorthand
    extended = new Map([...short, ...[...extended].filter(([name]) => name !== 'type')])
    type = short.get('type')
  }
  const all = new Map([...extended, ...own])
  if (type) all.set('type', adapted(type, given))
  return optionsFrom(all, given.at)
}

function typed({ at }: Given, value: Argument): ReadonlyMap<string, Value> {
  return value?.kind === 'text' ? new Map([['type', value]]) : entriesOf(value, at)
}

function shorthandOf(given: Given, word: string, type: Text): ReadonlyMap<string, Value> | null {
  const own = given.shorthands.get(word)
  if (own) return typed(given, own)
  const at = placeOf(type, given.at)
  if (given.settings.isShorthand?.(word)) throw new NotRead('an earlier migration defines this type', at)
  if (word !== 'id') return null
  return new Map<string, Value>([
    ['type', textAt('serial', at)],
    ['primaryKey', { kind: 'plain', value: true, at }],
  ])
}

/** `applyTypeAdapters` of src/utils/types.ts. */
export function adapted(type: Value, { at }: Pick<Given, 'at'>): Value {
  const other = type.kind === 'text' ? adapters.get(plain(type)) : undefined
  return other === undefined ? type : textAt(other, placeOf(type, at))
}

/** The name of a type, where its other options do not matter. */
export function typeOf(given: Given, value: Argument): Text {
  return written(appliedType(given, value).get('type'), given.at)
}

/** `parseSequenceOptions` of src/operations/sequences/shared.ts. */
export function sequenceClauses(given: Given, options: Options): Text[] {
  const { at, sql } = given
  const clauses: Text[] = []
  const isOff = (name: string) => {
    const value = options.get(name)
    return isNull(value) || (value?.kind === 'plain' && value.value === false)
  }
  const put = (name: string, words: string, off?: string) => {
    const text = options.text(name)
    if (text) clauses.push(sql`${words} ${text}`)
    else if (off !== undefined && isOff(name)) clauses.push(sql`${off}`)
  }
  if (options.is('type')) clauses.push(sql`AS ${written(appliedType(given, options.get('type')).get('type'), at)}`)
  put('increment', 'INCREMENT BY')
  put('minvalue', 'MINVALUE', 'NO MINVALUE')
  put('maxvalue', 'MAXVALUE', 'NO MAXVALUE')
  put('start', 'START WITH')
  put('cache', 'CACHE')
  if (options.is('cycle')) clauses.push(sql`CYCLE`)
  else if (isOff('cycle') && !isNull(options.get('cycle'))) clauses.push(sql`NO CYCLE`)
  put('owner', 'OWNED BY', 'OWNED BY NONE')
  return clauses
}

const createType: Operation = (given, name, options) => {
  const { at, sql } = given
  if (options?.kind === 'list') {
    const values = itemsOf(options, at).map(value => escaped(given, value))
    return sql`CREATE TYPE ${given.name(name)} AS ENUM (${listed(values, at)});`
  }
  const attributes = [...entriesOf(options, at)].map(
    ([word, type]) => sql`${given.name(textAt(word, placeOf(type, at)))} ${typeOf(given, type)}`,
  )
  return sql`CREATE TYPE ${given.name(name)} AS (\n${listed(attributes, at, ',\n')}\n);`
}

const addTypeValue: Operation = (given, name, value, options) => {
  const { sql } = given
  const all = given.options(options)
  if (all.is('before') && all.is('after')) throw new NotRead('node-pg-migrate refuses `before` with `after`', given.at)
  const place = (word: string, words: string): Text =>
    all.is(word) ? sql` ${words} ${escaped(given, all.get(word))}` : sql``
  const condition = all.when('ifNotExists', ' IF NOT EXISTS')
  const where = [place('before', 'BEFORE'), place('after', 'AFTER')]
  return sql`ALTER TYPE ${given.name(name)} ADD VALUE${condition} ${escaped(given, value)}${listed(where, given.at, '')};`
}

/** src/operations/types/. */
export const types: Readonly<Record<string, Operation>> = {
  createType,
  addType: createType,
  addTypeValue,
  dropType: (given, name, options) => {
    const all = given.options(options)
    return given.sql`DROP TYPE${all.when('ifExists', ' IF EXISTS')} ${given.name(name)}${all.when('cascade', ' CASCADE')};`
  },
  renameType: (given, name, other) => given.sql`ALTER TYPE ${given.name(name)} RENAME TO ${given.name(other)};`,
  renameTypeAttribute: (given, name, attribute, other) =>
    given.sql`ALTER TYPE ${given.name(name)} RENAME ATTRIBUTE ${given.name(attribute)} TO ${given.name(other)};`,
  renameTypeValue: (given, name, value, other) =>
    given.sql`ALTER TYPE ${given.name(name)} RENAME VALUE ${escaped(given, value)} TO ${escaped(given, other)};`,
  addTypeAttribute: (given, name, attribute, type) =>
    given.sql`ALTER TYPE ${given.name(name)} ADD ATTRIBUTE ${given.name(attribute)} ${typeOf(given, type)};`,
  dropTypeAttribute: (given, name, attribute, options) =>
    given.sql`ALTER TYPE ${given.name(name)} DROP ATTRIBUTE ${given.name(attribute)}${given
      .options(options)
      .when('ifExists', ' IF EXISTS')};`,
  setTypeAttribute: (given, name, attribute, type) =>
    given.sql`ALTER TYPE ${given.name(name)} ALTER ATTRIBUTE ${given.name(attribute)} SET DATA TYPE ${typeOf(given, type)};`,
}
