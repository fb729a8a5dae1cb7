import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import type { Text } from '../../code/text.ts'
import { defaultsOfColumn } from './column.ts'
import { addForeignKey, addPrimaryKey, addUnique, dropConstraint, dropPrimaryKey } from './constraint-changes.ts'
import { type Given, tableOf } from './given.ts'
import { comment, setColumnRemarks } from './remarks.ts'
import { insert, remove, update } from './row-changes.ts'
import { addAutoIncrement, addLookupTable } from './several.ts'
import {
  addColumn,
  addDefault,
  addNotNull,
  alterColumn,
  createTable,
  dropColumn,
  dropTable,
  modifyDataType,
  renameColumn,
} from './table-changes.ts'

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
    change => [
      dropConstraint(
        change,
        change.path('baseTableName', 'baseTableSchemaName', 'baseTableCatalogName'),
        'foreign key',
      ),
    ],
  ],
  ['dropUniqueConstraint', change => [dropConstraint(change, tableOf(change), 'unique', 'uniqueColumns')]],
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
    column.passOver(['type', 'value', ...defaultsOfColumn])
    column.finish()
    return sql`${found}${order}`
  })
  return [
    sql`CREATE ${unique}INDEX ${name ? sql`${index.name(name)} ` : ''}ON ${path}${using === null ? '' : ` USING ${using} `}(${listed(columns, index.part.nameAt)})${
      space === null ? '' : ` TABLESPACE ${space}`
    }`,
  ]
}

function rename(change: Given, kind: string, from: string, to: string): Text {
  return change.sql`ALTER ${kind} ${change.path(from, 'schemaName', 'catalogName')} RENAME TO ${change.name(change.required(to))}`
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
