import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { grammarPath } from '../../scripts/grammars.mjs'
import { useGrammars } from '../../src/code/grammar.ts'
import { lintTree, mapTree } from '../../src/index.ts'
import { coverage } from '../../src/lint/unread.ts'
import { migrateLint, project } from '../node/kit/program.ts'

// Programs made to be too much for a reader: nothing crashes, goes on for ever or runs, and the file is reported.

useGrammars(async name => new Uint8Array(await readFile(grammarPath(name))))

async function linted(body: string, others: Readonly<Record<string, string>> = {}) {
  const report = await lintTree(
    mapTree({
      'package.json': '{"dependencies":{"typeorm":"^0.3.0","pg":"8"}}',
      ...others,
      'migrations/1700000000001-A.ts': body,
      'migrations/1700000000002-B.ts':
        'export class B1700000000002 implements MigrationInterface { async up(queryRunner) { await queryRunner.query(`DROP TABLE later`) } }',
    }),
  )
  expect(report.internalErrors).toEqual([])
  // The file after it is linted anyway.
  expect(report.findings.map(({ rule }) => rule)).toContain('drop-table')
  return report
}

const migration = (inside: string, before = '') =>
  `${before}\nexport class A1700000000001 implements MigrationInterface { async up(queryRunner) { ${inside} } }\n`

const query = (argument: string) => migration(`await queryRunner.query(${argument})`)
const deep = 20_000

describe('is read in part, and says so', () => {
  const attacks: readonly (readonly [string, string])[] = [
    ['parentheses in one another', query(`${'('.repeat(deep)}'a'${')'.repeat(deep)}`)],
    ['lists in one another', query(`${'['.repeat(deep)}${']'.repeat(deep)}`)],
    ['blocks in one another', migration(`${'{'.repeat(deep)}${'}'.repeat(deep)}`)],
    ['calls in one another', query(`${'f('.repeat(deep)}${')'.repeat(deep)}`)],
    ['a chain of members', migration(`queryRunner${'.a()'.repeat(deep)}`)],
    ['templates in one another', query(`${'`${'.repeat(2_000)}1${'}`'.repeat(2_000)}`)],
    ['functions that call each other', migration('await f(queryRunner)', 'const f = q => g(q)\nconst g = q => f(q)')],
    ['a function that calls itself twice', migration('f(); f()', 'function f() { f(); f(); f() }')],
    ['a loop without an end', migration('while (true) { await queryRunner.query("SELECT 1") }')],
    [
      'loops in one another',
      migration('for (let a = 0; a < 9999; a++) for (let b = 0; b < 9999; b++) for (let c = 0; c < 9999; c++);'),
    ],
    [
      'a text that doubles',
      migration('let x = "SELECT 1"; for (let i = 0; i < 60; i++) x = x + x; await queryRunner.query(x)'),
    ],
    [
      'a list that grows while it is gone through',
      migration('const all = [1]; for (let i = 0; i < all.length; i++) all.push(i); await queryRunner.query("" + all)'),
    ],
    ['broken syntax', migration('await queryRunner.query("a"').slice(0, -20)],

    ['binary', `${migration('')}\u0001\u0002\ufffd`],
  ]
  test.each(attacks)('%s', async (_, text) => {
    const { readInPart, notRead } = coverage(await linted(text))
    expect(readInPart + notRead).toBe(1)
  })
})

describe('code that makes more statements than a person writes is read in part and reported at its place, and the rest is read', () => {
  const add = 'queryRunner.query("ALTER TABLE orders ADD COLUMN c" + i + " text")'
  test.each([
    ['a loop', migration(`for (let i = 0; i < 1e6; i++) await ${add}; await queryRunner.query('DROP TABLE orders')`)],
    [
      'a function that calls itself',
      migration(
        `await many(17, 0, queryRunner); await queryRunner.query('DROP TABLE orders')`,
        `async function many(n, i, queryRunner) { await ${add}; if (n > 0) { await many(n - 1, 2 * i, queryRunner); await many(n - 1, 2 * i + 1, queryRunner) } }`,
      ),
    ],
    [
      'a list',
      migration(
        `[${Array.from({ length: 3000 }, (_, i) => i)}].forEach(i => ${add}); await queryRunner.query('DROP TABLE orders')`,
      ),
    ],
  ])('%s', async (_, text) => {
    const report = await linted(text)
    expect(report.summary.statements).toBeLessThan(1_100)
    expect(report.summary.statements).toBeGreaterThan(2)
    const places = report.unread.flatMap(({ at, path }) =>
      path.endsWith('A.ts') ? [text.slice(...(at ?? [0, 0]))] : [],
    )
    expect(places).toContain(add)
  })

  test('of 3,000 calls that send a statement each, all are read', async () => {
    const calls = Array.from({ length: 3000 }, (_, i) => `await queryRunner.query('SELECT ${i}')`)
    const report = await linted(migration(calls.join('\n')))
    expect(report.summary.statements).toBe(3001)
    expect(coverage(report)).toMatchObject({ readInPart: 0, notRead: 0 })
  })
})

