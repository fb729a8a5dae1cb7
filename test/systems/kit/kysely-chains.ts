import fc from 'fast-check'

/** Chains of Kysely's calls as programs write them, some of which Kysely refuses. */

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

// Queries. Columns and tables as people name them; values that are parameters, SQL, or made by functions.
const column = fc.constantFrom('a', 'o.b', 'orderITems2', 'x . y').map(quote)
const table = fc.constantFrom('a', 's.t', 'order', 'orderITems2').map(quote)
const namedTable = fc.oneof(table, fc.constantFrom('order as o', 's.t as o').map(quote))
const subquery = fc.constantFrom(
  "db.selectFrom('q').select('z')",
  "db.selectFrom('q as p').select(['p.z as w']).where('p.z', '>', 3)",
  "db.selectFrom('q').select(x => x.fn.max('z').as('m'))",
)
const expression = fc.constantFrom(
  "e => e('a', '=', 5)",
  "e => e('o.b', 'is not', null)",
  "e => e.or([e('a', 'in', [1, 2]), e.and([e('b', '=', 'x'), e('c', '>', 2)])])",
  'e => e.and({ a: 1, b: null, c: undefined })',
  'e => e.and([])',
  "e => e.not(e.exists(e.selectFrom('q').select('z').whereRef('q.z', '=', 'o.b')))",
  "e => e('a', '=', 1).or('b', '=', 2).or(e.lit(true))",
  "e => e.parens(e('a', '=', 1).and('b', '=', 2))",
  "e => e.parens('a', '=', 1)",
  "e => e.between('a', 1, e.ref('b'))",
  "({ eb, ref, val, lit, neg, fn }) => eb(fn.coalesce('a', lit(0)), '>=', neg(ref('b')))",
  "e => e.case().when('a', '=', 1).then('one').when(e('a', '=', 2)).then(2).else(null).end()",
  "e => e.case('a').when(1).then(e.ref('b')).end()",
  "e => e(e.refTuple('a', 'b'), 'in', [e.tuple(1, 2), e.tuple(3, e.val(4))])",
  "e => e.cast('a', 'integer')",
  "e => e.fn('lower', ['a'])",
  "e => e.fn.count('a').distinct().filterWhere('b', '=', 1)",
  "e => e.fn.sum('a').over(o => o.partitionBy('b').orderBy('c', 'desc'))",
  "e => e.fn.agg('string_agg', ['a', e.val(',')]).orderBy('b')",
)
const operand = fc.oneof(fc.constantFrom("'x'", '5', 'null', 'true', '[1, 2]', '{ k: 1 }'), raw, expression, subquery)
const compared = fc.constantFrom('=', '<>', '>', 'is', 'is not', 'like', '@>', '=>').map(quote)
const conditional = (method: string) =>
  fc.oneof(
    call(method, column, compared, operand),
    call(method, column, fc.constantFrom("'in'", "'not in'"), fc.constantFrom('[1, 2]', "['a', sql`b`]", '[]')),
    call(method, fc.oneof(expression, raw)),
    call(`${method}Ref`, column, compared, column),
  )
const aliased = fc
  .oneof(
    expression,
    raw.map(text => `e => ${text}`),
  )
  .map(text => `e => (${text})(e).as('al')`)
const selectable = fc.oneof(column, fc.constantFrom("'a as b'", "'o.b as c d'"), aliased)
const listOf = (each: fc.Arbitrary<string>) =>
  fc.array(each, { minLength: 1, maxLength: 3 }).map(all => `[${all.join(', ')}]`)
