import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { isNull, itemsOf, written } from '../../code/given/value.ts'
import type { Text } from '../../code/text.ts'
import { isFalse } from './columns.ts'
import { type Operation, textIf } from './given.ts'
import { sequenceClauses, typeOf } from './types.ts'
import { escaped } from './values.ts'

function dropped(kind: string): Operation {
  return (given, name, value) => {
    const options = given.options(value)
    return given.sql`DROP ${kind}${options.when('ifExists', ' IF EXISTS')} ${given.name(name)}${options.when('cascade', ' CASCADE')};`
  }
}

function renamed(kind: string): Operation {
  return (given, name, other) => given.sql`ALTER ${kind} ${given.name(name)} RENAME TO ${given.name(other)};`
}

const createExtension: Operation = (given, extensions, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const schema = options.is('schema') ? sql` SCHEMA ${given.name(options.get('schema'))}` : sql``
  const condition = options.when('ifNotExists', ' IF NOT EXISTS')
  return itemsOf(extensions, at).map(name => sql`CREATE EXTENSION${condition} ${given.name(name)}${schema};`)
}

const createDomain: Operation = (given, name, type, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const clauses: Text[] = []
  const collation = textIf(options.get('collation'), at)
  if (collation) clauses.push(sql`COLLATE ${collation}`)
  const byDefault = options.get('default')
  if (byDefault) clauses.push(sql`DEFAULT ${escaped(given, byDefault)}`)
  const [notNull, check] = [options.is('notNull'), textIf(options.get('check'), at)]
  if (notNull && check) throw new NotRead('node-pg-migrate refuses `notNull` with `check`', at)
  if ((notNull || check) && options.is('constraintName'))
    clauses.push(sql`CONSTRAINT ${given.name(options.get('constraintName'))}`)
  if (notNull) clauses.push(sql`NOT NULL`)
  else if (check) clauses.push(sql`CHECK (${check})`)
  const all = clauses.map(clause => sql` ${clause}`)
  return sql`CREATE DOMAIN ${given.name(name)} AS ${typeOf(given, type)}${listed(all, at, '')};`
}

const alterDomain: Operation = (given, name, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const actions: Text[] = []
  const byDefault = options.get('default')
  if (isNull(byDefault)) actions.push(sql`DROP DEFAULT`)
  else if (byDefault) actions.push(sql`SET DEFAULT ${escaped(given, byDefault)}`)
  if (options.is('notNull')) actions.push(sql`SET NOT NULL`)
  else if (isFalse(options.get('notNull')) || options.is('allowNull')) actions.push(sql`DROP NOT NULL`)
  const check = textIf(options.get('check'), at)
  if (check) {
    const constraint = options.is('constraintName')
      ? sql`CONSTRAINT ${given.name(options.get('constraintName'))} `
      : sql``
    actions.push(sql`${constraint}CHECK (${check})`)
  }
  const all = actions.map(action => sql`ALTER DOMAIN ${given.name(name)} ${action}`)
  return sql`${listed(all, at, ';\n')};`
}

const createSequence: Operation = (given, name, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const head = sql`CREATE${options.when('temporary', ' TEMPORARY')} SEQUENCE${options.when('ifNotExists', ' IF NOT EXISTS')}`
  return sql`${head} ${given.name(name)}\n  ${listed(sequenceClauses(given, options), at, '\n  ')};`
}

const alterSequence: Operation = (given, name, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const clauses = sequenceClauses(given, options)
  const restart = options.get('restart')
  if (options.is('restart')) {
    const isPlain = restart?.kind === 'plain' && restart.value === true
    clauses.push(isPlain ? sql`RESTART` : sql`RESTART WITH ${written(restart, at)}`)
  }
  if (clauses.length === 0) throw new NotRead('node-pg-migrate refuses a change of a sequence without options', at)
  return sql`ALTER SEQUENCE ${given.name(name)}\n  ${listed(clauses, at, '\n  ')};`
}

const createCast: Operation = (given, source, target, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const from = written(source, at)
  const types = options.is('argumentTypes')
    ? itemsOf(options.get('argumentTypes'), at).map(type => written(type, at))
    : [from]
  const way = options.is('functionName')
    ? sql` WITH FUNCTION ${given.name(options.get('functionName'))}(${listed(types, at)})`
    : sql`${options.is('inout') ? ' WITH INOUT' : ' WITHOUT FUNCTION'}`
  const as = textIf(options.get('as'), at)
  return sql`CREATE CAST (${from} AS ${written(target, at)})${way}${as ? sql` AS ${as}` : ''};`
}

/** src/operations/ of extensions, schemas, domains, sequences and casts. */
export const objects: Readonly<Record<string, Operation>> = {
  createExtension,
  addExtension: createExtension,
  dropExtension: (given, extensions, options) =>
    itemsOf(extensions, given.at).flatMap(name => dropped('EXTENSION')(given, name, options)),
  createSchema: (given, name, value) => {
    const options = given.options(value)
    const owner = textIf(options.get('authorization'), given.at)
    const own = owner ? given.sql` AUTHORIZATION ${owner}` : ''
    return given.sql`CREATE SCHEMA${options.when('ifNotExists', ' IF NOT EXISTS')} ${given.name(name)}${own};`
  },
  dropSchema: dropped('SCHEMA'),
  renameSchema: renamed('SCHEMA'),
  createDomain,
  alterDomain,
  dropDomain: dropped('DOMAIN'),
  renameDomain: renamed('DOMAIN'),
  createSequence,
  alterSequence,
  dropSequence: dropped('SEQUENCE'),
  renameSequence: renamed('SEQUENCE'),
  createCast,
  dropCast: (given, source, target, options) => {
    const condition = given.options(options).when('ifExists', ' IF EXISTS')
    return given.sql`DROP CAST${condition} (${written(source, given.at)} AS ${written(target, given.at)});`
  },
}
