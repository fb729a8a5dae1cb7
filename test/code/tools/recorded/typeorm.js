// What TypeORM 1.1.1 was given when the statements of typeorm.sql were logged by PostgreSQL 17.
import { Table, TableCheck, TableColumn, TableForeignKey, TableIndex, TableUnique } from 'typeorm'
export class Recorded1700000000000 {
  async up(r) {
    // createTable
    await r.createTable(
      new Table({
        name: 'users',
        columns: [
          { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'u', type: 'uuid', isGenerated: true, generationStrategy: 'uuid' },
          { name: 's', type: 'varchar', length: '50', isNullable: false },
          { name: 'v', type: 'varchar', isUnique: true },
          { name: 't', type: 'timestamp', default: 'now()' },
          { name: 'tz', type: 'timestamptz', isNullable: true },
          { name: 'b', type: 'boolean', default: false },
          { name: 'e', type: 'enum', enum: ['a', 'b'], default: "'a'" },
          { name: 'n', type: 'decimal', precision: 10, scale: 2 },
          { name: 'arr', type: 'text', isArray: true },
          { name: 'cm', type: 'text', comment: "it's" },
        ],
        indices: [{ columnNames: ['s'] }],
        foreignKeys: [],
        uniques: [{ columnNames: ['s', 'v'] }],
        checks: [{ expression: 'n > 0' }],
      }),
      true,
    )
    // createTable fk
    await r.createTable(
      new Table({
        name: 'posts',
        columns: [
          { name: 'id', type: 'bigint', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'userId', type: 'int' },
          { name: 'x', type: 'int' },
        ],
        foreignKeys: [
          { columnNames: ['userId'], referencedTableName: 'users', referencedColumnNames: ['id'], onDelete: 'CASCADE' },
        ],
      }),
    )
    // addColumn
    await r.addColumn('posts', new TableColumn({ name: 'a', type: 'varchar', isNullable: true }))
    await r.addColumn('posts', new TableColumn({ name: 'b', type: 'int', default: 5 }))
    await r.addColumn('posts', new TableColumn({ name: 'c', type: 'varchar', isUnique: true, isNullable: true }))
    await r.addColumns('posts', [
      new TableColumn({ name: 'd', type: 'int', isNullable: true }),
      new TableColumn({ name: 'e', type: 'enum', enum: ['q'], isNullable: true }),
    ])
    // createIndex etc
    await r.createIndex('posts', new TableIndex({ name: 'ix', columnNames: ['a'] }))
    await r.createIndex('posts', new TableIndex({ columnNames: ['a', 'b'], isUnique: true, where: 'a is not null' }))
    await r.createIndex('posts', new TableIndex({ columnNames: ['b'], isConcurrent: true }))
    await r.createForeignKey(
      'posts',
      new TableForeignKey({
        columnNames: ['x'],
        referencedTableName: 'users',
        referencedColumnNames: ['id'],
        onDelete: 'SET NULL',
        name: 'fkx',
      }),
    )
    await r.createForeignKey(
      'posts',
      new TableForeignKey({ columnNames: ['d'], referencedTableName: 'users', referencedColumnNames: ['id'] }),
    )
    await r.createUniqueConstraint('posts', new TableUnique({ columnNames: ['b'] }))
    await r.createCheckConstraint('posts', new TableCheck({ expression: 'b > 0', name: 'ck' }))
    await r.dropIndex('posts', 'ix')
    await r.dropForeignKey('posts', 'fkx')
    await r.createPrimaryKey('users', ['id'])
  }
}
