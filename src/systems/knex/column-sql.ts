import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { joined, noted, replaced, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Column, Modifier } from './column.ts'
import { isIncrements, type TypeContext, typeOf } from './column-type.ts'
import { numberIn, verbatim } from './given.ts'
import { bound, defaultOf } from './literal.ts'
import { identifier, nameOf } from './name.ts'

/** One message to the server, and the call that it is for. */
export interface Statement {
  readonly sql: Text
  readonly at: Column['call']['at']
}

/** The SQL of a column: lib/schema/columncompiler.js and lib/dialects/postgres/schema/pg-columncompiler.js. */
export interface CompiledColumn {
  /** The name of the call: `string`. */
  readonly at: Column['call']['nameAt']
  readonly definition: Text
  /** Statements that Knex sends later: its comment, and checks of an altered column. */
  readonly additional: readonly Statement[]
}

/** The facts about the table that statements of its columns need. */
export interface TableNames {
  /** Its quoted name, with its schema. */
  readonly full: Text
  readonly raw: Text
}

export function compiledColumn(column: Column, table: TableNames, context: TypeContext): CompiledColumn {
  const { call, modifiers } = column
  const words = sqlAt(call.nameAt)
  const additional: Statement[] = []
  let checks = 0
  const check = (predicate: Text, { nameAt }: Modifier, name: Text | null): Text | null => {
    const own = sqlAt(nameAt)
    if (column.method === 'add')
      return name === null ? own`check (${predicate})` : own`constraint ${name} check (${predicate})`
    const given = name ?? own`${table.raw}_${verbatim(call.args[0], nameAt)}_${String(++checks)}`
    additional.push({ sql: own`alter table ${table.full} add constraint ${given} check(${predicate})`, at: call.at })
    return null
  }
  const parts: Text[] = [words`${columnName(column)} ${typeOf(column, context)}`]
  for (const [name, compile] of modifierParts) {
    const modifier = modifiers.get(name)
    if (!modifier || isIncrements(column)) continue
    const part = compile(column, modifier, check)
    if (part) parts.push(part)
  }
  const comment = modifiers.get('comment')
  if (comment) additional.unshift({ sql: commentOn(column, comment, table), at: call.at })
  return { at: call.nameAt, definition: joined(parts, textAt(' ', call.nameAt)), additional }
}

function columnName(column: Column): Text {
  const { args, argsAt, nameAt } = column.call
  const isNamed = args[0] !== undefined && !(args[0].kind === 'text' && args[0].pieces.length === 0)
  if (!isNamed && isIncrements(column)) return textAt('"id"', nameAt)
  if (!isNamed) throw new NotRead('it has no name')
  return nameOf(args[0], argsAt[0] ?? nameAt)
}

function commentOn(column: Column, { args: [value], argsAt: [place], nameAt }: Modifier, table: TableNames): Text {
  const words = sqlAt(nameAt)
  const text = value?.kind === 'text' && value.pieces.length > 0 ? bareQuoted(value) : words`NULL`
  if (value?.kind === 'unknown') throw new NotRead(value.why)
  const name = column.call.args[0] === undefined ? textAt('"id"', nameAt) : nameOf(column.call.args[0], place ?? nameAt)
  return words`comment on column ${table.full}.${name} is ${text}`
}

