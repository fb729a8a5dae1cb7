import { expect, test } from 'vitest'
import { railsCalls } from '../../../src/systems/rails/calls.ts'
import { type SentByCode, sent } from '../kit/sent.ts'
import { oneSpace } from './kit/one-space.ts'

async function change(body: string, version = '8.0', direction: 'up' | 'down' = 'up'): Promise<SentByCode> {
  return sent(
    railsCalls(),
    `class A < ActiveRecord::Migration[${version}]\n  def change\n${body}\n  end\nend\n`,
    direction,
    '1.rb',
  )
}

test.each<[string, string, string, string[]]>([
  [
    '4.2',
    'ids, references and timestamps',
    'create_table(:a) { |t| t.references :b; t.timestamps; t.datetime :c }',
    [
      'CREATE TABLE "a" ("id" serial NOT NULL PRIMARY KEY, "b_id" integer, "created_at" timestamp, "updated_at" timestamp, "c" timestamp)',
    ],
  ],
  [
    '5.0',
    'ids, references and timestamps',
    'create_table(:a) { |t| t.references :b; t.timestamps }\nadd_reference :a, :c',
    [
      'CREATE TABLE "a" ("id" serial NOT NULL PRIMARY KEY, "b_id" integer, "created_at" timestamp NOT NULL, "updated_at" timestamp NOT NULL)',
      'CREATE INDEX "index_a_on_b_id" ON "a" ("b_id")',
      'ALTER TABLE "a" ADD "c_id" integer',
      'CREATE INDEX "index_a_on_c_id" ON "a" ("c_id")',
    ],
  ],
  [
    '5.0',
    'a key of another type',
    'create_table :a, id: :uuid\ncreate_table :b, id: :bigint',
    [
      'CREATE TABLE "a" ("id" uuid DEFAULT uuid_generate_v4() NOT NULL PRIMARY KEY)',
      'CREATE TABLE "b" ("id" bigint NOT NULL PRIMARY KEY)',
    ],
  ],
  [
    '5.1',
    'change_column in several statements',
    "change_column :a, :b, :string, default: 'x', null: false, comment: 'c'",
    [
      'ALTER TABLE "a" ALTER COLUMN "b" TYPE character varying',
      `ALTER TABLE "a" ALTER COLUMN "b" SET DEFAULT 'x'`,
      `UPDATE "a" SET "b"='x' WHERE "b" IS NULL`,
      'ALTER TABLE "a" ALTER COLUMN "b" SET NOT NULL',
      `COMMENT ON COLUMN "a"."b" IS 'c'`,
    ],
  ],
  [
    '5.2',
    'timestamps without digits',
    'create_table(:a, id: false) { |t| t.timestamps }',
    ['CREATE TABLE "a" ("created_at" timestamp NOT NULL, "updated_at" timestamp NOT NULL)'],
  ],
  [
    '6.0',
    'the index of a polymorphic reference',
    'add_reference :a, :b, polymorphic: true',
    [
      'ALTER TABLE "a" ADD "b_type" character varying',
      'ALTER TABLE "a" ADD "b_id" bigint',
      'CREATE INDEX "index_a_on_b_type_and_b_id" ON "a" ("b_type", "b_id")',
    ],
  ],
  [
    '6.1',
    'a default of uuid that is not a UUID, and one that is',
    "create_table(:a, id: false) { |t| t.uuid :b }\nchange_column_default :a, :b, from: nil, to: 'x'\nchange_column_default :a, :b, from: nil, to: '6ba7b810-9dad-11d1-80b4-00c04fd430c8'",
    [
      'CREATE TABLE "a" ("b" uuid)',
      'ALTER TABLE "a" ALTER COLUMN "b" SET DEFAULT NULL',
      `ALTER TABLE "a" ALTER COLUMN "b" SET DEFAULT '6ba7b810-9dad-11d1-80b4-00c04fd430c8'`,
    ],
  ],
  [
    '6.1',
    'datetime without digits, timestamps with six',
    'create_table(:a, id: false) { |t| t.datetime :b; t.datetime :c, precision: 3; t.timestamps }',
    [
      'CREATE TABLE "a" ("b" timestamp, "c" timestamp(3), "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL)',
    ],
  ],
  [
    '7.0',
    'long names, and what depends on an extension',
    `add_index :${'a'.repeat(30)}, [:${'b'.repeat(15)}, :c]\ndisable_extension 'x'`,
    [
      `CREATE INDEX "index_${'a'.repeat(30)}_on_${'b'.repeat(15)}_and_c" ON "${'a'.repeat(30)}" ("${'b'.repeat(15)}", "c")`,
      'DROP EXTENSION IF EXISTS "x" CASCADE',
    ],
  ],
])('Migration[%s]: %s', async (version, _, body, sql) => {
  expect(await change(body, version)).toEqual({ sql, unread: [], doubts: [] })
})

