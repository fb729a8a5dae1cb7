exports.up = (db, cb) => {
  db.createTable(
    'users',
    {
      columns: {
        id: { type: 'int', primaryKey: true, autoIncrement: true },
        name: { type: 'string', notNull: true, length: 50, unique: true, defaultValue: 'x' },
        t: 'text',
        b: { type: 'boolean', defaultValue: false },
        ts: 'timestamp',
        dt: 'datetime',
        bi: 'bigint',
        dec: { type: 'decimal' },
        j: 'jsonb',
      },
      ifNotExists: true,
    },
    () => {
      db.createTable(
        'posts',
        {
          id: { type: 'bigint', primaryKey: true, autoIncrement: true },
          u: {
            type: 'int',
            foreignKey: {
              name: 'posts_u_fk',
              table: 'users',
              rules: { onDelete: 'CASCADE', onUpdate: 'RESTRICT' },
              mapping: 'id',
            },
          },
        },
        () => {
          db.addColumn('users', 'c1', { type: 'string', notNull: true, defaultValue: 'q' }, () => {
            db.addIndex('users', 'ix', ['name', 't'], true, () => {
              db.addForeignKey('posts', 'users', 'fk2', { u: 'id' }, { onDelete: 'SET NULL' }, () => {
                db.changeColumn('users', 'c1', { type: 'text', notNull: false, defaultValue: null }, () => {
                  db.renameColumn('users', 'c1', 'c2', () => {
                    db.removeColumn('users', 'c2', () => {
                      db.removeIndex('users', 'ix', () => {
                        db.removeForeignKey('posts', 'fk2', () => {
                          db.renameTable('posts', 'p2', () => {
                            db.dropTable('p2', { ifExists: true }, () => {
                              db.runSql('select 1; select 2', [], () => {
                                db.insert('users', ['name'], ['z'], cb)
                              })
                            })
                          })
                        })
                      })
                    })
                  })
                })
              })
            })
          })
        },
      )
    },
  )
}
exports.down = null
exports._meta = { version: 1 }
