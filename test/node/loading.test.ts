import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { programBundle } from '../../scripts/program.mjs'
import { blockingIndex, cli, project } from './kit/program.ts'

// Commit hooks start the program on every commit: what a run does not need, it must not load. Node's own record of the scripts that a
// process has evaluated tells which chunks these are, and esbuild which files each chunk is made of.

const root = join(dirname(cli), '..')

interface Record {
  readonly result: readonly { readonly url: string }[]
}

let inputsOf: ReadonlyMap<string, readonly string[]> = new Map()
beforeAll(async () => {
  const { metafile } = await programBundle()
  inputsOf = new Map(
    Object.entries(metafile.outputs).map(([path, { inputs }]) => [
      path,
      Object.keys(inputs).filter(input => (inputs[input]?.bytesInOutput ?? 0) > 0),
    ]),
  )
})

/** The source files, and the packages outside of the bundle, that a run of the program evaluates. */
function loadedBy(args: readonly string[], files: Readonly<{ [path: string]: string }> = {}): string[] {
  const cwd = project(files)
  const folder = join(cwd, 'coverage')
  const run = spawnSync(process.execPath, [cli, ...args], { cwd, env: { ...process.env, NODE_V8_COVERAGE: folder } })
  expect(run.status, run.stderr.toString()).toBeLessThan(2)
  const records = readdirSync(folder).map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record)
  const scripts = records
    .flatMap(({ result }) => result.flatMap(({ url }) => (url.startsWith('file:') ? fileURLToPath(url) : [])))
    .map(path => relative(root, path).replaceAll('\\', '/'))
  return [...new Set(scripts)].flatMap(path => inputsOf.get(path) ?? path).sort()
}

/** Parsers of other things than SQL, and what reads the calls of tools: `src/code` but for where grammars come from. */
const heavy =
  /^src\/systems\/.*\/(?:calls|document|advice)\.ts$|^node_modules\/(?:js-yaml|saxes|web-tree-sitter|pg|diff)\//
const light = ['candidates', 'copy', 'cursor', 'grammar', 'spelling/shell', 'spelling/snake-case'].map(
  name => `src/code/${name}.ts`,
)

function heavyIn(loaded: readonly string[]): string[] {
  return loaded.filter(path => heavy.test(path) || (path.startsWith('src/code/') && !light.includes(path)))
}

describe('a cold start', () => {
  it('over a file of SQL loads neither readers of code nor parsers of other languages', () => {
    const loaded = loadedBy(['migrations/002_index.sql'], blockingIndex)
    expect(loaded).toContain('src/lint/lint.ts')
    expect(loaded.some(path => path.startsWith('node_modules/libpg-query/'))).toBe(true)
    expect(heavyIn(loaded)).toEqual([])
    expect(loaded).not.toContain('src/systems/server/readers.ts')
  })

  it('loads what reads the version of the server only where a file may name it and nobody has', () => {
    const named = { ...blockingIndex, 'compose.yaml': 'services: { db: { image: "postgres:16" } }\n' }
    expect(loadedBy(['migrations/002_index.sql'], named)).toContain('src/systems/server/readers.ts')
    expect(loadedBy(['migrations/002_index.sql', '--pg-version', '16'], named)).not.toContain(
      'src/systems/server/readers.ts',
    )
    const other = { ...blockingIndex, 'compose.yaml': 'services: { cache: { image: "redis:7" } }\n' }
    expect(loadedBy(['migrations/002_index.sql'], other)).not.toContain('src/systems/server/readers.ts')
  })

  it.each([
    [
      'Drizzle',
      'drizzle',
      {
        'drizzle.config.ts': "export default defineConfig({ out: './drizzle', dialect: 'postgresql' })\n",
        'drizzle/meta/_journal.json':
          '{"version":"7","dialect":"postgresql","entries":[{"idx":0,"when":1,"tag":"0000_a"}]}',
        'drizzle/0000_a.sql': 'CREATE TABLE a (id int);\n',
      },
      { 'drizzle.config.ts': "export default defineConfig({ out: process.env.OUT ?? './other' })\n" },
    ],
    [
      'Prisma',
      'prisma',
      {
        'prisma.config.ts':
          "export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations', seed: 'tsx a.ts' } })\n",
        'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
        'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
        'prisma/migrations/20240101000000_a/migration.sql': 'CREATE TABLE a (id int);\n',
      },
      { 'prisma.config.ts': "export default defineConfig({ migrations: { path: join('prisma', 'other') } })\n" },
    ],
  ])(
    'over the SQL of %s does not parse its settings, which can name only one folder',
    (_, folder, files, elsewhere) => {
      const loaded = loadedBy([folder], files)
      expect(loaded).toContain(`src/systems/${folder}/${folder}.ts`)
      expect(heavyIn(loaded)).toEqual([])
      // Where it may be another one, it does.
      const other = loadedBy([folder], { ...files, ...elsewhere })
      expect(heavyIn(other)).toContain('src/code/settings/read.ts')
    },
  )

  it('over a file of code loads what reads it', () => {
    const loaded = loadedBy(['-f', 'gcc'], {
      Gemfile: "gem 'rails'\n",
      'db/migrate/20240101000000_a.rb':
        'class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :orders\n  end\nend\n',
    })
    expect(heavyIn(loaded)).toEqual(expect.arrayContaining(['src/code/read.ts', 'src/systems/rails/calls.ts']))
    expect(loaded).not.toContain('src/systems/django/calls.ts')
  })

  it.each([[['rules', 'drop-column']], [['rules']], [['--help']], [['--version']]])(
    'of %j loads no parser and nothing of migration systems',
    args => {
      const loaded = loadedBy(args)
      expect(loaded).toContain('src/node/program.ts')
      const parsers = loaded.filter(path => /^node_modules\/libpg-query\/|^src\/systems\//.test(path))
      expect([...parsers, ...heavyIn(loaded)]).toEqual([])
    },
  )
})
