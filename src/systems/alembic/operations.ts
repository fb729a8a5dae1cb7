import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import { ofKind, type Text } from '../../code/text.ts'
import type { ConstraintKind } from '../../parse/constraint-kind.ts'
import { addColumn, alter, alterColumn, alterOptions, dropColumn, dropTable, renameTable } from './alter.ts'
import { columnIn } from './column.ts'
import { check, exclusion, foreign, keyed, nameIn, withName } from './constraint.ts'
import { type Convention, type Named, nameBy } from './convention.ts'
import { clausesIn } from './expression.ts'
import { type Given, givenBy, textsIn } from './given.ts'
import { createIndex, dropIndex, indexOptions } from './index-of-table.ts'
import { constraintName, type TableName, tableIn } from './name.ts'
import { tableComment } from './table-of.ts'
import type { Constraint } from './thing.ts'

/** Operations of `op` and of `op.batch_alter_table`: alembic/operations/ops.py. */

/** What is known about a migration besides its calls. */
export interface Context {
  readonly run: Run
  readonly convention: Convention
  /** Types that were created with a table: each is created once. */
  readonly types: Set<string>
  /** SQLAlchemy before 2.1 stores computed columns by default. */
  readonly storesComputed: boolean
}

export interface Operation {
  /** The names of its parameters; those of `batch` lack the table. */
  readonly names: readonly string[]
  readonly batch?: readonly string[]
  readonly options: readonly string[]
  readonly takesRest?: true
  /** The parameters that name the table and its schema, unless they are `table_name` and `schema`. */
  readonly table?: string
  readonly schema?: string
  readonly build: (given: Given, table: TableName, context: Context) => readonly Text[]
}

const constraintOptions = ['schema', 'deferrable', 'initially', 'info', 'comment']

export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    'add_column',
    {
      names: ['table_name', 'column'],
      batch: ['column'],
      options: ['schema', 'if_not_exists', 'inline_references', 'inline_primary_key', 'insert_before', 'insert_after'],
      build: (given, table, { convention }) =>
        addColumn(given, table, columnIn(given.get('column'), given.at), convention),
    },
  ],
  [
    'alter_column',
    {
      names: ['table_name', 'column_name'],
      batch: ['column_name'],
      options: alterOptions,
      build: (given, table, { run }) => alterColumn(given, table, run),
    },
  ],
  [
    'drop_column',
    {
      names: ['table_name', 'column_name'],
      batch: ['column_name'],
      options: ['schema', 'if_exists'],
      build: dropColumn,
    },
  ],
  ['drop_table', { names: ['table_name'], options: ['schema', 'if_exists'], build: dropTable }],
  [
    'rename_table',
    {
      names: ['old_table_name', 'new_table_name'],
      options: ['schema'],
      table: 'old_table_name',
      build: renameTable,
    },
  ],
  [
    'create_index',
    {
      names: ['index_name', 'table_name', 'columns'],
      batch: ['index_name', 'columns'],
      options: ['schema', 'if_not_exists', ...indexOptions],
      build: (given, table, { convention }) => {
        const elements = clausesIn(given.get('columns'), given.at, 'the columns')
        const name = nameIn(given.get('index_name'), given.at)
        const exists = given.is('if_not_exists')
        return [createIndex({ kind: 'index', name, elements, given }, table, convention, exists)]
      },
    },
  ],
  [
    'drop_index',
    {
      names: ['index_name', 'table_name'],
      batch: ['index_name'],
      options: ['schema', 'if_exists', 'postgresql_concurrently', ...indexOptions],
      table: '',
      build: given => {
        const name = textIn(given.get('index_name'), given.at, 'the name of the index')
        const isConcurrent = given.is('postgresql_concurrently')
        const schema = given.text('schema', 'the schema')
        return [dropIndex(name, schema, given.is('if_exists'), isConcurrent, given.nameAt)]
      },
    },
  ],
  [
    'create_foreign_key',
    {
      names: ['constraint_name', 'source_table', 'referent_table', 'local_cols', 'remote_cols'],
      batch: ['constraint_name', 'referent_table', 'local_cols', 'remote_cols'],
      options: [
        'onupdate',
        'ondelete',
        'deferrable',
        'initially',
        'match',
        'source_schema',
        'referent_schema',
        'postgresql_not_valid',
        'use_alter',
        'comment',
        'info',
      ],
      table: 'source_table',
      schema: 'source_schema',
      build: adding(given => {
        const { at } = given
        const table = tableIn(given.get('referent_table'), given.some('referent_schema'), at)
        const columns = textsIn(given.get('remote_cols'), at, 'the columns it refers to')
        return foreign(given, textsIn(given.get('local_cols'), at, 'the columns'), { table, columns })
      }),
    },
  ],
  [
    'create_unique_constraint',
    {
      names: ['constraint_name', 'table_name', 'columns'],
      batch: ['constraint_name', 'columns'],
      options: [...constraintOptions, 'postgresql_include', 'postgresql_nulls_not_distinct'],
      build: adding(given => keyed('uq', given, textsIn(given.get('columns'), given.at, 'the columns'))),
    },
  ],
  [
    'create_primary_key',
    {
      names: ['constraint_name', 'table_name', 'columns'],
      batch: ['constraint_name', 'columns'],
      options: [...constraintOptions, 'postgresql_include'],
      build: adding(given => keyed('pk', given, textsIn(given.get('columns'), given.at, 'the columns'))),
    },
  ],
  [
    'create_check_constraint',
    {
      names: ['constraint_name', 'table_name', 'condition'],
      batch: ['constraint_name', 'condition'],
      options: [...constraintOptions, 'postgresql_not_valid'],
      build: adding(given => check(given, 'condition')),
    },
  ],
  [
    'create_exclude_constraint',
    {
      names: ['constraint_name', 'table_name'],
      batch: ['constraint_name'],
      options: [...constraintOptions, 'using', 'where', 'ops'],
      takesRest: true,
      build: adding(given => exclusion(given, given.nameAt)),
    },
  ],
  [
    'drop_constraint',
    {
      names: ['constraint_name', 'table_name', 'type_'],
      batch: ['constraint_name', 'type_'],
      options: ['schema', 'if_exists'],
      build: dropConstraint,
    },
  ],
  [
    'create_table_comment',
    {
      names: ['table_name', 'comment'],
      batch: ['comment'],
      options: ['existing_comment', 'schema'],
      build: (given, table) => [tableComment(table, given.text('comment', 'the comment'), given.nameAt)],
    },
  ],
  [
    'drop_table_comment',
    {
      names: ['table_name'],
      batch: [],
      options: ['existing_comment', 'schema'],
      build: (given, table) => [tableComment(table, null, given.nameAt)],
    },
  ],
])