test('options are read however they are written', async () => {
  const { sql } = await change(
    "o = { null: false }\nadd_column :a, :b, :string, { :default => 'x' }\nadd_column :a, :c, :string, **o",
  )
  expect(sql).toEqual([
    `ALTER TABLE "a" ADD "b" character varying DEFAULT 'x'`,
    'ALTER TABLE "a" ADD "c" character varying NOT NULL',
  ])
})

test('defaults are converted to the type of the column', async () => {
  const { sql } = await change(`create_table :a, id: false do |t|
    t.string :a, default: 5
    t.integer :b, default: '7'
    t.decimal :c, default: 0
    t.float :d, default: '1.5'
    t.boolean :e, default: 'f'
    t.jsonb :f, default: '{}'
    t.jsonb :g, default: []
    t.text :h, array: true, default: ['a b', nil, "c"]
    t.boolean :i, default: 1
    t.text :j, default: ''
  end`)
  expect(sql).toEqual([
    `CREATE TABLE "a" ("a" character varying DEFAULT '5', "b" integer DEFAULT 7, "c" decimal DEFAULT 0.0, "d" float DEFAULT 1.5, ` +
      `"e" boolean DEFAULT FALSE, "f" jsonb DEFAULT '"{}"', "g" jsonb DEFAULT '[]', "h" text[] DEFAULT '{"a b",NULL,c}', ` +
      `"i" boolean DEFAULT TRUE, "j" text DEFAULT '')`,
  ])
})

test('a change is reverted in reverse order', async () => {
  const body = `create_table(:a) { |t| t.string :b }
    add_column :c, :d, :string
    reversible { |dir| dir.up { execute 'select 1' }; dir.down { execute 'select 2' } }
    add_index :c, :d
    change_column_default :c, :d, from: 'x', to: 'y'
    remove_column :c, :e, :integer, null: false
    up_only { execute 'select 3' }
    rename_column :c, :f, :g
    change_column_null :c, :h, false`
  expect(await change(body, '8.0', 'down')).toEqual({
    sql: [
      'ALTER TABLE "c" ALTER COLUMN "h" DROP NOT NULL',
      'ALTER TABLE "c" RENAME COLUMN "g" TO "f"',
      'ALTER TABLE "c" ADD "e" integer NOT NULL',
      `ALTER TABLE "c" ALTER COLUMN "d" SET DEFAULT 'x'`,
      'DROP INDEX "index_c_on_d"',
      'select 2',
      'ALTER TABLE "c" DROP COLUMN "d"',
      'DROP TABLE "a"',
    ].map(sql => sql.replace('DROP INDEX ', 'DROP INDEX  ')),
    unread: [],
    doubts: [],
  })
  const irreversible = await change("execute 'x'\nchange_column :a, :b, :text", '8.0', 'down')
  expect(irreversible.sql).toEqual([])
  expect(irreversible.unread).toHaveLength(2)
})

test('revert reverts the calls in its block', async () => {
  expect((await change('revert { add_column :a, :b, :string; add_index :a, :b }')).sql.map(oneSpace)).toEqual([
    'DROP INDEX "index_a_on_b"',
    'ALTER TABLE "a" DROP COLUMN "b"',
  ])
})

