import { expect, test } from 'vitest'
import { django } from '../../src/systems/django/django.ts'
import { laravel } from '../../src/systems/laravel/laravel.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

const projects = {
  Django: {
    system: django,
    directory: '',
    files: {
      'manage.py': '',
      'shop/migrations/0001_initial.py':
        'from django.db import migrations\nclass Migration(migrations.Migration):\n    operations = []\n',
    },
    named: { 'requirements.txt': 'Django>=4.2\n' },
    notice: 'read as Django 5.2 runs them. Name it in requirements.txt',
  },
  Laravel: {
    system: laravel,
    directory: 'database/migrations',
    files: { 'database/migrations/2024_01_01_000000_a.php': '<?php return new class extends Migration {};' },
    named: { 'composer.json': '{"require":{"laravel/framework":"^11.0"}}' },
    notice: 'read as Laravel 13 runs them. Name laravel/framework in composer.json',
  },
}

test.each(Object.values(projects))(
  'the version that is assumed is said once, if no file names it: $notice',
  ({ system, directory, files, named, notice }) => {
    const noticesOf = (all: Record<string, string>) => system.migrations(mapTree(all), directory, options).notices
    expect(noticesOf(files)).toEqual([expect.stringContaining(notice)])
    expect(noticesOf({ ...files, ...named })).toEqual([])
    expect(noticesOf({ 'manage.py': '' })).toEqual([])
  },
)
