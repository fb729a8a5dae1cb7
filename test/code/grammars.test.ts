import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { grammarNames, grammarPath } from '../../scripts/grammars.mjs'
import { loadGrammar, programOf } from '../../src/code/grammar.ts'
import { type Grammar, grammarOf, grammars } from '../../src/code/language.ts'
import { below } from '../../src/code/node.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const lines: Readonly<Record<Grammar, readonly [file: string, text: string, kind: string]>> = {
  ruby: ['1_a.rb', 'class A < ActiveRecord::Migration[7.1]\n  def change = add_index(:a, :b)\nend', 'simple_symbol'],
  python: ['0001_a.py', 'class Migration(migrations.Migration):\n    atomic = False', 'class_definition'],
  php: [
    '2024_a.php',
    "<?php\nreturn new class extends Migration { function up() { Schema::drop('a'); } };",
    'scoped_call_expression',
  ],
  'c-sharp': ['A.cs', 'class A : Migration { void Up(MigrationBuilder b) { b.Sql("SELECT 1"); } }', 'string_literal'],
  elixir: ['1_a.exs', 'defmodule A do\n  use Ecto.Migration\n  def change, do: execute("SELECT 1")\nend', 'string'],
  typescript: [
    '1.ts',
    'export class A implements B { async up(q: C): Promise<void> { await q.query(`a`) } }',
    'template_string',
  ],
  go: [
    '1.go',
    'package a\nfunc up(tx *sql.Tx) error { _, err := tx.Exec(`SELECT 1`); return err }',
    'raw_string_literal',
  ],
  java: [
    'V1__A.java',
    'class V1__A extends B { public void migrate(Context c) { c.run("SELECT 1"); } }',
    'string_literal',
  ],
}

test.each(grammars)('%s: the grammar is there, and reads a migration', async grammar => {
  const [file, text, kind] = lines[grammar]
  expect(grammarOf(file)).toBe(grammar)
  expect(await loadGrammar(grammar)).toBe(true)
  const program = programOf(grammar, text, () => {})
  expect(program?.broken).toEqual([])
  expect(program && [...below(program.root)].map(node => node.kind)).toContain(kind)
})

test('places are UTF-16 offsets', async () => {
  await loadGrammar('typescript')
  const text = "const é = '𝟙'; drop('x')"
  const program = programOf('typescript', text, () => {})
  const strings = program ? [...below(program.root)].filter(({ kind }) => kind === 'string') : []
  expect(strings.map(({ span }) => text.slice(span[0], span[1]))).toEqual(["'𝟙'", "'x'"])
})

test('all of them take at most 1.1 MiB of the package, which is packed with gzip', () => {
  expect(grammarNames.length).toBe(grammars.length + 1)
  const sizes = grammarNames.map(name => gzipSync(readFileSync(grammarPath(name)), { level: 9 }).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1.1 * 2 ** 20)
})

test('nothing that reads programs is loaded before there is one', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/node/cli.ts'],
    outdir: 'out',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    external: ['commander', 'diff', 'libpg-query', 'pg'],
    logLevel: 'silent',
  })
  const { outputs } = metafile
  const [start = ''] = Object.keys(outputs).filter(path => outputs[path]?.entryPoint === 'src/node/commands/lint.ts')
  const seen = new Set<string>()
  const waiting = [start]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    for (const each of outputs[path]?.imports ?? []) if (each.kind === 'import-statement') waiting.push(each.path)
  }
  const inputs = [...seen].flatMap(path => Object.keys(outputs[path]?.inputs ?? {}))
  expect(inputs).toContain('src/lint/lint.ts')
  expect(inputs.filter(path => /web-tree-sitter|src\/code\/(?:javascript|read|copy)/.test(path))).toEqual([])
})
