import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { git, repository, temporary, write } from '../kit/git.ts'
import { migrateLint } from '../node/kit/program.ts'
import { evil } from './kit/embedded.ts'
import { hostileRun } from './kit/running.ts'

// The code beside the migrations is a stranger's, and so are git's settings for it.

const first = 'CREATE TABLE orders (id bigint PRIMARY KEY, shipping_note text);\n'
const drop = "SET lock_timeout = '1s';\nALTER TABLE orders DROP COLUMN shipping_note;\n"
const query = 'export const q = `SELECT shipping_note FROM orders`\n'
// The programs are shell scripts, and making a link needs a right on Windows.
const onPosix = test.skipIf(process.platform === 'win32')

describe('the search for names in code', () => {
  onPosix('starts no program that the repository names', async () => {
    const bad = evil()
    const root = repository({
      'db/1.sql': first,
      'src/a.ts': query,
      '.gitattributes': '* diff=bad filter=bad\n*.ts diff=bad filter=bad\n',
    })
    for (const [key, value] of [
      ['diff.bad.textconv', bad.program],
      ['diff.bad.command', bad.program],
      ['filter.bad.clean', bad.program],
      ['filter.bad.smudge', bad.program],
      ['filter.bad.process', bad.program],
      ['core.pager', bad.program],
      ['pager.grep', bad.program],
      ['core.fsmonitor', bad.program],
      ['grep.fallbackToNoIndex', 'true'],
      ['color.ui', 'always'],
      ['submodule.recurse', 'true'],
      ['grep.patternType', 'perl'],
    ] as const)
      git(root, 'config', key, value)
    write(root, { 'db/2.sql': drop })
    for (const args of [['db'], ['db', '--staged'], ['db', '--since', 'main']]) {
      const { stdout } = await migrateLint([...args, '-f', 'json'], { cwd: root })
      if (args.length !== 2) expect(stdout).toContain('"code": "used"')
      expect(bad.ran).toBe('')
    }
  })

  onPosix('does not follow links out of the repository, neither of files nor of folders', async () => {
    const outside = temporary()
    write(outside, { 'secret.ts': query })
    const root = repository({ 'db/1.sql': first, 'src/a.ts': 'q(`SELECT id FROM orders`)\n', 'lib/secret.ts': 'x\n' })
    symlinkSync(join(outside, 'secret.ts'), join(root, 'src/link.ts'))
    git(root, 'add', '-A')
    git(root, 'rm', '-rq', '--cached', 'lib')
    git(root, 'reset', '-q', 'lib')
    git(root, 'mv', 'lib', 'other')
    git(root, 'reset', '-q')
    symlinkSync(outside, join(root, 'lib'))
    write(root, { 'db/2.sql': drop })
    const { stdout } = await migrateLint(['db', '-f', 'json'], { cwd: root })
    expect(stdout).toContain('drop-column')
    expect(stdout).not.toContain('"code": "used"')
    expect(stdout).not.toContain('secret')
  })

  test('takes names of columns for texts, whatever they are', async () => {
    const names = [
      '-O',
      '--no-index',
      '.*',
      '[',
      'a\\b',
      "x' OR '1",
      '$(touch ran)',
      '__proto__',
      'constructor',
      'é',
      ' ',
    ]
    const columns = names.map(name => `"${name}" text`).join(', ')
    const root = repository({
      'db/1.sql': `CREATE TABLE orders (id bigint PRIMARY KEY, ${columns});\n`,
      'src/a.ts': query,
    })
    write(root, { 'db/2.sql': names.map(name => `ALTER TABLE orders DROP COLUMN "${name}";\n`).join('') })
    const { stdout, stderr } = await migrateLint(['db', '-f', 'json'], { cwd: root })
    expect(JSON.parse(stdout).findings.filter(({ rule }: { rule: string }) => rule === 'drop-column')).toHaveLength(
      names.length,
    )
    expect(stdout).not.toContain('"code": "used"')
    expect(stderr).not.toContain('error')
  })

  test('shows names of files without acting on a terminal', async () => {
    const path = 'src/\u001b[31ma\u202e.ts'
    const root = repository({ 'db/1.sql': first, [path]: query })
    write(root, { 'db/2.sql': drop })
    for (const format of ['text', 'compact', 'gcc', 'github', 'markdown', 'sarif']) {
      const { stdout } = await migrateLint(['db', '-f', format], { cwd: root })
      expect([format, stdout.includes('\u001b[31ma'), stdout.includes('\u202e')]).toEqual([format, false, false])
    }
  })

  test('ends on files that are made to take for ever, and never says that it found nothing where it did not look', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `orders ${i} {([ 'shipping_note' "`).join('')
    const root = repository({
      'db/1.sql': first,
      'src/quotes.ts': "'".repeat(300_000),
      'src/open.ts': '{(['.repeat(100_000),
      'src/many.py': many,
      'src/classes.rb': 'class A < B\n'.repeat(40_000),
      'src/large.ts': `${'x'.repeat(1_100_000)}\nq(\`SELECT 1 FROM orders\`) // shipping_note`,
      'src/a.ts': 'q(`SELECT id FROM orders`)\n',
    })
    write(root, { 'db/2.sql': drop })
    const { stdout } = await migrateLint(['db', '-f', 'json'], { cwd: root })
    expect(stdout).not.toContain('"code": "not found"')
  })

  test.each([
    ['a model on one line', 'app/order.rb', `class Order < ApplicationRecord\n${'shipping_note '.repeat(60_000)}`],
    ['fields on one line', 'db/a.prisma', `model orders {\n${'shipping_note '.repeat(60_000)}}\n`],
    ['a class on one line', 'src/a.ts', `@Entity('orders')\nclass A {\n${'shipping_note '.repeat(60_000)}}\n`],
    ['elements that nothing ends', 'src/a.xml', '<select> from orders shipping_note'.repeat(30_000)],
    [
      'calls by the thousand',
      'src/a.ts',
      `${"db('orders').where('shipping_note');".repeat(100)}${"'a' ".repeat(200_000)}`,
    ],
    ['queries by the thousand', 'src/a.sql', 'SELECT shipping_note FROM orders;\n'.repeat(30_000)],
    [
      'names by the thousand',
      'src/a.go',
      `${'func (o X) TableName() string { return "orders" }\n'.repeat(20_000)}shipping_note`,
    ],
  ])('does not take the square of a file: %s', async (_, path, text) => {
    const root = repository({ 'db/1.sql': first, [path]: text })
    write(root, { 'db/2.sql': drop })
    const { code, stdout } = await hostileRun(['db', '-f', 'json'], root)
    expect(code).not.toBeNull()
    expect(stdout).toContain('drop-column')
    expect(stdout).not.toContain('"code": "not found"')
  })

  test('gives up a search for thousands of names in a large file', async () => {
    const columns = Array.from({ length: 3000 }, (_, i) => `column_number_${i}x`)
    const root = repository({
      'db/1.sql': `CREATE TABLE orders (id bigint PRIMARY KEY, ${columns.map(name => `${name} int`).join(', ')});\n`,
      'src/a.ts': 'x column_number \n'.repeat(3_000_000),
    })
    write(root, { 'db/2.sql': columns.map(name => `ALTER TABLE orders DROP COLUMN ${name};\n`).join('') })
    const { stdout } = await migrateLint(['db', '-f', 'json'], { cwd: root })
    expect(stdout).toContain('drop-column')
    expect(stdout).not.toContain('"code":')
  })
})