test('names that earlier migrations gave are found', async () => {
  const reader = railsCalls()
  const migration = (body: string) =>
    sent(reader, `class A < ActiveRecord::Migration[8.0]\ndef change\n${body}\nend\nend`, 'up', '1.rb')
  await migration(`create_table :a do |t|
    t.string :b, index: { name: 'mine' }
    t.references :c, foreign_key: { name: 'key' }
  end`)
  const { sql } = await migration(`remove_index :a, :b
    remove_foreign_key :a, :cs
    add_column :a, :d, :string unless column_exists?(:a, :b)
    add_column :a, :e, :string unless column_exists?(:a, :e)
    remove_column :a, :f, if_exists: true`)
  expect(sql.map(oneSpace)).toEqual([
    'DROP INDEX "mine"',
    'ALTER TABLE "a" DROP CONSTRAINT "key"',
    'ALTER TABLE "a" ADD "e" character varying',
  ])
  await migration("execute 'ALTER TABLE a ADD g int'")
  const later = await migration('remove_column :a, :g if column_exists?(:a, :g)')
  expect(later.sql).toEqual(['ALTER TABLE "a" DROP COLUMN "g"'])
  expect(later.doubts).toHaveLength(1)
})

test('the facts about a history belong to one pass through it', async () => {
  const reader = railsCalls()
  const opened = reader.ofHistory?.() ?? reader
  const code =
    'class A < ActiveRecord::Migration[8.0]\ndef change\ncreate_table :a\nadd_column :a, :b, :string, if_not_exists: true\nend\nend'
  await sent(opened, code, 'up', '1.rb')
  expect((await sent(reader.ofHistory?.() ?? reader, code, 'up', '1.rb')).sql[1]).toBe(
    'ALTER TABLE "a" ADD "b" character varying',
  )
})

test('unknown parts are reported at their places, and the rest is read', async () => {
  const read = await change(`User.update_all(a: 1)
    add_column_with_default :a, :b, :string, default: 'x'
    add_column :a, :c, TYPE
    add_column :a, :d, :string, surprise: true
    add_index :a, :e, algorithm: :inplace
    safety_assured { say_with_time('x') { add_column ENV['T'], :f, :string } }
    add_column :a, :g, :string`)
  expect(read.sql).toEqual([
    expect.stringMatching(/^ALTER TABLE "\$\{ENV\.T\}" ADD "f" character varying$/),
    'ALTER TABLE "a" ADD "g" character varying',
  ])
  expect(read.unread.map(each => each.split(': ').slice(-2).join(': '))).toEqual([
    '`User.update_all`: it runs code of the application',
    '`add_column_with_default`: it is not defined in this file',
    expect.stringContaining('it runs code of the application'),
    expect.stringContaining('Rails has no option `surprise` of a column'),
    expect.stringContaining('Rails does not know this algorithm'),
    expect.stringContaining('is not evaluated'),
  ])
})

test('a key still refers to a table under its new name', async () => {
  const { sql } = await change(`create_table :as
    create_table(:b) { |t| t.references :a, foreign_key: { name: 'key' } }
    rename_table :as, :cs
    remove_foreign_key :b, :cs`)
  expect(sql.at(-1)).toBe('ALTER TABLE "b" DROP CONSTRAINT "key"')
})

test('a block of `change_table` is taken back call by call', async () => {
  const code = `class A < ActiveRecord::Migration[6.1]
  def change
    change_table(:a) { |t| t.integer :b; t.index :c, name: 'i' }
    change_table(:a, bulk: true) { |t| t.string :d; t.change_null :e, true }
  end
end
`
  const down = [
    'ALTER TABLE "a" ALTER COLUMN "e" SET NOT NULL',
    'ALTER TABLE "a" DROP COLUMN "d"',
    'DROP INDEX  "i"',
    'ALTER TABLE "a" DROP COLUMN "b"',
  ]
  expect(await sent(railsCalls({ rails: 6.1 }), code, 'down', '1.rb')).toMatchObject({ sql: down, unread: [] })
  const later = await sent(railsCalls({ rails: 7.1 }), code, 'down', '1.rb')
  expect(later.unread).toEqual(['change_table: how Rails takes `change_table` with `bulk` back is not read'])
})
