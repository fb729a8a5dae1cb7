import { describe, expect, test } from 'vitest'
import { loadGrammar } from '../../src/code/grammar.ts'
import { readCode } from '../../src/code/read.ts'
import { typeormReader } from '../../src/systems/typeorm/calls.ts'

await loadGrammar('typescript')

/** The SQL that a migration sends, and what is unread of it, with the place. `files`: the other files of the project. */
function read(program: string, files: Record<string, string>) {
  const all = new Map(Object.entries(files))
  const beside = {
    path: 'src/migrations/1-a.ts',
    textOf: (path: string) => all.get(path) ?? null,
    problemOf: () => null,
  }
  const found = readCode(beside.path, program, typeormReader({}), () => {}, beside, false)
  if ('unread' in found) throw new Error(found.unread)
  return {
    sql: found.up.flatMap(({ opaque, span }) => (opaque === undefined ? [found.text.slice(...span)] : [])),
    unread: found.up.flatMap(({ opaque, call }) =>
      opaque === undefined ? [] : [`${program.slice(...call)}: ${opaque}`],
    ),
    places: found.up.map(({ span }) => program.slice(...found.places.inFile(span))),
  }
}

const migration = (imports: string, body: string) =>
  `${imports}\nexport class A1 { async up(q) { ${body} }\n async down(q) {} }\n`

