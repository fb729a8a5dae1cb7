import fc from 'fast-check'

/** Generated changes of Liquibase in XML. */
export const changes: fc.Arbitrary<string> = fc.constant('').chain(() => fc.oneof(...kinds))

const attribute = (name: string, value: string) =>
  `${name}="${value.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;')}"`
/** Attributes of which each is there or not. */
const some = (...all: readonly (readonly [name: string, ...values: string[]])[]) =>
  fc
    .tuple(
      ...all.map(([name, ...values]) =>
        fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 }).map(value => ({ name, value })),
      ),
    )
    .map(found => found.flatMap(({ name, value }) => (value === undefined ? [] : [attribute(name, value)])))
const element = (name: string, attributes: readonly string[], inside = '') =>
  `<${name} ${attributes.join(' ')}${inside === '' ? '/>' : `>${inside}</${name}>`}`

const names = ['a', 'b', 'user_id', 'Mixed', 'order', 'odd name', 'UPPER']
const name = fc.constantFrom(...names)
const table = fc.constantFrom('users', 'Orders', 'select', 'T2')
const onTable = fc
  .tuple(table, some(['schemaName', 's', 'Sch']))
  .map(([t, schema]) => [attribute('tableName', t), ...schema])
const type = fc.constantFrom(
  ...[
    'BIGINT',
    'int',
    'INTEGER',
    'smallint',
    'tinyint',
    'VARCHAR(255)',
    'varchar(10)',
    'NVARCHAR(20)',
    'char(3)',
    'CLOB',
    'text',
  ],
  ...[
    'BLOB',
    'bytea',
    'BOOLEAN',
    'bit',
    'DOUBLE',
    'float',
    'real',
    'DECIMAL(10,2)',
    'numeric(5, 1)',
    'NUMBER(8)',
    'UUID',
    'jsonb',
  ],
  ...[
    'json',
    'TIMESTAMP',
    'timestamp(3)',
    'DATETIME',
    'timestamp with time zone',
    'timestamptz',
    'date',
    'time',
    'int[]',
    'citext',
  ],
  ...[
    'java.sql.Types.VARCHAR(30)',
    'java.sql.Types.INTEGER',
    'currency',
    'inet',
    'varchar(10 CHAR)',
    'longtext',
    'interval',
    'serial',
  ],
)
const standard = fc.constantFrom(
  ...[
    [],
    [],
    [],
    ['defaultValue', 'x'],
    ['defaultValue', "it's"],
    ['defaultValueNumeric', '5'],
    ['defaultValueNumeric', '-1.5'],
  ],
  ...[
    ['defaultValueBoolean', 'true'],
    ['defaultValueBoolean', 'false'],
    ['defaultValueComputed', 'now()'],
    ['defaultValueDate', '2020-01-02'],
  ],
  ...[['defaultValueSequenceNext', 'sq']],
)
const inTable = fc.constantFrom(
  ...['', '', '', '<constraints nullable="false"/>', '<constraints unique="true"/>', '<constraints nullable="true"/>'],
  ...['<constraints nullable="false" unique="true" uniqueConstraintName="uq"/>', '<constraints primaryKey="true"/>'],
  ...[
    '<constraints primaryKey="true" primaryKeyName="PK" nullable="false"/>',
    '<constraints nullable="false" notNullConstraintName="nn"/>',
  ],
  ...[
    '<constraints foreignKeyName="fk" references="o(id)"/>',
    '<constraints foreignKeyName="fk" references="o(id)" deleteCascade="true" deferrable="true"/>',
  ],
  ...[
    '<constraints foreignKeyName="fk" referencedTableName="o" referencedColumnNames="id" initiallyDeferred="true" deferrable="true"/>',
  ],
)
/** A default that Liquibase takes for a column of this type. */
function fits(type: string, [key = '']: readonly string[]): boolean {
  if (key === '' || key === 'defaultValueComputed') return true
  if (key === 'defaultValue') return /char|text|clob/i.test(type)
  if (key === 'defaultValueBoolean') return /^bool/i.test(type)
  if (key === 'defaultValueDate') return /^(?:timestamp|datetime|date)/i.test(type)
  return key === 'defaultValueNumeric' ? /^(?:bigint|int|integer|smallint|decimal|numeric)\b/i.test(type) : false
}

