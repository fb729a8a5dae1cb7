import { NotRead } from '../../code/given/not-read.ts'
import { type Options, optionsFrom } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, entriesOf, isTrue, itemsOf, written } from '../../code/given/value.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { type Given, type Operation, textIf } from './given.ts'
import { appliedType } from './types.ts'
import { escaped } from './values.ts'

/** `formatParams` of src/utils/formatParams.ts. */
export function parameters(given: Given, value: Argument, withDefaults = true): Text {
  const { sql, at } = given
  const all = itemsOf(value, at).map(each => {
    const options = appliedType(given, withDefaults ? each : withoutDefault(each))
    const parts: Text[] = []
    const put = (text: Text | null) => {
      if (text) parts.push(text)
    }
    put(textIf(options.get('mode'), at))
    if (options.is('name')) parts.push(given.name(options.get('name')))
    put(textIf(options.get('type'), at))
    const byDefault = options.get('default')
    if (byDefault) parts.push(sql`DEFAULT ${escaped(given, byDefault)}`)
    return listed(parts, at, ' ')
  })
  return sql`(${listed(all, at)})`
}

/** Parameters of a shorthand stay, as in the tool. */
function withoutDefault(value: Value): Value {
  if (value.kind !== 'record') return value
  return { ...value, entries: new Map([...value.entries].filter(([name]) => name !== 'default')) }
}

/** src/operations/functions/createFunction.ts. */
function functionText(given: Given, name: Argument, params: Argument, options: Options, definition: Argument): Text {
  const { sql, at } = given
  const or = (option: string, words: string): Text =>
    options.get(option) === undefined ? sql`${words}` : written(options.get(option), at)
  const language = textIf(options.get('language'), at)
  if (!language) throw new NotRead('node-pg-migrate refuses a function without a language', at)
  const clauses: Text[] = []
  const behavior = options.get('behavior')
  if (behavior === undefined || isTrue(behavior, at)) clauses.push(or('behavior', 'VOLATILE'))
  clauses.push(sql`LANGUAGE ${language}`)
  const security = or('security', 'INVOKER')
  if (plain(security) !== 'INVOKER') clauses.push(sql`SECURITY ${security}`)
  if (options.is('window')) clauses.push(sql`WINDOW`)
  if (options.is('onNull')) clauses.push(sql`RETURNS NULL ON NULL INPUT`)
  const parallel = textIf(options.get('parallel'), at)
  if (parallel) clauses.push(sql`PARALLEL ${parallel}`)
  if (options.is('set'))
    for (const each of itemsOf(options.get('set'), at)) {
      const own = given.options(each)
      const value = written(own.get('value'), at)
      const words = plain(value) === 'FROM CURRENT' ? sql`` : sql`TO `
      clauses.push(sql`SET ${given.name(own.get('configurationParameter'))} ${words}${value}`)
    }
  const head = sql`CREATE${options.when('replace', ' OR REPLACE')} FUNCTION ${given.name(name)}${parameters(given, params)}`
  const body = sql`RETURNS ${or('returns', 'void')}\n  AS ${escaped(given, definition)}`
  return sql`${head}\n  ${body}\n  ${listed(clauses, at, '\n  ')};`
}

/** src/operations/triggers/createTrigger.ts. */
const createTrigger: Operation = (given, table, name, value, definition) => {
  const { sql, at } = given
  const entries = entriesOf(value, at)
  const options = given.options(value)
  const isConstraint = options.is('constraint')
  const when = isConstraint ? sql`AFTER` : textIf(options.get('when'), at)
  if (!when) throw new NotRead('node-pg-migrate refuses a trigger without `when`', at)
  const isInstead = /instead\s+of/i.test(plain(when))
  const condition = textIf(options.get('condition'), at)
  if (isInstead && condition) throw new NotRead('node-pg-migrate refuses a condition of an INSTEAD OF trigger', at)
  const level = isInstead ? sql`ROW` : options.get('level') ? written(options.get('level'), at) : sql`STATEMENT`
  const hasBody = isTrue(definition, at)
  const called = options.get('function') ?? (hasBody ? name : undefined)
  if (!isTrue(called, at)) throw new NotRead('node-pg-migrate refuses a trigger without a function', at)
  const operations = itemsOf(options.get('operation'), at).map(each => written(each, at))
  if (operations.length === 0) throw new NotRead('node-pg-migrate refuses a trigger without an operation', at)
  const deferred = options.is('deferrable')
    ? `DEFERRABLE INITIALLY ${options.is('deferred') ? 'DEFERRED' : 'IMMEDIATE'}\n  `
    : 'NOT DEFERRABLE\n  '
  const values = itemsOf(options.get('functionParams'), at).map(each => escaped(given, each))
  const head = sql`CREATE${isConstraint ? ' CONSTRAINT' : ''} TRIGGER ${given.name(name)}`
  const on = sql`${when} ${listed(operations, at, ' OR ')} ON ${given.name(table)}`
  const each = sql`${isConstraint ? deferred : ''}FOR EACH ${level}\n  ${condition ? sql`WHEN (${condition})\n  ` : ''}`
  const trigger = sql`${head}\n  ${on}\n  ${each}EXECUTE PROCEDURE ${given.name(called)}(${listed(values, at)});`
  if (!hasBody) return trigger
  const own = new Map<string, Value>([...entries, ['returns', textAt('trigger', at)]])
  return sql`${functionText(given, called, undefined, optionsFrom(own, at), definition)}\n${trigger}`
}

/** src/operations/functions/ and src/operations/triggers/. */
export const routines: Readonly<Record<string, Operation>> = {
  createFunction: (given, name, params, options, definition) =>
    functionText(given, name, params, given.options(options), definition),
  dropFunction: (given, name, params, value) => {
    const options = given.options(value)
    const named = given.sql`${given.name(name)}${parameters(given, params, false)}`
    return given.sql`DROP FUNCTION${options.when('ifExists', ' IF EXISTS')} ${named}${options.when('cascade', ' CASCADE')};`
  },
  renameFunction: (given, name, params, other) =>
    given.sql`ALTER FUNCTION ${given.name(name)}${parameters(given, params)} RENAME TO ${given.name(other)};`,
  createTrigger,
  dropTrigger: (given, table, name, value) => {
    const options = given.options(value)
    const on = given.sql`${given.name(name)} ON ${given.name(table)}`
    return given.sql`DROP TRIGGER${options.when('ifExists', ' IF EXISTS')} ${on}${options.when('cascade', ' CASCADE')};`
  },
  renameTrigger: (given, table, name, other) =>
    given.sql`ALTER TRIGGER ${given.name(name)} ON ${given.name(table)} RENAME TO ${given.name(other)};`,
}
