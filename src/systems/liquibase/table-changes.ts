import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { plain, quoted, type Text } from '../../code/text.ts'
import { columnOf, finishConstraints, foreignKey, notNull, tableConstraints, typeIn, valueIn } from './column.ts'
import { type Given, tableOf } from './given.ts'
import { comment, remarksOf } from './remarks.ts'

export function createTable(table: Given): Text[] {
  const { sql } = table
  const path = tableOf(table)
  const schema = table.text('schemaName')
  const columns = table.parts('column').map(each => columnOf(each, schema, true))
  const constraints = tableConstraints(table, columns, plain(table.required('tableName')))
  const lines = [...columns.map(column => sql`${column.sql}${notNull(column, true)}`), ...constraints]
  for (const { constraints: each } of columns) finishConstraints(each)
  const kind = table.word('tableType')
  const exists = table.isTrue('ifNotExists') ? 'IF NOT EXISTS ' : ''
  const [by, space] = [table.text('partitionBy'), table.word('tablespace')]
  const remarks = table.text('remarks')
  table.passOver(['rowDependencies'])
  const made = sql`CREATE ${kind === null ? '' : `${kind.trim().toUpperCase()} `}TABLE ${exists}${path} (${listed(lines, table.part.nameAt)})${
    by ? sql` PARTITION BY ${by}` : ''
  }${space === null ? '' : ` TABLESPACE ${space}`}`
  return [
    made,
    ...(remarks ? [comment(table, sql`TABLE ${path}`, remarks)] : []),
    ...columns.flatMap(column => remarksOf(table, path, column)),
  ]
}

/** A statement for each column, followed by those of its constraints; then the values for all rows, and the remarks. */
export function addColumn(table: Given): Text[] {
  const { sql } = table
  const path = tableOf(table)
  const schema = table.text('schemaName')
  const columns = table.parts('column').map(each => columnOf(each, schema, false))
  const added = columns.flatMap(column => {
    const { constraints } = column
    const key = column.isPrimaryKey ? ' PRIMARY KEY' : ''
    const reference = constraints && foreignKey(constraints, column, 'column')
    const named = constraints?.text('uniqueConstraintName')
    const isUnique = constraints?.isTrue('unique') ?? false
    // NOT NULL would refuse the existing rows before they get their value.
    const must = column.value ? '' : notNull(column, false)
    finishConstraints(constraints)
    return [
      sql`ALTER TABLE ${path} ADD ${column.sql}${must}${key}`,
      ...(reference ? [sql`ALTER TABLE ${path} ADD ${reference}`] : []),
      ...(isUnique
        ? [
            sql`ALTER TABLE ${path} ADD ${named ? sql`CONSTRAINT ${table.name(named)} ` : ''}UNIQUE (${table.name(column.name)})`,
          ]
        : []),
    ]
  })
  const filled = columns.filter(({ value }) => value)
  const updates = filled.map(({ name, value }) => sql`UPDATE ${path} SET ${table.name(name)} = ${value ?? ''}`)
  const musts = filled
    .filter(({ isNotNull }) => isNotNull)
    .map(({ name }) => sql`ALTER TABLE ${path} ALTER COLUMN ${table.name(name)} SET NOT NULL`)
  return [...added, ...updates, ...musts, ...columns.flatMap(column => remarksOf(table, path, column))]
}

/** `ALTER TABLE … ALTER COLUMN …`, ignoring values that it does not need. */
export function alterColumn(change: Given, what: string, ...passed: readonly string[]): Text {
  change.passOver(passed)
  return change.sql`ALTER TABLE ${tableOf(change)} ALTER COLUMN ${change.name(change.required('columnName'))} ${what}`
}

export function addNotNull(change: Given): Text[] {
  const { sql } = change
  const value = change.text('defaultNullValue')
  const column = change.name(change.required('columnName'))
  const filled = value ? [sql`UPDATE ${tableOf(change)} SET ${column} = ${asValue(value)} WHERE ${column} IS NULL`] : []
  return [...filled, alterColumn(change, 'SET NOT NULL', 'columnDataType', 'constraintName', 'validate')]
}

/** A call of a function stays as it is; other values get quotes, numbers too. */
function asValue(value: Text): Text {
  return /\(\)$/.test(plain(value)) ? value : quoted(value, "'")
}

export function addDefault(change: Given): Text[] {
  const schema = change.text('schemaName')
  const value = valueIn(change, 'defaultValue', { schema })
  if (!value) throw new NotRead('there is no default in it', change.part.nameAt)
  change.passOver(['columnDataType', 'defaultValueConstraintName'])
  const [table, column] = [tableOf(change), change.name(change.required('columnName'))]
  const sequence = change.text('defaultValueSequenceNext')
  return [
    change.sql`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${value}`,
    ...(sequence ? [change.sql`ALTER SEQUENCE ${change.inSchema(sequence, schema)} OWNED BY ${table}.${column}`] : []),
  ]
}

export function modifyDataType(change: Given): Text[] {
  const column = change.name(change.required('columnName'))
  const type = typeIn(change, 'newDataType')
  return [change.sql`ALTER TABLE ${tableOf(change)} ALTER COLUMN ${column} TYPE ${type} USING (${column}::${type})`]
}

export function renameColumn(change: Given): Text[] {
  change.passOver(['columnDataType', 'remarks'])
  const [from, to] = [change.name(change.required('oldColumnName')), change.name(change.required('newColumnName'))]
  return [change.sql`ALTER TABLE ${tableOf(change)} RENAME COLUMN ${from} TO ${to}`]
}

export function dropColumn(change: Given): Text[] {
  const one = change.text('columnName')
  const columns = change.parts('column').map(column => {
    const name = column.required('name')
    column.passOver(['type'])
    return name
  })
  return [...(one ? [one] : []), ...columns].map(
    name => change.sql`ALTER TABLE ${tableOf(change)} DROP COLUMN ${change.name(name)}`,
  )
}

export function dropTable(change: Given): Text[] {
  return [change.sql`DROP TABLE ${tableOf(change)}${change.isTrue('cascadeConstraints') ? ' CASCADE' : ''}`]
}
