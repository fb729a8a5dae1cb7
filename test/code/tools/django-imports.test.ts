import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../../src/index.ts'

// What a migration imports of its project is judged by the text of the file, not by its name.

const first = `from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.CreateModel('Order', [('id', models.BigAutoField(primary_key=True)), ('a', models.IntegerField())])]
`
const second = (imports: string, body: string) => `from django.db import migrations
${imports}
def forwards(apps, schema_editor):
    ${body}
class Migration(migrations.Migration):
    dependencies = [('shop', '0001_first')]
    operations = [migrations.RunPython(forwards)]
`
const third = `from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [('shop', '0002_second')]
    operations = [migrations.RunSQL('ALTER TABLE shop_order ADD COLUMN a integer')]
`
/** Whether a column that exists already is a certain failure: then the migration in between has left no doubt about the table. */
async function isSure(imports: string, body: string, files: Record<string, string> = {}): Promise<boolean> {
  const { findings, summary } = await lintTree(
    mapTree({
      'manage.py': '',
      'requirements.txt': 'Django==5.2\npsycopg==3.2\n',
      'shop/migrations/0001_first.py': first,
      'shop/migrations/0002_second.py': second(imports, body),
      'shop/migrations/0003_third.py': third,
      ...files,
    }),
  )
  expect(summary.migrations).toBe(3)
  return findings.some(({ rule }) => rule === 'certain-failure')
}

const repair = 'from shop.helpers import repair'
const onRows = 'def repair(apps):\n    apps.get_model("shop", "Order").objects.update(a=1)\n'
const ownCursor =
  'from django.db import connection\ndef repair(apps):\n    with connection.cursor() as c:\n        c.execute("DROP TABLE shop_order")\n'

test.each<[string, string, Record<string, string>, boolean]>([
  ['a function on rows', repair, { 'shop/helpers.py': onRows }, true],
  ['the same in the package of a folder', repair, { 'shop/helpers/__init__.py': onRows }, true],
  ['the same by a relative path', 'from ..helpers import repair', { 'shop/helpers.py': onRows }, true],
  ['a name with words about tables', 'from ..table_sql import repair', { 'shop/table_sql.py': onRows }, true],
  ['a function with a cursor of its own', repair, { 'shop/helpers.py': ownCursor }, false],
  [
    'one that another file defines',
    repair,
    { 'shop/helpers.py': 'from .other import repair\n', 'shop/other.py': ownCursor },
    false,
  ],
  ['no such file', repair, {}, false],
  ['a file outside of the project', 'from .....helpers import repair', { 'helpers.py': onRows }, false],
])('%s', async (_, imports, files, expected) => {
  expect(await isSure(imports, 'repair(apps)', files)).toBe(expected)
})

test('values of well-known packages reach nothing', async () => {
  expect(await isSure('from django.utils.text import slugify', 'slugify("a")')).toBe(true)
})

test('a constraint whose condition has values of the application is dropped by its name', async () => {
  const made = `from django.db import migrations, models
from shop.models import Kinds
class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel('Order', [('id', models.BigAutoField(primary_key=True)), ('kind', models.TextField())]),
        migrations.AddConstraint('Order', models.CheckConstraint(check=models.Q(kind__in=Kinds), name='kind_valid')),
        migrations.AddConstraint('Order', models.UniqueConstraint(fields=['kind'], condition=models.Q(kind__in=Kinds), name='kind_once')),
    ]
`
  const dropped = `from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [('shop', '0001_first')]
    operations = [migrations.RemoveConstraint('Order', 'kind_valid'), migrations.RemoveConstraint('Order', 'kind_once')]
`
  const tree = mapTree({
    'manage.py': '',
    'requirements.txt': 'Django==5.2\npsycopg==3.2\n',
    'shop/migrations/0001_first.py': made,
    'shop/migrations/0002_second.py': dropped,
  })
  const { findings, unread } = await lintTree(tree)
  const ofSecond = (path: string) => path.endsWith('0002_second.py')
  expect(unread.filter(({ path }) => ofSecond(path))).toEqual([])
  expect(new Set(findings.flatMap(({ path, sql }) => (ofSecond(path) ? (sql ?? []) : [])))).toEqual(
    new Set(['ALTER TABLE "shop_order" DROP CONSTRAINT "kind_valid"', 'DROP INDEX IF EXISTS "kind_once"']),
  )
})
