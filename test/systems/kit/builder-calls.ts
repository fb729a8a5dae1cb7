import fc from 'fast-check'

// Calls of builders as people would write them, with rare values: names with dots and quotes, empty texts, all options.

const table = fc.constantFrom('users', 'Order Items', 'posts', 'userRoles')
const column = fc.constantFrom('id', 'userId', 'created_at', 'Name', 'order', 'a b')
const columns = fc.uniqueArray(column, { minLength: 1, maxLength: 3 })
const text = fc.constantFrom('', 'a', "it's", 'x y', 'NULL', '$1')
const number = fc.constantFrom(0, 1, -5, 1.5)
const flag = fc.boolean()
const act = fc.constantFrom('cascade', 'SET NULL', 'restrict', 'NO ACTION')

const json = (value: fc.Arbitrary<unknown>) => value.map(each => JSON.stringify(each))
const q = json(text)
/** An object with some of these entries, written as code. */
function object(entries: Readonly<Record<string, fc.Arbitrary<string>>>, always: readonly string[] = []) {
  const pairs = Object.entries(entries).map(([name, value]) =>
    fc
      .tuple(always.includes(name) ? fc.constant(true) : flag, value)
      .map(([is, each]) => (is ? [`${name}: ${each}`] : [])),
  )
  return fc.tuple(...pairs).map(all => `{ ${all.flat().join(', ')} }`)
}
const call = (name: string, ...args: fc.Arbitrary<string>[]) =>
  fc.tuple(...args).map(all => `q.${name}(${all.join(', ')})`)
const list = (item: fc.Arbitrary<string>) =>
  fc.array(item, { minLength: 1, maxLength: 3 }).map(all => `[${all.join(', ')}]`)

const sequelizeTable = fc.oneof(
  json(table),
  fc
    .tuple(table, fc.constantFrom('s', 'public'))
    .map(([name, schema]) => `{ tableName: '${name}', schema: '${schema}' }`),
)
const expression = fc.constantFrom(
  "literal('now()')",
  "fn('now')",
  "fn('lower', col('a'))",
  "cast('1', 'integer')",
  "fn('f', 'a$b', 1)",
)
const textType = fc.constantFrom(
  'S.STRING',
  'S.STRING(50)',
  'S.TEXT',
  "S.TEXT('long')",
  'S.CHAR(3)',
  'S.CITEXT',
  'S.UUID',
  'S.DataTypes.INET',
  "'VARCHAR(9)'",
)
const numberType = fc.constantFrom(
  'S.INTEGER',
  'S.BIGINT',
  'S.SMALLINT',
  'S.INTEGER(11)',
  'S.INTEGER.UNSIGNED',
  'S.DECIMAL',
  'S.DECIMAL(10, 2)',
  'S.NUMERIC(5)',
  'S.FLOAT',
  'S.FLOAT(11)',
  'S.DOUBLE',
  'S.REAL',
)
const otherType = fc.constantFrom(
  'S.DATE',
  'S.DATE(3)',
  'S.DATEONLY',
  'S.TIME',
  'S.BLOB',
  'S.STRING.BINARY',
  'S.RANGE(S.DATE)',
  "S.GEOMETRY('POINT', 4326)",
  'S.GEOGRAPHY',
  'S.TSVECTOR',
  'S.ARRAY(S.DATE)',
)
const rest = {
  allowNull: json(flag),
  unique: fc.constantFrom('true', 'false', "'group'"),
  comment: json(fc.constantFrom('a', "it's")),
  field: json(column),
}
const none = fc.constantFrom('S.UUIDV4', 'S.NOW', 'null', 'undefined')
const references = {
  references: fc.oneof(
    object({ model: json(table), key: json(column) }, ['model']),
    fc.constant("{ model: { tableName: 't', schema: 's' }, key: 'id' }"),
    fc.constant("{ model: 'users', key: 'id', deferrable: S.Deferrable.INITIALLY_DEFERRED }"),
  ),
  onDelete: json(act),
  onUpdate: json(act),
}
const anyType = fc.oneof(textType, numberType, otherType)
const attribute = fc.oneof(
  anyType,
  object({ type: textType, defaultValue: fc.oneof(q, json(number), json(flag), expression, none), ...rest }, ['type']),
  object({ type: numberType, defaultValue: fc.oneof(q, json(number), expression, none), ...rest }, ['type']),
  object({ type: fc.constant('S.BOOLEAN'), defaultValue: fc.oneof(json(flag), none), ...rest }, ['type']),
  object({ type: otherType, defaultValue: fc.oneof(expression, none), ...rest }, ['type']),
  object(
    {
      type: fc.constantFrom('S.JSON', 'S.JSONB'),
      defaultValue: fc.oneof(q, fc.constantFrom('{}', '[]', "{ a: [1, 'b'], c: null }")),
      ...rest,
    },
    ['type'],
  ),
  object(
    {
      type: fc.constantFrom("S.ENUM('a', 'b')", "S.ENUM(['x', \"it's\"])", "S.ARRAY(S.ENUM('q'))"),
      allowNull: json(flag),
      comment: json(text),
    },
    ['type'],
  ),
  object({ type: fc.constantFrom('S.ENUM'), values: fc.constant("['a', 'b']"), defaultValue: fc.constant("'a'") }, [
    'type',
    'values',
  ]),
  object(
    {
      type: fc.constantFrom('S.ARRAY(S.STRING)', 'S.ARRAY(S.INTEGER)'),
      defaultValue: fc.constantFrom('[]', "['a', 'b']"),
    },
    ['type'],
  ),
  object(
    {
      type: fc.constantFrom('S.INTEGER', 'S.BIGINT', 'S.SMALLINT'),
      autoIncrement: json(flag),
      primaryKey: json(flag),
      allowNull: json(flag),
    },
    ['type'],
  ),
  object({ type: numberType, ...references, ...rest }, ['type']),
)
const attributes = fc
  .tuple(columns, fc.array(attribute, { minLength: 3, maxLength: 3 }))
  .map(([names, all]) => `{ ${names.map((name, i) => `${JSON.stringify(name)}: ${all[i]}`).join(', ')} }`)
