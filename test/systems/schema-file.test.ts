import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'

// A file that shows the schema is the start of a history whose oldest migrations were removed. Nothing is reported in it.

type Files = Readonly<Record<string, string>>

async function findings(files: Files): Promise<{ readonly rules: string[]; readonly notices: readonly string[] }> {
  const { findings: found, notices, summary } = await lintTree(mapTree(files))
  expect(summary.migrations).toBe(Object.keys(files).filter(path => /migrat(?:e|ions)\//.test(path)).length)
  expect(found.filter(({ path }) => !/migrat(?:e|ions)\//.test(path))).toEqual([])
  return { rules: [...new Set(found.map(({ rule }) => rule))], notices }
}

const ruby = (body: string) => `class A < ActiveRecord::Migration[7.1]\n  def change\n${body}\n  end\nend\n`

const schemaRb = `# generated
ActiveRecord::Schema[7.1].define(version: 2024_01_02_000000) do
  enable_extension "plpgsql"

  create_table "posts", force: :cascade do |t|
    t.integer "user_id", null: false
    t.string "title", limit: 20
    t.datetime "created_at", null: false
    t.index ["user_id"], name: "index_posts_on_user_id"
  end

  create_table "users", force: :cascade do |t|
    t.string "email", null: false
    t.index ["email"], name: "index_users_on_email", unique: true
  end
  add_foreign_key "posts", "users"
end
`

const structureSql = `SET search_path = '';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.users (id bigint NOT NULL, email character varying NOT NULL);
CREATE SEQUENCE public.users_id_seq;
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
CREATE TABLE public.posts (id bigint NOT NULL, user_id integer NOT NULL, title character varying(20));
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX index_users_on_email ON public.users USING btree (email);
SET search_path TO "$user", public;
INSERT INTO "schema_migrations" (version) VALUES ('20240102000000');
`

test.each([
  ['db/schema.rb', schemaRb],
  ['db/structure.sql', structureSql],
])('tables of %s that no migration of Rails creates are known before the first one', async (path, text) => {
  const migration = { 'db/migrate/20240101000000_a.rb': ruby('    add_foreign_key :posts, :users, column: :user_id') }
  expect((await findings(migration)).rules).not.toContain('foreign-key-type-mismatch')
  const found = await findings({ ...migration, [path]: text })
  expect(found.rules).toContain('foreign-key-type-mismatch')
  expect(found.notices.filter(notice => notice.startsWith(path))).toEqual([expect.stringContaining('no migration')])
})

test.each([
  ['creates', '    create_table(:posts) { |t| t.bigint :user_id }'],
  ['changes', '    change_column :posts, :user_id, :bigint'],
  ['renames', '    rename_column :posts, :author_id, :user_id'],
  ['changes by SQL', '    execute "ALTER TABLE posts ALTER user_id TYPE bigint"'],
  ['may change by code that is not read', '    retype_column_of :posts, :user_id'],
  ['may change by dynamic SQL', '    execute "DO $$ BEGIN EXECUTE \'ALTER TABLE posts \' || x; END $$"'],
])('what a migration %s is not taken from the schema after it', async (_, work) => {
  const { rules } = await findings({
    'db/schema.rb': schemaRb,
    'db/migrate/20240101000000_a.rb': ruby(work),
    'db/migrate/20240102000000_b.rb': ruby('    add_foreign_key :posts, :users, column: :user_id'),
  })
  expect(rules).not.toContain('foreign-key-type-mismatch')
  expect(rules.filter(rule => /failure/.test(rule))).toEqual([])
})

test('the schema after the migrations makes no failure', async () => {
  const { rules } = await findings({
    'db/schema.rb': schemaRb,
    'db/migrate/20240101000000_a.rb': ruby(
      '    add_column :users, :email, :string\n    add_index :users, :email, unique: true\n    rename_column :users, :name, :nick\n    remove_column :posts, :body\n    drop_table :old_things\n    add_foreign_key :posts, :users, name: "x"',
    ),
  })
  expect(rules.filter(rule => /failure/.test(rule))).toEqual([])
})

test('the schema is not looked at where the migrations create all of its tables', async () => {
  const { notices } = await findings({
    'db/schema.rb': schemaRb,
    'db/migrate/20240101000000_a.rb': ruby('    create_table(:users) {}\n    create_table(:posts) {}'),
  })
  expect(notices.filter(notice => /schema/.test(notice))).toEqual([])
})

const php = (body: string) =>
  `<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nreturn new class extends Migration {\n  public function up() {\n${body}\n  }\n};\n`

const dump = `--
-- PostgreSQL database dump
--
\\restrict abc
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.users (
    id bigint NOT NULL,
    email character varying(50) NOT NULL
);
CREATE TABLE public.migrations (id integer NOT NULL, migration character varying(255) NOT NULL, batch integer NOT NULL);
COPY public.migrations (id, migration, batch) FROM stdin;
1\t2020_01_01_000000_create_users_table\t1
\\.
`

const laravel = (body: string): Files => ({
  'composer.json': '{"require":{"laravel/framework":"^12.0"}}',
  'database/migrations/2024_01_01_000000_a.php': php(body),
})
const widen = "    Schema::table('users', function (Blueprint $t) { $t->string('email', 255)->change(); });"
const again = "    Schema::table('users', function (Blueprint $t) { $t->string('email'); });"

test('Laravel loads its dump of the schema before the migrations', async () => {
  expect((await findings(laravel(widen))).rules).toContain('change-column-type-rewrite')
  const loaded = { 'database/schema/pgsql-schema.sql': dump }
  const found = await findings({ ...laravel(widen), ...loaded })
  expect(found.rules).not.toContain('change-column-type-rewrite')
  expect(found.notices).toContain(
    'Laravel loads database/schema/pgsql-schema.sql before the migrations, and so it is read before them.',
  )
  expect((await findings({ ...laravel(again), ...loaded })).rules).toContain('certain-failure')
})

test('a dump of Laravel that records migrations of the folder shows what came of them', async () => {
  const recorded = dump.replace('2020_01_01_000000_create_users_table\t1', '$&\n2\t2024_01_01_000000_a\t2')
  const { rules, notices } = await findings({
    ...laravel(again),
    'database/schema/pgsql-schema.sql': recorded,
  })
  expect(rules.filter(rule => /failure/.test(rule))).toEqual([])
  expect(notices.join()).toContain('shows what some of the migrations made')
})

test('a dump that says no more than the folder is not looked at, and one of pg_restore is named', async () => {
  const only = dump.replace('2020_01_01_000000_create_users_table', '2024_01_01_000000_a')
  const whole = await findings({ ...laravel(again), 'database/schema/pgsql-schema.sql': only })
  expect(whole.notices.filter(notice => notice.includes('schema'))).toEqual([])
  const binary = await findings({ ...laravel(again), 'database/schema/pgsql-schema.dump': 'PGDMP' })
  expect(binary.notices.join()).toContain('database/schema/pgsql-schema.dump before the migrations. It cannot be read')
})
