import { expect, test } from 'vitest'
import { loadGrammar } from '../../src/code/grammar.ts'
import { grammarOf } from '../../src/code/language.ts'
import { readCode } from '../../src/code/read.ts'
import { projectIn } from '../../src/systems/discover.ts'
import { inputsOf } from '../../src/systems/inputs.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'
import '../kit/grammars.ts'

/** What the last migration of a folder sends, and what of it is not read. */
async function sentBy(system: string, files: Readonly<Record<string, string>>, directory = ''): Promise<string[]> {
  const tree = mapTree(files)
  const inputs = await withParsers(() =>
    inputsOf(projectIn(tree, directory, { transaction: () => 'unknown' }, system), tree),
  )
  const input = inputs.at(-1)
  if (input?.kind !== 'code' || !input.reader) return [`${input?.path} is ${input?.kind}`]
  const grammar = grammarOf(input.path)
  if (grammar) await loadGrammar(grammar)
  const read = readCode(input.path, files[input.path] ?? '', await input.reader.load(), () => {}, input.beside)
  if ('unread' in read) return [read.unread]
  return read.up.map(({ opaque, span }) => opaque ?? read.text.slice(...span))
}

const sql = 'DROP TABLE a'

const knex = (body: string) =>
  `const fs = require('fs'), path = require('node:path')\nexports.up = async knex => { await knex.raw('select 1'); ${body} }\n`
const rails = (body: string) => `class A < ActiveRecord::Migration[7.1]\n  def up\n    ${body}\n  end\nend\n`
const alembic = (body: string) =>
  `import os\nfrom os import path\nfrom pathlib import Path\nfrom alembic import op\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    ${body}\n`
const laravel = (body: string) =>
  `<?php\nuse Illuminate\\Support\\Facades\\DB;\nuse Illuminate\\Support\\Facades\\File;\nreturn new class extends Migration { public function up() { ${body} } };\n`
const ecto = (body: string) => `defmodule A do\n  use Ecto.Migration\n  def up do\n    ${body}\n  end\nend\n`

type Place = readonly [system: string, path: string, write: (body: string) => string, folder: string]
const places: Readonly<Record<string, Place>> = {
  knex: ['knex', '1.js', knex, ''],
  rails: ['rails', 'db/migrate/20240101000000_a.rb', rails, 'db/migrate'],
  alembic: ['alembic', 'versions/a.py', alembic, 'versions'],
  laravel: ['laravel', 'database/migrations/2024_01_01_000000_a.php', laravel, 'database/migrations'],
  ecto: ['ecto', 'priv/repo/migrations/20240101000000_a.exs', ecto, 'priv/repo/migrations'],
}

