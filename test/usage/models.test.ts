import { describe, expect, test } from 'vitest'
import type { Removed } from '../../src/lint/removed.ts'
import { answersOf, type CodeRead, plan, type ReadFile } from '../../src/usage/answers.ts'
import { isCode } from '../../src/usage/code-file.ts'
import { formsOf, tableForms } from '../../src/usage/forms.ts'

const others = ['users']

function column(of: string, name: string): Removed {
  return { kind: 'column', schema: 'public', of, name, others: [] }
}

function relation(name: string, kind: 'table' | 'view' | 'type' = 'table'): Removed {
  return { kind, schema: 'public', of: null, name, others }
}

type Files = Readonly<Record<string, string>>

function listed(files: Files): ReadFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }))
}

/** What is said about a name: the kind of answer and the places. `before`: the files that were different. */
function said(removed: Removed, files: Files, before?: Files): string {
  const read: CodeRead = {
    files: listed(files),
    others: listed(files),
    searched: Object.keys(files).length,
    isComplete: true,
    deployed: before
      ? {
          name: 'main',
          files: listed(before),
          isSame: path => Object.hasOwn(files, path) && !Object.hasOwn(before, path),
        }
      : null,
  }
  const answer = answersOf([removed], read).of(removed)
  if (answer === null) return 'unknown'
  if (answer.kind === 'not found') return `not found in ${answer.naming}`
  const places = answer.places.map(({ path, line }) => `${path}:${line}`).join(' ')
  return `${answer.kind}${answer.kind === 'deployed' && answer.cached ? ' (remembered)' : ''} ${places}`
}

/** A model of `orders` with the column `note` (`column`) and without it, by what people call the library. */
const models: readonly {
  readonly library: string
  readonly path: string
  readonly table?: string
  readonly column?: string
  readonly line: number
  readonly text: string
}[] = [
  {
    library: 'Prisma',
    path: 'prisma/schema.prisma',
    line: 3,
    text: 'model Order {\n  id Int @id\n  note String?\n  user User @relation(fields: [userId])\n  @@map("orders")\n}\n',
  },
  {
    library: 'Prisma, mapped',
    path: 'prisma/schema.prisma',
    column: 'note_text',
    line: 3,
    text: 'model Order {\n  id Int @id\n  note String? @map("note_text")\n  @@map("orders")\n}\n',
  },
  {
    library: 'Drizzle',
    path: 'src/schema.ts',
    line: 3,
    text: "export const orders = pgTable('orders', {\n  id: integer('id').primaryKey(),\n  note: text('note'),\n})\n",
  },
  {
    library: 'Drizzle, mapped',
    path: 'src/schema.ts',
    column: 'note_text',
    line: 3,
    text: "export const orders = pgTable('orders', {\n  id: integer('id').primaryKey(),\n  note: text('note_text'),\n})\n",
  },
  {
    library: 'TypeORM',
    path: 'src/order.entity.ts',
    line: 5,
    text: "@Entity({ name: 'orders' })\nexport class Order {\n  @PrimaryColumn() id: number\n  @Column({ nullable: true })\n  note: string\n}\n",
  },
  {
    library: 'TypeORM by convention',
    path: 'src/order.entity.ts',
    table: 'order',
    line: 4,
    text: '@Entity()\nexport class Order {\n  @PrimaryColumn() id: number\n  @Column() note: string\n}\n',
  },
  {
    library: 'Sequelize',
    path: 'src/order.js',
    line: 3,
    text: "Order.init({\n  id: DataTypes.INTEGER,\n  note: DataTypes.TEXT,\n}, { sequelize, tableName: 'orders' })\n",
  },
  {
    library: 'Django by convention',
    path: 'shop/models.py',
    table: 'shop_order',
    line: 5,
    text: 'from django.db import models\n\nclass Order(models.Model):\n    id = models.IntegerField()\n    note = models.TextField(null=True)\n',
  },
  {
    library: 'Django, named',
    path: 'shop/models/order.py',
    line: 2,
    text: 'class Order(models.Model):\n    note = models.TextField(null=True)\n    class Meta:\n        db_table = "orders"\n',
  },
  {
    library: 'SQLAlchemy',
    path: 'app/order.py',
    line: 4,
    text: 'class Order(Base):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    note: Mapped[str | None] = mapped_column(Text)\n',
  },
  {
    library: 'Ecto',
    path: 'lib/shop/order.ex',
    line: 3,
    text: 'defmodule Shop.Order do\n  schema "orders" do\n    field :note, :string\n  end\nend\n',
  },
  {
    library: 'JPA',
    path: 'src/main/java/Order.java',
    line: 5,
    text: '@Entity\n@Table(name = "orders")\npublic class Order {\n  @Id private Long id;\n  private String note;\n}\n',
  },
  {
    library: 'JPA by convention',
    path: 'src/main/java/OrderItem.java',
    table: 'order_item',
    line: 4,
    text: '@Entity\npublic class OrderItem {\n  @Id private Long id;\n  private String note;\n}\n',
  },
  {
    library: 'EF Core',
    path: 'Models/Order.cs',
    line: 4,
    text: '[Table("orders")]\npublic class Order\n{\n    public string? Note { get; set; }\n}\n',
  },
  {
    library: 'GORM',
    path: 'store/order.go',
    line: 3,
    text: 'type Order struct {\n\tID int\n\tNote string\n}\n\nfunc (Order) TableName() string { return "orders" }\n',
  },
  {
    library: 'Diesel',
    path: 'src/schema.rs',
    line: 4,
    text: '// @generated automatically by Diesel CLI.\ndiesel::table! {\n    orders (id) {\n        note -> Nullable<Text>,\n    }\n}\n',
  },
  {
    library: 'SeaORM',
    path: 'src/entity/orders.rs',
    line: 4,
    text: '#[derive(DeriveEntityModel)]\n#[sea_orm(table_name = "orders")]\npub struct Model {\n    pub note: Option<String>,\n}\n',
  },
  {
    library: 'Eloquent',
    path: 'app/Models/Order.php',
    line: 3,
    text: "<?php\nclass Order extends Model {\n  protected $fillable = ['note'];\n}\n",
  },
  {
    library: 'Active Record',
    path: 'app/models/order.rb',
    line: 2,
    text: 'class Order < ApplicationRecord\n  validates :note, presence: true\nend\n',
  },
  {
    library: 'sqlc',
    path: 'db/query.sql.go',
    line: 2,
    text: '// Code generated by sqlc. DO NOT EDIT.\nconst getOrder = `SELECT id, note FROM orders WHERE id = $1`\n',
  },
]

