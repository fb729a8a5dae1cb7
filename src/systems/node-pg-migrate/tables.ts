import { NotRead } from '../../code/given/not-read.ts'
import { optionsFrom } from '../../code/given/options.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, entriesOf, isTrue, itemsOf, placeOf, written } from '../../code/given/value.ts'
import { type Text, textAt } from '../../code/text.ts'
import { list, type Value } from '../../code/value.ts'
import { alteredColumn, columnsOf, isFalse } from './columns.ts'
import { constraintsOf } from './constraints.ts'
import { type Given, type Operation, textIf } from './given.ts'
import { commentOn, lines } from './values.ts'

const createTable: Operation = (given, table, columns, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const made = columnsOf(given, table, columns)
  const whole = new Map(entriesOf(options.get('constraints'), at))
  if (made.primaryKey) {
    if (whole.has('primaryKey')) throw new NotRead('node-pg-migrate refuses two definitions of a primary key', at)
    whole.set('primaryKey', list([...made.primaryKey], at))
  }
  const { constraints, comments } = constraintsOf(given, table, optionsFrom(whole, at), undefined)
  const like = isTrue(options.get('like'), at) ? [likeOf(given, options.get('like'))] : []
  const temporary = options.when('temporary', ' TEMPORARY')
  const unlogged = options.when('unlogged', ' UNLOGGED')
  if (temporary && unlogged) throw new NotRead('node-pg-migrate refuses a temporary table that is unlogged', at)
  const inherits = options.is('inherits') ? sql` INHERITS (${given.name(options.get('inherits'))})` : sql``
  const partition = options.is('partition') ? partitionOf(given, options.get('partition')) : sql``
  const clauses = lines(given, [...made.lines, ...constraints, ...like], sql`  `)
  const comment = options.get('comment')
  const tableComment = comment ? [commentOn(given, sql`TABLE ${given.name(table)}`, comment)] : []
  const condition = options.when('ifNotExists', ' IF NOT EXISTS')
  const head = sql`CREATE${temporary}${unlogged} TABLE${condition} ${given.name(table)}`
  const query = sql`${head} (\n${clauses}\n)${inherits}${partition};`
  return listed([query, ...made.comments, ...comments, ...tableComment], at, '\n')
}

/** `parseLike` of src/operations/tables/shared.ts. */
function likeOf(given: Given, like: Argument): Text {
  const { sql, at } = given
  const entries = like?.kind === 'record' ? entriesOf(like, at) : new Map<string, Value>()
  const options = given.options(entries.get('options'))
  const each = (name: string, words: string): Text[] =>
    itemsOf(options.get(name), at).map(option => sql` ${words} ${written(option, at)}`)
  const all = [...each('including', 'INCLUDING'), ...each('excluding', 'EXCLUDING')]
  return sql`LIKE ${given.name(entries.get('table') ?? like)}${listed(all, at, '')}`
}

function partitionOf(given: Given, value: Argument): Text {
  const { sql, at } = given
  const options = given.options(value)
  const columns = itemsOf(options.get('columns'), at).map(column => {
    if (column.kind !== 'record') return given.name(column)
    const own = given.options(column)
    const collate = textIf(own.get('collate'), at)
    const opclass = textIf(own.get('opclass'), at)
    const words = [collate && sql` COLLATE ${collate}`, opclass && sql` ${opclass}`].filter(each => each !== null)
    return sql`${given.name(own.get('name'))}${listed(words, at, '')}`
  })
  return sql` PARTITION BY ${written(options.get('strategy'), at)} (${listed(columns, at)})`
}

const addColumns: Operation = (given, table, columns, value) => {
  const { sql, at } = given
  const condition = given.options(value).when('ifNotExists', 'IF NOT EXISTS ')
  const made = columnsOf(given, table, columns)
  const query = sql`ALTER TABLE ${given.name(table)}\n${lines(given, made.lines, sql`  ADD ${condition}`)};`
  return listed([query, ...made.comments], at, '\n')
}

const dropColumns: Operation = (given, table, columns, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const [condition, cascade] = [options.when('ifExists', 'IF EXISTS '), options.when('cascade', ' CASCADE')]
  const names =
    columns?.kind === 'record'
      ? [...entriesOf(columns, at)].map(([name, each]) => textAt(name, placeOf(each, at)))
      : itemsOf(columns, at)
  const drops = names.map(name => sql`DROP ${condition}${given.name(name)}${cascade}`)
  return sql`ALTER TABLE ${given.name(table)}\n${lines(given, drops, sql`  `)};`
}

const addConstraint: Operation = (given, table, name, definition) => {
  const { sql, at } = given
  if (definition === undefined) throw new NotRead('something is missing that the tool needs', at)
  const isSql = definition.kind === 'text'
  const named = isTrue(name, at) ? sql`CONSTRAINT ${given.name(name)} ` : sql``
  const { constraints, comments } = isSql
    ? { constraints: [sql`${named}${definition}`], comments: [] }
    : constraintsOf(given, table, given.options(definition), name)
  if (constraints.length === 0) throw new NotRead('node-pg-migrate refuses a constraint without a definition', at)
  const query = sql`ALTER TABLE ${given.name(table)}\n${lines(given, constraints, sql`  ADD `)};`
  return listed([query, ...comments], at, '\n')
}

const dropConstraint: Operation = (given, table, name, value) => {
  const options = given.options(value)
  const [onTable, condition] = [options.when('ifTableExists', ' IF EXISTS'), options.when('ifExists', ' IF EXISTS')]
  const dropped = given.sql`DROP CONSTRAINT${condition} ${given.name(name)}${options.when('cascade', ' CASCADE')}`
  return given.sql`ALTER TABLE${onTable} ${given.name(table)} ${dropped};`
}

const alterTable: Operation = (given, table, value) => {
  const { sql, at } = given
  const options = given.options(value)
  const security = textIf(options.get('levelSecurity'), at)
  const clauses = security ? [sql`${security} ROW LEVEL SECURITY`] : []
  if (options.is('unlogged')) clauses.push(sql`SET UNLOGGED`)
  else if (isFalse(options.get('unlogged'))) clauses.push(sql`SET LOGGED`)
  if (clauses.length === 0) throw new NotRead('node-pg-migrate refuses a change of a table without options', at)
  return sql`ALTER TABLE ${given.name(table)}\n  ${lines(given, clauses, sql`  `)};`
}

/** src/operations/tables/. */
export const tables: Readonly<Record<string, Operation>> = {
  createTable,
  addColumn: addColumns,
  addColumns,
  dropColumn: dropColumns,
  dropColumns,
  alterColumn: (given, table, column, options) => alteredColumn(given, table, column, options),
  addConstraint,
  createConstraint: addConstraint,
  dropConstraint,
  alterTable,
  dropTable: (given, table, value) => {
    const options = given.options(value)
    return given.sql`DROP TABLE${options.when('ifExists', ' IF EXISTS')} ${given.name(table)}${options.when('cascade', ' CASCADE')};`
  },
  renameTable: (given, table, other) => given.sql`ALTER TABLE ${given.name(table)} RENAME TO ${given.name(other)};`,
  renameColumn: (given, table, column, other) =>
    given.sql`ALTER TABLE ${given.name(table)} RENAME ${given.name(column)} TO ${given.name(other)};`,
  renameConstraint: (given, table, name, other) =>
    given.sql`ALTER TABLE ${given.name(table)} RENAME CONSTRAINT ${given.name(name)} TO ${given.name(other)};`,
}