describe('what a migration imports from other files of the project', () => {
  test.each<[string, string, string, Record<string, string>, string[]]>([
    [
      'a constant',
      `import { table } from '../names'`,
      'await q.query(`DROP TABLE ${table}`)',
      { 'src/names.ts': `export const table = 'a'` },
      ['DROP TABLE a'],
    ],
    [
      'another name',
      `import { table as t } from '../names.js'`,
      'await q.query(`DROP TABLE ${t}`)',
      { 'src/names.ts': `const own = 'a'\nexport { own as table }` },
      ['DROP TABLE a'],
    ],
    [
      'the default',
      `import names from '../names'`,
      'await q.query(`DROP TABLE ${names.a}`)',
      { 'src/names/index.ts': `export default { a: 'b' } as const` },
      ['DROP TABLE b'],
    ],
    [
      'what a file exports of others',
      `import { table } from '../names'`,
      'await q.query(`DROP TABLE ${table}`)',
      {
        'src/names.ts': `export * from './none'\nexport * from './own'\n`,
        'src/own.ts': `export * from './deeper'`,
        'src/deeper.ts': `export const table = 'a'`,
      },
      ['DROP TABLE a'],
    ],
    [
      'a name of the configuration',
      `import { table } from '@/names'\nimport all from '#names'`,
      'await q.query(`DROP TABLE ${table}, ${all.b}`)',
      {
        'tsconfig.base.json': `{ /* base */ "compilerOptions": { "paths": { "@/*": ["./none/*", "./src/own/*"], "#names": ["./src/own/names"], } } }`,
        'src/tsconfig.json': `{ "extends": "../tsconfig.base.json" }`,
        'src/own/names.ts': `export const table = 'a'\nexport default { b: 'c' }`,
      },
      ['DROP TABLE a, c'],
    ],
    [
      'a name below baseUrl',
      `import { table } from 'lib/names/sql'`,
      'await q.query(`DROP TABLE ${table}`)',
      {
        'tsconfig.json': `{ "compilerOptions": { "baseUrl": "src", "paths": { "lib/*/sql": ["own/*"] } } }`,
        'src/own/names.ts': `export const table = 'a'`,
      },
      ['DROP TABLE a'],
    ],
    [
      'a configuration that leads out of the tree, and one that extends itself',
      `import { table } from '@/names'\nimport { other } from '__proto__'`,
      'await q.query(`DROP TABLE a`)',
      {
        'tsconfig.json': `{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "@/*": ["../../../*"], "__proto__": ["./src/__proto__"] } } }`,
      },
      ['DROP TABLE a'],
    ],
    [
      'all of it',
      `import * as names from '../names'`,
      'await q.query(`DROP TABLE ${names.a}`)',
      { 'src/names.mjs': `export const a = 'b'` },
      ['DROP TABLE b'],
    ],
    [
      'a list',
      `import { tables } from '../names'`,
      'for (const t of tables) await q.query(`DROP TABLE ${t}`)',
      { 'src/names.ts': `export const tables: string[] = ['a', 'b']` },
      ['DROP TABLE a', 'DROP TABLE b'],
    ],
    [
      'an enumeration',
      `import { Status } from '../names'`,
      `await q.query(\`CREATE TYPE s AS ENUM ('\${Object.values(Status).join("', '")}')\`)`,
      { 'src/names.ts': `export enum Status { Open = 'open', Done = 'done' }` },
      [`CREATE TYPE s AS ENUM ('open', 'done')`],
    ],
    [
      'a number that an enumeration counts',
      `import { N } from '../names'`,
      'await q.query(`SELECT ${N.B}, ${N.D}`)',
      { 'src/names.ts': `export enum N { A, B, C = 7, D }` },
      ['SELECT 1, 8'],
    ],
    [
      'exports of CommonJS',
      `const { table } = require('../names')`,
      'await q.query(`DROP TABLE ${table}`)',
      { 'src/names.js': `module.exports = { table: 'a' }` },
      ['DROP TABLE a'],
    ],
    [
      'one value of CommonJS',
      `const tables = require('../names')`,
      'await q.query(`DROP TABLE ${tables[1]}`)',
      { 'src/names.js': `module.exports = ['a', 'b']` },
      ['DROP TABLE b'],
    ],
    [
      'exports of a third file',
      `import { table } from '../names'`,
      'await q.query(`DROP TABLE ${table}`)',
      { 'src/names.ts': `export { own as table } from './third'`, 'src/third.ts': `export const own = 'a'` },
      ['DROP TABLE a'],
    ],
    [
      'a function that calculates',
      `import { dropped } from '../names'`,
      `await q.query(dropped('a', { cascade: true }))`,
      {
        'src/names.ts':
          'export function dropped(t: string, o: { cascade: boolean }) { return `DROP TABLE ${t}${o.cascade ? " CASCADE" : ""}` }',
      },
      ['DROP TABLE a CASCADE'],
    ],
  ])('%s', (_, imports, body, files, sql) => {
    expect(read(migration(imports, body), files)).toMatchObject({ sql, unread: [] })
  })

  test.each<[string, string, string, Record<string, string>, string]>([
    [
      'a file outside of the project',
      `import { table } from '../../../names'`,
      'await q.query(table)',
      { 'names.ts': `export const table = 'a'` },
      'table: it comes from another file',
    ],
    [
      'a package',
      `import { table } from 'names'`,
      'await q.query(table)',
      { 'src/names.ts': `export const table = 'a'` },
      'table: it comes from another file',
    ],
    [
      'a value of the environment',
      `import { table } from '../names'`,
      'await q.query(table)',
      { 'src/names.ts': `export const table = process.env.T` },
      'table: it comes from another file',
    ],
    [
      'a file that cannot be parsed',
      `import { table } from '../names'`,
      'await q.query(table)',
      { 'src/names.ts': `export const table = 'a'\n) (` },
      'table: it comes from another file',
    ],
    [
      'a name that the file does not have',
      `import { table } from '../names'`,
      'await q.query(table)',
      { 'src/names.ts': `export * from './more'` },
      'table: it comes from another file',
    ],
    [
      'a function that gets the connection',
      `import { work } from '../names'`,
      'await work(q)',
      { 'src/names.ts': `export const work = q => q.query('DROP TABLE a')` },
      'work(q): `work`: it comes from another file',
    ],
    [
      'a function that reaches a database',
      `import { work } from '../names'`,
      'await work()',
      { 'src/names.ts': `import { db } from 'db'\nexport async function work() { await db.query('DROP TABLE a') }` },
      'work(): `work`: it comes from another file',
    ],
    [
      'a function that returns a query',
      `import { work } from '../names'`,
      'await work()',
      { 'src/names.ts': `import { db } from 'db'\nexport const work = () => db.query('DROP TABLE a')` },
      'work(): `work`: it comes from another file',
    ],
    [
      'an object of a class',
      `import work from '../names'`,
      'await work.run()',
      { 'src/names.ts': `class A { run() { return db.query('') } }\nexport default new A()` },
      'work.run(): `run`: it comes from another file',
    ],
    [
      'a function that never ends',
      `import { work } from '../names'`,
      'await q.query(work())',
      { 'src/names.ts': `export function work() { let a = 'a'; for (;;) a += a; return a }` },
      'work(): `work`: it comes from another file',
    ],
  ])('%s stays unknown', (_, imports, body, files, unread) => {
    const found = read(migration(imports, body), files)
    expect(found.sql).toEqual([])
    expect(found.unread).toEqual([unread])
  })

  test('files that import each other, or themselves, end', () => {
    const files = {
      'src/a.ts': `import { b } from './b'\nexport const a = 'a', c = b`,
      'src/b.ts': `import { a } from './a'\nexport const b = a`,
      'src/self.ts': `import { self } from './self'\nexport const own = 's'`,
    }
    const imports = `import { a } from '../a'\nimport { own } from '../self'`
    expect(read(migration(imports, 'await q.query(`SELECT ${a}, ${own}`)'), files).sql).toEqual(['SELECT a, s'])
  })

  test('findings in what is imported are at the import or the call, not at places of the other file', () => {
    const files = { 'src/names.ts': `${'// far away\n'.repeat(40)}export const all = 'DROP TABLE a; DROP TABLE b'` }
    const { places } = read(migration(`import { all } from '../names'`, 'await q.query(all)'), files)
    expect(places).toEqual(['all'])
  })
})