/** `ALTER TABLE … ADD` for any constraint. Its name is `constraint_name` here. */
function adding(make: (given: Given) => Constraint): Operation['build'] {
  return (given, table, { convention }) => {
    const named = givenBy(name => given.get(name === 'name' ? 'constraint_name' : name), given, given.rest)
    const { at } = given
    return [
      sqlAt(
        given.nameAt,
      )`${alter(table, given.nameAt)} ADD ${withName(make(named), table, convention, placeOf(given.get('constraint_name'), at))}`,
    ]
  }
}

const kinds: ReadonlyMap<string, Named> = new Map([
  ['foreignkey', 'fk'],
  ['primary', 'pk'],
  ['unique', 'uq'],
  ['check', 'ck'],
])

const kindOf: Readonly<Partial<Record<Named, ConstraintKind>>> = {
  fk: 'foreign key',
  pk: 'primary key',
  uq: 'unique',
  ck: 'check',
}

function dropConstraint(given: Given, table: TableName, { convention }: Context): Text[] {
  const { at, nameAt } = given
  const type = given.some('type_')
  const kind = type?.kind === 'text' ? kinds.get(type.pieces.map(({ text }) => text).join('')) : undefined
  const own = nameIn(given.get('constraint_name'), at)
  if (own === null) throw new NotRead('the constraint has no name', at)
  const name = kind ? (nameBy(convention, kind, own, { table, columns: [] }, nameAt) ?? own) : own
  const exists = given.is('if_exists') ? 'IF EXISTS ' : ''
  const sql = sqlAt(nameAt)`${alter(table, nameAt)} DROP CONSTRAINT ${exists}${constraintName(name, at)}`
  return [ofKind(sql, kind && kindOf[kind])]
}

/** The table of an operation. */
export function tableFor(operation: Operation, given: Given): TableName {
  if (operation.table === '') return { schema: null, name: { kind: 'text', pieces: [] } }
  return tableIn(given.get(operation.table ?? 'table_name'), given.some(operation.schema ?? 'schema'), given.at)
}