const column = (constraints: fc.Arbitrary<string>, more: fc.Arbitrary<string[]>) =>
  fc
    .tuple(name, type, standard, some(['remarks', "it's"]), constraints, more)
    .filter(([, t, own]) => fits(t, own))
    .map(([n, t, [key, value], remarks, inside, rest]) => ({
      name: n,
      xml: element(
        'column',
        [
          attribute('name', n),
          attribute('type', t),
          ...(key !== undefined && value !== undefined ? [attribute(key, value)] : []),
          ...remarks,
          ...rest,
        ],
        inside,
      ),
    }))
const columns = (one: ReturnType<typeof column>) =>
  fc
    .uniqueArray(one, { minLength: 1, maxLength: 4, selector: each => each.name })
    .map(all => all.map(({ xml }) => xml).join(''))
const value = fc.constantFrom(
  ...[
    'value="x"',
    'value="it\'s"',
    'valueNumeric="7"',
    'valueBoolean="true"',
    'valueComputed="a + 1"',
    'valueDate="2020-01-02"',
    'value="NULL"',
  ],
)
const values = fc
  .uniqueArray(fc.tuple(name, value), { minLength: 1, maxLength: 3, selector: ([n]) => n })
  .map(all => all.map(([n, v]) => `<column ${attribute('name', n)} ${v}/>`).join(''))
const key = fc.constant(
  '<column name="id" type="bigint" autoIncrement="true"><constraints primaryKey="true"/></column>',
)

