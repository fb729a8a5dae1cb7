import { reads } from '../../code/given/call.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { type Argument, isNull, placeOf } from '../../code/given/value.ts'
import { madeWhenAsked, type Offered } from '../../code/offered.ts'
import type { Run } from '../../code/run.ts'
import { changed, hole, plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Host, nothing, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { string } from './expression.ts'
import { type Given, givenIn, numberIn } from './given.ts'
import { path, type TableName } from './name.ts'
import { type Creation, describes, made, type SqlType, thingIn } from './thing.ts'

function typeHost(type: SqlType, run: Run): Host {
  return made('a type', type, { get: name => methodOf(type, name, run) })
}

/** Methods of types. */
function methodOf(type: SqlType, name: string, run: Run): Value | undefined {
  if (name === 'with_variant')
    return describes('with_variant', call => {
      const { get, rest } = givenIn(call, ['type_'], [], { takesRest: true })
      const isOurs = rest.some(each => each.kind === 'text' && plain(each) === 'postgresql')
      return isOurs ? typeHost(typeIn(get('type_'), call.at, run), run) : typeHost(type, run)
    })
  if (name === 'evaluates_none') return describes(name, () => typeHost(type, run))
  const creation = type.creation
  if (creation && (name === 'create' || name === 'drop'))
    return reads(run, name, call => {
      created(creation, name, call, run)
      return nothing(call.at)
    })
  return undefined
}

/** `create` and `drop` of an enumeration: by default they first check whether it exists. */
function created(creation: Creation, which: 'create' | 'drop', call: Call, run: Run): void {
  const { at, nameAt } = call
  const given = givenIn(call, ['bind', 'checkfirst'])
  const asks = given.get('checkfirst') === undefined || given.is('checkfirst')
  const sql = which === 'create' ? creation.sql(nameAt) : sqlAt(nameAt)`DROP TYPE ${path(creation.name, nameAt)}`
  if (asks) run.perhaps(() => run.send(sql, { at }))
  else run.send(sql, { at })
}

/**
 * The type that a value is: one of SQLAlchemy's types or classes of types, or a class of the file that decorates one. A type of another
 * file is unknown: a name takes its place, and this is reported.
 */
export function typeIn(value: Argument, at: Span, run: Run): SqlType {
  const own = thingIn(value, 'type')
  if (own) return own
  const place = placeOf(value, at)
  const kind = thingIn(value, 'type class')
  if (kind) return kind.make({ args: [], argsAt: [], at: place, nameAt: place })
  if (value?.kind === 'record' && value.entries.has('impl')) return typeIn(value.entries.get('impl'), at, run)
  if (value?.kind === 'callable' && value.entries.has('impl')) return typeIn(value.entries.get('impl'), at, run)
  if (value?.kind === 'unknown')
    return { kind: 'type', sql: quoted(hole(place, `the type is not known: ${value.why}`, lastWord(value.name)), '"') }
  throw new NotRead('its type is not read', place)
}

/** `TZDateTime` of `app.types.TZDateTime`. */
function lastWord(name: string | undefined): string | undefined {
  return name?.slice(name.lastIndexOf('.') + 1)
}

export type Make = (given: Given, at: Span) => SqlType

/** A class of types whose parameters have these names. */
export function typeClass(name: string, names: readonly string[], make: Make, run: Run): Host {
  const build = (call: Call): SqlType => make(givenIn(call, names), call.nameAt)
  return made(
    name,
    { kind: 'type class', make: build },
    describes(name, call => typeHost(build(call), run)),
  )
}

/** A class of types that is the same in SQL whatever its arguments are. */
export function fixedClass(name: string, sql: string, run: Run): Host {
  const build = ({ nameAt }: Call): SqlType => ({ kind: 'type', sql: textAt(sql, nameAt) })
  return made(
    name,
    { kind: 'type class', make: build },
    describes(name, call => typeHost(build(call), run)),
  )
}

export const word =
  (sql: string, serial?: SqlType['serial']): Make =>
  (_, at) => ({ kind: 'type', sql: textAt(sql, at), ...(serial && { serial }) })

export const withLength =
  (sql: string): Make =>
  (given, at) => {
    const length = numberIn(given.some('length'), at)
    const collation = given.text('collation', 'the collation')
    const write = sqlAt(at)
    const end = collation ? write` COLLATE ${quoted(collation, '"')}` : ''
    return { kind: 'type', sql: length && plain(length) !== '0' ? write`${sql}(${length})${end}` : write`${sql}${end}` }
  }

const withPrecision =
  (sql: string): Make =>
  (given, at) => {
    const [precision, scale] = [numberIn(given.some('precision'), at), numberIn(given.some('scale'), at)]
    const write = sqlAt(at)
    if (!precision) return { kind: 'type', sql: textAt(sql, at) }
    return { kind: 'type', sql: scale ? write`${sql}(${precision}, ${scale})` : write`${sql}(${precision})` }
  }

const time =
  (sql: string): Make =>
  (given, at) => {
    const precision = numberIn(given.some('precision'), at)
    const zone = given.is('timezone') ? 'WITH' : 'WITHOUT'
    const write = sqlAt(at)
    const digits = precision ? write`(${precision})` : ''
    return { kind: 'type', sql: write`${sql}${digits} ${zone} TIME ZONE` }
  }

const interval: Make = (given, at) => {
  const precision = numberIn(given.some('precision') ?? given.some('second_precision'), at)
  const fields = given.text('fields', 'the fields')
  const write = sqlAt(at)
  return {
    kind: 'type',
    sql: write`INTERVAL${fields ? write` ${fields}` : ''}${precision ? write` (${precision})` : ''}`,
  }
}

const bit: Make = (given, at) => {
  const length = numberIn(given.some('length'), at)
  const write = sqlAt(at)
  if (given.is('varying')) return { kind: 'type', sql: write`BIT VARYING${length ? write`(${length})` : ''}` }
  return { kind: 'type', sql: write`BIT(${length ?? '1'})` }
}

const text = ['length', 'collation']
const number = ['precision', 'scale', 'decimal_return_scale', 'asdecimal']

/** Classes by name, with the names of their parameters. Classes of PostgreSQL's dialect with the same name are the same unless noted. */
const classes: readonly (readonly [names: string, args: readonly string[], make: Make])[] = [
  ['Integer INTEGER INT', [], word('INTEGER', 'SERIAL')],
  ['BigInteger BIGINT', [], word('BIGINT', 'BIGSERIAL')],
  ['SmallInteger SMALLINT', [], word('SMALLINT', 'SMALLSERIAL')],
  ['String Unicode VARCHAR', text, withLength('VARCHAR')],
  ['Text UnicodeText TEXT', text, withLength('TEXT')],
  ['CHAR', text, withLength('CHAR')],
  ['NCHAR', text, withLength('NCHAR')],
  ['NVARCHAR', text, withLength('NVARCHAR')],
  ['CLOB', text, word('CLOB')],
  ['Boolean BOOLEAN', ['create_constraint', 'name'], word('BOOLEAN')],
  ['Date DATE', [], word('DATE')],
  ['DateTime TIMESTAMP', ['timezone', 'precision'], time('TIMESTAMP')],
  ['DATETIME', ['timezone'], word('DATETIME')],
  ['Time TIME', ['timezone', 'precision'], time('TIME')],
  ['Interval', ['native', 'second_precision', 'day_precision'], interval],
  ['INTERVAL', ['precision', 'fields'], interval],
  ['Float FLOAT', ['precision', 'asdecimal', 'decimal_return_scale'], withPrecision('FLOAT')],
  ['REAL', number, word('REAL')],
  ['Double DOUBLE_PRECISION', number, word('DOUBLE PRECISION')],
  ['DOUBLE', number, word('DOUBLE')],
  ['Numeric NUMERIC', number, withPrecision('NUMERIC')],
  ['DECIMAL', number, withPrecision('DECIMAL')],
  ['LargeBinary BYTEA', ['length'], word('BYTEA')],
  ['PickleType', ['protocol', 'pickler', 'comparator', 'impl'], word('BYTEA')],
  ['BLOB', ['length'], word('BLOB')],
  ['JSON', ['none_as_null', 'astext_type'], word('JSON')],
  ['JSONB', ['none_as_null', 'astext_type'], word('JSONB')],
  ['HSTORE', ['text_type'], word('HSTORE')],
  [
    'Uuid',
    ['as_uuid', 'native_uuid'],
    (given, at) =>
      given.some('native_uuid') !== undefined && !given.is('native_uuid')
        ? { kind: 'type', sql: textAt('CHAR(32)', at) }
        : { kind: 'type', sql: textAt('UUID', at) },
  ],
  ['UUID', ['as_uuid'], word('UUID')],
  ['BIT', ['length', 'varying'], bit],
  ...(
    'INET CIDR CITEXT MACADDR MACADDR8 MONEY OID REGCONFIG REGCLASS TSVECTOR TSQUERY JSONPATH INT4RANGE INT8RANGE NUMRANGE DATERANGE ' +
    'TSRANGE TSTZRANGE INT4MULTIRANGE INT8MULTIRANGE NUMMULTIRANGE DATEMULTIRANGE TSMULTIRANGE TSTZMULTIRANGE'
  )
    .split(' ')
    .map((name): readonly [string, readonly string[], Make] => [name, [], word(name)]),
]

export type ClassOfRun = (run: Run) => Host

const byName: ReadonlyMap<string, ClassOfRun> = new Map<string, ClassOfRun>([
  ...classes.flatMap(([names, args, make]) =>
    names.split(' ').map((name): [string, ClassOfRun] => [name, run => typeClass(name, args, make, run)]),
  ),
  [
    'ARRAY',
    run =>
      typeClass(
        'ARRAY',
        ['item_type', 'as_tuple', 'dimensions', 'zero_indexes'],
        (given, at) => array(given, at, run),
        run,
      ),
  ],
  ['Enum', run => enumClass('Enum', run)],
  ['ENUM', run => enumClass('ENUM', run)],
])

/** All classes of types, by name. */
export function typeClasses(run: Run): Offered {
  return madeWhenAsked(byName, run)
}

function array(given: Given, at: Span, run: Run): SqlType {
  const item = typeIn(given.get('item_type'), at, run)
  const dimensions = numberIn(given.some('dimensions'), at)
  // As Python repeats a text: a number below zero gives none.
  const brackets = '[]'.repeat(dimensions ? Math.min(Math.max(Number(plain(dimensions)), 0), 6) : 1)
  if (plain(item.sql).includes(' COLLATE ')) throw new NotRead('an array of texts with a collation is not read', at)
  return { kind: 'type', sql: sqlAt(at)`${item.sql}${brackets}`, ...(item.creation && { creation: item.creation }) }
}

const enumOptions = [
  'name',
  'schema',
  'metadata',
  'inherit_schema',
  'native_enum',
  'create_type',
  'create_constraint',
  'length',
  'validate_strings',
  'values_callable',
  'sort_key_function',
  'omit_aliases',
]

/** `sa.Enum` and `postgresql.ENUM`. */
function enumClass(kind: 'Enum' | 'ENUM', run: Run): Host {
  const build = (call: Call): SqlType =>
    enumeration(kind, givenIn(call, [], enumOptions, { takesRest: true }), call.nameAt)
  return made(
    kind,
    { kind: 'type class', make: build },
    describes(kind, call => typeHost(build(call), run)),
  )
}

function enumeration(kind: 'Enum' | 'ENUM', given: Given, at: Span): SqlType {
  const isNative = kind === 'ENUM' || given.some('native_enum') === undefined || given.is('native_enum')
  const labels = labelsOf(given)
  if (!isNative) {
    if (given.is('create_constraint'))
      throw new NotRead('an enumeration that is checked by a constraint is not read', given.at)
    const own = numberIn(given.some('length'), at)
    if (!own && typeof labels === 'string') throw new NotRead(labels, given.at)
    const most =
      typeof labels === 'string' ? 0 : labels.reduce((most, label) => Math.max(most, [...plain(label)].length), 0)
    return { kind: 'type', sql: sqlAt(at)`VARCHAR(${own ?? String(most)})` }
  }
  const name = given.text('name', 'the name of the type') ?? nameOfClass(given, at)
  const type: TableName = { schema: given.text('schema', 'the schema'), name }
  const isAutomatic = given.get('create_type') === undefined || given.is('create_type')
  return {
    kind: 'type',
    sql: path(type, at),
    creation: {
      name: type,
      isAutomatic,
      sql: place => {
        if (typeof labels === 'string') throw new NotRead(labels, given.at)
        const write = sqlAt(place)
        return write`CREATE TYPE ${path(type, place)} AS ENUM (${listed(
          labels.map(label => string(label, place)),
          place,
        )})`
      },
    },
  }
}

/** The labels, or why they are unknown. */
function labelsOf({ rest, at, some }: Given): Text[] | string {
  const [first] = rest
  const members = first?.kind === 'callable' ? [...first.entries.keys()].filter(name => !name.startsWith('_')) : null
  if (members) {
    if (some('values_callable') !== undefined) return 'its values are calculated'
    return members.map(name => textAt(name, placeOf(first, at)))
  }
  const labels: Text[] = []
  for (const label of rest) {
    if (label.kind !== 'text') return label.kind === 'unknown' ? label.why : 'its values are not known'
    if (unknownIn(label) !== null) return 'its values are not known'
    labels.push(label)
  }
  return labels
}

/** An enumeration of Python gives its name, in lower case. */
function nameOfClass({ rest: [first], at }: Given, nameAt: Span): Text {
  if (first?.kind === 'callable') return textAt(first.name.toLowerCase(), placeOf(first, at))
  if (first?.kind === 'unknown' && first.name !== undefined && /^\w+$/.test(first.name))
    return changed(textAt(first.name, nameAt), each => each.toLowerCase())
  throw new NotRead('the name of the enumeration is not known', at)
}

/** Whether there is a type at all: `None` is not one. */
export function hasType(value: Argument): boolean {
  return value !== undefined && !isNull(value)
}
