import { expect, test } from 'vitest'
import { alembic } from '../../src/systems/alembic/alembic.ts'
import { django } from '../../src/systems/django/django.ts'
import { efCore } from '../../src/systems/ef-core/ef-core.ts'
import { laravel } from '../../src/systems/laravel/laravel.ts'
import { rails } from '../../src/systems/rails/rails.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
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
  Rails: {
    system: rails,
    directory: 'db/migrate',
    files: {
      'db/migrate/1_a.rb': 'class A < ActiveRecord::Migration[6.1]\n  def change = add_timestamps(:posts)\nend\n',
    },
    named: { 'Gemfile.lock': 'GEM\n  specs:\n    activerecord (6.1.7)\n' },
    notice: 'read as Rails 8.1 runs them. Commit Gemfile.lock',
  },
  Alembic: {
    system: alembic,
    directory: 'versions',
    files: {
      'env.py': '',
      'versions/1_a.py':
        "revision = 'a'\ndown_revision = None\ndef upgrade(): op.add_column('t', sa.Column('a', sa.Computed('b')))\n",
    },
    named: { 'requirements.txt': 'sqlalchemy==2.0.1\n' },
    notice: 'read as SQLAlchemy 2.0 sends them, which stores them by default. Name it in requirements.txt',
  },
  'EF Core': {
    system: efCore,
    directory: '',
    files: { '20240101000000_A.cs': 'class A : Migration { }' },
    named: {
      'a.csproj':
        '<Project><PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="8.0.4"/></Project>',
    },
    notice: 'EF Core 9 runs all of them in one. Name Microsoft.EntityFrameworkCore in a .csproj',
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
  'a notice says once which version is assumed, if no file names it: $notice',
  async ({ system, directory, files, named, notice }) => {
    const noticesOf = (all: Record<string, string>) =>
      withParsers(() => system.migrations(mapTree(all), directory, options).notices)
    expect(await noticesOf(files)).toEqual([expect.stringContaining(notice)])
    expect(await noticesOf({ ...files, ...named })).toEqual([])
    expect(await noticesOf({ 'manage.py': '' })).toEqual([])
  },
)

test.each([
  [
    rails,
    'db/migrate',
    { 'db/migrate/1_a.rb': 'class A < ActiveRecord::Migration[6.1]\n  def change = drop_table(:a)\nend\n' },
  ],
  [alembic, 'versions', { 'env.py': '', 'versions/1_a.py': "revision = 'a'\ndef upgrade(): op.drop_table('t')\n" }],
] as const)('there is no notice where the version makes no difference: $0.title', async (system, directory, files) => {
  expect(await withParsers(() => system.migrations(mapTree(files), directory, options).notices)).toEqual([])
})