/** Doubles each `'` that is not doubled yet. */
function bareQuoted(text: Text): Text {
  const at = text.pieces[0]?.at ?? [0, 0]
  const doubled = replaced(text, /(?<!')'(?!')/g, (_, found) => joined([found, found]))
  return sqlAt(at)`'${doubled}'`
}

type Check = (predicate: Text, modifier: Modifier, name: Text | null) => Text | null
type Part = (column: Column, modifier: Modifier, check: Check) => Text | null

/** In the order of `modifiers` of pg-columncompiler.js. */
const modifierParts: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['nullable', (_, { args: [value], nameAt }) => textAt(isFalse(value) ? 'not null' : 'null', nameAt)],
  ['defaultTo', ({ type }, modifier) => defaultPart(type, modifier)],
  ['check', (_, modifier, check) => check(verbatim(modifier.args[0], modifier.nameAt), modifier, nameIn(modifier, 1))],
  ['checkPositive', (column, modifier, check) => check(compared(column, modifier, '>'), modifier, nameIn(modifier, 0))],
  ['checkNegative', (column, modifier, check) => check(compared(column, modifier, '<'), modifier, nameIn(modifier, 0))],
  ['checkIn', (column, modifier, check) => check(among(column, modifier, 'in'), modifier, nameIn(modifier, 1))],
  ['checkNotIn', (column, modifier, check) => check(among(column, modifier, 'not in'), modifier, nameIn(modifier, 1))],
  ['checkBetween', (column, modifier, check) => check(within(column, modifier), modifier, nameIn(modifier, 1))],
  [
    'checkLength',
    (column, modifier, check) => {
      const { args, argsAt, nameAt } = modifier
      const operator = verbatim(args[0], argsAt[0] ?? nameAt)
      const length = numberIn(args[1], Number.NaN, argsAt[1] ?? nameAt)
      const predicate = sqlAt(nameAt)`length(${columnName(column)}) ${operator} ${length}`
      return check(predicate, modifier, nameIn(modifier, 2))
    },
  ],
  [
    'checkRegex',
    (column, modifier, check) => {
      const { args, argsAt, nameAt } = modifier
      const pattern = args[0] ? bound(args[0], argsAt[0] ?? nameAt) : textAt('NULL', nameAt)
      return check(sqlAt(nameAt)`${columnName(column)} ~ ${pattern}`, modifier, nameIn(modifier, 1))
    },
  ],
])

function defaultPart(type: string, { args: [value], argsAt: [place], nameAt }: Modifier): Text {
  return sqlAt(nameAt)`default ${defaultOf(value, type, place ?? nameAt)}`
}

function isFalse(value: Value | undefined): boolean {
  if (value?.kind === 'unknown') throw new NotRead(value.why)
  return value?.kind === 'plain' && value.value === false
}

function nameIn({ args, argsAt, nameAt }: Modifier, index: number): Text | null {
  const value = args[index]
  if (value === undefined || (value.kind === 'plain' && !value.value)) return null
  return verbatim(value, argsAt[index] ?? nameAt)
}

function compared(column: Column, { nameAt }: Modifier, operator: string): Text {
  return sqlAt(nameAt)`${columnName(column)} ${operator} 0`
}

function among(column: Column, { args: [values], argsAt: [place], nameAt }: Modifier, operator: string): Text {
  if (values?.kind !== 'list' || values.isOpen) throw new NotRead('its values are not known')
  const items = values.items.map(item => bound(item, place ?? nameAt))
  return sqlAt(nameAt)`${columnName(column)} ${operator} (${joined(items, textAt(',', nameAt))})`
}

/** One interval, or a list of them. */
function within(column: Column, { args: [given], argsAt: [place], nameAt }: Modifier): Text {
  const at = place ?? nameAt
  if (given?.kind !== 'list' || given.isOpen) throw new NotRead('its values are not known')
  const isOne = given.items.length === 2 && given.items.every(item => item.kind !== 'list')
  const intervals = (isOne ? [given] : given.items).map(interval => {
    if (interval.kind !== 'list') throw new NotRead('its values are not known')
    const [from, to] = interval.items.map(item => bound(item, at))
    if (!from || !to) throw new NotRead('its values are not known')
    return sqlAt(nameAt)`${columnName(column)} between ${from} and ${to}`
  })
  return joined(intervals, textAt(' or ', nameAt))
}

const lost =
  'Knex drops the default and NOT NULL of a column that `.alter()` changes, and sets only those that the call names.'

/** The statements of `.alter()`: `_addColumn` of pg-tablecompiler.js. */
export function alteredColumn(column: Column, { full }: TableNames, context: TypeContext): Text[] {
  const { call, modifiers, alterNullable, alterType } = column
  const words = sqlAt(call.nameAt)
  const [first] = call.args
  const name = first?.kind === 'text' ? identifier(first) : columnName(column)
  const of = words`alter table ${full} alter column ${name}`
  const type = typeOf(column, context)
  const statements = [noted(words`${of} drop default`, lost)]
  if (alterNullable) statements.push(noted(words`${of} drop not null`, lost))
  // Knex casts an enumeration to text first.
  const cast = column.type === 'enu' ? '::text::' : '::'
  if (alterType) statements.push(words`${of} type ${type} using (${name}${cast}${type})`)
  const standard = modifiers.get('defaultTo')
  if (standard) statements.push(sqlAt(standard.nameAt)`${of} set ${defaultPart(column.type, standard)}`)
  const nullable = modifiers.get('nullable')
  if (alterNullable && nullable && isFalse(nullable.args[0]))
    statements.push(sqlAt(nullable.nameAt)`${of} set not null`)
  return statements
}