const where = fc.constantFrom(
  '{ a: 1 }',
  '{ a: null }',
  "{ a: false, b: 'x' }",
  '{ a: [1, 2] }',
  '{ a: { [Op.gt]: 1 } }',
  '{ a: { [Op.ne]: null } }',
  '{ a: { [Op.not]: null } }',
  '{ a: { [Op.gt]: 1, [Op.lt]: 5 } }',
  '{ [Op.or]: [{ a: 1 }, { b: 2, c: 3 }] }',
  '{ a: { [Op.or]: [1, 2] } }',
  "{ a: { [Op.in]: ['x', 'y'] } }",
  '{ a: { [Op.between]: [1, 2] } }',
  "{ a: { [Op.startsWith]: 'x' } }",
  "{ [Op.and]: [{ a: 1 }, literal('b > 2')] }",
  '{ [Op.not]: { a: 1 } }',
  '{ b: 1, [Op.or]: { a: 1, c: 2 } }',
  '{ a: { [Op.notIn]: [1] } }',
  "{ a: { [Op.iLike]: '%x' } }",
  "{ a: fn('f') }",
)
const indexField = fc.oneof(
  json(column),
  object(
    {
      name: json(column),
      order: json(fc.constantFrom('ASC', 'DESC NULLS LAST')),
      collate: json(fc.constant('C')),
      operator: json(fc.constant('text_pattern_ops')),
    },
    ['name'],
  ),
  fc.constant("{ attribute: 'a' }"),
)
const indexOptions = {
  unique: json(flag),
  concurrently: json(flag),
  using: json(fc.constantFrom('gin', 'BTREE')),
  type: json(fc.constantFrom('UNIQUE', 'unique', '')),
  where,
  operator: json(fc.constant('jsonb_path_ops')),
}
const named = { name: json(fc.constantFrom('an_index', 'a.b', 'An Index')) }
const constraint = {
  fields: list(json(column)),
  name: json(fc.constantFrom('a_name', 'aName')),
}
const rows = list(object({ a: fc.oneof(q, json(number), fc.constantFrom('null', 'true')), b: q, c: expression }, ['a']))

