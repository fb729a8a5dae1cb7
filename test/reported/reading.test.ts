/** Issue reports about reading files: the report names the kind of text that users wrote. */
import { describe, expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'
import { said, told } from './kit/said.ts'

describe('a merge conflict', () => {
  const text = `<<<<<<< HEAD
ALTER TABLE orders DROP COLUMN a;
=======
ALTER TABLE orders DROP COLUMN b;
>>>>>>> branch
`

  test('is one finding that says so, and both sides are linted', async () => {
    const found = await told(text)
    const errors = found.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ rule }) => rule)).toEqual(['syntax-error', 'drop-column', 'drop-column'])
    expect(errors[0]?.message).toBe('This file has the marks of a merge conflict, on lines 1, 3, 5.')
  })
})

describe('a merge conflict in a program', () => {
  const marked = (ours: string, theirs: string) => `<<<<<<< HEAD\n${ours}\n=======\n${theirs}\n>>>>>>> branch\n`
  test.each([
    [
      'Ruby',
      'db/migrate/20240101000000_a.rb',
      `class A < ActiveRecord::Migration[7.1]\n  def change\n${marked('    create_table :a', '    create_table :b')}  end\nend\n`,
      {},
    ],
    [
      'Rust, which is not read',
      'migrations/V1__a.rs',
      `pub fn migration() -> String {\n${marked('  a()', '  b()')}}\n`,
      { 'Cargo.toml': '[dependencies]\nrefinery = { version = "0.8", features = ["tokio-postgres"] }\n' },
    ],
  ])('is one finding that says so: %s', async (_, path, text, around) => {
    const { findings } = await lintTree(mapTree({ ...around, [path]: text }))
    expect(findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining('This file has the marks of a merge conflict, on lines '),
    ])
  })
})

describe('SQL of another database', () => {
  test.each([
    [
      'MySQL',
      'CREATE TABLE `users` (`id` int NOT NULL AUTO_INCREMENT) ENGINE=InnoDB;\nALTER TABLE `users` ADD COLUMN `x` int;',
    ],
    ['SQLite', 'CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT);\nPRAGMA foreign_keys=OFF;'],
    ['SQL Server', 'CREATE TABLE [dbo].[u] (id int);\nALTER TABLE [u] ADD x int;'],
  ])('is reported once: %s', async (database, sql) => {
    const found = (await told(sql)).filter(({ rule }) => rule === 'syntax-error')
    expect(found).toHaveLength(1)
    expect(found[0]?.message).toContain(
      `This is SQL of ${database}, which PostgreSQL cannot parse: here and in 1 more place`,
    )
  })

  test('is not reported if PostgreSQL accepts it', async () => {
    expect(await said('CREATE TABLE pragma (auto_increment int, autoincrement int);')).not.toContain(
      'error syntax-error',
    )
  })
})
