import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mikroOrmCalls } from '../../src/systems/mikro-orm/calls.ts'
import { sent } from '../code/kit/sent.ts'
import '../kit/grammars.ts'

// Bodies of `up` that nobody wrote, run by MikroORM's own class `Migration`, with its own way to write values into SQL. Its runner sends
// what `addSql` collected once `up` is over.

const load = createRequire(new URL('tools/package.json', import.meta.url))
const module = (name: string) => import(pathToFileURL(load.resolve(name)).href)

const quote = (text: string) => JSON.stringify(text)
const value = fc.oneof(
  fc.constantFrom('x', "it's", 'a\\b', '', 'é', 'a?b').map(quote),
  fc.constantFrom(
    '5',
    '1.5',
    'true',
    'null',
    '[1, "b"]',
    '{ k: [1] }',
    "raw('now()')",
    "sql.ref('a.b')",
    "sql`lower(@{'X'})`".replace('@', '$'),
  ),
)
const plain = fc
  .constantFrom('drop table "a"', 'select 1', "select 'a?'", 'select 1 ? 2', '', '  ', 'create index i on t (a);')
  .map(quote)
const query = fc.oneof(
  plain,
  plain.map(text => `raw(${text})`),
  value.map(each => `raw('select ?, ??', [${each}, 'a.b"c'])`),
  value.map(each => `raw('? and \\\\? and :a', [${each}])`),
  value.map(each => `raw('select :a, :b:, x::int, :c', { a: ${each}, b: 's.t' })`),
  value.map(each => `sql\`select \${${each}} from \${sql.ref('t')}\``),
  value.map(each => `sql\`insert into a values (\${${each}}, \${5})\``),
  fc.constant('sql`select 1`'),
  fc.constant('sql.now()'),
)
const call = fc.oneof(
  query.map(each => `this.addSql(${each})`),
  query.map(each => `await this.execute(${each})`),
  fc.tuple(plain, value).map(([text, each]) => `await this.execute(${text}, [${each}])`),
  value.map(each => `await this.execute('select :a', { a: ${each} })`),
  fc.constant('this.reset()'),
)

test('MikroORM', async () => {
  const [{ Migration }, { raw, sql }, { AbstractSqlConnection, PostgreSqlPlatform }] = await Promise.all([
    module('@mikro-orm/migrations'),
    module('@mikro-orm/core'),
    module('@mikro-orm/postgresql'),
  ])
  const connection = { config: { get: () => (text: string) => text }, platform: new PostgreSqlPlatform() }
  const format = (text: unknown, params?: unknown): string =>
    AbstractSqlConnection.prototype.prepareQuery.call(connection, text, params).formatted
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 4 }), async calls => {
      const body = calls.join('\n')
      const wanted: string[] = []
      const execute = async (text: unknown, params?: unknown) => wanted.push(format(text, params))
      const migration = new Migration({ execute }, {})
      const asFunction = Object.getPrototypeOf(async () => {}).constructor
      await asFunction('raw', 'sql', body).call(migration, raw, sql)
      for (const each of migration.getQueries()) wanted.push(format(each))
      const code = `import { raw, sql } from '@mikro-orm/core'\nexport class A extends Migration { async up() {\n${body}\n} }`
      const read = await sent(mikroOrmCalls, code)
      expect({ sql: read.sql, unread: read.unread }, body).toEqual({
        sql: wanted.filter(text => text.trim() !== ''),
        unread: [],
      })
      count += calls.length
    }),
    { numRuns: 1_000, seed: 12 },
  )
  console.info(`MikroORM: ${count} calls send what is read.`)
})