describe('a model that is mapped to the table', () => {
  for (const { library, path, table = 'orders', column: name = 'note', line, text } of models) {
    test(`${library}: says that the column is used, and where`, () => {
      expect(said(column(table, name), { [path]: text })).toBe(`used ${path}:${line}`)
    })

    test(`${library}: without the column it says that it was used before`, () => {
      const without = text
        .split('\n')
        .filter((_, i) => i !== line - 1)
        .join('\n')
      expect(said(column(table, name), { [path]: without }, { [path]: text })).toBe(`deployed ${path}:${line}`)
    })

    test(`${library}: a column that it does not have is not found`, () => {
      expect(said(column(table, 'shipping_region'), { [path]: text })).toBe('not found in 1')
    })

    test(`${library}: is not about another table`, () => {
      expect(said(column('customers', name), { [path]: text })).toBe('unknown')
    })
  }
})

describe('what is no use', () => {
  const typeorm = (body: string) => `@Entity('orders')\nexport class Order {\n  @Column() id: number\n${body}}\n`

  for (const [what, path, table, text] of [
    ['a comment', 'a.ts', 'orders', typeorm('  // note: the old column\n  /* note: string */\n')],
    [
      'a property of the same name with another column',
      'a.ts',
      'orders',
      typeorm("  @Column({ name: 'remark' })\n  note: string\n"),
    ],
    ['a computed property', 'a.ts', 'orders', typeorm("  get note(): string { return '' }\n")],
    ['a variable of a method', 'a.ts', 'orders', typeorm('  f() {\n    return { x: this.note }\n  }\n')],
    [
      'a key of what a method returns',
      'shop/models.py',
      'shop_order',
      'class Order(models.Model):\n    id = models.IntegerField()\n    def to_dict(self):\n        return {\n            "note": self.remark,\n        }\n',
    ],
    [
      'a column of another table in a join',
      'a.ts',
      'orders',
      'const q = `SELECT o.id, u.note FROM orders o JOIN users u ON true`\n',
    ],
    [
      'a field of Django for another object, whose column is note_id',
      'shop/models.py',
      'shop_order',
      'class Order(models.Model):\n    id = models.IntegerField()\n    note = models.ForeignKey(\n        "shop.Note",\n        on_delete=models.CASCADE,\n    )\n',
    ],
    [
      'a relationship of SQLAlchemy',
      'a.py',
      'orders',
      'class Order(Base):\n    __tablename__ = "orders"\n    note: Mapped["Note"] = relationship("Note")\n',
    ],
    ['a definition', 'a.sql', 'orders', 'CREATE INDEX ON orders (note);\n'],
    ['a name as part of a longer one', 'a.ts', 'orders', 'const q = `SELECT note_text, footnote FROM orders`\n'],
  ] as const) {
    test(what, () => expect(said(column(table, 'note'), { [path]: text })).not.toMatch(/^used/))
  }
})