describe('a file of 20,000 statements', () => {
  const file = Array.from({ length: 20_000 }, (_, i) => `INSERT INTO a VALUES (${i});`).join('\n')
  const load = "fs.readFileSync(path.join(__dirname, 'all.sql'), 'utf8')"
  const start = `import * as fs from 'node:fs'\nimport * as path from 'node:path'`
  const send = (sql: string) => `await queryRunner.query(${sql});`

  test.each([
    ['that a loop loads a thousand times', migration(`for (let i = 0; i < 1000; i++) ${send(load)}`, start)],
    [
      'that is loaded once and sent a thousand times',
      migration(`const all = ${load}\n${send('all').repeat(1000)}`, start),
    ],
    ['that is changed a little each time', migration(`${`${send(`${load}.replace('a', 'b')`)}\n`.repeat(40)}`, start)],
    ['that the program itself has and sends again', migration(send('all').repeat(40), `const all = \`${file}\``)],
  ])(
    '%s is read twice at most, and that is reported once',
    async (_, text) => {
      const report = await linted(text, { 'migrations/all.sql': file })
      expect(report.summary.statements).toBeGreaterThan(19_999)
      expect(report.summary.statements).toBeLessThan(40_100)
      expect(report.unread.map(({ why }) => why)).toEqual([expect.stringContaining('it sends too much')])
    },
    120_000,
  )

  test('that the program loads is read, and so are others', async () => {
    const others = Array.from({ length: 3 }, (_, i) => [`migrations/${i}.sql`, `${file}\nSELECT ${i};`] as const)
    const loads = others.map((_, i) => send(load.replace('all', String(i)))).join('\n')
    const report = await linted(migration(loads, start), Object.fromEntries(others))
    expect(report.summary.statements).toBe(60_004)
    expect(report.unread).toEqual([])
  }, 120_000)
})

describe('is read', () => {
  test('a sum of 20,000 texts', async () => {
    const report = await linted(query(Array.from({ length: deep }, (_, i) => `'SELECT ${i};'`).join(' + ')))
    expect(report.summary.statements).toBeGreaterThan(1)
  })

  test('a text of 4 MB', async () => {
    const report = await linted(query(`\`SELECT '${'x'.repeat(4_000_000)}'\``))
    expect(coverage(report)).toMatchObject({ read: 2 })
  })

  test('names that every object has', async () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
    const inside = names.map(
      name =>
        `const ${name}1 = { ${name}: 'a' }; await queryRunner.query('SELECT ' + ${name}1.${name}); queryRunner.${name};`,
    )
    expect(coverage(await linted(migration(inside.join('\n'))))).toMatchObject({ notRead: 0 })
  })
})

test('a file of more than 5 MB is reported as unread', async () => {
  const report = await linted(query(`'${'x'.repeat(5_100_000)}'`))
  expect(report.unread).toMatchObject([{ extent: 'migration', why: 'it is too large' }])
})

test('no code of it runs', async () => {
  const mark = '__migrate_lint_was_here'
  await linted(
    `globalThis.${mark} = 1\nprocess.env.${mark} = '1'\n` +
      migration(
        `eval('globalThis.${mark} = 2'); new Function('globalThis.${mark} = 3')(); (() => {}).constructor('globalThis.${mark} = 4')()`,
      ),
  )
  expect(mark in globalThis).toBe(false)
  expect(process.env[mark]).toBe(undefined)
})

