import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isTrue, textIn } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import { ofKind, plain, quoted, type Text } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { ConstraintKind } from '../../parse/constraint-kind.ts'
import { alterColumn } from './alter-column.ts'
import { isAnnotated, refuseOthers } from './annotation.ts'
import { columnSql } from './column.ts'
import { check, foreignKey, primaryKey, unique } from './constraint.ts'
import { createIndex, isConcurrent } from './create-index.ts'
import { createTable } from './create-table.ts'
import { deleteData, insertData, updateData } from './data.ts'
import { alterDatabase, ensureSchema } from './database.ts'
import { delimited, type Given, given } from './given.ts'
import type { Identities, TableName } from './identity.ts'
import type { Operation, Operations } from './operation.ts'
import { sequence, sequenceTypes } from './sequence.ts'

type Read = (run: Run, operations: Operations, call: Call) => Value

/** An operation whose SQL is made of its arguments and annotations. */
function makes(
  parameters: readonly string[],
  make: (own: Given, call: Call, operation: Operation, identities: Identities) => readonly Text[],
): Read {
  return (_, operations, call) => {
    const own = given(call, parameters)
    return operations.add(call, operation => make(own, call, operation, operations.identities))
  }
}

/** The same without annotations that matter. */
function plainly(
  parameters: readonly string[],
  make: (own: Given, call: Call, identities: Identities) => readonly Text[],
): Read {
  return makes(parameters, (own, call, { annotations }, identities) => {
    refuseOthers(annotations, [], call.at)
    return make(own, call, identities)
  })
}

/** The table that `table` and `schema` name. */
function tableOf(own: Given): TableName {
  return { schema: own.get('schema'), name: own.get('table') }
}

/** Overloads take one column, or a list of columns under another name. */
function several(one: string, call: Call): string {
  return call.named?.has(`${one}s`) ? `${one}s` : one
}

const columnParameters = [
  'name',
  'table',
  'type',
  'unicode',
  'maxLength',
  'rowVersion',
  'schema',
  'nullable',
  'defaultValue',
  'defaultValueSql',
  'computedColumnSql',
]
const columnRest = ['fixedLength', 'comment', 'collation', 'precision', 'scale', 'stored']
const oldParameters = [
  'oldClrType',
  'oldType',
  'oldUnicode',
  'oldMaxLength',
  'oldRowVersion',
  'oldNullable',
  'oldDefaultValue',
  'oldDefaultValueSql',
  'oldComputedColumnSql',
  'fixedLength',
  'oldFixedLength',
  'comment',
  'oldComment',
  'collation',
  'oldCollation',
  'precision',
  'oldPrecision',
  'scale',
  'oldScale',
  'stored',
  'oldStored',
]

/** System columns, which every table has and migrations of old models name. */
const systemColumns = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'])

function ofColumn(own: Given, { types, nameAt }: Call) {
  return { ...own, clrType: types?.[0] ?? null, nameAt }
}

function constraint(make: typeof primaryKey): Read {
  return (_, operations, call) => {
    const column = several('column', call)
    const own = given(call, ['name', 'table', column, 'schema'])
    return operations.add(call, ({ annotations }) => [
      sqlAt(call.nameAt)`ALTER TABLE ${own.table()} ADD ${make(own, own.get(column), annotations, call)}`,
    ])
  }
}

const dropsConstraint = (kind: ConstraintKind) =>
  plainly(['name', 'table', 'schema'], (own, { nameAt }) => [
    ofKind(sqlAt(nameAt)`ALTER TABLE ${own.table()} DROP CONSTRAINT ${own.name('name')}`, kind),
  ])

/** RENAME and SET SCHEMA of a table or a sequence. */
function renames(kind: 'TABLE' | 'SEQUENCE'): Read {
  return plainly(['name', 'schema', 'newName', 'newSchema'], (own, { nameAt }, identities) => {
    const sql = sqlAt(nameAt)
    const [from, to] = [own.get('name'), own.get('newName') ?? own.get('name')]
    if (kind === 'TABLE')
      identities.rename(
        { schema: own.get('schema'), name: from },
        { schema: own.get('newSchema') ?? own.get('schema'), name: to },
      )
    const isRenamed = own.get('newName') !== undefined && plain(own.name('newName')) !== plain(own.name('name'))
    const name = isRenamed ? own.name('newName') : own.name('name')
    const schema = own.get('schema')
    const place = schema ? sql`${own.name('schema')}.${name}` : name
    const isMoved =
      own.get('newSchema') !== undefined && (!schema || plain(own.name('newSchema')) !== plain(own.name('schema')))
    return [
      ...(isRenamed ? [sql`ALTER ${kind} ${own.table('name')} RENAME TO ${name}`] : []),
      ...(isMoved ? [sql`ALTER ${kind} ${place} SET SCHEMA ${own.name('newSchema')}`] : []),
    ]
  })
}

