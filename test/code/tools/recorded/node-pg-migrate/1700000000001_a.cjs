exports.up = pgm => {
  const m = l => pgm.sql(`select '### ${l}'`)
  m('createTable')
  pgm.createTable(
    'users',
    {
      id: 'id',
      name: { type: 'varchar(100)', notNull: true },
      email: { type: 'text', unique: true },
      n: { type: 'integer', default: 0, notNull: true },
      b: { type: 'boolean', default: false },
      ts: { type: 'timestamp', notNull: true, default: pgm.func('current_timestamp') },
      j: { type: 'jsonb', default: '{}' },
      s: 'string',
      dt: 'datetime',
      f: 'float',
      i: 'int',
      d: 'double',
      bl: 'bytea',
      ck: { type: 'int', check: 'ck > 0' },
      c: { type: 'text', comment: "it's", collation: '"C"' },
      g: { type: 'int', expressionGenerated: 'n*2' },
      idn: { type: 'int', sequenceGenerated: { precedence: 'BY DEFAULT' } },
    },
    { ifNotExists: true, comment: 'tc' },
  )
  m('createTable fk')
  pgm.createTable(
    'posts',
    {
      id: { type: 'bigserial', primaryKey: true },
      user_id: { type: 'integer', notNull: true, references: 'users', onDelete: 'cascade' },
      u2: { type: 'integer', references: '"users"(id)', referencesConstraintName: 'fkx' },
      u3: { type: 'int', references: { schema: 'public', name: 'users' } },
      a: 'int',
      bb: 'int',
    },
    { constraints: { unique: ['a', 'bb'], check: 'a > 1' } },
  )
  pgm.createTable('cpk', { a: { type: 'int', primaryKey: true }, b: { type: 'int', primaryKey: true } })
  m('addColumns')
  pgm.addColumn('posts', { x: { type: 'text' }, y: { type: 'int', notNull: true, default: 3 } })
  pgm.addColumns('posts', { z: { type: 'text', notNull: true } }, { ifNotExists: true })
  pgm.addColumn('posts', { w: { type: 'int', references: 'users', onDelete: 'SET NULL', unique: true } })
  m('alterColumn')
  pgm.alterColumn('posts', 'x', { type: 'varchar(20)', using: 'x::varchar(20)', notNull: true, default: 'q' })
  pgm.alterColumn('posts', 'x', { notNull: false, default: null })
  pgm.alterColumn('posts', 'y', { allowNull: true, comment: 'c' })
  pgm.alterColumn('posts', 'y', { type: 'bigint' })
  m('indexes')
  pgm.createIndex('posts', 'x')
  pgm.createIndex('posts', ['x', 'y'], { unique: true })
  pgm.createIndex('posts', 'lower(x)')
  pgm.createIndex('posts', [{ name: 'x', sort: 'DESC' }, 'y'], {
    name: 'ixx',
    where: 'y > 1',
    method: 'btree',
    include: ['z'],
    ifNotExists: true,
  })
  pgm.createIndex('posts', 'x', { name: 'opx', opclass: 'text_pattern_ops' })
}
exports.down = false
