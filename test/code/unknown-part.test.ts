import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'
import { coverage } from '../../src/lint/unread.ts'

// SQL with a part that the program computes in a way that is not read. What stands for it may be the cause of an error in the syntax, so the
// part is reported as unread, and never as an error.

/** A migration in each language that sends this SQL; `@` is the unknown part. */
const programs: readonly (readonly [string, (sql: string) => Record<string, string>])[] = [
  [
    'Elixir',
    sql => ({
      'mix.exs': '{:ecto_sql, "~> 3.11"}, {:postgrex, "~> 0.17"}',
      'priv/repo/migrations/20240101000000_a.exs': `defmodule A do
  use Ecto.Migration
  def up do
    part = String.trim_trailing("users", System.get_env("E"))
    execute("""
    ${sql.replaceAll('@', '#{part}')}
    """)
  end
  def down, do: :ok
end
`,
    }),
  ],
  [
    'Ruby',
    sql => ({
      Gemfile: "gem 'rails', '7.1'\ngem 'pg'",
      'db/migrate/20240101000000_a.rb': `class A < ActiveRecord::Migration[7.1]
  def up
    part = ENV['E']
    execute <<~SQL
      ${sql.replaceAll('@', '#{part}')}
    SQL
  end
  def down; end
end
`,
    }),
  ],
  [
    'PHP',
    sql => ({
      'composer.json': '{"require":{"laravel/framework":"^11.0"}}',
      'database/migrations/2024_01_01_000000_a.php': `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Support\\Facades\\DB;
return new class extends Migration {
  public function up(): void {
    $part = getenv('E');
    DB::statement("${sql.replaceAll('$', '\\$').replaceAll('@', '{$part}')}");
  }
};
`,
    }),
  ],
  [
    'Python',
    sql => ({
      'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://localhost/a\n',
      'alembic/env.py': '',
      'alembic/versions/a_a.py': `import os
from alembic import op
revision = 'a'
down_revision = None
def upgrade():
    part = os.environ['E']
    op.execute(f"""${sql.replaceAll('@', '{part}')}""")
def downgrade():
    pass
`,
    }),
  ],
  [
    'TypeScript',
    sql => ({
      'package.json': '{"dependencies":{"typeorm":"^0.3.0","pg":"8"}}',
      'migrations/1700000000001-A.ts': `export class A1700000000001 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    const part = process.env.E
    await queryRunner.query(\`${sql.replaceAll('@', '${part}')}\`)
  }
  public async down(queryRunner: QueryRunner): Promise<void> {}
}
`,
    }),
  ],
]

const body = 'RETURNS trigger AS $$ DECLARE row record; BEGIN row := NEW; RETURN row; END; $$ LANGUAGE plpgsql'

const texts: readonly string[] = [
  // A part of a name, before a parenthesis and elsewhere.
  `CREATE FUNCTION notify_@_changes() ${body}`,
  `CREATE FUNCTION @_changes() ${body}`,
  `CREATE FUNCTION notify_@() ${body}`,
  `CREATE FUNCTION @.f() ${body}`,
  "CREATE FUNCTION f_@() RETURNS int LANGUAGE sql AS 'select 1'",
  'DROP FUNCTION notify_@_changes()',
  'CREATE TRIGGER a_@ AFTER INSERT ON t_@ FOR EACH ROW EXECUTE FUNCTION notify_@_changes()',
  'CREATE TABLE t_@ (a_@ int, @_b text)',
  'CREATE INDEX @_i ON t_@ (a_@)',
  'SELECT f_@(1), a.@_b FROM t_@',
  // A part of a word of SQL.
  'DROP TABLE@ t',
  'CREATE @TABLE t (a int)',
  'ALTER TABLE t ADD COLUMN a int@',
  'ALTER TABLE t ADD COLUMN a @int',
  'ALTER TABLE t RENAME TO@ b',
  // Code in a text.
  "DO '@ x'",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1 @ 2'",
  "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin @ x y z; end'",
  'DO $$ BEGIN @ x; END $$',
  `CREATE FUNCTION f(@) RETURNS @ AS $$ BEGIN a := 1; RETURN; END $$ LANGUAGE plpgsql`,
]

test.each(programs)(
  '%s: an unknown part is unread, and never an error in the syntax',
  async (_, files) => {
    for (const sql of texts) {
      const report = await lintTree(mapTree(files(sql)))
      const errors = report.findings.filter(({ rule }) => rule === 'syntax-error')
      expect(
        errors.map(({ message }) => message),
        sql,
      ).toEqual([])
      const { readInPart, notRead } = coverage(report)
      expect(readInPart + notRead, sql).toBe(1)
    }
  },
  60_000,
)

test.each(programs)('%s: an error without an unknown part is an error', async (_, files) => {
  const report = await lintTree(mapTree(files('DROP TABEL t')))
  expect(report.findings.map(({ rule }) => rule)).toContain('syntax-error')
})

test('code in a text, with an unknown part in it, is not read as if that part were a value', async () => {
  const found = programs.find(([language]) => language === 'TypeScript')?.[1]("DO 'BEGIN DROP TABLE t; @; END'")
  const report = await lintTree(mapTree(found ?? {}))
  expect(coverage(report)).toMatchObject({ readInPart: 0, notRead: 1 })
})

test.each([
  "DO LANGUAGE plpgsql 'BEGIN @ END'",
  "DO LANGUAGE plpgsql 'BEGIN EXECUTE @; END'",
  'DO $$ BEGIN EXECUTE @; END $$',
])('%s: the unknown part is reported once', async sql => {
  for (const [, files] of programs) {
    const { unread } = await lintTree(mapTree(files(sql)))
    expect(unread).toHaveLength(1)
  }
})