/** Calls of queryInterface. `S` is the package, `q` the interface. */
export const sequelizeCall: fc.Arbitrary<string> = fc.oneof(
  call('createTable', sequelizeTable, attributes),
  call(
    'createTable',
    sequelizeTable,
    attributes,
    object({ comment: q, uniqueKeys: fc.constant("{ k: { fields: ['id', 'a'] } }"), schema: json(fc.constant('z')) }),
  ),
  call('addColumn', sequelizeTable, json(column), attribute),
  call('changeColumn', sequelizeTable, json(column), attribute),
  call('removeColumn', sequelizeTable, json(column)),
  call('renameColumn', sequelizeTable, json(column), json(column)),
  call('renameTable', json(table), json(table)),
  call('dropTable', sequelizeTable, object({ cascade: json(flag) })),
  call('addIndex', sequelizeTable, list(indexField), object({ ...indexOptions, ...named })),
  call('addIndex', json(table), object({ fields: list(indexField), ...indexOptions, ...named }, ['fields'])),
  call(
    'addIndex',
    json(table),
    list(fc.constantFrom("fn('lower', col('a'))", "'b'")),
    object({ ...indexOptions, ...named }, ['name']),
  ),
  call('removeIndex', json(table), fc.oneof(json(column), json(columns)), object({ concurrently: json(flag) })),
  call(
    'addConstraint',
    sequelizeTable,
    object(
      {
        ...constraint,
        type: json(fc.constantFrom('unique', 'PRIMARY KEY')),
        deferrable: fc.constant('S.Deferrable.INITIALLY_IMMEDIATE'),
      },
      ['fields', 'type'],
    ),
  ),
  call(
    'addConstraint',
    sequelizeTable,
    object({ ...constraint, type: fc.constant("'check'"), where }, ['fields', 'type', 'where']),
  ),
  call(
    'addConstraint',
    sequelizeTable,
    object(
      {
        ...constraint,
        type: fc.constant("'foreign key'"),
        references: fc.constantFrom("{ table: 'users', field: 'id' }", "{ table: 'users', fields: ['a', 'b'] }"),
        onDelete: json(act),
        onUpdate: json(act),
      },
      ['fields', 'type', 'references'],
    ),
  ),
  call('removeConstraint', sequelizeTable, json(column)),
  call('createSchema', json(column)),
  call('dropSchema', json(column)),
  call('dropEnum', json(fc.constantFrom('enum_users_a', 'Kind'))),
  call('bulkInsert', sequelizeTable, rows, object({ ignoreDuplicates: json(flag) })),
  call(
    'bulkUpdate',
    sequelizeTable,
    object({ a: fc.oneof(q, json(number)), b: expression }, ['a']),
    where.filter(each => !each.includes('fn(')),
  ),
  call('bulkDelete', sequelizeTable, where),
  call(
    'bulkDelete',
    sequelizeTable,
    fc.constant('null'),
    object({ truncate: json(flag), cascade: json(flag), restartIdentity: json(flag) }),
  ),
  call(
    'createFunction',
    json(fc.constantFrom('f', 's.f')),
    fc.constantFrom('[]', "[{ type: 'integer', name: 'a', direction: 'IN' }, { type: 'text' }]"),
    fc.constant("'void'"),
    fc.constant("'plpgsql'"),
    fc.constant("'PERFORM 1;'"),
    fc.constantFrom('[]', "['IMMUTABLE', 'STRICT']"),
    object({ force: json(flag), variables: fc.constant("[{ name: 'x', type: 'int', default: '1' }]") }),
  ),
  call('dropFunction', json(fc.constant('f')), fc.constantFrom('[]', "[{ type: 'integer', name: 'a' }]")),
  call(
    'renameFunction',
    json(fc.constant('f')),
    fc.constantFrom('[]', "[{ type: 'integer' }]"),
    json(fc.constant('g')),
  ),
)

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
