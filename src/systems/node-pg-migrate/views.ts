import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, entriesOf, isNull, isTrue, written } from '../../code/given/value.ts'
import { type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { type Given, type Operation, textIf } from './given.ts'
import { escaped, lines } from './values.ts'

/** `viewOptionStr` of src/operations/views/shared.ts: `a = 1`, or `a` alone for true. */
function settings({ sql, at }: Given, values: Iterable<readonly [string, Value]>): Text {
  const all = [...values].map(([name, value]) =>
    value.kind === 'plain' && value.value === true ? textAt(name, value.at) : sql`${name} = ${written(value, at)}`,
  )
  return listed(all, at)
}

function inParentheses({ sql }: Given, words: string, text: Text): Text {
  return text.pieces.length > 0 ? sql`${words}(${text})` : text
}

/** Options to set, and options to reset, whose value is `null`. */
function setAndReset(given: Given, value: Argument): Text[] {
  const all = [...entriesOf(value, given.at)]
  const set = settings(
    given,
    all.filter(([, each]) => !isNull(each)),
  )
  const reset = all.filter(([, each]) => isNull(each)).map(([name]) => given.sql`${name}`)
  const clauses = [inParentheses(given, 'SET ', set), inParentheses(given, 'RESET ', listed(reset, given.at))]
  return clauses.filter(({ pieces }) => pieces.length > 0)
}

const createView: Operation = (given, name, value, definition) => {
  const { sql, at } = given
  const options = given.options(value)
  const columns = inParentheses(given, '', given.names(options.get('columns')))
  const own = inParentheses(given, ' WITH ', settings(given, entriesOf(options.get('options'), at)))
  const check = textIf(options.get('checkOption'), at)
  const kind = ['replace', 'temporary', 'recursive'].map((option, i) =>
    options.when(option, [' OR REPLACE', ' TEMPORARY', ' RECURSIVE'][i] ?? ''),
  )
  const head = sql`CREATE${kind.join('')} VIEW ${given.name(name)}${columns}${own}`
  return sql`${head} AS ${written(definition, at)}${check ? sql` WITH ${check} CHECK OPTION` : ''};`
}

const alterView: Operation = (given, name, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const own = new Map(entriesOf(options.get('options'), at))
  const check = options.get('checkOption')
  if (check && own.has('check_option')) throw new NotRead('node-pg-migrate refuses two check options', at)
  const clauses = setAndReset(given, {
    kind: 'record',
    at,
    entries: check ? own.set('check_option', check) : own,
  })
  const all = clauses.map(clause => sql`ALTER VIEW ${given.name(name)} ${clause};`)
  return listed(all, at, '\n')
}

const alterViewColumn: Operation = (given, name, column, value) => {
  const { sql } = given
  const byDefault = given.options(value).get('default')
  if (byDefault === undefined) return sql``
  const action = isNull(byDefault) ? sql`DROP DEFAULT` : sql`SET DEFAULT ${escaped(given, byDefault)}`
  return sql`ALTER VIEW ${given.name(name)} ALTER COLUMN ${given.name(column)} ${action};`
}

/** `dataClause` of src/operations/materializedViews/shared.ts. */
function dataClause(data: Argument, { at }: Given): string {
  if (data === undefined) return ''
  return isTrue(data, at) ? ' WITH DATA' : ' WITH NO DATA'
}

const createMaterializedView: Operation = (given, name, value, definition) => {
  const { sql, at } = given
  const options = given.options(value)
  const columns = inParentheses(given, '', given.names(options.get('columns')))
  const storage = inParentheses(given, ' WITH ', settings(given, entriesOf(options.get('storageParameters'), at)))
  const tablespace = options.is('tablespace') ? sql` TABLESPACE ${given.name(options.get('tablespace'))}` : sql``
  const condition = options.when('ifNotExists', ' IF NOT EXISTS')
  const head = sql`CREATE MATERIALIZED VIEW${condition} ${given.name(name)}${columns}${storage}${tablespace}`
  return sql`${head} AS ${written(definition, at)}${dataClause(options.get('data'), given)};`
}

const alterMaterializedView: Operation = (given, name, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const clauses: Text[] = []
  const cluster = options.get('cluster')
  if (cluster) clauses.push(isTrue(cluster, at) ? sql`CLUSTER ON ${given.name(cluster)}` : sql`SET WITHOUT CLUSTER`)
  if (options.is('extension')) clauses.push(sql`DEPENDS ON EXTENSION ${given.name(options.get('extension'))}`)
  const all = [...clauses, ...setAndReset(given, options.get('storageParameters'))]
  return sql`ALTER MATERIALIZED VIEW ${given.name(name)}\n${lines(given, all, sql`  `)};`
}

function dropped(kind: string): Operation {
  return (given, name, value) => {
    const options = given.options(value)
    return given.sql`DROP ${kind}${options.when('ifExists', ' IF EXISTS')} ${given.name(name)}${options.when('cascade', ' CASCADE')};`
  }
}

/** src/operations/views/ and src/operations/materializedViews/. */
export const views: Readonly<Record<string, Operation>> = {
  createView,
  alterView,
  alterViewColumn,
  dropView: dropped('VIEW'),
  renameView: (given, name, other) => given.sql`ALTER VIEW ${given.name(name)} RENAME TO ${given.name(other)};`,
  createMaterializedView,
  alterMaterializedView,
  dropMaterializedView: dropped('MATERIALIZED VIEW'),
  renameMaterializedView: (given, name, other) =>
    given.sql`ALTER MATERIALIZED VIEW ${given.name(name)} RENAME TO ${given.name(other)};`,
  renameMaterializedViewColumn: (given, name, column, other) =>
    given.sql`ALTER MATERIALIZED VIEW ${given.name(name)} RENAME COLUMN ${given.name(column)} TO ${given.name(other)};`,
  refreshMaterializedView: (given, name, value) => {
    const options = given.options(value)
    const data = dataClause(options.get('data'), given)
    return given.sql`REFRESH MATERIALIZED VIEW${options.when('concurrently', ' CONCURRENTLY')} ${given.name(name)}${data};`
  },
}
