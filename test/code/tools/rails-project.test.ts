import { expect, test } from 'vitest'
import { railsCalls } from '../../../src/systems/rails/calls.ts'
import { inflectionsIn } from '../../../src/systems/rails/inflections.ts'
import { settingsOf } from '../../../src/systems/rails/project.ts'
import { settingsAt } from '../../../src/systems/reading/program-settings.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'
import { sent } from '../kit/sent.ts'

// What a migration of Rails gets from the rest of the project, and what of it is not read.

test('models of the migration itself run code of the application, too', async () => {
  const code = `class A < ActiveRecord::Migration[8.0]
    class User < ActiveRecord::Base
      self.table_name = 'people'
      belongs_to :team
      enum :state, { a: 0 }
    end
    class Old < ApplicationRecord; end
    def up
      User.reset_column_information
      User.where(a: 1).find_each { |user| execute "select 1" }
      Old.delete_all
      add_column User.table_name, :b, :string
      User.transaction { execute 'select 2' }
    end
  end`
  const read = await sent(railsCalls(), code, 'up', '1.rb')
  expect(read.sql).toEqual(['select 1', 'ALTER TABLE "people" ADD "b" character varying', 'select 2'])
  expect(read.unread).toEqual([
    'User.where(a: 1): it runs code of the application',
    'Old.delete_all: `ApplicationRecord.delete_all`: it runs code of the application',
  ])
})

test("members that Rails gives a model of another file are read, and so is Rails' configuration", async () => {
  const code = `class A < ActiveRecord::Migration[8.0]
    def change
      User.connection.execute 'select 1'
      User.reset_column_information
      create_table :a, id: key_type do |t|
        if connection.supports_datetime_with_precision?
          t.datetime :b, precision: 6
        else
          t.datetime :b
        end
      end
      execute 'select 2' if connection.adapter_name == 'PostgreSQL'
      execute 'select 3' if ActiveRecord::VERSION::MAJOR < 5
    end

    private

    def key_type
      config = Rails.configuration.generators
      config.options[config.orm][:primary_key_type] || :primary_key
    end
  end`
  expect(await sent(railsCalls({ primaryKeyType: 'uuid' }), code, 'up', '1.rb')).toEqual({
    sql: [
      'select 1',
      'CREATE TABLE "a" ("id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY, "b" timestamp(6))',
      'select 2',
    ],
    unread: [],
    doubts: [],
  })
})

test('views of Scenic are in files of the project', async () => {
  const files = new Map([
    ['db/views/a_v01.sql', 'SELECT 1;\n'],
    ['db/views/a_v02.sql', 'SELECT 2'],
  ])
  const reader = railsCalls({ file: path => files.get(path) ?? null })
  const views = (body: string, direction: 'up' | 'down' = 'up') =>
    sent(reader, `class A < ActiveRecord::Migration[8.0]\ndef change\n${body}\nend\nend`, direction, '1.rb')
  const body = `create_view :a, materialized: true\nupdate_view :a, version: 2, revert_to_version: 1\ncreate_view :b`
  expect(await views(body)).toEqual({
    sql: ['CREATE MATERIALIZED VIEW "a" AS SELECT 1;', 'DROP VIEW "a";', 'CREATE VIEW "a" AS SELECT 2;'],
    unread: [expect.stringContaining('there is no file `db/views/b_v01.sql`')],
    doubts: [],
  })
  expect((await views('update_view :a, version: 2, revert_to_version: 1', 'down')).sql).toEqual([
    'DROP VIEW "a";',
    'CREATE VIEW "a" AS SELECT 1;',
  ])
})

function inflections(text: string) {
  return settingsAt(mapTree({ 'a.rb': text }), 'a.rb')
}

test('plurals of the project', async () => {
  const text = `# Rules
ActiveSupport::Inflector.inflections(:en) do |inflect|
  inflect.irregular "axis", "axes"
  inflect.uncountable %w( mail staff )
  inflect.acronym "API" # said
end
`
  const body = 'add_reference :a, :mail, foreign_key: true, index: false\nadd_foreign_key :a, :axes'
  const read = await sent(
    railsCalls({ inflections: inflectionsIn(inflections(text)) }),
    `class A < ActiveRecord::Migration[8.0]\ndef change\n${body}\nend\nend`,
    'up',
    '1.rb',
  )
  expect(read.unread).toEqual([])
  expect(read.sql.join('\n')).toMatch(/REFERENCES "mail"[\s\S]*FOREIGN KEY \("axis_id"\)\s+REFERENCES "axes"/)
  expect(inflectionsIn(inflections('inflect.plural(/^(ox)$/i, "\\1en")'))).toMatchObject({
    plurals: null,
    singulars: [],
  })
  const replaced = inflectionsIn(
    inflections("inflect.singular 'data', 'data'\ninflect.plural 'corpus', 'corpora'\ninflect.human(/^x/, 'y')"),
  )
  const both = await sent(
    railsCalls({ inflections: replaced }),
    'class A < ActiveRecord::Migration[8.0]\ndef change\nadd_foreign_key :a, :metadata\nadd_reference :a, :corpus, foreign_key: true, index: false\nend\nend',
    'up',
    '1.rb',
  )
  expect(both.sql.join('\n')).toMatch(/\("metadata_id"\)[\s\S]*REFERENCES "corpora"/)
  const notKnown = await sent(
    railsCalls({ inflections: null }),
    `class A < ActiveRecord::Migration[8.0]\ndef change\n${body}\nadd_column :a, :b, :text\nend\nend`,
    'up',
    '1.rb',
  )
  expect(notKnown.sql).toEqual(['ALTER TABLE "a" ADD "b" text'])
  expect(notKnown.unread.map(each => each.slice(each.lastIndexOf(': ') + 2))).toEqual([
    'the project has rules of its own for plurals',
    'the project has rules of its own for plurals',
  ])
})

test('what Rails puts around the names of tables is not known', async () => {
  const settings = settingsOf(
    mapTree({ 'config/application.rb': "config.active_record.table_name_prefix = 'shop_'" }),
    '',
  )
  const read = await sent(
    railsCalls(settings),
    "class A < ActiveRecord::Migration[8.0]\ndef change\nadd_column :a, :b, :text\nexecute 'x'\nend\nend",
    'up',
    '1.rb',
  )
  expect(read.sql).toEqual(['x'])
  expect(read.unread).toHaveLength(1)
})