describe('sentences that mention a table are not SQL', () => {
  for (const text of [
    'console.log("Failed to patch cycle from cycle store")',
    "throw new Error('Failed to update cycle from the project store, select another')",
    'return `Update cycle and set its status`',
    '{"error": "Only admins can join cycle on this day"}',
    "t('Select a cycle from cycle')",
  ]) {
    test(text, () => expect(said(relation('cycle'), { 'a.ts': text })).not.toMatch(/^used/))
  }
})

test.each([
  'db.query("select id from cycle")',
  'db.query("EXISTS (SELECT 1 FROM cycle)")',
  "joins('LEFT JOIN cycle ON cycle.id = a.id')",
  'q(`\n  with x as (select 1) update cycle set a = 1`)',
  'sql.push(` FROM cycle WHERE id = $1`)',
])('SQL that reads or writes a table: %s', text => {
  expect(said(relation('cycle'), { 'a.ts': text })).toMatch(/^used/)
})

describe('SQL', () => {
  for (const [what, path, text] of [
    ['in a text', 'a.ts', 'db.query(`SELECT id, note FROM orders`)'],
    ['with an alias', 'a.py', 'q = "SELECT o.note FROM orders AS o JOIN users u ON true"'],
    ['with a schema and quotes', 'a.go', 'q := `UPDATE "public"."orders" SET "note" = $1`'],
    ['of a file', 'queries/orders.sql', '-- name: Get :one\nSELECT note FROM orders;'],
    ['of MyBatis', 'mapper.xml', '<select id="a">SELECT note FROM orders</select>'],
    ['as an INSERT', 'a.rs', 'sqlx::query("INSERT INTO orders (id, note) VALUES ($1, $2)")'],
    ['of a query builder', 'a.js', "knex('orders').where('note', 'x').select()"],
    ['of supabase', 'a.ts', "supabase.from('orders').select('id, note')"],
    ['of Kysely', 'a.ts', "db.insertInto('orders').values({ id: 1, note: 'x' })"],
    ['as a qualified name', 'a.ts', "q.leftJoin('users', 'users.id', 'orders.note')"],
  ] as const) {
    test(what, () => expect(said(column('orders', 'note'), { [path]: text })).toMatch(/^used/))
  }
})

describe('Active Record', () => {
  const model = 'class Order < ApplicationRecord\nend\n'
  const ignoring = 'class Order < ApplicationRecord\n  self.ignored_columns += %w[note]\nend\n'

  test('remembers the columns of what is deployed, whether it names them or not', () => {
    expect(said(column('orders', 'note'), { 'app/models/order.rb': model }, {})).toBe(
      'deployed (remembered) app/models/order.rb:1',
    )
  })

  test('does so although the same change begins to ignore the column', () => {
    expect(said(column('orders', 'note'), { 'app/models/order.rb': ignoring }, { 'app/models/order.rb': model })).toBe(
      'deployed (remembered) app/models/order.rb:1',
    )
  })

  test('does without a column that has been ignored before', () => {
    expect(said(column('orders', 'note'), { 'app/models/order.rb': ignoring }, {})).toBe('not found in 1')
  })

  test('has its rows in controllers and views', () => {
    const files = { 'app/models/order.rb': model, 'app/views/order.html.erb': '<%= @order.note %>\n' }
    expect(said(column('orders', 'note'), files)).toBe('used app/views/order.html.erb:1')
  })

  test('knows the key of an association', () => {
    const text = 'class Order < ApplicationRecord\n  belongs_to :customer\nend\n'
    expect(said(column('orders', 'customer_id'), { 'app/models/order.rb': text })).toBe('used app/models/order.rb:2')
  })
})

