import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { plain, quoted, type Text, textAt } from '../../code/text.ts'
import { compareUnits } from '../reading/version.ts'
import {
  type Column,
  columnOf,
  finishConstraints,
  foreignKey,
  notNull,
  tableConstraints,
  typeIn,
  valueIn,
} from './column.ts'
import type { Given } from './given.ts'
import { addAutoIncrement, addLookupTable } from './several.ts'

/**
 * Changes by name, and their statements on PostgreSQL: liquibase.change.core and liquibase.sqlgenerator.core (4.33, compared with the log
 * of a server).
 */
export const changes: ReadonlyMap<string, (change: Given) => readonly Text[]> = new Map<
  string,
  (change: Given) => readonly Text[]
>([
  ['createTable', createTable],
  ['addColumn', addColumn],
  ['createIndex', createIndex],
  ['addForeignKeyConstraint', addForeignKey],
  ['addUniqueConstraint', addUnique],
  ['addPrimaryKey', addPrimaryKey],
  ['addNotNullConstraint', addNotNull],
  ['dropNotNullConstraint', change => [alterColumn(change, 'DROP NOT NULL', 'columnDataType', 'constraintName')]],
  ['addDefaultValue', addDefault],
  ['dropDefaultValue', change => [alterColumn(change, 'DROP DEFAULT', 'columnDataType')]],
  ['modifyDataType', modifyDataType],
  ['renameColumn', renameColumn],
  ['renameTable', change => [rename(change, 'TABLE', 'oldTableName', 'newTableName')]],
  ['renameView', change => [rename(change, 'VIEW', 'oldViewName', 'newViewName')]],
  ['renameSequence', change => [rename(change, 'SEQUENCE', 'oldSequenceName', 'newSequenceName')]],
  ['dropColumn', dropColumn],
  ['dropTable', dropTable],
  ['dropIndex', dropIndex],
  ['dropView', dropView],
  [
    'dropSequence',
    change => [change.sql`DROP SEQUENCE ${change.path('sequenceName', 'schemaName', 'catalogName')} CASCADE`],
  ],
  [
    'dropForeignKeyConstraint',
    change => [dropConstraint(change, change.path('baseTableName', 'baseTableSchemaName', 'baseTableCatalogName'))],
  ],
  ['dropUniqueConstraint', change => [dropConstraint(change, tableOf(change), 'uniqueColumns')]],
  ['dropPrimaryKey', dropPrimaryKey],
  ['createView', createView],
  ['createSequence', change => [sequence(change, 'CREATE SEQUENCE IF NOT EXISTS ')]],
  ['alterSequence', change => [sequence(change, 'ALTER SEQUENCE ')]],
  ['setTableRemarks', change => [comment(change, change.sql`TABLE ${tableOf(change)}`, change.text('remarks'))]],
  ['setColumnRemarks', setColumnRemarks],
  [
    'setViewRemarks',
    change => [
      comment(
        change,
        change.sql`VIEW ${change.path('viewName', 'viewSchemaName', 'viewCatalogName')}`,
        change.text('remarks'),
      ),
    ],
  ],
  ['insert', insert],
  ['update', update],
  ['delete', remove],
  ['createProcedure', createProcedure],
  ['addAutoIncrement', addAutoIncrement],
  ['addLookupTable', addLookupTable],
  ['tagDatabase', nothingSent],
  ['empty', nothingSent],
  ['output', nothingSent],
])

function nothingSent(change: Given): Text[] {
  change.passOverAll()
  return []
}

function tableOf(change: Given): Text {
  return change.path('tableName', 'schemaName', 'catalogName')
}

