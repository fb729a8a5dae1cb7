import fc from 'fast-check'
import { act, call, column, columns, flag, json, list, number, object, q, table, text } from './builder-code.ts'

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
