import fc from 'fast-check'

/** Generated migrations of Alembic. */
export const revisions: fc.Arbitrary<string> = fc
  .array(fc.nat({ max: 24 }), { minLength: 1, maxLength: 4 })
  .chain(kinds => fc.tuple(...kinds.map(kind => operations[kind % operations.length] ?? dropTable)))
  .map(
    lines =>
      `import sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql as pg\nfrom alembic import op\n\n\ndef upgrade():\n${lines
        .join('\n')
        .split('\n')
        .map(line => `    ${line}\n`)
        .join('')}`,
  )

const q = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`
const name = fc.constantFrom('a', 'b', 'user_id', 'Mixed', 'order', 'x.y', "it's", 'odd name').map(q)
const table = fc.constantFrom('t', 'users', 'Orders', 'select').map(q)
/** Keywords that may be there or not. */
const some = (...all: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...all), { maxLength: 3, selector: each => each.slice(0, each.indexOf('=')) })
const call = (words: readonly string[]) => words.filter(word => word !== '').join(', ')

const type = fc.constantFrom(
  ...['sa.Integer()', 'sa.BigInteger', 'sa.SmallInteger()', 'sa.String()', 'sa.String(50)', 'sa.String(length=20)'],
  ...['sa.Unicode(9)', 'sa.Text()', 'sa.Boolean()', 'sa.DateTime()', 'sa.DateTime(timezone=True)', 'sa.TIMESTAMP()'],
  ...[
    'pg.TIMESTAMP(timezone=True, precision=3)',
    'sa.Date()',
    'sa.Time()',
    'sa.Interval()',
    'sa.Float()',
    'sa.Float(24)',
  ],
  ...['sa.Double()', 'sa.Numeric()', 'sa.Numeric(10, 2)', 'sa.Numeric(precision=8)', 'sa.DECIMAL(6, 1)', 'sa.JSON()'],
  ...['sa.LargeBinary()', 'pg.JSONB()', 'sa.Uuid()', 'pg.UUID(as_uuid=True)', 'pg.ARRAY(sa.String(5))', 'sa.REAL()'],
  ...[
    'pg.ARRAY(sa.Integer(), dimensions=2)',
    'pg.INET()',
    'pg.TSVECTOR()',
    'pg.INT4RANGE()',
    'pg.BIT(3)',
    'sa.CHAR(2)',
  ],
  ...[
    "sa.Enum('a', 'b', name='e1')",
    "sa.Enum('a', \"it's\", name='e2', native_enum=False)",
    'pg.INTERVAL(precision=2)',
  ],
  ...["pg.ENUM('x', name='e3', create_type=False)", 'sa.VARCHAR(30)', 'sa.BIGINT()', 'pg.BYTEA()', 'pg.MONEY()'],
  ...["sa.String(collation='C')", 'sa.String(10).with_variant(pg.CITEXT(), "postgresql")', 'pg.DOUBLE_PRECISION()'],
)
const value = fc.constantFrom(
  ...[
    "'5'",
    "'it\\'s'",
    "sa.text('now()')",
    'sa.func.now()',
    'sa.true()',
    'sa.false()',
    'sa.null()',
    "sa.text('5 + 1')",
  ],
)
const column = fc
  .tuple(
    name,
    type,
    fc.constantFrom('', '', '', "sa.ForeignKey('o.id')", "sa.ForeignKey('s.o.id', ondelete='CASCADE', name='fk')"),
    some(
      'nullable=True',
      'nullable=False',
      'unique=True',
      'index=True',
      "comment='it\\'s'",
      'default=4',
      'server_default=D',
      'server_default=D',
    ),
    value,
  )
  .map(
    ([n, t, key, options, d]) => `sa.Column(${call([n, t, key, ...options.map(each => each.replace('=D', `=${d}`))])})`,
  )
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 2 }).map(each => `[${each.join(', ')}]`)
const where = some("schema='s'", "schema='Sch'")

const keyOf = fc.constantFrom(
  ...["sa.PrimaryKeyConstraint('id')", "sa.PrimaryKeyConstraint('id', name='pk')", "sa.UniqueConstraint('id')"],
  ...["sa.UniqueConstraint('id', name='uq', deferrable=True)", "sa.CheckConstraint('id > 0', name='ck')"],
  ...[
    "sa.CheckConstraint('id > 1')",
    "sa.ForeignKeyConstraint(['id'], ['o.id'], ondelete='SET NULL')",
    "sa.Index('ixt', 'id')",
  ],
)
const createTable = fc
  .tuple(
    table,
    fc.constantFrom(
      'sa.Column("id", sa.Integer())',
      'sa.Column("id", sa.BigInteger(), primary_key=True)',
      'sa.Column("id", sa.Uuid(), nullable=False)',
    ),
    fc.uniqueArray(column, { maxLength: 4, selector: each => each.split(',', 1)[0] }),
    fc.uniqueArray(keyOf, { maxLength: 2, selector: each => each.slice(0, 20) }),
    some("schema='s'", "comment='tc'", 'if_not_exists=True'),
  )
  .map(([t, id, columns, keys, options]) => `op.create_table(${call([t, id, ...columns, ...keys, ...options])})`)
const dropTable = fc
  .tuple(table, some("schema='s'", 'if_exists=True'))
  .map(([t, options]) => `op.drop_table(${call([t, ...options])})`)
/** Which of the constraints of a column that is added comes first is a matter of chance: SQLAlchemy keeps them in a set. */
const added = column.filter(each => !(each.includes('ForeignKey') && each.includes('unique')))
const addColumn = fc
  .tuple(table, added, some("schema='s'", 'if_not_exists=True'))
  .map(([t, c, options]) => `op.add_column(${call([t, c, ...options])})`)
const alterColumn = fc
  .tuple(
    table,
    name,
    some(
      "schema='s'",
      'nullable=True',
      'nullable=False',
      'type_=T',
      'server_default=D',
      'server_default=None',
      "new_column_name='n'",
      "comment='c'",
      'comment=None',
      'existing_type=sa.Integer()',
      'existing_nullable=True',
      "postgresql_using='a::int'",
    ),
    type,
    value,
  )
  .map(
    ([t, n, options, ty, d]) =>
      `op.alter_column(${call([t, n, ...options.map(each => each.replace('=T', `=${ty}`).replace('=D', `=${d}`))])})`,
  )
const indexOptions = some(
  ...['unique=True', "schema='s'", 'if_not_exists=True', "postgresql_using='gin'", "postgresql_where=sa.text('a > 0')"],
  ...[
    "postgresql_ops={'a': 'text_pattern_ops'}",
    "postgresql_include=['c', 'Mixed']",
    "postgresql_with={'fillfactor': 50}",
  ],
  ...['postgresql_nulls_not_distinct=True', "postgresql_tablespace='Space'", 'postgresql_concurrently=True'],
)
const createIndex = fc
  .tuple(
    fc.constantFrom("'ix'", "op.f('ix_t_a')", "'Ix'", `'${'long'.repeat(15)}'`, `op.f('${'long'.repeat(20)}')`),
    table,
    fc.oneof(
      names,
      fc.constant("[sa.text('lower(a)')]"),
      fc.constant("['a', sa.text('b DESC')]"),
      fc.constant("[sa.func.lower(sa.column('a'))]"),
    ),
    indexOptions,
  )
  .map(([n, t, columns, options]) => `op.create_index(${call([n, t, columns, ...options])})`)
const dropIndex = fc
  .tuple(name, some("table_name='t'", "schema='s'", 'if_exists=True', 'postgresql_concurrently=True'))
  .map(([n, options]) => `op.drop_index(${call([n, ...options])})`)
const constraint = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("'fk'", 'None', "op.f('fk_t')"),
      table,
      table,
      names,
      some(
        "ondelete='CASCADE'",
        "onupdate='SET NULL'",
        'deferrable=True',
        "initially='DEFERRED'",
        "source_schema='s'",
        "referent_schema='S2'",
        "match='FULL'",
        'postgresql_not_valid=True',
      ),
    )
    .map(([n, a, b, columns, options]) => `op.create_foreign_key(${call([n, a, b, columns, columns, ...options])})`),
  fc
    .tuple(
      name,
      table,
      names,
      some(
        "schema='s'",
        'deferrable=True',
        "initially='IMMEDIATE'",
        'postgresql_nulls_not_distinct=True',
        "postgresql_include=['c']",
      ),
    )
    .map(([n, t, columns, options]) => `op.create_unique_constraint(${call([n, t, columns, ...options])})`),
  fc
    .tuple(
      name,
      table,
      fc.constantFrom("'a > 0'", "sa.text('a > 0')", '"x = \'y\'"', "sa.column('a') > 5", "sa.column('a').in_([1, 2])"),
      some("schema='s'", 'postgresql_not_valid=True'),
    )
    .map(([n, t, condition, options]) => `op.create_check_constraint(${call([n, t, condition, ...options])})`),
  fc
    .tuple(name, table, names, where)
    .map(([n, t, columns, options]) => `op.create_primary_key(${call([n, t, columns, ...options])})`),
  fc
    .tuple(name, table, some("schema='s'", "type_='foreignkey'", "type_='check'", 'if_exists=True'))
    .map(([n, t, options]) => `op.drop_constraint(${call([n, t, ...options])})`),
)
const other = fc.oneof(
  fc.tuple(table, table, where).map(([a, b, options]) => `op.rename_table(${call([a, b, ...options])})`),
  fc
    .tuple(table, name, some("schema='s'", 'if_exists=True'))
    .map(([t, n, options]) => `op.drop_column(${call([t, n, ...options])})`),
  fc.tuple(table, where).map(([t, options]) => `op.create_table_comment(${call([t, "'it\\'s'", ...options])})`),
  fc.tuple(table, where).map(([t, options]) => `op.drop_table_comment(${call([t, ...options])})`),
  fc.constantFrom(
    ...[
      "op.execute('select 1')",
      "op.execute(sa.text('select :x').bindparams(x=1))",
      "op.create_exclude_constraint('ex', 't', ('r', '&&'), using='gist')",
    ],
    ...[
      "op.bulk_insert(sa.table('t', sa.column('a', sa.Integer), sa.column('s', sa.String)), [{'a': 1, 's': 'x'}, {'a': 2, 's': 'y'}])",
    ],
    ...["op.execute(sa.update(sa.table('t', sa.column('a'))).where(sa.column('a') == 1).values(a=2))"],
    ...["op.execute(sa.delete(sa.table('t', sa.column('a'))).where(sa.column('a').is_(None)))"],
    ...[
      "op.create_exclude_constraint('ex', 'Orders', ('a', '='), ('r', '&&'), using='gist', where='a > 0', schema='s')",
    ],
  ),
)
const batch = fc
  .tuple(table, added, name, where)
  .map(
    ([t, c, n, options]) =>
      `with op.batch_alter_table(${call([t, ...options])}) as batch:\n    batch.add_column(${c})\n    batch.alter_column(${n}, nullable=False)\n    batch.create_index('ixb', [${n}])\n    batch.drop_constraint(${n}, type_='unique')\n    batch.create_unique_constraint('uqb', [${n}])\n    batch.drop_column(${n})`,
  )
const operations = [
  ...[createTable, createTable, createTable, createTable, addColumn, addColumn, addColumn, alterColumn, alterColumn],
  ...[alterColumn, createIndex, createIndex, createIndex, createIndex, dropIndex, constraint, constraint, constraint],
  ...[other, other, other, batch, dropTable],
]
