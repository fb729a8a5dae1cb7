/**
 * Measures how the cost of comparing a history with git grows when all of it changes at once: npm run bench:edits [-- system …]. For each
 * system and kind of change it prints the processor times of two histories, and the exponent between them: 1 is linear. The start of the
 * program is left out of the exponent. `N=100` in the environment sets how many migrations the smaller one has; the larger one has four times as many.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const smaller = Number(process.env.N ?? 200)
/** Seconds that a run without work takes, about. */
const start = 0.4

type File = readonly [path: string, text: string]

interface History {
  /** Files beside the migrations that say which system it is. */
  readonly signs: (count: number) => readonly File[]
  readonly migration: (i: number) => File
  /** How a line of comment begins, and the line before which one is put. */
  readonly comment: readonly [mark: string, line: number]
}

const padded = (i: number, length = 10) => String(i).padStart(length, '0')
const sql = (i: number) => `CREATE TABLE t${i} (id bigint PRIMARY KEY, a text);\nCREATE INDEX t${i}_a ON t${i} (a);\n`
const journal = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ idx: i, version: '7', when: 1.7e12 + i, tag: `${padded(i, 4)}_m${i}` }))

const histories: Readonly<Record<string, History>> = {
  flyway: {
    signs: () => [['flyway.conf', 'flyway.locations=filesystem:migrations\n']],
    migration: i => [`migrations/V${i + 1}__m${i}.sql`, sql(i)],
    comment: ['--', 0],
  },
  prisma: {
    signs: () => [['prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n']],
    migration: i => [`prisma/migrations/2024${padded(i)}_m${i}/migration.sql`, sql(i)],
    comment: ['--', 0],
  },
  supabase: {
    signs: () => [['supabase/config.toml', 'project_id = "a"\n']],
    migration: i => [`supabase/migrations/2024${padded(i)}_m${i}.sql`, sql(i)],
    comment: ['--', 0],
  },
  drizzle: {
    signs: count => [
      ['drizzle.config.ts', "export default { dialect: 'postgresql', out: './drizzle' }\n"],
      ['drizzle/meta/_journal.json', JSON.stringify({ version: '7', dialect: 'postgresql', entries: journal(count) })],
    ],
    migration: i => [`drizzle/${padded(i, 4)}_m${i}.sql`, sql(i)],
    comment: ['--', 0],
  },
  rails: {
    signs: () => [['Gemfile', "gem 'rails'\ngem 'pg'\n"]],
    migration: i => [
      `db/migrate/2024${padded(i)}_m${i}.rb`,
      `class M${i} < ActiveRecord::Migration[7.1]\n  def change\n    create_table(:t${i}) { |t| t.text :a }\n    add_index :t${i}, :a\n  end\nend\n`,
    ],
    comment: ['#', 0],
  },
  laravel: {
    signs: () => [['composer.json', '{ "require": { "laravel/framework": "^11.0" } }']],
    migration: i => [
      `database/migrations/2024_01_01_${padded(i, 6)}_m${i}.php`,
      `<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Support\\Facades\\Schema;\nreturn new class extends Migration {\n  public function up() {\n    Schema::create('t${i}', function ($table) { $table->id(); $table->text('a'); });\n  }\n};\n`,
    ],
    comment: ['//', 1],
  },
  'ef-core': {
    signs: () => [
      [
        'A.csproj',
        '<Project><PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="9.0.0" /></Project>\n',
      ],
      ['Migrations/AModelSnapshot.cs', '[DbContext(typeof(A))]\npartial class AModelSnapshot : ModelSnapshot { }\n'],
    ],
    migration: i => [
      `Migrations/2024${padded(i)}_M${i}.cs`,
      `using Microsoft.EntityFrameworkCore.Migrations;\npublic partial class M${i} : Migration\n{\n  protected override void Up(MigrationBuilder migrationBuilder)\n  {\n    migrationBuilder.CreateIndex(name: "IX_t${i}", table: "t", column: "a");\n  }\n}\n`,
    ],
    comment: ['//', 0],
  },
  django: {
    signs: () => [
      ['manage.py', ''],
      ['requirements.txt', 'Django==5.2\npsycopg==3.2\n'],
    ],
    migration: i => [
      `shop/migrations/${padded(i, 4)}_m${i}.py`,
      `from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n    dependencies = [${i > 0 ? `("shop", "${padded(i - 1, 4)}_m${i - 1}")` : ''}]\n    operations = [migrations.CreateModel(name="T${i}", fields=[("id", models.BigAutoField(primary_key=True))])]\n`,
    ],
    comment: ['#', 0],
  },
  knex: {
    signs: () => [['knexfile.js', "module.exports = { client: 'pg' }\n"]],
    migration: i => [
      `migrations/2024${padded(i)}_m${i}.js`,
      `exports.up = async knex => {\n  await knex.schema.createTable('t${i}', t => { t.bigIncrements('id'); t.text('a').index() })\n}\nexports.down = async () => {}\n`,
    ],
    comment: ['//', 0],
  },
}

const changes: Readonly<Record<string, (paths: readonly string[], history: History) => void>> = {
  comments: (paths, { comment: [mark, line] }) =>
    rewritten(paths, text => text.split('\n').toSpliced(line, 0, `${mark} a comment`).join('\n')),
  statements: paths => rewritten(paths, text => text.replace(/\ba\b/g, 'b')),
  renamed: paths => {
    for (const path of paths) {
      const other = path.replace(/_([mM])(\d+)/, '_n$2')
      mkdirSync(dirname(other), { recursive: true })
      renameSync(path, other)
    }
  },
  deleted: paths => {
    for (const path of paths.slice(paths.length / 4, paths.length / 2)) unlinkSync(path)
  },
}

function rewritten(paths: readonly string[], change: (text: string) => string): void {
  for (const path of paths) writeFileSync(path, change(readFileSync(path, 'utf8')))
}

/** Seconds of processor time, those of git included. */
function measured(
  history: History,
  count: number,
  change: (paths: readonly string[], history: History) => void,
): number {
  const root = mkdtempSync(join(tmpdir(), 'edits-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], {
      cwd: root,
      stdio: 'ignore',
    })
  const put = ([path, text]: File) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    return join(root, path)
  }
  try {
    for (const file of history.signs(count)) put(file)
    const paths = Array.from({ length: count }, (_, i) => put(history.migration(i)))
    git('init')
    git('add', '--all')
    git('commit', '--message=All of them')
    change(paths, history)
    const command = `time "${process.execPath}" "${program}" --no-cache --format json --since HEAD . >/dev/null 2>&1`
    const { stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; ${command}`], { cwd: root, encoding: 'utf8' })
    const [user = 0, system = 0] = stderr.trim().split(/\s+/).map(Number)
    return user + system
  } finally {
    rmSync(root, { recursive: true })
  }
}

const words = process.argv.slice(2)
console.log('exponent       n  seconds      4n  seconds  change')
for (const [name, history] of Object.entries(histories)) {
  if (words.length > 0 && !words.includes(name)) continue
  for (const [kind, change] of Object.entries(changes)) {
    const [few, many] = [measured(history, smaller, change), measured(history, 4 * smaller, change)]
    const exponent = Math.log((many - start) / (few - start)) / Math.log(4)
    const times = [few, many].map((each, i) => `${String(smaller * 4 ** i).padStart(8)}${each.toFixed(2).padStart(9)}`)
    console.log(`${exponent.toFixed(2).padStart(8)}${times.join('')}  ${name}: ${kind}`)
  }
}
