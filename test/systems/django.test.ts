import { expect, test } from 'vitest'
import { django } from '../../src/systems/django/django.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

function python(dependencies: readonly string[], more = '') {
  const list = dependencies.map(each => `        ${each},\n`).join('')
  return `from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n${more}\n    dependencies = [\n${list}    ]\n\n    operations = [\n        migrations.RunSQL("SELECT 1", hints=[("shop", "9999_none")]),\n    ]\n`
}

const files = {
  'manage.py': '',
  'site/settings.py':
    "AUTH_USER_MODEL = 'people.User'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n",
  'shop/migrations/__init__.py': '',
  'shop/migrations/0001_initial.py': python(['migrations.swappable_dependency(settings.AUTH_USER_MODEL)']),
  'shop/migrations/0002_index.py': python(
    ["('shop', '0001_initial')", '("people", "0002_email")'],
    '    atomic = False\n',
  ),
  'people/migrations/__init__.py': '',
  'people/migrations/0001_initial.py': python(["('auth', '0012_alter_user_first_name_max_length')"]),
  'people/migrations/0002_email.py': python(["('people', '0001_initial')"]),
  'people/migrations/0003_last.py': python(["('people', '0002_email')"], "    run_before = [('shop', '0002_index')]\n"),
  'people/migrations/_helper.py': '',
}

test('migrations are ordered by dependencies over all apps, and may opt out in their class', () => {
  const { migrations } = django.migrations(mapTree(files), '', options)
  expect(migrations.map(({ id, execution }) => [id, execution.inTransaction])).toEqual([
    ['people.0001_initial', true],
    ['people.0002_email', true],
    ['people.0003_last', true],
    ['shop.0001_initial', true],
    ['shop.0002_index', false],
  ])
  expect(migrations[0]?.opaque).toBe('it is written in Python')
})

test('a squashed migration takes the place of those that it replaces', () => {
  const tree = mapTree({
    'a/migrations/0001_initial.py': python([]),
    'a/migrations/0002_b.py': python(["('a', '0001_initial')"]),
    'a/migrations/0001_squashed_0002_b.py': python([], "    replaces = [('a', '0001_initial'), ('a', '0002_b')]\n"),
    'a/migrations/0003_c.py': python(["('a', '0002_b')"]),
  })
  const { migrations, asides } = django.migrations(tree, 'a/migrations', options)
  expect(migrations.map(({ id }) => id)).toEqual(['a.0001_squashed_0002_b', 'a.0003_c'])
  expect(asides?.map(({ path, why }) => [path, why])).toEqual([
    ['a/migrations/0001_initial.py', 'a/migrations/0001_squashed_0002_b.py replaces it'],
    ['a/migrations/0002_b.py', 'a/migrations/0001_squashed_0002_b.py replaces it'],
  ])
})

test('the label in apps.py names the app; a circle ends', () => {
  const tree = mapTree({
    'x/apps.py': "class X(AppConfig):\n    name = 'x'\n    label = 'shop'\n",
    'x/migrations/0001_a.py': python(["('shop', '0002_b')"]),
    'x/migrations/0002_b.py': python(["('shop', '0001_a')"]),
    'x/migrations/0003_c.py': python(["('shop', '0002_b')"]),
  })
  expect(django.migrations(tree, 'x', options).migrations.map(({ id }) => id)).toEqual([
    'shop.0001_a',
    'shop.0002_b',
    'shop.0003_c',
  ])
})

test('is recognised by manage.py; the settings name the database', () => {
  const detect = (more: Record<string, string> = {}) => django.detect(mapTree({ ...files, ...more }), '')
  expect(detect()).toEqual({ directory: '', sign: 'file', because: 'manage.py' })
  const mysql = "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}"
  expect(detect({ 'site/settings.py': mysql })).toMatchObject({ dialect: 'mysql' })
  expect(detect({ 'site/settings.py': mysql, 'requirements.txt': 'Django\npsycopg[binary]\n' })).not.toHaveProperty(
    'dialect',
  )
  expect(django.detect(mapTree({ 'b/manage.py': '', 'b/shop/migrations/0001_a.py': python([]) }), 'b')).toMatchObject({
    directory: 'b/shop/migrations',
  })
  expect(django.detect(mapTree({ 'shop/migrations/0001_a.py': python([]) }), 'shop/migrations')).toMatchObject({
    sign: 'marker',
  })
})
