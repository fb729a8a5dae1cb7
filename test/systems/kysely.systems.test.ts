import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { snakeCase } from '../../src/code/spelling/snake-case.ts'
import { kyselyReader } from '../../src/systems/kysely/calls.ts'
import { sent } from '../code/kit/sent.ts'
import '../kit/grammars.ts'

// Chains of calls as programs have them. Kysely itself compiles each one, for which it needs no server. The reader must get the same SQL from
// the same text, or report it as unread if Kysely refuses it.

/** The SQL that Kysely sends for a chain. Throws if Kysely refuses it. */
let compiled: (chain: string, hasPlugin: boolean) => Promise<string>

beforeAll(async () => {
  const module = await import(
    pathToFileURL(new URL('tools/node_modules/kysely/dist/esm/index.js', import.meta.url).pathname).href
  )
  const { CamelCasePlugin, DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } =
    module
  let last = ''
  const settings = {
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db: unknown) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }: { query: { sql: string } }) => {
      last = query.sql
    },
  }
  const database = new Kysely(settings)
  const withPlugin = new Kysely({ ...settings, plugins: [new CamelCasePlugin()] })
  compiled = async (chain, hasPlugin) => {
    await new Function('sql', 'db', `return ${chain}`)(sql, hasPlugin ? withPlugin : database)
    return last
  }
})

const quote = (text: string) => JSON.stringify(text)
/** Templates: `@` stands for `$`, so that this file does not evaluate them. */
const template = (text: string) => text.replaceAll('@{', `$${'{'}`)
const name = fc.constantFrom('a', 'orderITems2', 'order', 'created at', 'b"c', "it's", 'Ünï', 'x.y', 'x . y').map(quote)
const plainName = fc.constantFrom('a', 'order', 'b"c', 'Ünï').map(quote)
const raw = fc
  .constantFrom(
    'sql`now()`',
    'sql`a > @{5}`',
    "sql`@{sql.ref('q.b')} = @{sql.lit('q')}`",
    "sql.raw('x')",
    "sql`@{sql.id('a.b', 'c')}`",
    "sql`@{sql.table('s.t')}`",
    "sql`@{sql.table('a')}`",
    "sql`@{sql.ref('a.orderITems2')} > @{sql.ref('order.b')}`",
    'sql`a in (@{sql.join([1, sql`b`, 3])})`',
  )
  .map(template)
const type = fc.oneof(
  fc
    .constantFrom(
      'text',
      'integer',
      'varchar(20)',
      'numeric(10, 2)',
      'timestamptz(3)',
      'bigserial',
      'jsonb',
      'citext',
      'numeric(10,2)',
    )
    .map(quote),
  fc.constantFrom('sql`text[]`', 'sql`@{sql.id("mood")}`').map(template),
)
const value = fc.oneof(fc.constantFrom("'x'", '"it\'s"', '5', '1.5', '-1', 'true', 'null', "''"), raw)
const action = fc.constantFrom('cascade', 'set null', 'restrict', 'no action', 'set default', 'nothing').map(quote)
const reference = fc.constantFrom('o.id', 's.o.id', 'id', ' o . id ').map(quote)
const columns = fc.array(plainName, { minLength: 1, maxLength: 3 }).map(all => `[${all.join(', ')}]`)
const ordered = fc.constantFrom('a', 'a desc', 'a asc', 'x.y desc', 'a desc nulls last', 'a up').map(quote)

/** Some of these calls, one after another. */
const chain = (...calls: readonly fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...calls), { maxLength: 5 }).map(all => all.join(''))
const call = (method: string, ...args: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...args).map(all => `.${method}(${all.join(', ')})`)
const bare = (...methods: readonly string[]) => fc.constantFrom(...methods).map(method => `.${method}()`)
const callback = (calls: fc.Arbitrary<string>) => calls.map(all => `x => x${all}`)
/** As the last argument, or left out. */
const perhaps = (arg: fc.Arbitrary<string>) => fc.oneof(fc.constant('undefined'), arg)

