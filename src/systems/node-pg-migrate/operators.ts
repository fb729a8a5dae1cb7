import { NotRead } from '../../code/given/not-read.ts'
import type { Options } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, itemsOf, written } from '../../code/given/value.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import { type Given, type Operation, textIf } from './given.ts'
import { parameters } from './routines.ts'
import { typeOf } from './types.ts'

/** `operatorMap` of src/operations/operators/shared.ts. */
function members(given: Given, value: Argument): Text {
  const { sql, at } = given
  const all = itemsOf(value, at).map(each => {
    const options = given.options(each)
    const kind = plain(written(options.get('type'), at)).toUpperCase()
    const params = itemsOf(options.get('params'), at)
    if (kind !== 'OPERATOR' && kind !== 'FUNCTION')
      throw new NotRead('node-pg-migrate refuses a member that is neither an operator nor a function', at)
    if (kind === 'OPERATOR' && params.length > 2)
      throw new NotRead('node-pg-migrate refuses an operator with more than two parameters', at)
    const own = kind === 'FUNCTION' || params.length > 0 ? parameters(given, options.get('params')) : ''
    return sql`${kind} ${written(options.get('number'), at)} ${given.name(options.get('name'))}${own}`
  })
  return listed(all, at, ',\n  ')
}

const createOperator: Operation = (given, name, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const clauses = [sql`PROCEDURE = ${given.name(options.get('procedure'))}`]
  for (const [option, words, isBare] of [
    ['left', 'LEFTARG', false],
    ['right', 'RIGHTARG', false],
    ['commutator', 'COMMUTATOR', true],
    ['negator', 'NEGATOR', true],
    ['restrict', 'RESTRICT', false],
    ['join', 'JOIN', false],
  ] as const) {
    const own = options.get(option)
    if (options.is(option)) clauses.push(sql`${words} = ${isBare ? given.bare(own) : given.name(own)}`)
  }
  if (options.is('hashes')) clauses.push(sql`HASHES`)
  if (options.is('merges')) clauses.push(sql`MERGES`)
  return sql`CREATE OPERATOR ${given.bare(name)} (${listed(clauses, at)});`
}

const dropOperator: Operation = (given, name, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const side = (option: string) => given.name(options.get(option) ?? textAt('none', at))
  const named = sql`${given.bare(name)}(${side('left')}, ${side('right')})`
  return sql`DROP OPERATOR${options.when('ifExists', ' IF EXISTS')} ${named}${options.when('cascade', ' CASCADE')};`
}

function ended({ sql }: Given, head: Text, options: Options): Text {
  return sql`${head}${options.when('cascade', ' CASCADE')};`
}

function dropped(kind: string): Operation {
  return (given, name, method, value) => {
    const options = given.options(value)
    const head = given.sql`DROP OPERATOR ${kind}${options.when('ifExists', ' IF EXISTS')} ${given.name(name)}`
    return ended(given, given.sql`${head} USING ${written(method, given.at)}`, options)
  }
}

function renamed(kind: string): Operation {
  return (given, name, method, other) =>
    given.sql`ALTER OPERATOR ${kind} ${given.name(name)} USING ${written(method, given.at)} RENAME TO ${given.name(other)};`
}

function altered(action: string): Operation {
  return (given, name, method, list) =>
    given.sql`ALTER OPERATOR FAMILY ${given.name(name)} USING ${written(method, given.at)} ${action}\n  ${members(given, list)};`
}

/** src/operations/operators/. */
export const operators: Readonly<Record<string, Operation>> = {
  createOperator,
  dropOperator,
  createOperatorClass: (given, name, type, method, list, value) => {
    const { sql, at } = given
    const options = given.options(value)
    const family = textIf(options.get('family'), at)
    // Shorthands of the migration are not known to it: `applyType(type)`.
    const own = typeOf({ ...given, shorthands: new Map(), settings: {} }, type)
    const head = sql`CREATE OPERATOR CLASS ${given.name(name)}${options.when('default', ' DEFAULT')} FOR TYPE ${given.name(own)}`
    const using = sql`USING ${given.name(method)}${family ? sql` FAMILY ${family}` : ''}`
    return sql`${head} ${using} AS\n  ${members(given, list)};`
  },
  dropOperatorClass: dropped('CLASS'),
  renameOperatorClass: renamed('CLASS'),
  createOperatorFamily: (given, name, method) =>
    given.sql`CREATE OPERATOR FAMILY ${given.name(name)} USING ${written(method, given.at)};`,
  dropOperatorFamily: dropped('FAMILY'),
  renameOperatorFamily: renamed('FAMILY'),
  addToOperatorFamily: altered('ADD'),
  removeFromOperatorFamily: altered('DROP'),
}
