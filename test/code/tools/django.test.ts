import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingsOf } from '../../../src/systems/django/settings.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'
import type { SentByCode } from '../kit/sent.ts'
import { djangoProject, migrationOf } from './kit/django.ts'

const file = (name: string) => readFileSync(new URL(`recorded/django/${name}`, import.meta.url), 'utf8')

/** What Django 5.2 sent for each operation, by its label. */
const logged = new Map(
  file('django52.txt')
    .split(/^### /m)
    .slice(1)
    .map(part => {
      const [label = '', ...lines] = part.split('\n')
      return [label, lines.filter(line => line !== '' && !line.startsWith('--')).map(plainly)] as const
    }),
)

/** Values that differ each time. */
function plainly(sql: string): string {
  return sql
    .replace(/;$/, '')
    .replace(/'(?:[0-9a-f]{32}|\$\{uuid4\})'::uuid/, "'…'::uuid")
    .replace(/'(?:2020-01-01 00:00:00\+00:00|\$\{datetime\})'::timestamptz/, "'…'::timestamptz")
}

test('the read SQL of each operation is what Django 5.2 sent, in a project of all of them', async () => {
  // Two of them failed, and left the state as it was.
  const failed = ['AlterField collation', 'AddIndexConcurrently atomic']
  const cases = [...file('operations.py').matchAll(/^op\('((?:[^'\\]|\\.)*)',(.*?)(?:,atomic=False)?\)$/gm)]
    .map(([, label = '', operations = '']) => ({ label, operations }))
    .filter(({ label }) => !failed.includes(label))
  const read = await djangoProject(
    cases.map(({ operations }) => ({ app: 'app', text: migrationOf(operations) })),
    { settings: { DEFAULT_AUTO_FIELD: 'django.db.models.BigAutoField' } },
  )
  const sent = cases.map(({ label }, i) => [label, read[i]?.sql.map(plainly), read[i]?.unread])
  expect(sent).toEqual(cases.map(({ label }) => [label, logged.get(label), []]))
  expect(cases).toHaveLength(87)
})

/** What the last of some migrations of the app `shop` sends. */
async function last(...operations: string[]): Promise<SentByCode | undefined> {
  const read = await djangoProject(operations.map(each => ({ app: 'shop', text: migrationOf(each) })))
  return read.at(-1)
}

const order = `m.CreateModel('Order', [('id', F.BigAutoField(primary_key=True)), ('name', F.CharField(max_length=10))])`

test('an unknown part of a field is reported once, at the field', async () => {
  const read = await last(order, `m.AddField('order', 'land', other.fields.LandField(max_length=2, null=True))`)
  expect(read).toEqual({
    sql: [`ALTER TABLE "shop_order" ADD COLUMN "land" "\${LandField}" NULL`],
    unread: [
      'other.fields.LandField(max_length=2, null=True): the type of a column of other.fields.LandField is not known',
    ],
    doubts: [],
  })
})

test('fields of well-known packages have their types', async () => {
  const read = await last(
    order,
    `m.AddField('order', 'land', django_countries.fields.CountryField(max_length=2, null=True))`,
  )
  expect(read).toMatchObject({ sql: ['ALTER TABLE "shop_order" ADD COLUMN "land" varchar(2) NULL'], unread: [] })
})

test('a model of a missing app is reported, and the rest is read', async () => {
  const read = await last(
    order,
    `m.AddField('order', 'page', F.ForeignKey('cms.Page', F.CASCADE, null=True, db_index=False))`,
  )
  expect(read?.sql).toEqual([
    `ALTER TABLE "shop_order" ADD COLUMN "page_id" "\${ForeignKey}" NULL CONSTRAINT "shop_order_page_id_e1d774da_fk_cms_page_id" REFERENCES "cms_page"("id") DEFERRABLE INITIALLY DEFERRED; SET CONSTRAINTS "shop_order_page_id_e1d774da_fk_cms_page_id" IMMEDIATE`,
  ])
  expect(read?.unread).toEqual([
    "F.ForeignKey('cms.Page', F.CASCADE, null=True, db_index=False): the model `cms.Page` that it points to is not among the migrations that are read",
  ])
})

test("Django's own apps are known", async () => {
  const read = await last(
    order,
    `m.AddField('order', 'user', F.ForeignKey(settings.AUTH_USER_MODEL, F.CASCADE, null=True, db_constraint=False))`,
  )
  expect(read).toMatchObject({
    sql: [
      'ALTER TABLE "shop_order" ADD COLUMN "user_id" integer NULL',
      'CREATE INDEX "shop_order_user_id_00aba627" ON "shop_order" ("user_id")',
    ],
    unread: [],
  })
})

test('a function that only sends SQL is read, and one that uses models is reported once', async () => {
  const code = `
def sql(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("select %s", [1])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select 2")
    schema_editor.alter_db_table("Order", "shop_order", "orders")
    schema_editor.alter_db_table("Order", "orders", "orders")

def data(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.all():
        order.save()
    schema_editor.execute("select 3")
`
  const read = await djangoProject([
    { app: 'shop', text: migrationOf(order) },
    {
      app: 'shop',
      text: migrationOf('m.RunPython(sql), m.RunPython(data, m.RunPython.noop), m.RunPython(m.RunPython.noop)', code),
    },
  ])
  expect(read[1]).toEqual({
    sql: ['select 1', 'select 2', 'ALTER TABLE "shop_order" RENAME TO "orders"', 'select 3'],
    unread: ['m.RunPython(data, m.RunPython.noop): it runs application code'],
    doubts: [],
  })
})

test('migrations are reverted in the opposite order, from the state after them', async () => {
  const read = await djangoProject(
    [
      { app: 'shop', text: migrationOf(order) },
      {
        app: 'shop',
        text: migrationOf(
          `m.RenameField('order', 'name', 'title'), m.AlterField('order', 'title', F.TextField()), m.RunSQL('a', 'b')`,
        ),
      },
    ],
    { direction: 'down' },
  )
  expect(read[1]?.sql).toEqual([
    'b',
    'ALTER TABLE "shop_order" ALTER COLUMN "title" TYPE varchar(10) USING "title"::varchar(10)',
    'ALTER TABLE "shop_order" RENAME COLUMN "title" TO "name"',
  ])
  expect(read[0]?.sql).toEqual(['DROP TABLE "shop_order" CASCADE'])
})

test('a migration is read from the state before it, however often and in whatever order they are read', async () => {
  const texts = [order, `m.RenameModel('Order', 'Sale')`, `m.AddField('Sale', 'x', F.IntegerField(null=True))`]
  const migrations = texts.map(each => ({ app: 'shop', text: migrationOf(each) }))
  const once = await djangoProject(migrations)
  expect(await djangoProject(migrations, { again: [2, 0, 1, 2] })).toEqual(once)
})

test('without the migrations before it, a migration reports what is unknown', async () => {
  const migrations = [order, `m.RemoveField('order', 'name')`].map(each => ({ app: 'shop', text: migrationOf(each) }))
  const read = await djangoProject(migrations, { only: [1] })
  expect(read[1]).toMatchObject({
    sql: [],
    unread: [
      "m.RemoveField('order', 'name'): the model `order` is not known: an earlier migration of its app is not read",
    ],
  })
})

test.each([
  ['an operation of another package', 'other.Operation()', 'other.Operation(): the operation `Operation` is not read'],
  ['unknown operations', '*other.operations', '[ *other.operations ]: some of its operations are unknown'],
  ['unknown SQL', 'm.RunSQL(other.SQL)', 'm.RunSQL(other.SQL): what it sends is not text'],
])('%s is reported', async (_, operations, unread) => {
  expect((await last(operations))?.unread).toEqual([unread])
})

test('fields of the project have the types that their classes say, or those of the classes that they extend', () => {
  const tree = mapTree({
    'manage.py': '',
    'shop/fields.py': `
from django.db import models
from .base import Base
class Price(models.DecimalField):
    pass
class Mac(models.Field):
    def db_type(self, connection):
        return 'macaddr'
class Address(Base):
    description = "An address."
class Odd(models.CharField):
    def db_type(self, connection):
        return 'text' if connection else None
class Itself(Itself):
    pass
`,
    'shop/base.py': 'from django.db.models import CharField\n\nclass Base(CharField):\n    pass\n',
    'shop/settings.py': 'DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\nLENGTH = 12\n',
    'requirements.txt': 'Django==4.2.1\n',
  })
  const { extended, autoField, version, number } = settingsOf(tree, 'shop')
  expect(['Price', 'Mac', 'Address', 'Odd', 'Itself', 'Other'].map(name => extended(`shop.fields.${name}`))).toEqual([
    'django.db.models.DecimalField',
    'type: macaddr',
    'django.db.models.CharField',
    null,
    null,
    null,
  ])
  expect([autoField, version, number('LENGTH')]).toEqual(['django.db.models.BigAutoField', [4, 2], 12])
})

test.each([
  ['requirements.txt', 'asgiref==3\nDjango[argon2]>=3.2.1,<4\n', [3, 2]],
  ['uv.lock', '[[package]]\nname = "django"\nversion = "5.1.2"\n', [5, 1]],
  ['pyproject.toml', '[project]\ndependencies = ["django-filter~=26.1", "django~=6.0"]\n', [6, 0]],
  ['Pipfile.lock', '{"default": {"django": {"hashes": [], "version": "==4.0.4"}}}', [4, 0]],
])('the version of Django is in %s', (name, text, version) => {
  expect(settingsOf(mapTree({ 'manage.py': '', [name]: text }), '').version).toEqual(version)
})

test('a duration is written as Python writes it', async () => {
  const field = 'F.DurationField(default=datetime.timedelta(days=2, seconds=90))'
  expect((await last(order, `m.AddField('order', 'd', ${field})`))?.sql[0]).toBe(
    `ALTER TABLE "shop_order" ADD COLUMN "d" interval DEFAULT '2 days 0:01:30'::interval NOT NULL`,
  )
})

// What Django 5.2 sends, with a column `name` of type text.
const length = (more: string) => `F.GeneratedField(db_persist=True, expression=Length('name'), ${more})`
const lower = (more: string) => `F.GeneratedField(db_persist=True, expression=Lower('name'), ${more})`
test.each<[string, string, string[]]>([
  [
    length('output_field=F.PositiveIntegerField(default=0)'),
    length('output_field=F.PositiveIntegerField(default=0), serialize=False'),
    [],
  ],
  [
    length('output_field=F.IntegerField()'),
    length('output_field=F.BigIntegerField()'),
    ['ALTER TABLE "shop_order" ALTER COLUMN "g" TYPE bigint'],
  ],
  [
    length('output_field=F.IntegerField()'),
    length(`output_field=F.IntegerField(), db_column='h'`),
    ['ALTER TABLE "shop_order" RENAME COLUMN "g" TO "h"'],
  ],
  [
    lower('output_field=F.TextField()'),
    `F.GeneratedField(db_persist=True, expression=Lower(F.F('name')), output_field=F.TextField(), null=True)`,
    ['ALTER TABLE "shop_order" ALTER COLUMN "g" DROP NOT NULL'],
  ],
  [
    lower('output_field=F.CharField(max_length=9)'),
    lower('output_field=F.TextField(), db_index=True'),
    [
      'ALTER TABLE "shop_order" ALTER COLUMN "g" TYPE text',
      'CREATE INDEX "shop_order_g_cbc02432" ON "shop_order" ("g")',
      'CREATE INDEX "shop_order_g_cbc02432_like" ON "shop_order" ("g" text_pattern_ops)',
    ],
  ],
])('a generated column is changed as Django does it, from %s', async (before, after, sql) => {
  const read = await last(order, `m.AddField('order', 'g', ${before})`, `m.AlterField('order', 'g', ${after})`)
  expect(read).toMatchObject({ sql, unread: [] })
})

test('another expression of a generated column is refused by Django', async () => {
  const [before, after] = ['output_field=F.TextField()', 'output_field=F.TextField(), db_persist=False'].map(lower)
  for (const now of [length('output_field=F.TextField()'), after, 'F.TextField()']) {
    const read = await last(order, `m.AddField('order', 'g', ${before})`, `m.AlterField('order', 'g', ${now})`)
    expect(read?.sql).toEqual([])
    expect(read?.unread.join()).toContain('Django refuses to change how a column is generated')
  }
})

test('columns were serial before 4.1', async () => {
  const read = await djangoProject(
    [order, `m.AlterField('order', 'id', F.IntegerField(primary_key=True))`].map(each => ({
      app: 'shop',
      text: migrationOf(each),
    })),
    { version: [3, 2] },
  )
  expect(read.map(({ sql }) => sql)).toEqual([
    ['CREATE TABLE "shop_order" ("id" bigserial NOT NULL PRIMARY KEY, "name" varchar(10) NOT NULL)'],
    [
      'ALTER TABLE "shop_order" ALTER COLUMN "id" TYPE integer USING "id"::integer',
      'DROP SEQUENCE IF EXISTS "shop_order_id_seq" CASCADE',
    ],
  ])
})

test.each([
  ['False', 'True', ['BEGIN', 'select 1', 'COMMIT']],
  ['False', 'None', ['select 1']],
  ['True', 'True', ['select 1']],
])('in a migration with atomic = %s, a function with atomic=%s', async (migration, own, sql) => {
  const code = `def sql(apps, schema_editor):\n    schema_editor.execute("select 1")\n`
  const text = migrationOf(`m.RunPython(sql, atomic=${own})`, code).replace(
    'class Migration(m.Migration):',
    `class Migration(m.Migration):\n    atomic = ${migration}`,
  )
  const [read] = await djangoProject([{ app: 'shop', text }])
  expect(read).toEqual({ sql, unread: [], doubts: [] })
})

const gis = 'django.contrib.gis.db.models.fields'

test.each([
  [
    `m.AddField('order', 'place', ${gis}.PointField(null=True, srid=4326))`,
    [
      'ALTER TABLE "shop_order" ADD COLUMN "place" geometry(POINT,4326) NULL',
      'CREATE INDEX "shop_order_place_a73bb8fb_id" ON "shop_order" USING GIST ("place")',
    ],
  ],
  [
    `m.AddField('order', 'area', ${gis}.MultiPolygonField(null=True, srid=2154, dim=3, spatial_index=False))`,
    ['ALTER TABLE "shop_order" ADD COLUMN "area" geometry(MULTIPOLYGONZ,2154) NULL'],
  ],
  [
    `m.AddField('order', 'area', ${gis}.GeometryField(null=True, geography=True))`,
    [
      'ALTER TABLE "shop_order" ADD COLUMN "area" geography(GEOMETRY,4326) NULL',
      'CREATE INDEX "shop_order_area_5f9dbf39_id" ON "shop_order" USING GIST ("area")',
    ],
  ],
])('a field of PostGIS has a type and an index of its own: %s', async (operation, sql) => {
  const read = await last(order, operation)
  expect([read?.sql.map(each => each.replace(/_[0-9a-f]{8}_id/, '_#_id')), read?.unread]).toEqual([
    sql.map(each => each.replace(/_[0-9a-f]{8}_id/, '_#_id')),
    [],
  ])
})

test('a spatial field keeps its index, and a change of its dimensions is not read', async () => {
  const add = `m.AddField('order', 'place', ${gis}.PointField(null=True))`
  const change = (more: string) => last(order, add, `m.AlterField('order', 'place', ${gis}.PointField(${more}))`)
  expect(await change('null=True, dim=3')).toMatchObject({
    sql: [],
    unread: [expect.stringContaining('it changes dimensions or the index of a spatial field')],
  })
  expect((await change('null=True, srid=2154'))?.sql).toEqual([
    'ALTER TABLE "shop_order" ALTER COLUMN "place" TYPE geometry(POINT,2154)',
  ])
  expect((await change('null=False'))?.sql).toEqual(['ALTER TABLE "shop_order" ALTER COLUMN "place" SET NOT NULL'])
})

test('a renamed model that keeps its table is another target for keys before Django 5.0, and the same one since then', async () => {
  const operations = [
    `m.CreateModel('Inbox', [('id', F.BigAutoField(primary_key=True))], options={'db_table': 'inboxes'})`,
    `m.CreateModel('Item', [('id', F.BigAutoField(primary_key=True)), ('inbox', F.ForeignKey('shop.Inbox', F.CASCADE))])`,
    `m.RenameModel('Inbox', 'Intake')`,
  ]
  const renaming = async (version: readonly [number, number]) =>
    (
      await djangoProject(
        operations.map(each => ({ app: 'shop', text: migrationOf(each) })),
        { version },
      )
    )
      .at(-1)
      ?.sql.map(sql => sql.replace(/_[0-9a-f]{8}_/g, '_…_'))
  expect(await renaming([4, 2])).toEqual([
    'SET CONSTRAINTS "shop_item_inbox_id_…_fk_inboxes_id" IMMEDIATE; ALTER TABLE "shop_item" DROP CONSTRAINT "shop_item_inbox_id_…_fk_inboxes_id"',
    'ALTER TABLE "shop_item" ADD CONSTRAINT "shop_item_inbox_id_…_fk_inboxes_id" FOREIGN KEY ("inbox_id") REFERENCES "inboxes" ("id") DEFERRABLE INITIALLY DEFERRED',
  ])
  expect(await renaming([5, 2])).toEqual([])
})

test('a default of JSON is set again when its column becomes NOT NULL, although it is the same, since Django 4.2', async () => {
  const operations = [
    `m.CreateModel('Order', [('id', F.BigAutoField(primary_key=True)), ('meta', F.JSONField(default=dict, null=True)), ('n', F.IntegerField(default=1, null=True))])`,
    `m.AlterField('Order', 'meta', F.JSONField(default=dict))`,
    `m.AlterField('Order', 'n', F.IntegerField(default=1))`,
  ]
  const defaults = async (version: readonly [number, number]) =>
    (
      await djangoProject(
        operations.map(each => ({ app: 'shop', text: migrationOf(each) })),
        { version },
      )
    ).map(({ sql }) => sql.filter(each => each.includes('DEFAULT')))
  expect((await defaults([5, 2])).slice(1)).toEqual([
    [
      `ALTER TABLE "shop_order" ALTER COLUMN "meta" SET DEFAULT '{}'::jsonb`,
      'ALTER TABLE "shop_order" ALTER COLUMN "meta" DROP DEFAULT',
    ],
    [],
  ])
  expect((await defaults([4, 1])).slice(1)).toEqual([[], []])
})