const described = callback(
  chain(
    bare('notNull', 'unique', 'primaryKey', 'nullsNotDistinct', 'unsigned', 'autoIncrement', 'identity', 'ifNotExists'),
    bare('generatedAlwaysAsIdentity', 'generatedByDefaultAsIdentity', 'stored'),
    call('defaultTo', value),
    call('check', raw),
    call('generatedAlwaysAs', raw),
    call('references', reference),
    call('onDelete', action),
    call('onUpdate', action),
    call('modifyFront', raw),
    call('modifyEnd', raw),
  ),
)
const deferring = bare('deferrable', 'notDeferrable', 'initiallyDeferred', 'initiallyImmediate')
const referring = chain(deferring, call('onDelete', action), call('onUpdate', action))
const addColumn = call('addColumn', name, type, perhaps(described))
const constraint = fc.oneof(
  call('addPrimaryKeyConstraint', name, columns, perhaps(callback(chain(deferring)))),
  call('addUniqueConstraint', name, columns, perhaps(callback(chain(deferring, bare('nullsNotDistinct'))))),
  call('addCheckConstraint', name, raw),
  call('addForeignKeyConstraint', name, columns, name, columns, perhaps(callback(referring))),
)
const alteration = callback(
  fc.oneof(call('setDataType', type), call('setDefault', value), bare('dropDefault', 'setNotNull', 'dropNotNull')),
)
const condition = fc.oneof(
  call('where', raw),
  call(
    'where',
    plainName,
    fc.constantFrom('=', '<>', 'like', 'is', '=>').map(quote),
    fc.constantFrom("'x'", '5', 'null', 'true', 'sql`1`'),
  ),
  call('where', plainName, fc.constantFrom("'in'", "'not in'"), fc.constantFrom('[1, 2]', "['a', sql`b`]")),
)
const start = (method: string, of: fc.Arbitrary<string> = name) => call(method, of)
const statement = (first: fc.Arbitrary<string>, rest: fc.Arbitrary<string>) =>
  fc.tuple(first, rest).map(([a, b]) => `${a}${b}`)

const schema = fc.constantFrom('db.schema', "db.schema.withSchema('app')", "db.withSchema('app').schema")
const statements = fc.oneof(
  statement(
    start('createTable'),
    chain(
      addColumn,
      addColumn,
      constraint,
      bare('ifNotExists', 'temporary'),
      call('modifyEnd', raw),
      call('modifyFront', raw),
      call('onCommit', fc.constant("'drop'")),
    ),
  ),
  statement(
    start('alterTable'),
    chain(addColumn, call('dropColumn', name), call('renameColumn', name, name), call('alterColumn', name, alteration)),
  ),
  statement(start('alterTable'), constraint),
  statement(
    start('alterTable'),
    fc.oneof(
      call('renameTo', fc.constantFrom('z', 's.z', 'a').map(quote)),
      call('setSchema', name),
      call('renameConstraint', name, name),
      statement(call('dropConstraint', name), chain(bare('ifExists', 'cascade', 'restrict'))),
      statement(call('addForeignKeyConstraint', name, columns, name, columns), referring),
    ),
  ),
  statement(
    start('createIndex'),
    chain(
      call('on', name),
      call('column', ordered),
      call(
        'columns',
        fc.array(ordered, { minLength: 1, maxLength: 2 }).map(all => `[${all.join(', ')}]`),
      ),
      call('expression', raw),
      call('using', fc.constantFrom("'gin'", "'btree'")),
      bare('unique', 'ifNotExists', 'nullsNotDistinct'),
      condition,
    ),
  ),
  statement(start('dropIndex'), chain(bare('ifExists', 'cascade'), call('on', name))),
  statement(start('dropTable'), chain(bare('ifExists', 'cascade'))),
  statement(start('createSchema'), chain(bare('ifNotExists'))),
  statement(start('dropSchema'), chain(bare('ifExists', 'cascade'))),
  statement(
    start('createView'),
    chain(bare('orReplace', 'materialized', 'temporary', 'ifNotExists'), call('columns', columns), call('as', raw)),
  ),
  statement(start('dropView'), chain(bare('ifExists', 'cascade', 'materialized'))),
  statement(start('refreshMaterializedView'), chain(bare('concurrently', 'withData', 'withNoData'))),
  statement(start('createType'), chain(call('asEnum', columns))),
  statement(start('dropType'), chain(bare('ifExists'))),
)

test('the read SQL of a chain is what Kysely compiles', async () => {
  const count = { same: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(schema, statements, fc.boolean(), async (first, rest, hasPlugin) => {
      const text = `${first}${rest}.execute()`
      const wanted = await compiled(text, hasPlugin).catch(() => null)
      const code = `import { sql } from 'kysely'\nexport async function up(db) {\n  await ${text}\n}`
      const { sql, unread } = await sent(kyselyReader(hasPlugin ? { changed: snakeCase } : undefined), code)
      if (wanted === null) {
        expect(unread, text).not.toEqual([])
        count.refused++
        return
      }
      expect({ sql: sql.map(each => each.trim()), unread }, text).toEqual({ sql: [wanted.trim()], unread: [] })
      count.same++
    }),
    { numRuns: 3_000, seed: 12 },
  )
  console.log(
    `${count.same} chains of calls are read as Kysely compiles them; ${count.refused} that it refuses are reported`,
  )
  expect(count.same).toBeGreaterThan(1_500)
})