const kinds: readonly fc.Arbitrary<string>[] = [
  fc
    .tuple(onTable, columns(column(inTable, fc.constant([]))), some(['remarks', 'tc'], ['tablespace', 'space']))
    .map(([t, own, more]) => element('createTable', [...t, ...more], own)),
  fc
    .tuple(onTable, key, columns(column(fc.constant(''), fc.constant([]))))
    .map(([t, id, own]) => element('createTable', t, id + own)),
  fc
    .tuple(
      onTable,
      columns(
        column(
          fc.constantFrom(
            ...['', '', '<constraints nullable="false"/>', '<constraints unique="true" uniqueConstraintName="uq"/>'],
            ...[
              '<constraints foreignKeyName="fk" references="o(id)"/>',
              '<constraints nullable="false" unique="true"/>',
            ],
          ),
          fc.constantFrom<string[]>([], [], ['valueNumeric="7"'], ['value="q"'], ['valueComputed="a + 1"']),
        ),
      ),
    )
    .map(([t, own]) => element('addColumn', t, own)),
  fc
    .tuple(
      onTable,
      some(['unique', 'true', 'false'], ['tablespace', 'space']),
      fc
        .uniqueArray(fc.tuple(name, some(['descending', 'true', 'false'])), {
          minLength: 1,
          maxLength: 2,
          selector: ([n]) => n,
        })
        .map(all => all.map(([n, more]) => element('column', [attribute('name', n), ...more])).join('')),
    )
    .map(([t, more, own]) => element('createIndex', [...t, 'indexName="Ix"', ...more], own)),
  fc
    .tuple(
      name,
      some(
        ['onDelete', 'CASCADE', 'SET NULL', 'NO ACTION'],
        ['onUpdate', 'RESTRICT'],
        ['deferrable', 'true', 'false'],
        ['initiallyDeferred', 'true'],
        ['validate', 'false', 'true'],
        ['baseTableSchemaName', 's'],
        ['referencedTableSchemaName', 'Sch'],
      ),
    )
    .map(([n, more]) =>
      element('addForeignKeyConstraint', [
        ...['baseTableName="Orders"', attribute('baseColumnNames', n), 'constraintName="fk"'],
        ...['referencedTableName="users"', 'referencedColumnNames="id"', ...more],
      ]),
    ),
  fc
    .tuple(
      onTable,
      some(['constraintName', 'uq'], ['deferrable', 'true'], ['initiallyDeferred', 'true'], ['tablespace', 'space']),
    )
    .map(([t, more]) => element('addUniqueConstraint', [...t, 'columnNames="a, Mixed"', ...more])),
  fc
    .tuple(onTable, some(['constraintName', 'pk'], ['tablespace', 'space']))
    .map(([t, more]) => element('addPrimaryKey', [...t, 'columnNames="a, b"', ...more])),
  fc
    .tuple(
      onTable,
      name,
      some(['defaultNullValue', 'q', '5'], ['columnDataType', 'varchar(10)'], ['constraintName', 'nn']),
    )
    .map(([t, n, more]) => element('addNotNullConstraint', [...t, attribute('columnName', n), ...more])),
  fc.tuple(onTable, name).map(([t, n]) => element('dropNotNullConstraint', [...t, attribute('columnName', n)])),
  fc
    .tuple(
      onTable,
      name,
      standard.filter(each => each.length > 0),
    )
    .map(([t, n, [k = '', v = '']]) => element('addDefaultValue', [...t, attribute('columnName', n), attribute(k, v)])),
  fc.tuple(onTable, name).map(([t, n]) => element('dropDefaultValue', [...t, attribute('columnName', n)])),
  fc
    .tuple(onTable, name, type)
    .map(([t, n, ty]) => element('modifyDataType', [...t, attribute('columnName', n), attribute('newDataType', ty)])),
  fc
    .tuple(onTable, name, name)
    .map(([t, a, b]) => element('renameColumn', [...t, attribute('oldColumnName', a), attribute('newColumnName', b)])),
  fc
    .tuple(table, table)
    .map(([a, b]) => element('renameTable', [attribute('oldTableName', a), attribute('newTableName', b)])),
  fc.tuple(onTable, name).map(([t, n]) => element('dropColumn', [...t, attribute('columnName', n)])),
  fc
    .tuple(onTable, some(['cascadeConstraints', 'true', 'false']))
    .map(([t, more]) => element('dropTable', [...t, ...more])),
  fc.tuple(onTable).map(([t]) => element('dropIndex', [...t, 'indexName="Ix"'])),
  fc.tuple(onTable).map(([t]) => element('dropUniqueConstraint', [...t, 'constraintName="uq"'])),
  fc.tuple(onTable).map(([t]) => element('dropPrimaryKey', [...t, 'constraintName="pk"'])),
  fc.constant('<dropForeignKeyConstraint baseTableName="Orders" constraintName="fk"/>'),
  some(
    ['startValue', '5'],
    ['incrementBy', '50'],
    ['minValue', '1'],
    ['maxValue', '900'],
    ['cycle', 'true', 'false'],
    ['dataType', 'int'],
    ['cacheSize', '10'],
  ).map(more => element('createSequence', ['sequenceName="Sq"', ...more])),
  fc.constantFrom('<dropSequence sequenceName="sq"/>', '<renameSequence oldSequenceName="sq" newSequenceName="sr"/>'),
  some(['replaceIfExists', 'true'], ['fullDefinition', 'false']).map(more =>
    element('createView', ['viewName="v"', ...more], 'select 1 as x'),
  ),
  some(['ifExists', 'true'], ['schemaName', 's']).map(more => element('dropView', ['viewName="v"', ...more])),
  fc.tuple(onTable).map(([t]) => element('setTableRemarks', [...t, 'remarks="it\'s"'])),
  fc
    .tuple(onTable, name)
    .map(([t, n]) => element('setColumnRemarks', [...t, attribute('columnName', n), 'remarks="r"'])),
  fc.tuple(onTable, values).map(([t, own]) => element('insert', t, own)),
  fc.tuple(onTable, values).map(([t, own]) => element('update', t, `${own}<where>a = 1</where>`)),
  fc.tuple(onTable).map(([t]) => element('delete', t, '<where>a &lt; 1</where>')),
  fc.constantFrom(
    '<sql>select 1; select 2</sql>',
    '<addAutoIncrement tableName="t" columnName="id" columnDataType="int"/>',
    '<addAutoIncrement tableName="T2" columnName="Id" schemaName="s" startWith="5" incrementBy="2"/>',
    '<addLookupTable existingTableName="users" existingColumnName="kind" newTableName="kinds" newColumnName="Kind" newColumnDataType="varchar(10)"/>',
    '<addLookupTable existingTableName="users" existingColumnName="kind" newTableName="kinds" newTableSchemaName="s" newColumnName="name" newColumnDataType="int" constraintName="fk"/>',
    "<sql splitStatements='false'>select 1; select 2</sql>",
    '<tagDatabase tag="t"/>',
  ),
]