test.each([
  ['knex', '1.sql', "await knex.raw(fs.readFileSync(path.join(__dirname, '1.sql'), 'utf8'))"],
  ['knex', '1.sql', "await knex.raw(fs.readFileSync(path.resolve(__dirname, './1.sql')).toString())"],
  ['knex', '1.sql', "await knex.raw(await fs.promises.readFile(__dirname + '/1.sql', 'utf8'))"],
  [
    'knex',
    'sql/1.sql',
    "const s = fs.readFileSync(path.join(path.dirname(__filename), 'sql', '1.sql'), 'utf8'); await knex.raw(s.trim())",
  ],
  [
    'knex',
    '1.sql',
    "const text = await new Promise(done => fs.readFile(__dirname + '/1.sql', 'utf8', (err, data) => done(data))); await knex.raw(text)",
  ],
  ['knex', '1.sql', "fs.readFile(__dirname + '/1.sql', 'utf8', async (err, data) => { await knex.raw(data) })"],
  ['knex', '1.sql', "await knex.raw(fs.readFileSync(new URL('./1.sql', import.meta.url), 'utf8'))"],
  [
    'knex',
    '1.sql',
    "const { fileURLToPath } = require('node:url'); await knex.raw(fs.readFileSync(path.join(path.dirname(fileURLToPath(import.meta.url)), '1.sql'), 'utf8'))",
  ],
  ['rails', 'db/1.sql', "execute File.read(Rails.root.join('db', '1.sql'))"],
  ['rails', 'db/1.sql', "execute Rails.root.join('db/1.sql').read"],
  ['rails', 'db/1.sql', 'execute File.read("#{Rails.root}/db/1.sql")'],
  ['rails', 'db/migrate/1.sql', "execute File.read(File.join(__dir__, '1.sql'))"],
  ['rails', 'db/migrate/1.sql', "execute File.read(File.expand_path('../1.sql', __FILE__))"],
  ['rails', 'db/1.sql', "execute IO.read('db/1.sql')"],
  ['alembic', 'versions/1.sql', "op.execute((Path(__file__).parent / '1.sql').read_text())"],
  [
    'alembic',
    'sql/1.sql',
    "op.execute(Path(__file__).resolve().parents[1].joinpath('sql', '1.sql').read_text(encoding='utf8'))",
  ],
  ['alembic', 'versions/1.sql', "op.execute(open(os.path.join(os.path.dirname(__file__), '1.sql')).read())"],
  [
    'alembic',
    'versions/1.sql',
    "with open(path.join(path.dirname(__file__), '1.sql')) as f:\n        op.execute(f.read())",
  ],
  ['laravel', 'database/migrations/1.sql', "DB::unprepared(file_get_contents(__DIR__ . '/1.sql'));"],
  ['laravel', 'database/sql/1.sql', "DB::unprepared(file_get_contents(database_path('sql/1.sql')));"],
  ['laravel', 'database/sql/1.sql', "DB::statement(File::get(base_path('database/sql/1.sql')));"],
  ['laravel', 'database/1.sql', "DB::unprepared(file_get_contents(dirname(__FILE__) . '/../1.sql'));"],
  ['ecto', 'priv/repo/sql/1.sql', 'execute File.read!(Path.join(__DIR__, "../sql/1.sql"))'],
  ['ecto', 'priv/repo/1.sql', 'execute(File.read!(Application.app_dir(:app, "priv/repo/1.sql")))'],
  ['ecto', 'priv/repo/1.sql', 'execute(File.read!(Path.join([:code.priv_dir(:app), "repo", "1.sql"])))'],
])('%s loads %s by %s', async (place, file, body) => {
  const [system, path, write, folder] = places[place] as Place
  const sent = await sentBy(system, { [path]: write(body), [file]: sql }, folder)
  expect(sent.at(-1)).toBe(sql)
  expect(sent).toHaveLength(place === 'knex' ? 2 : 1)
})

test.each([
  ['is not there', "execute File.read(Rails.root.join('db', '2.sql'))"],
  ['is outside of the project', "execute File.read(Rails.root.join('..', '..', 'etc', '1.sql'))"],
  ['is not SQL', "execute File.read(Rails.root.join('db', 'secret'))"],
  ['is not known', "execute File.read(File.join(ENV['HOME'], '1.sql'))"],
])('a file that %s is reported', async (_, body) => {
  const files = {
    'db/migrate/20240101000000_a.rb': rails(body),
    'db/1.sql': sql,
    'db/secret': sql,
    'etc/1.sql': sql,
    '1.sql': sql,
  }
  const sent = await sentBy('rails', files, 'db/migrate')
  expect(sent).toHaveLength(1)
  expect(sent[0]).not.toContain('DROP')
})

test('code that also sends SQL of its own is read itself, in its order; the file is not a migration of its own', async () => {
  const code =
    "const fs = require('fs')\nexports.up = async pgm => { pgm.sql(fs.readFileSync(__dirname + '/../sql/1.sql', 'utf8')); pgm.sql('DROP TABLE b') }\n"
  expect(await sentBy('node-pg-migrate', { 'migrations/1_a.js': code, 'sql/1.sql': sql }, 'migrations')).toEqual([
    expect.stringContaining(sql),
    expect.stringContaining('DROP TABLE b'),
  ])
})
