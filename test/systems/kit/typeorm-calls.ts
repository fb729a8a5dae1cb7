import fc from 'fast-check'
import { act, call, column, columns, flag, json, list, object } from './builder-code.ts'

const typeormTable = json(fc.constantFrom('users', 'orderItems', 's.posts'))
const common = {
  isNullable: json(flag),
  isUnique: json(flag),
  isArray: json(flag),
  comment: json(fc.constantFrom('', "it's")),
  default: fc.constantFrom("'now()'", '5', 'false', 'null', '"\'a\'"'),
  collation: json(fc.constant('C')),
}
const typeormColumn = (name: fc.Arbitrary<string>, isInTable: boolean) =>
  fc.oneof(
    object(
      {
        name,
        type: json(fc.constantFrom('int', 'varchar', 'text', 'timestamptz', 'jsonb', 'boolean', 'bigint')),
        ...common,
      },
      ['name', 'type'],
    ),
    object({ name, type: json(fc.constantFrom('varchar', 'char')), length: fc.constantFrom("'50'", "''"), ...common }, [
      'name',
      'type',
    ]),
    object(
      {
        name,
        type: json(fc.constantFrom('decimal', 'numeric')),
        precision: fc.constantFrom('10'),
        scale: fc.constantFrom('0', '2'),
        ...common,
      },
      ['name', 'type'],
    ),
    object(
      {
        name,
        type: json(fc.constantFrom('timestamp with time zone', 'time without time zone', 'timestamp')),
        precision: fc.constantFrom('0', '3'),
        isNullable: json(flag),
      },
      ['name', 'type'],
    ),
    object(
      {
        name,
        type: json(fc.constantFrom('enum', 'simple-enum')),
        enum: fc.constant("['a', \"it's\"]"),
        enumName: json(fc.constant('Kind')),
        isNullable: json(flag),
        isArray: json(flag),
      },
      ['name', 'type', 'enum'],
    ),
    object(
      {
        name,
        type: json(fc.constant('uuid')),
        isGenerated: fc.constant('true'),
        generationStrategy: fc.constant("'uuid'"),
        default: fc.constant("'gen_random_uuid()'"),
      },
      ['name', 'type', 'isGenerated', 'generationStrategy'],
    ),
    object(
      {
        name,
        type: json(fc.constantFrom('int', 'bigint', 'int2')),
        isGenerated: fc.constant('true'),
        generationStrategy: fc.constantFrom("'increment'", "'identity'"),
        ...(isInTable && { isPrimary: json(flag) }),
      },
      ['name', 'type', 'isGenerated', 'generationStrategy'],
    ),
    object(
      {
        name,
        type: json(fc.constant('geometry')),
        spatialFeatureType: fc.constant("'Point'"),
        srid: fc.constant('4326'),
      },
      ['name', 'type', 'spatialFeatureType'],
    ),
  )
const made = (kind: string, value: fc.Arbitrary<string>) => value.map(each => `new ${kind}(${each})`)
const index = object(
  {
    columnNames: json(columns),
    name: json(column),
    isUnique: json(flag),
    isConcurrent: json(flag),
    isSpatial: json(flag),
    where: json(fc.constantFrom('', 'a > 1')),
    type: fc.constant("'hash'"),
  },
  ['columnNames'],
)
const unique = object(
  { columnNames: json(columns), name: json(column), deferrable: json(fc.constant('INITIALLY DEFERRED')) },
  ['columnNames'],
)
const check = object({ expression: json(fc.constantFrom('a > 0', "b <> 'x'")), name: json(column) }, ['expression'])
const foreignKey = object(
  {
    columnNames: json(columns),
    referencedColumnNames: json(columns),
    referencedTableName: typeormTable,
    referencedSchema: json(fc.constant('z')),
    name: json(column),
    onDelete: json(act),
    onUpdate: json(act),
    deferrable: json(fc.constant('INITIALLY IMMEDIATE')),
  },
  ['columnNames', 'referencedColumnNames', 'referencedTableName'],
)
const tableColumns = fc
  .tuple(
    columns.map(names => names.map(each => JSON.stringify(each))),
    fc.array(typeormColumn(fc.constant('NAME'), true), { minLength: 3, maxLength: 3 }),
  )
  .map(([names, all]) => `[${names.map((name, i) => all[i]?.replace('NAME', name)).join(', ')}]`)
const wholeTable = object(
  {
    name: typeormTable,
    schema: json(fc.constant('z')),
    columns: tableColumns,
    indices: list(index),
    uniques: list(unique),
    checks: list(check),
    foreignKeys: list(foreignKey),
    comment: json(fc.constant("it's")),
  },
  ['name', 'columns'],
)

/** Calls of queryRunner that do not depend on the content of the database. */
export const typeormCall: fc.Arbitrary<string> = fc.oneof(
  call('createTable', made('Table', wholeTable)),
  call('createTable', made('Table', wholeTable), fc.constant('false'), json(flag), json(flag)),
  call('addColumn', typeormTable, made('TableColumn', typeormColumn(json(column), false))),
  call('addColumns', typeormTable, list(made('TableColumn', typeormColumn(json(column), false)))),
  call('createIndex', typeormTable, made('TableIndex', index)),
  call('createIndices', typeormTable, list(made('TableIndex', index))),
  call('dropIndex', typeormTable, made('TableIndex', index), json(flag)),
  call('createUniqueConstraint', typeormTable, made('TableUnique', unique)),
  call(
    'dropUniqueConstraint',
    typeormTable,
    made('TableUnique', object({ columnNames: json(columns), name: json(column) }, ['columnNames', 'name'])),
  ),
  call('createCheckConstraint', typeormTable, made('TableCheck', check)),
  call('createForeignKey', typeormTable, made('TableForeignKey', foreignKey)),
  call('createForeignKeys', typeormTable, list(made('TableForeignKey', foreignKey))),
  call('dropForeignKey', typeormTable, made('TableForeignKey', foreignKey), json(flag)),
  call('createPrimaryKey', typeormTable, json(columns)),
  call('createSchema', json(column), json(flag)),
  call('dropSchema', json(column), json(flag), json(flag)),
  call('clearTable', typeormTable, object({ cascade: json(flag) })),
  call(
    'dropColumn',
    typeormTable,
    made('TableColumn', object({ name: json(column), type: fc.constant("'int'") }, ['name', 'type'])),
    json(flag),
  ),
  call(
    'changeColumn',
    typeormTable,
    fc.constant("new TableColumn({ name: 'a', type: 'int' })"),
    fc.constant("new TableColumn({ name: 'a', type: 'bigint', isNullable: true })"),
  ),
)