describe('a migration in Ruby', () => {
  async function lintedRuby(body: string) {
    const report = await lintTree(
      mapTree({
        'db/migrate/20260101000000_a.rb': `class A < ActiveRecord::Migration[8.0]\ndef change\n${body}\nend\nend\n`,
        'db/migrate/20260102000000_b.rb':
          'class B < ActiveRecord::Migration[8.0]\ndef change\ndrop_table :later\nend\nend\n',
      }),
    )
    expect(report.internalErrors).toEqual([])
    expect(report.findings.map(({ rule }) => rule)).toContain('drop-table')
    return report
  }

  test.each([
    ['blocks in one another', `${'foo { '.repeat(2000)}${' }'.repeat(2000)}`],
    ['parentheses', `add_column :a, :b, ${'('.repeat(9000)}:string${')'.repeat(9000)}`],
    ['a chain', `execute 'a'${'.strip'.repeat(20_000)}`],
    ['a method that calls itself', "execute 'SELECT 1'\nchange"],
    ['a block that calls itself', 'f = -> { f.call }\nf.call\nfoo'],
    ['a loop without an end', "loop { execute 'SELECT 1' }"],
    ['a text that doubles', "x = 'SELECT 1'\n60.times { x << x }\nexecute x"],
    ['a list that grows while it is gone through', 'all = [1]\nall.each { |i| all << i }\nexecute all.join\nfoo'],
    ['a document without an end', 'execute <<~SQL\n  SELECT 1'],
    ['broken syntax', "execute 'a\nif (\n}"],
    [
      'names that every object has',
      'add_column :constructor, :__proto__, :toString, hasOwnProperty: 1\nconstructor\n__proto__.toString',
    ],
  ])('of %s is reported, and nothing is lost', async (_, body) => {
    const { readInPart, notRead } = coverage(await lintedRuby(body))
    expect(readInPart + notRead).toBe(1)
  })

  test('runs no code', async () => {
    const report = await lintedRuby(
      "`touch /tmp/x`\nsystem('touch /tmp/x')\neval('1')\nKernel.exec('x')\nsend(:execute, 'SELECT 1')",
    )
    expect(coverage(report).readInPart + coverage(report).notRead).toBe(1)
  })
})

// A program that named a file of SQL stood for that file alone: whatever else it sent was not read, and nothing said so.
describe('a program that loads a harmless file, and sends more', () => {
  const [more, load] = [
    "const more = 'DROP TABLE users'",
    "fs.readFileSync(path.join(__dirname, 'sqls', 'a.sql'), 'utf8')",
  ]
  const head = `const fs = require('fs'), path = require('path')\n${more}\n`
  const waiting = (sent: string, before = '') =>
    `const fs = require('fs'), path = require('path')\nexports.up = function(db) {\n  ${before}const filePath = path.join(__dirname, 'sqls', 'a.sql')\n  return new Promise(function(resolve, reject) {\n    fs.readFile(filePath, 'utf8', function(err, data) { if (err) return reject(err); resolve(data) })\n  }).then(function(data) { ${sent} })\n}\n`
  const programs: Readonly<Record<string, readonly [dependency: string, program: string]>> = {
    Knex: ['knex', `${head}exports.up = async knex => { await knex.raw(${load}); await knex.raw(more) }\n`],
    Sequelize: [
      'sequelize',
      `${head}module.exports = { async up(queryInterface) { await queryInterface.sequelize.query(${load}); await queryInterface.sequelize.query(more) } }\n`,
    ],
    'db-migrate': [
      'db-migrate',
      `${head}exports.up = async db => { await db.runSql(${load}); await db.runSql(more) }\n`,
    ],
    'db-migrate, after a callback': [
      'db-migrate',
      waiting("return db.runSql(data).then(() => db.runSql('DROP TABLE users'))"),
    ],
    'db-migrate, behind the file': ['db-migrate', waiting("return db.runSql(data + ';DROP TABLE users')")],
    'db-migrate, instead of the file': [
      'db-migrate',
      waiting('return db.runSql(type)', "const type = 'DROP TABLE users'; "),
    ],
    'db-migrate, from outside': [
      'db-migrate',
      `${waiting('return db.runSql(type)')}var type = fs.readFileSync('/tmp/x')\n`,
    ],
  }
  test.each(Object.entries(programs))('%s', async (_, [dependency, program]) => {
    const cwd = project({
      'package.json': JSON.stringify({ dependencies: { [dependency]: '1' } }),
      ...(dependency === 'db-migrate' && { 'database.json': '{"dev":{"driver":"pg"}}' }),
      'migrations/20240101000000-a.js': program,
      'migrations/sqls/a.sql': 'CREATE TABLE fine (id bigint PRIMARY KEY);\n',
    })
    const { stdout } = await migrateLint(['-f', 'compact'], { cwd })
    expect(stdout).toMatch(/drop-table|could (?:not be checked|be checked only in part)/)
    expect(stdout).not.toContain('No dangers')
  })

  test('but what db-migrate itself writes stands for its file', async () => {
    const cwd = project({
      'database.json': '{"dev":{"driver":"pg"}}',
      'migrations/20240101000000-a.js': waiting('return db.runSql(data)'),
      'migrations/sqls/a.sql': 'DROP TABLE users;\n',
    })
    const { stdout } = await migrateLint(['-f', 'compact'], { cwd })
    expect(stdout).toMatch(/^migrations\/sqls\/a\.sql:1:1 {2}error .*drop-table\n1 error in 1 migration \(1 statement/)
  })
})