describe('tables, views and types', () => {
  const prisma = 'model Order {\n  id Int @id\n  @@map("orders")\n}\nenum order_status {\n  open\n}\n'

  test('a table is used where a model or a query names it', () => {
    expect(said(relation('orders'), { 'schema.prisma': prisma, 'a.ts': 'q(`SELECT 1 FROM orders`)' })).toBe(
      'used a.ts:1 schema.prisma:1',
    )
  })

  test('a table that no code names is not found where code names another one', () => {
    expect(said(relation('order_archive'), { 'a.ts': 'q(`SELECT 1 FROM users`)' })).toBe('not found in 1')
  })

  test('nothing is known where code names no table at all', () => {
    expect(said(relation('order_archive'), { 'a.ts': 'const a = 1' })).toBe('unknown')
  })

  test('a word that may be the table leaves it unknown', () => {
    expect(said(relation('orders'), { 'a.ts': "q(`SELECT 1 FROM users`)\nconst a = 'orders'" })).toBe('unknown')
  })

  test('a type is used where code declares it or casts to it', () => {
    expect(said(relation('order_status', 'type'), { 'schema.prisma': prisma })).toBe('used schema.prisma:5')
    expect(said(relation('order_status', 'type'), { 'a.ts': "q(`SELECT 'a'::order_status`)" })).toBe('used a.ts:1')
    expect(said(relation('order_status', 'type'), { 'a.ts': "pgEnum('order_status', ['a'])" })).toBe('used a.ts:1')
  })
})

test('an incomplete search never says that nothing was found', () => {
  const removed = column('orders', 'shipping_region')
  const files = listed({ 'a.ts': 'q(`SELECT id FROM orders`)' })
  const read = { files, others: [], searched: 1, deployed: null }
  expect(answersOf([removed], { ...read, isComplete: true }).of(removed)?.kind).toBe('not found')
  expect(answersOf([removed], { ...read, isComplete: false }).of(removed)).toBeNull()
})

test('a column that only changes is used or nothing', () => {
  const removed: Removed = { ...column('orders', 'shipping_region'), stays: true }
  expect(said(removed, { 'a.ts': 'q(`SELECT id FROM orders`)' })).toBe('unknown')
  expect(said(removed, { 'a.ts': 'q(`SELECT shipping_region FROM orders`)' })).toBe('used a.ts:1')
})

test('names have the forms of all conventions', () => {
  expect(formsOf('user_id').all).toEqual(['user_id', 'userId', 'UserId', 'UserID', 'userID', 'USER_ID'])
  expect(formsOf('userId').all).toEqual(['userId', 'user_id', 'UserId', 'UserID', 'userID', 'USER_ID'])
  expect(tableForms('order_items').classes).toEqual(['OrderItem', 'OrderItems'])
  expect(formsOf('name').isDistinctive).toBe(false)
  expect(formsOf('billing_reference').isDistinctive).toBe(true)
})

test('names that no program can contain are not searched for', () => {
  const names = ['a\nb', '', 'x\u0000y']
  expect(plan(names.map(name => column('orders', name)))).toMatchObject({ distinctive: [], common: [] })
})

test('tests, dumps, lock files, copies and documents are not code', () => {
  const none = [
    'db/migrate/1_a.rb',
    'db/schema.rb',
    'db/structure.sql',
    'test/a.ts',
    'src/a.test.ts',
    'src/a_test.go',
    'spec/models/order_spec.rb',
    'vendor/a.php',
    'node_modules/a/b.js',
    'package-lock.json',
    'yarn.lock',
    'README.md',
    'locales/de.yml',
    'public/app.min.js',
    'api/order.pb.go',
  ]
  expect(none.filter(isCode)).toEqual([])
  expect(['src/a.ts', 'app/models/order.rb', 'main.go', 'schema.prisma'].filter(path => !isCode(path))).toEqual([])
})
