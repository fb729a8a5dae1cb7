import { describe, expect, test } from 'vitest'
import { railsCalls } from '../../../src/systems/rails/calls.ts'
import { sent } from '../kit/sent.ts'
import { oneSpace } from './kit/one-space.ts'

describe('gems and applications with methods of their own', () => {
  const body = (head: string, lines: string) =>
    `class A < ${head}\n  disable_ddl_transaction!\n  def up\n${lines}\n  end\nend\n`
  const read = (text: string, reader = railsCalls()) => sent(reader, text, 'up', '1.rb')

  test("GitLab's helpers, by the SQL of its source", async () => {
    const { sql, unread } = await read(
      body(
        'Gitlab::Database::Migration[2.1]',
        `    milestone '16.1'
    add_concurrent_index :users, :email, name: 'i', unique: true
    remove_concurrent_index_by_name :users, 'j'
    add_concurrent_foreign_key :posts, :users, column: :user_id, on_delete: :nullify, reverse_lock_order: true
    add_not_null_constraint :users, :email, validate: false
    add_text_limit :users, :name, 255, constraint_name: 'c'
    with_lock_retries { remove_column :users, :old }
    add_timestamps_with_timezone :users, columns: [:created_at]`,
      ),
    )
    expect(unread).toEqual([])
    expect(sql.map(oneSpace)).toEqual([
      'SET statement_timeout TO 0',
      'CREATE UNIQUE INDEX CONCURRENTLY "i" ON "users" ("email")',
      'RESET statement_timeout',
      'SET statement_timeout TO 0',
      'DROP INDEX CONCURRENTLY "j"',
      'RESET statement_timeout',
      "SET LOCAL lock_timeout TO '100ms'",
      'LOCK TABLE users, posts IN SHARE ROW EXCLUSIVE MODE',
      // Digest::SHA256.hexdigest('posts_user_id_fk').first(10)
      'ALTER TABLE posts ADD CONSTRAINT fk_5b5ddfd518 FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL NOT VALID;',
      'SET statement_timeout TO 0',
      'ALTER TABLE posts VALIDATE CONSTRAINT fk_5b5ddfd518;',
      'RESET statement_timeout',
      "SET LOCAL lock_timeout TO '100ms'",
      // Digest::SHA256.hexdigest('users_email_check_not_null').first(10)
      'ALTER TABLE users ADD CONSTRAINT check_89d8472037 CHECK ( email IS NOT NULL ) NOT VALID;',
      "SET LOCAL lock_timeout TO '100ms'",
      'ALTER TABLE users ADD CONSTRAINT c CHECK ( char_length(name) <= 255 ) NOT VALID;',
      'SET statement_timeout TO 0',
      'ALTER TABLE users VALIDATE CONSTRAINT c;',
      'RESET statement_timeout',
      "SET LOCAL lock_timeout TO '100ms'",
      'ALTER TABLE "users" DROP COLUMN "old"',
      'ALTER TABLE "users" ADD "created_at" timestamptz NOT NULL',
    ])
  })

  test("GitLab's helpers where a migration of Rails includes them, and only there", async () => {
    const lines = "    validate_foreign_key :posts, :user_id, name: 'k'"
    const head = 'ActiveRecord::Migration[6.0]\n  include Gitlab::Database::MigrationHelpers'
    expect((await read(body(head, lines))).sql).toContain('ALTER TABLE posts VALIDATE CONSTRAINT k;')
    expect((await read(body('ActiveRecord::Migration[6.0]', lines))).sql.map(oneSpace)).toEqual([
      'ALTER TABLE "posts" VALIDATE CONSTRAINT "k"',
    ])
  })

  test("the version of Rails behind GitLab's own comes from its source, or is unknown", async () => {
    const lines = '    add_column :users, :at, :datetime'
    const source = 'class V2_2 < V2_1\nclass V2_3 < ActiveRecord::Migration[7.1]\nclass V2_4 < V2_3'
    const of = (version: string, text: string | null) =>
      read(body(`Gitlab::Database::Migration[${version}]`, lines), railsCalls({ file: () => text }))
    expect((await of('2.4', source)).sql).toEqual(['ALTER TABLE "users" ADD "at" timestamp(6)'])
    expect((await of('2.1', null)).sql).toEqual(['ALTER TABLE "users" ADD "at" timestamp'])
    await expect(of('2.4', null)).rejects.toThrow('no class in it extends')
  })

  test('safe-pg-migrations makes other statements of some methods', async () => {
    const { sql } = await read(
      `class A < ActiveRecord::Migration[7.1]
  def change
    add_index :users, :email
    add_index :users, :name, algorithm: :default
    add_reference :users, :team, foreign_key: true
    change_column_null :users, :email, false
  end
end
`,
      railsCalls({ safePg: 3 }),
    )
    const own = sql.map(oneSpace).filter(each => !/^(?:SET|RESET)/.test(each))
    const check = /CONSTRAINT (chk_rails_\w+) CHECK/.exec(own.join('\n'))?.[1]
    expect(own).toEqual([
      'CREATE INDEX CONCURRENTLY "index_users_on_email" ON "users" ("email")',
      'CREATE INDEX "index_users_on_name" ON "users" ("name")',
      'ALTER TABLE "users" ADD "team_id" bigint',
      'CREATE INDEX CONCURRENTLY "index_users_on_team_id" ON "users" ("team_id")',
      expect.stringMatching(
        /^ALTER TABLE "users" ADD CONSTRAINT "fk_rails_\w+" FOREIGN KEY \("team_id"\).* NOT VALID$/,
      ),
      expect.stringMatching(/^ALTER TABLE "users" VALIDATE CONSTRAINT "fk_rails_\w+"$/),
      `ALTER TABLE "users" ADD CONSTRAINT ${check} CHECK (email IS NOT NULL) NOT VALID`,
      `ALTER TABLE "users" VALIDATE CONSTRAINT "${check}"`,
      'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL',
      `ALTER TABLE "users" DROP CONSTRAINT "${check}"`,
    ])
    expect([sql[0], sql.at(-1)]).toEqual(["SET lock_timeout TO '4950ms'", 'RESET lock_timeout'])
  })

  test('online_migrations renames by views', async () => {
    const { sql } = await read(
      body('ActiveRecord::Migration[7.1]', '    initialize_column_rename :users, :name, :full_name'),
    )
    expect(sql.map(oneSpace)).toEqual([
      'ALTER TABLE "users" RENAME TO "users_column_rename"',
      // `rename_table` of Rails renames what it has named after the table.
      'ALTER INDEX "users_pkey" RENAME TO "users_column_rename_pkey"',
      'ALTER TABLE "public"."users_id_seq" RENAME TO "users_column_rename_id_seq"',
      'CREATE VIEW users AS SELECT *, name AS full_name FROM users_column_rename',
    ])
  })
})
