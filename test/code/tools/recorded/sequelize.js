// What Sequelize 6.37.8 was given when the statements of sequelize.sql were logged by PostgreSQL 17.
const { DataTypes: D, Op } = require('sequelize')
module.exports = {
  async up(q) {
    const s = q.sequelize
    // createTable
    await q.createTable('users', {
      id: { type: D.INTEGER, primaryKey: true, autoIncrement: true, allowNull: false },
      uid: { type: D.UUID, defaultValue: D.UUIDV4, allowNull: false },
      s: { type: D.STRING, allowNull: false },
      s50: { type: D.STRING(50), unique: true },
      t: D.TEXT,
      ci: D.CITEXT,
      b: { type: D.BOOLEAN, defaultValue: false, allowNull: false },
      i: D.INTEGER,
      bi: D.BIGINT,
      si: D.SMALLINT,
      f: D.FLOAT,
      dbl: D.DOUBLE,
      dec: D.DECIMAL,
      dec2: D.DECIMAL(10, 2),
      dt: D.DATE,
      dt3: D.DATE(3),
      donly: D.DATEONLY,
      tm: D.TIME,
      j: D.JSON,
      jb: { type: D.JSONB, defaultValue: {} },
      arr: D.ARRAY(D.STRING),
      blob: D.BLOB,
      en: { type: D.ENUM('a', 'b'), defaultValue: 'a' },
      en2: { type: D.ENUM, values: ['x', 'y'] },
      now: { type: D.DATE, defaultValue: s.fn('now') },
      lit: { type: D.DATE, defaultValue: s.literal('CURRENT_TIMESTAMP') },
      dnow: { type: D.DATE, defaultValue: D.NOW },
      inet: D.INET,
      createdAt: { type: D.DATE, allowNull: false },
      updatedAt: { type: D.DATE, allowNull: false },
      cm: { type: D.STRING, comment: "it's" },
    })
    // createTable fk unique
    await q.createTable(
      'posts',
      {
        id: { type: D.UUID, primaryKey: true, defaultValue: s.fn('gen_random_uuid') },
        userId: {
          type: D.INTEGER,
          references: { model: 'users', key: 'id' },
          onDelete: 'cascade',
          onUpdate: 'cascade',
        },
        u2: { type: D.INTEGER, references: { model: 'users' } },
        a: D.INTEGER,
        b: { type: D.INTEGER, unique: 'grp' },
        c: { type: D.INTEGER, unique: 'grp' },
        s: D.STRING,
        big: { type: D.BIGINT, autoIncrement: true },
      },
      { uniqueKeys: { uq1: { fields: ['a', 'b'] } }, comment: 'tc' },
    )
    // createTable schema
    await q.createSchema('sch')
    await q.createTable(
      { tableName: 'x', schema: 'sch' },
      { id: { type: D.BIGINT, primaryKey: true, autoIncrement: true } },
    )
    // addColumn
    await q.addColumn('posts', 'c1', { type: D.STRING })
    await q.addColumn('posts', 'c2', D.STRING)
    await q.addColumn('posts', 'c3', { type: D.BOOLEAN, allowNull: false, defaultValue: true })
    await q.addColumn('posts', 'c4', { type: D.INTEGER, allowNull: true, defaultValue: null })
    await q.addColumn('posts', 'c5', {
      type: D.INTEGER,
      references: { model: 'users', key: 'id' },
      onDelete: 'SET NULL',
    })
    await q.addColumn('posts', 'c6', { type: D.ENUM('q', 'r'), allowNull: false, defaultValue: 'q' })
    await q.addColumn('posts', 'c7', { type: D.STRING, unique: true })
    await q.addColumn('posts', 'c8', { type: D.JSONB, defaultValue: {}, allowNull: false })
    await q.addColumn('posts', 'c9', { type: D.ARRAY(D.STRING), defaultValue: [] })
    await q.addColumn('posts', 'c10', { type: D.DATE, defaultValue: s.fn('now'), comment: 'hi' })
    await q.addColumn('posts', 'c11', { type: D.VIRTUAL })
    await q.addColumn({ tableName: 'x', schema: 'sch' }, 'y', { type: D.TEXT })
    await q.addColumn('posts', 'c12', { type: D.TEXT, after: 'c1' })
    await q.addColumn('posts', 'c13', { type: D.INTEGER, primaryKey: true })
    // addColumn ifNotExists
    await q.addColumn('posts', 'c1', { type: D.STRING }, { ifNotExists: true })
    // changeColumn
    await q.changeColumn('posts', 'c1', { type: D.TEXT })
    await q.changeColumn('posts', 'c1', { type: D.STRING, allowNull: false })
    await q.changeColumn('posts', 'c1', { type: D.STRING, allowNull: true, defaultValue: 'x' })
    await q.changeColumn('posts', 'c1', { type: D.STRING(10), unique: true })
    await q.changeColumn('posts', 'c4', {
      type: D.INTEGER,
      references: { model: 'users', key: 'id' },
      onDelete: 'CASCADE',
    })
    await q.changeColumn('posts', 'c3', { type: D.BOOLEAN, allowNull: false, defaultValue: false })
    await q.changeColumn('posts', 'c6', { type: D.ENUM('q', 'r', 'z') })
    await q.changeColumn('posts', 'c2', { type: D.ENUM('m', 'n') })
    await q.changeColumn('posts', 'c2', { type: D.STRING, comment: 'cc' })
    await q.changeColumn('posts', 'c4', D.BIGINT)
    // addIndex
    await q.addIndex('posts', ['s'])
    await q.addIndex('posts', { fields: ['s', 'a'], unique: true, name: 'myix' })
    await q.addIndex('posts', ['a'], { concurrently: true })
    await q.addIndex('posts', ['a'], { name: 'part', where: { a: { [Op.gt]: 1 } } })
    await q.addIndex('posts', {
      fields: [{ name: 'a', order: 'DESC' }, s.fn('lower', s.col('s'))],
      name: 'fx',
      using: 'btree',
    })
    await q.addIndex('posts', ['c8'], { using: 'gin', name: 'gg', operator: 'jsonb_path_ops' })
    await q.addIndex('posts', ['userId', 'createdAt'], { type: 'UNIQUE' })
    await q.addIndex('posts', ['b'], { unique: true })
    await q.addIndex('posts', ['c'], { where: { c: null }, name: 'wn' })
    // removeIndex
    await q.removeIndex('posts', 'myix')
    await q.removeIndex('posts', ['s'])
    await q.removeIndex('posts', 'part', { concurrently: true })
    // addConstraint
    await q.addConstraint('posts', { fields: ['a'], type: 'unique', name: 'uqa' })
    await q.addConstraint('posts', { fields: ['b'], type: 'unique' })
    await q.addConstraint('posts', { fields: ['a'], type: 'check', where: { a: { [Op.gt]: 0 } }, name: 'cka' })
    await q.addConstraint('posts', {
      fields: ['u2'],
      type: 'foreign key',
      name: 'fku',
      references: { table: 'users', field: 'id' },
      onDelete: 'cascade',
      onUpdate: 'cascade',
    })
    await q.addConstraint('users', { fields: ['s'], type: 'primary key', name: 'pk' })
    await q.removeConstraint('posts', 'uqa')
    // removeColumn/rename
    await q.removeColumn('posts', 'c1')
    await q.renameColumn('posts', 'c2', 'c22')
    await q.renameTable('posts', 'articles')
    await q.dropTable('articles')
    await q.dropTable('users', { cascade: true })
    // transaction
    await s.transaction(async t => {
      await q.createTable('tt', { id: { type: D.INTEGER, primaryKey: true } }, { transaction: t })
      await q.addColumn('tt', 'x', D.INTEGER, { transaction: t })
      await q.addIndex('tt', ['x'], { transaction: t })
    })
    // bulkInsert etc
    await q.bulkInsert('tt', [{ id: 1, x: 2 }])
    await q.bulkUpdate('tt', { x: 3 }, { id: 1 })
    await q.bulkDelete('tt', { id: 1 })
    await s.query('select 1; select 2')
    await q.sequelize.query('select :a', { replacements: { a: 5 } })
    await q.dropAllEnums?.()
  },
}