function createTable(table: Given): Text[] {
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

function remarksOf(table: Given, path: Text, { name, remarks }: Column): Text[] {
  return remarks ? [comment(table, table.sql`COLUMN ${path}.${table.name(name)}`, remarks)] : []
}

function comment({ sql }: Given, on: Text, remarks: Text | null): Text {
  return sql`COMMENT ON ${on} IS ${remarks ? quoted(remarks, "'") : 'NULL'}`
}

/** A statement for each column, followed by those of its constraints; then the values for all rows, and the remarks. */
function addColumn(table: Given): Text[] {
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

function createIndex(index: Given): Text[] {
  const { sql } = index
  const path = tableOf(index)
  const name = index.text('indexName')
  const unique = index.isTrue('unique') ? 'UNIQUE ' : ''
  const [using, space] = [index.word('using'), index.word('tablespace')]
  index.passOver(['associatedWith', 'clustered'])
  const columns = index.parts('column').map(column => {
    const said = column.required('name')
    const order = column.isTrue('descending') ? ' DESC' : ''
    const found = column.isTrue('computed') ? said : column.name(said)
    column.passOver(['type', 'value'])
    column.finish()
    return sql`${found}${order}`
  })
  return [
    sql`CREATE ${unique}INDEX ${name ? sql`${index.name(name)} ` : ''}ON ${path}${using === null ? '' : ` USING ${using} `}(${listed(columns, index.part.nameAt)})${
      space === null ? '' : ` TABLESPACE ${space}`
    }`,
  ]
}

function addForeignKey(key: Given): Text[] {
  const { sql } = key
  const table = key.path('baseTableName', 'baseTableSchemaName', 'baseTableCatalogName')
  const target = key.path('referencedTableName', 'referencedTableSchemaName', 'referencedTableCatalogName')
  const [own, other] = [key.names(key.required('baseColumnNames')), key.names(key.required('referencedColumnNames'))]
  const name = key.name(key.required('constraintName'))
  const onUpdate = key.word('onUpdate')
  const onDelete = key.isTrue('deleteCascade') ? 'CASCADE' : key.word('onDelete')
  const deferrable = key.isTrue('deferrable') ? ' DEFERRABLE' : ''
  const deferred = key.isTrue('initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
  const validates = key.word('validate')?.toLowerCase() !== 'false'
  key.passOver(['referencesUniqueColumn'])
  return [
    sql`ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${own}) REFERENCES ${target} (${other})${onUpdate === null ? '' : ` ON UPDATE ${onUpdate}`}${
      onDelete === null ? '' : ` ON DELETE ${onDelete}`
    }${deferrable}${deferred}${validates ? '' : ' NOT VALID'}`,
  ]
}

function addUnique(key: Given): Text[] {
  const { sql } = key
  const name = key.text('constraintName')
  const columns = key.names(key.required('columnNames'))
  const deferrable = key.isTrue('deferrable') ? ' DEFERRABLE' : ''
  const deferred = key.isTrue('initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
  const space = key.word('tablespace')
  key.passOver(['clustered', 'validate', 'disabled'])
  return [
    sql`ALTER TABLE ${tableOf(key)} ADD ${name ? sql`CONSTRAINT ${key.name(name)} ` : ''}UNIQUE (${columns})${
      space === null ? '' : ` USING INDEX TABLESPACE ${space}`
    }${deferrable}${deferred}`,
  ]
}

function addPrimaryKey(key: Given): Text[] {
  const { sql } = key
  const name = key.text('constraintName')
  const space = key.word('tablespace')
  key.passOver(['validate'])
  if (key.isTrue('clustered') || key.text('forIndexName'))
    throw new NotRead('it uses an existing index', key.part.nameAt)
  return [
    sql`ALTER TABLE ${tableOf(key)} ADD ${name ? sql`CONSTRAINT ${key.name(name)} ` : ''}PRIMARY KEY (${key.names(key.required('columnNames'))})${
      space === null ? '' : ` USING INDEX TABLESPACE ${space}`
    }`,
  ]
}

/** `ALTER TABLE … ALTER COLUMN …`, ignoring values that it does not need. */
function alterColumn(change: Given, what: string, ...passed: readonly string[]): Text {
  change.passOver(passed)
  return change.sql`ALTER TABLE ${tableOf(change)} ALTER COLUMN ${change.name(change.required('columnName'))} ${what}`
}

function addNotNull(change: Given): Text[] {
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

function addDefault(change: Given): Text[] {
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

function modifyDataType(change: Given): Text[] {
  const column = change.name(change.required('columnName'))
  const type = typeIn(change, 'newDataType')
  return [change.sql`ALTER TABLE ${tableOf(change)} ALTER COLUMN ${column} TYPE ${type} USING (${column}::${type})`]
}

function renameColumn(change: Given): Text[] {
  change.passOver(['columnDataType', 'remarks'])
  const [from, to] = [change.name(change.required('oldColumnName')), change.name(change.required('newColumnName'))]
  return [change.sql`ALTER TABLE ${tableOf(change)} RENAME COLUMN ${from} TO ${to}`]
}

function rename(change: Given, kind: string, from: string, to: string): Text {
  return change.sql`ALTER ${kind} ${change.path(from, 'schemaName', 'catalogName')} RENAME TO ${change.name(change.required(to))}`
}

function dropColumn(change: Given): Text[] {
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

function dropTable(change: Given): Text[] {
  return [change.sql`DROP TABLE ${tableOf(change)}${change.isTrue('cascadeConstraints') ? ' CASCADE' : ''}`]
}

function dropIndex(change: Given): Text[] {
  change.passOver(['tableName', 'catalogName', 'associatedWith'])
  return [change.sql`DROP INDEX ${change.inSchema(change.required('indexName'), change.text('schemaName'))}`]
}

function dropView(change: Given): Text[] {
  return [
    change.sql`DROP VIEW ${change.isTrue('ifExists') ? 'IF EXISTS ' : ''}${change.path('viewName', 'schemaName', 'catalogName')}`,
  ]
}

function dropConstraint(change: Given, table: Text, ...passed: readonly string[]): Text {
  change.passOver(passed)
  return change.sql`ALTER TABLE ${table} DROP CONSTRAINT ${change.name(change.required('constraintName'))}`
}

/** Without a name, Liquibase looks up the one in the database. */
function dropPrimaryKey(change: Given): Text[] {
  change.passOver(['dropIndex'])
  if (!change.text('constraintName'))
    throw new NotRead('the database gives the name of the primary key', change.part.nameAt)
  return [dropConstraint(change, tableOf(change))]
}

function createView(view: Given): Text[] {
  const { sql } = view
  const query = view.content('selectQuery')
  if (!query || view.text('path')) throw new NotRead('its query is in another file', view.part.nameAt)
  const path = view.path('viewName', 'schemaName', 'catalogName')
  const replaces = view.isTrue('replaceIfExists') ? 'OR REPLACE ' : ''
  const remarks = view.text('remarks')
  view.passOver(['encoding', 'relativeToChangelogFile'])
  const made = view.isTrue('fullDefinition') ? query : sql`CREATE ${replaces}VIEW ${path} AS ${query}`
  return [made, ...(remarks ? [comment(view, sql`VIEW ${path}`, remarks)] : [])]
}

function createProcedure(procedure: Given): Text[] {
  const body = procedure.content('procedureText') ?? procedure.content('procedureBody')
  if (!body || procedure.text('path')) throw new NotRead('it is in another file', procedure.part.nameAt)
  procedure.passOver([
    'procedureName',
    'schemaName',
    'catalogName',
    'comments',
    'dbms',
    'encoding',
    'replaceIfExists',
    'relativeToChangelogFile',
  ])
  return [body]
}

function sequence(change: Given, words: string): Text {
  const options = [
    ['dataType', 'AS'],
    ['startValue', 'START WITH'],
    ['incrementBy', 'INCREMENT BY'],
    ['minValue', 'MINVALUE'],
    ['maxValue', 'MAXVALUE'],
    ['cacheSize', 'CACHE'],
  ] as const
  change.passOver(['ordered'])
  const said = options.flatMap(([name, word]) => {
    const value = change.text(name)
    return value ? [change.sql` ${word} ${value}`] : []
  })
  const cycle = change.word('cycle')?.toLowerCase()
  // A new sequence has none by itself.
  const ends = cycle === 'true' ? ' CYCLE' : cycle === 'false' && words.startsWith('ALTER') ? ' NO CYCLE' : ''
  const path = change.path('sequenceName', 'schemaName', 'catalogName')
  return change.sql`${words}${path}${listed(said, change.part.nameAt, '')}${ends}`
}

function setColumnRemarks(change: Given): Text[] {
  change.passOver(['columnDataType', 'columnParentType'])
  return [
    comment(
      change,
      change.sql`COLUMN ${tableOf(change)}.${change.name(change.required('columnName'))}`,
      change.text('remarks'),
    ),
  ]
}

/** A column with its value; null: it has none. */
function assigned(column: Given, schema: Text | null): { readonly name: Text; readonly value: Text } {
  const name = column.required('name')
  const value = valueIn(column, 'value', { schema })
  column.passOver(['type'])
  if (!value && (column.text('valueBlobFile') ?? column.text('valueClobFile')))
    throw new NotRead('its value is in another file', column.part.nameAt)
  column.finish()
  return { name: column.name(name), value: value ?? textAt('NULL', column.part.nameAt) }
}

function insert(change: Given): Text[] {
  const schema = change.text('schemaName')
  const columns = change.parts('column').map(each => assigned(each, schema))
  change.passOver(['dbms'])
  const at = change.part.nameAt
  const names = listed(
    columns.map(({ name }) => name),
    at,
  )
  const values = listed(
    columns.map(({ value }) => value),
    at,
  )
  return [change.sql`INSERT INTO ${tableOf(change)} (${names}) VALUES (${values})`]
}

/** The columns have the order of their names. */
function update(change: Given): Text[] {
  const schema = change.text('schemaName')
  const named = change.parts('column').map(each => ({ said: plain(each.required('name')), ...assigned(each, schema) }))
  const columns = named.sort((a, b) => compareUnits(a.said, b.said))
  const said = listed(
    columns.map(({ name, value }) => change.sql`${name} = ${value}`),
    change.part.nameAt,
  )
  return [change.sql`UPDATE ${tableOf(change)} SET ${said}${where(change)}`]
}

function remove(change: Given): Text[] {
  return [change.sql`DELETE FROM ${tableOf(change)}${where(change)}`]
}

function where(change: Given): Text | '' {
  if (change.parts('whereParams').length > 0) throw new NotRead('its condition has parameters', change.part.nameAt)
  const said = change.text('where')
  change.passOver(['dbms'])
  return said ? change.sql` WHERE ${said}` : ''
}