const select = fc.oneof(
  call('select', selectable),
  call('select', listOf(selectable)),
  bare('selectAll'),
  call('selectAll', table),
)
const order = fc.oneof(
  call('orderBy', fc.oneof(column, raw, fc.constantFrom("'a desc'"))),
  call(
    'orderBy',
    column,
    fc.constantFrom("'asc'", "'desc'", "'up'", 'o => o.desc().nullsLast()', "o => o.collate('C').asc()"),
  ),
)
const join = fc.oneof(
  call('innerJoin', namedTable, column, column),
  call('leftJoin', namedTable, column, column),
  call('fullJoin', namedTable, fc.constantFrom("j => j.onRef('a', '=', 'o.b').on('o.b', '>', 2)", 'j => j.onTrue()')),
  call('innerJoin', fc.constant("db.selectFrom('q').selectAll().as('p')"), column, column),
  call('crossJoin', namedTable),
  call('leftJoinLateral', fc.constant("e => e.selectFrom('q').select('z').as('l')"), fc.constant('j => j.onTrue()')),
)
const limit = fc.oneof(
  call('limit', fc.constantFrom('5', 'sql`all`')),
  call('$if', fc.constantFrom('true', 'false'), fc.constant('x => x.limit(1)')),
)
const selection = statement(
  call('selectFrom', fc.oneof(namedTable, listOf(namedTable), fc.constant("db.selectFrom('q').selectAll().as('p')"))),
  chain(
    select,
    select,
    join,
    conditional('where'),
    conditional('having'),
    order,
    limit,
    call('groupBy', fc.oneof(column, listOf(column), raw, fc.constant("e => [e.ref('a'), e.fn('f', ['b'])]"))),
    call('offset', fc.constant('3')),
    call('distinctOn', fc.oneof(column, listOf(column))),
    bare('distinct', 'forUpdate', 'skipLocked', 'noWait', 'clearWhere', 'clearSelect', '$castTo'),
    call('union', subquery),
    call('exceptAll', listOf(subquery)),
    call('modifyFront', raw),
  ),
)
const record = fc.constantFrom(
  "{ a: 1, 'b\"c': 'x' }",
  '{ a: sql`now()`, orderITems2: null }',
  '{ a: undefined, b: 2, a2: [1, 2] }',
  "{ a: e => e.selectFrom('q').select('z'), b: { k: 1 } }",
  '{ b: true }',
)
const returns = fc.oneof(
  bare('returningAll', 'clearReturning'),
  call('returning', fc.oneof(selectable, listOf(selectable))),
)
const conflict = fc.constantFrom(
  "c => c.column('a').doNothing()",
  "c => c.columns(['a', 'b']).doUpdateSet({ a: 1, b: e => e.ref('excluded.b') })",
  "c => c.constraint('u').doUpdateSet(e => ({ a: e.ref('excluded.a') })).where('a.b', '>', 1)",
  'c => c.expression(sql`lower(a)`).where("b", "is", null).doNothing()',
  'c => c.doNothing()',
  "c => c.column('a')",
)
const insertion = statement(
  call('insertInto', table),
  chain(
    call(
      'values',
      fc.oneof(
        record,
        listOf(record),
        record.map(text => `e => (${text})`),
      ),
    ),
    call('columns', columns),
    call('expression', fc.oneof(subquery, fc.constant("e => e.selectFrom('q').select(['a', 'b'])"))),
    bare('defaultValues'),
    call('onConflict', conflict),
    returns,
    call('modifyEnd', raw),
  ),
)
const update = statement(
  call('updateTable', fc.oneof(namedTable, listOf(namedTable))),
  chain(
    call(
      'set',
      fc.oneof(
        record,
        record.map(text => `e => (${text})`),
      ),
    ),
    call('set', column, operand),
    call('from', namedTable),
    join,
    conditional('where'),
    returns,
    order,
    limit,
  ),
)
const deletion = statement(
  call('deleteFrom', namedTable),
  chain(call('using', fc.oneof(namedTable, listOf(namedTable))), join, conditional('where'), returns, limit),
)
export const query = fc.oneof(selection, insertion, update, deletion)
export const withQuery = statement(
  fc.oneof(
    call(
      'with',
      fc.constantFrom("'w'", "'w(a, b)'"),
      fc.oneof(
        subquery.map(text => `() => ${text}`),
        query.map(text => `d => d${text}`),
      ),
    ),
    call(
      'withRecursive',
      fc.constant("'w'"),
      subquery.map(text => `() => ${text}`),
    ),
  ),
  query,
)
export const root = fc.constantFrom('db', "db.withSchema('app')", 'db')

export const schema = fc.constantFrom('db.schema', "db.schema.withSchema('app')", "db.withSchema('app').schema")
export const statements = fc.oneof(
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
    chain(
      bare('orReplace', 'materialized', 'temporary', 'ifNotExists'),
      call('columns', columns),
      call(
        'as',
        fc.oneof(
          raw,
          subquery,
          selection.map(text => `db${text}`),
        ),
      ),
    ),
  ),
  statement(start('dropView'), chain(bare('ifExists', 'cascade', 'materialized'))),
  statement(start('refreshMaterializedView'), chain(bare('concurrently', 'withData', 'withNoData'))),
  statement(start('createType'), chain(call('asEnum', columns))),
  statement(start('dropType'), chain(bare('ifExists'))),
)
