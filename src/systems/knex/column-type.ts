import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isNone, isNull, isTrue, optionsIn } from '../../code/given/value.ts'
import type { Text } from '../../code/text.ts'
import { textAt } from '../../code/text.ts'
import { entry, type Value } from '../../code/value.ts'
import type { Column } from './column.ts'
import { numberIn, verbatim } from './given.ts'
import { nameOf } from './name.ts'

/** What the type of a column depends on besides its own arguments. */
export interface TypeContext {
  readonly schema: Text | null
  /** The precision of times without their own; `unknown`: the project sets it to an unknown value. */
  readonly dateTimePrecision: number | 'unknown' | null
  /** The table has an explicit primary key: `table.primary(…)`. */
  readonly hasPrimaryKey: boolean
  /** `create type`, sent before the table. */
  readonly before: (sql: Text) => void
}

type TypeOf = (column: Column, context: TypeContext) => Text

const fixed =
  (words: string): TypeOf =>
  ({ call }) =>
    textAt(words, call.nameAt)

/** lib/dialects/postgres/schema/pg-columncompiler.js, by the names of the methods in lower case, without their aliases. */
const types: ReadonlyMap<string, TypeOf> = new Map<string, TypeOf>([
  ['increments', serial('serial', true)],
  ['bigincrements', serial('bigserial', true)],
  ['uuid', serial('uuid', false)],
  ['tinyint', fixed('smallint')],
  ['smallint', fixed('smallint')],
  ['mediumint', fixed('integer')],
  ['integer', fixed('integer')],
  ['biginteger', fixed('bigint')],
  ['floating', fixed('real')],
  ['double', fixed('double precision')],
  ['bool', fixed('boolean')],
  ['text', fixed('text')],
  ['date', fixed('date')],
  ['time', fixed('time')],
  ['binary', fixed('bytea')],
  ['geometry', fixed('geometry')],
  ['geography', fixed('geography')],
  ['point', fixed('point')],
  ['jsonb', fixed('jsonb')],
  ['json', ({ call }) => textAt(isTrue(call.args[1]) ? 'jsonb' : 'json', call.nameAt)],
  ['varchar', ({ call }) => sqlAt(call.nameAt)`varchar(${numberIn(call.args[1], 255, call.argsAt[1] ?? call.nameAt)})`],
  ['decimal', decimal],
  ['datetime', datetime],
  ['timestamp', datetime],
  ['specifictype', ({ call }) => verbatim(call.args[1], call.argsAt[1] ?? call.at)],
  ['enu', enumeration],
])

/** Methods of a table that add a column, and their types. */
export const columnMethods: ReadonlyMap<string, string> = new Map([
  ...['increments', 'tinyint', 'smallint', 'mediumint', 'integer', 'double', 'text', 'date', 'time', 'binary'].map(
    name => [name, name] as const,
  ),
  ...['geometry', 'geography', 'point', 'json', 'jsonb', 'uuid', 'decimal', 'datetime', 'timestamp', 'enu'].map(
    name => [name, name] as const,
  ),
  ['bigincrements', 'bigincrements'],
  ['bigIncrements', 'bigincrements'],
  ['biginteger', 'biginteger'],
  ['bigInteger', 'biginteger'],
  ['bigint', 'biginteger'],
  ['bool', 'bool'],
  ['boolean', 'bool'],
  ['float', 'floating'],
  ['varchar', 'varchar'],
  ['string', 'varchar'],
  ['dateTime', 'datetime'],
  ['enum', 'enu'],
  ['specificType', 'specifictype'],
])

export function typeOf(column: Column, context: TypeContext): Text {
  const of = types.get(column.type)
  if (!of) throw new NotRead('its type is not read')
  return of(column, context)
}

export function isIncrements({ type }: Column): boolean {
  return type === 'increments' || type === 'bigincrements'
}

function serial(words: string, isKey: boolean): TypeOf {
  return ({ call }, { hasPrimaryKey }) => {
    const given = call.args[1]
    const wanted = isNone(given) ? isKey : isTrue(entry(optionsIn(given), 'primaryKey'))
    return textAt(wanted && !hasPrimaryKey ? `${words} primary key` : words, call.nameAt)
  }
}

function decimal({ call: { args, argsAt, nameAt } }: Column): Text {
  if (isNull(args[1])) return textAt('decimal', nameAt)
  const [precision, scale] = [numberIn(args[1], 8, argsAt[1] ?? nameAt), numberIn(args[2], 2, argsAt[2] ?? nameAt)]
  return sqlAt(nameAt)`decimal(${precision}, ${scale})`
}

/** `(name, withoutTz, precision)` and `(name, { useTz, precision })`. */
function datetime({ call: { args, argsAt, nameAt } }: Column, { dateTimePrecision }: TypeContext): Text {
  const options = optionsIn(args[1])
  const useTz = entry(options, 'useTz')
  const hasZone = options
    ? useTz?.kind !== 'plain' || typeof useTz.value !== 'boolean' || useTz.value
    : !isTrue(args[1])
  if (useTz?.kind === 'unknown') throw new NotRead(useTz.why)
  const precision: Value | undefined = options ? entry(options, 'precision') : args[2]
  const words = hasZone ? 'timestamptz' : 'timestamp'
  if (isNone(precision) || isNull(precision)) {
    if (dateTimePrecision === 'unknown') throw new NotRead('`defaultDateTimePrecision` of the project is not known')
    return textAt(dateTimePrecision === null ? words : `${words}(${dateTimePrecision})`, nameAt)
  }
  return sqlAt(nameAt)`${words}(${verbatim(precision, argsAt[1] ?? nameAt)})`
}

function enumeration({ call: { args, argsAt, nameAt } }: Column, { schema, before }: TypeContext): Text {
  const words = sqlAt(nameAt)
  const at = argsAt[1] ?? nameAt
  const options = optionsIn(args[2])
  const isNative = isTrue(entry(options, 'useNative'))
  const isThere = isTrue(entry(options, 'existingType'))
  const values = () => {
    const list = args[1]
    if (list?.kind !== 'list' || list.isOpen) throw new NotRead('its values are not known')
    const [first, ...others] = list.items.map(item => verbatim(item, at))
    return others.reduce((all, each) => words`${all}', '${each}`, first ?? textAt('', at))
  }
  if (!isNative) return words`text check (${nameOf(args[0], argsAt[0] ?? nameAt)} in ('${values()}'))`
  const own = entry(options, 'schemaName')
  const place = own && isTrue(own) ? verbatim(own, at) : schema
  const name = words`"${verbatim(entry(options, 'enumName'), argsAt[2] ?? nameAt)}"`
  const full = place === null ? name : words`"${place}".${name}`
  if (!isThere) before(words`create type ${full} as enum ('${values()}')`)
  return full
}
