import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { type Argument, entriesOf, isNull, itemsOf, placeOf, written } from '../../code/given/value.ts'
import { noted, ofKind, quoted, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { columnText, isSet, lengthOf, specOf, typeOf } from './columns.ts'
import type { Given, Operation } from './given.ts'

const createTable: Operation = (given, table, value) => {
  const { sql, at } = given
  const all = entriesOf(value, at)
  const options = given.options(value)
  const hasOptions = options.get('columns') !== undefined
  const specs = hasOptions ? entriesOf(options.get('columns'), at) : all
  const columns = [...specs].map(([word, each]) => ({
    name: textAt(word, placeOf(each, at)),
    spec: specOf(given, each),
    value: each,
  }))
  const keys = columns.filter(({ spec }) => spec.is('primaryKey')).map(({ name }) => given.name(name))
  const made = columns.map(({ name, spec }) => columnText(given, name, spec, keys.length === 1))
  const key = keys.length > 1 ? sql`, PRIMARY KEY (${listed(keys, at)})` : sql``
  const condition = hasOptions ? options.when('ifNotExists', 'IF NOT EXISTS') : ''
  const query = sql`CREATE TABLE ${condition} ${given.name(table)} (${listed(made, at)}${key}) `
  return [query, ...columns.flatMap(({ name, value: each }) => after(given, table, name, each)).reverse()]
}

/** The statements that follow a new column: its foreign key and its comment. The tool sends them from the last one to the first. */
function after(given: Given, table: Argument, column: Text, value: Value): Text[] {
  const { sql, at } = given
  const spec = specOf(given, value)
  const made: Text[] = []
  if (spec.is('foreignKey')) {
    const key = given.options(spec.get('foreignKey'))
    const mapping = key.get('mapping')
    const pairs: [Text, Value][] =
      mapping?.kind === 'text' ? [[column, mapping]] : pairsOf(mapping ?? missing(given), given)
    made.push(foreignKey(given, table, key.get('table'), key.get('name'), pairs, key.get('rules')))
  }
  const comment = spec.text('comment')
  if (comment) made.push(sql`COMMENT on COLUMN ${written(table, at)}.${column} IS '${comment}'`)
  return made
}

function missing({ at }: Given): never {
  throw new NotRead('something is missing that the tool needs', at)
}

function pairsOf(mapping: Argument, { at }: Given): [Text, Value][] {
  return [...entriesOf(mapping, at)].map(([column, to]) => [textAt(column, placeOf(to, at)), to])
}

function foreignKey(
  given: Given,
  table: Argument,
  referenced: Argument,
  name: Argument,
  pairs: readonly [Text, Value][],
  rules: Argument,
): Text {
  const { sql, at } = given
  const options = given.options(rules)
  const action = (option: string) => options.text(option) ?? 'NO ACTION'
  const columns = listed(
    pairs.map(([column]) => given.name(column)),
    at,
  )
  const others = listed(
    pairs.map(([, to]) => given.name(to)),
    at,
  )
  const head = sql`ALTER TABLE ${given.name(table)} ADD CONSTRAINT ${given.name(name)} FOREIGN KEY (${columns})`
  const reactions = sql`ON DELETE ${action('onDelete')} ON UPDATE ${action('onUpdate')}`
  return sql`${head} REFERENCES ${given.name(referenced)} (${others}) ${reactions}`
}

const addColumn: Operation = (given, table, column, value) => {
  const name = written(column, given.at)
  const spec = value ?? missing(given)
  const made = columnText(given, name, specOf(given, spec), false)
  const query = given.sql`ALTER TABLE ${given.name(table)} ADD COLUMN ${made} `
  // Comments come first here, because the tool sends from the last one to the first.
  return [query, ...after(given, table, name, spec)]
}

const lost = 'db-migrate drops NOT NULL and the default of a column unless `changeColumn` repeats them.'

/** It drops NOT NULL and DEFAULT unless the call repeats them. */
const changeColumn: Operation = (given, table, column, value) => {
  const { sql, at } = given
  const spec = given.options(value?.kind === 'text' ? undefined : value)
  const [tableName, name] = [given.name(table), given.name(column)]
  const head = sql`ALTER TABLE ${tableName} ALTER COLUMN ${name}`
  const isNotNull = isSet(spec.get('notNull'), true)
  const made = [isNotNull ? sql`${head} SET NOT NULL` : noted(sql`${head} DROP NOT NULL`, lost)]
  const constraint = sql`"${written(table, at)}_${written(column, at)}_key"`
  const unique = spec.get('unique')
  if (isSet(unique, true)) made.push(sql`ALTER TABLE ${tableName} ADD CONSTRAINT ${constraint} UNIQUE (${name})`)
  if (isSet(unique, false)) made.push(ofKind(sql`ALTER TABLE ${tableName} DROP CONSTRAINT ${constraint}`, 'unique'))
  const byDefault = spec.get('defaultValue')
  if (byDefault?.kind === 'record' || byDefault?.kind === 'list')
    throw new NotRead('it is not a value that the tool can write', byDefault.at)
  if (!byDefault) made.push(noted(sql`${head} DROP DEFAULT`, lost))
  else made.push(sql`${head} SET DEFAULT ${byDefault.kind === 'text' ? sql`'${byDefault}'` : written(byDefault, at)}`)
  const type = spec.get('type')
  if (type) {
    const using = spec.get('using')
    const own = using ? written(using, at) : sql`USING ${name}::${typeOf(given, type)}`
    made.push(sql`${head} TYPE ${typeOf(given, type)} ${lengthOf(given, spec)} ${own}`)
  }
  return made
}

const addIndex: Operation = (given, table, name, columns, unique) => {
  const { sql, at } = given
  const names = listed(itemsOf(columns, at).map(given.name), at)
  const kind = given.options({ kind: 'record', at, entries: new Map(unique ? [['unique', unique]] : []) })
  return sql`CREATE ${kind.when('unique', 'UNIQUE')} INDEX ${given.name(name)} ON ${given.name(table)} (${names})`
}

/** With a callback, values other than texts become texts of JSON (`insert` of db-migrate-pg). */
export function insert(isCalledBack: boolean): Operation {
  return (given, table, columns, values) => {
    const { sql, at } = given
    const [names, all] = [itemsOf(columns, at), itemsOf(values, at)]
    if (columns?.kind !== 'list' || values?.kind !== 'list' || names.length !== all.length)
      throw new NotRead('only one row of values is read', at)
    if (!isCalledBack && isNull(all[0])) throw new NotRead('db-migrate refuses a row that begins with null', at)
    const texts = all.map(value => {
      if (value.kind === 'text') return value.pieces.length > 0 ? quoted(value, "'") : sql`''`
      if (value.kind === 'unknown') return sql`'${written(value, at)}'`
      if (value.kind !== 'plain' || value.value === undefined)
        throw new NotRead('it is not a value that is read', placeOf(value, at))
      return isCalledBack ? sql`'${written(value, at)}'` : written(value, at)
    })
    const row = listed(texts, at, ',')
    return sql`INSERT INTO ${given.name(table)} (${listed(names.map(given.name), at, ',')}) VALUES (${row});`
  }
}

/** How db-migrate-pg and db-migrate-base turn calls into SQL. */
export const operations: Readonly<Record<string, Operation>> = {
  createTable,
  addColumn,
  changeColumn,
  addIndex,
  dropTable: (given, table, options) =>
    given.sql`DROP TABLE ${given.options(isNull(options) ? undefined : options).when('ifExists', 'IF EXISTS')} ${given.name(table)}`,
  renameTable: (given, table, other) => given.sql`ALTER TABLE ${given.name(table)} RENAME TO ${given.name(other)}`,
  removeColumn: (given, table, column, options) => {
    if (given.options(options).get('columnStrategy'))
      throw new NotRead('its way to remove a column is not read', given.at)
    return given.sql`ALTER TABLE ${given.name(table)} DROP COLUMN ${given.name(column)}`
  },
  renameColumn: (given, table, column, other) =>
    given.sql`ALTER TABLE ${given.name(table)} RENAME COLUMN ${given.name(column)} TO ${given.name(other)}`,
  removeIndex: (given, table, index) => given.sql`DROP INDEX ${given.name(index ?? table)}`,
  addForeignKey: (given, table, referenced, name, mapping, rules) =>
    foreignKey(given, table, referenced, name, pairsOf(mapping ?? missing(given), given), rules),
  removeForeignKey: (given, table, name) =>
    ofKind(given.sql`ALTER TABLE ${given.name(table)} DROP CONSTRAINT ${given.name(name)}`, 'foreign key'),
  truncate: (given, table) => given.sql`TRUNCATE ${given.name(table)}`,
}