/** The methods of MigrationBuilder. */
export const operationMethods: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['CreateTable', createTable],
  [
    'Sql',
    (_, operations, call) => {
      const own = given(call, ['sql', 'suppressTransaction'])
      const sql = own.get('sql')
      if (sql?.kind !== 'text')
        throw new NotRead(sql?.kind === 'unknown' ? sql.why : 'what it sends is not text', call.at)
      const isApart = isTrue(own.get('suppressTransaction'), call.at)
      return operations.add(
        call,
        () => [sql],
        () => isApart,
      )
    },
  ],
  [
    'AddColumn',
    makes([...columnParameters, ...columnRest], (own, call, { annotations }, identities) => {
      const name = textIn(own.get('name'), call.at, 'the name')
      if (systemColumns.has(plain(name))) return []
      identities.set(tableOf(own), name, annotations)
      const sql = sqlAt(call.nameAt)
      const comment = own.text('comment')
      return [
        sql`ALTER TABLE ${own.table()} ADD ${columnSql(ofColumn(own, call), name, annotations, true)}`,
        ...(comment ? [sql`COMMENT ON COLUMN ${own.table()}.${delimited(name)} IS ${quoted(comment, "'")}`] : []),
      ]
    }),
  ],
  [
    'AlterColumn',
    makes([...columnParameters, ...oldParameters], (own, call, operation, identities) => {
      const name = textIn(own.get('name'), call.at, 'the name')
      if (systemColumns.has(plain(name))) return []
      identities.set(tableOf(own), name, operation.annotations)
      return alterColumn(ofColumn(own, call), own.table(), name, operation)
    }),
  ],
  [
    'DropColumn',
    plainly(['name', 'table', 'schema'], (own, { nameAt, at }, identities) => {
      const name = textIn(own.get('name'), at, 'the name')
      if (systemColumns.has(plain(name))) return []
      identities.dropColumn(tableOf(own), name)
      return [sqlAt(nameAt)`ALTER TABLE ${own.table()} DROP COLUMN ${own.name('name')}`]
    }),
  ],
  [
    'RenameColumn',
    plainly(['name', 'table', 'newName', 'schema'], (own, { nameAt, at }, identities) => {
      const [from, to] = [textIn(own.get('name'), at, 'the name'), textIn(own.get('newName'), at, 'the new name')]
      identities.renameColumn(tableOf(own), from, to)
      return [sqlAt(nameAt)`ALTER TABLE ${own.table()} RENAME COLUMN ${own.name('name')} TO ${own.name('newName')}`]
    }),
  ],
  [
    'DropTable',
    plainly(['name', 'schema'], (own, { nameAt }, identities) => {
      identities.drop({ schema: own.get('schema'), name: own.get('name') })
      return [sqlAt(nameAt)`DROP TABLE ${own.table('name')}`]
    }),
  ],
  ['RenameTable', renames('TABLE')],
  [
    'AlterTable',
    makes(['name', 'schema', 'comment', 'oldComment'], (own, call, { annotations, oldAnnotations }) => {
      for (const each of [annotations, oldAnnotations]) refuseOthers(each, ['Npgsql:UnloggedTable'], call.at)
      const sql = sqlAt(call.nameAt)
      const [comment, old] = [own.text('comment'), own.text('oldComment')]
      const isOther = (comment ? plain(comment) : null) !== (old ? plain(old) : null)
      const [isUnlogged, wasUnlogged] = [annotations, oldAnnotations].map(each =>
        isAnnotated(each, 'Npgsql:UnloggedTable'),
      )
      return [
        ...(isOther ? [sql`COMMENT ON TABLE ${own.table('name')} IS ${comment ? quoted(comment, "'") : 'NULL'}`] : []),
        ...(isUnlogged === wasUnlogged
          ? []
          : [sql`ALTER TABLE ${own.table('name')} SET ${isUnlogged ? 'UNLOGGED' : 'LOGGED'}`]),
      ]
    }),
  ],
  [
    'CreateIndex',
    (_, operations, call) => {
      const own = given(call, ['name', 'table', several('column', call), 'schema', 'unique', 'filter', 'descending'])
      return operations.add(call, operation => [createIndex(own, call, operation)], isConcurrent)
    },
  ],
  [
    'DropIndex',
    plainly(['name', 'table', 'schema'], (own, { nameAt }) => [sqlAt(nameAt)`DROP INDEX ${own.table('name')}`]),
  ],
  [
    'RenameIndex',
    plainly(['name', 'newName', 'table', 'schema'], (own, { nameAt }) => [
      sqlAt(nameAt)`ALTER INDEX ${own.table('name')} RENAME TO ${own.name('newName')}`,
    ]),
  ],
  ['AddPrimaryKey', constraint(primaryKey)],
  ['AddUniqueConstraint', constraint(unique)],
  [
    'AddForeignKey',
    (_, operations, call) => {
      const column = several('column', call)
      const own = given(call, [
        'name',
        'table',
        column,
        'principalTable',
        'schema',
        'principalSchema',
        several('principalColumn', call),
        'onUpdate',
        'onDelete',
      ])
      return operations.add(call, ({ annotations }) => [
        sqlAt(call.nameAt)`ALTER TABLE ${own.table()} ADD ${foreignKey(own, own.get(column), annotations, call)}`,
      ])
    },
  ],
  ...['AddCheckConstraint', 'CreateCheckConstraint'].map((name): [string, Read] => [
    name,
    plainly(['name', 'table', 'sql', 'schema'], (own, call) => [
      sqlAt(call.nameAt)`ALTER TABLE ${own.table()} ADD ${check(own, call)}`,
    ]),
  ]),
  ['DropPrimaryKey', dropsConstraint('primary key')],
  ['DropForeignKey', dropsConstraint('foreign key')],
  ['DropUniqueConstraint', dropsConstraint('unique')],
  ['DropCheckConstraint', dropsConstraint('check')],
  [
    'EnsureSchema',
    plainly(['name'], (own, { nameAt, at }) => {
      const name = textIn(own.get('name'), at, 'the name')
      return plain(name) === 'public' ? [] : [ensureSchema(name, nameAt)]
    }),
  ],
  ['DropSchema', plainly(['name'], (own, { nameAt }) => [sqlAt(nameAt)`DROP SCHEMA ${own.name('name')}`])],
  [
    'CreateSequence',
    plainly(['name', 'schema', 'startValue', 'incrementBy', 'minValue', 'maxValue', 'cyclic'], (own, call) => {
      const type = sequenceTypes.get(call.types?.[0] ?? 'long') ?? ''
      const start = own.text('startValue') ?? '1'
      return [sqlAt(call.nameAt)`CREATE SEQUENCE ${own.table('name')}${type} START WITH ${start}${sequence(own, call)}`]
    }),
  ],
  [
    'DropSequence',
    plainly(['name', 'schema'], (own, { nameAt }) => [sqlAt(nameAt)`DROP SEQUENCE ${own.table('name')}`]),
  ],
  ['RenameSequence', renames('SEQUENCE')],
  [
    'RestartSequence',
    plainly(['name', 'startValue', 'schema'], (own, { nameAt }) => {
      const sql = sqlAt(nameAt)
      const start = own.text('startValue')
      return [
        ...(start ? [sql`ALTER SEQUENCE ${own.table('name')} START WITH ${start}`] : []),
        sql`ALTER SEQUENCE ${own.table('name')} RESTART`,
      ]
    }),
  ],
  ['AlterDatabase', makes(['collation', 'oldCollation'], (_, call, operation) => alterDatabase(call, operation))],
  [
    'InsertData',
    (_, operations, call) => {
      const [column, type, value] = [several('column', call), several('columnType', call), several('value', call)]
      const own = given(call, ['table', column, ...(call.named?.has(type) ? [type] : []), value, 'schema'])
      operations.inserts(tableOf(own), call)
      return operations.add(call, () => insertData(own, call))
    },
  ],
  [
    'DeleteData',
    (_, operations, call) => {
      const [column, type, value] = [
        several('keyColumn', call),
        several('keyColumnType', call),
        several('keyValue', call),
      ]
      const own = given(call, ['table', column, ...(call.named?.has(type) ? [type] : []), value, 'schema'])
      return operations.add(call, () => deleteData(own, call))
    },
  ],
  [
    'UpdateData',
    (_, operations, call) => {
      const own = given(call, [
        'table',
        several('keyColumn', call),
        ...(call.named?.has('keyColumnTypes') ? ['keyColumnTypes'] : []),
        several('keyValue', call),
        several('column', call),
        ...(call.named?.has('columnTypes') ? ['columnTypes'] : []),
        several('value', call),
        'schema',
      ])
      return operations.add(call, () => updateData(own, call))
    },
  ],
])
