import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { knexCalls } from '../../../src/systems/knex/calls.ts'
import '../../kit/grammars.ts'
import { sent } from '../kit/sent.ts'

// Compares what Knex compiles of generated schema builders with what is read of them, statement by statement.

interface Compiled {
  readonly sql: string
  readonly bindings?: readonly unknown[]
}
interface Knex {
  raw(sql: string, bindings: readonly unknown[]): { toString(): string }
}
const tool = createRequire(new URL('../../systems/tools/package.json', import.meta.url))
const knex: Knex = tool('knex')({ client: 'pg', log: { warn: () => {} } })

const name = fc.constantFrom('a', 'b', 'userId', 'x.y', 'odd name', 'q"q', "it's")
const text = fc.constantFrom(
  "''",
  "'a'",
  "'it\\'s'",
  "'b\\\\s'",
  '5',
  'true',
  'null',
  'knex.fn.now()',
  "knex.raw('lower(?)', ['A'])",
  '{ a: 1 }',
  '[]',
)
const q = (s: string) => JSON.stringify(s)
const type = fc.constantFrom(
  'string(N)',
  'string(N, 50)',
  'text(N)',
  'integer(N)',
  'bigInteger(N)',
  'increments(N)',
  'bigIncrements(N)',
  'increments(N, { primaryKey: false })',
  'boolean(N)',
  'float(N)',
  'decimal(N)',
  'decimal(N, 5)',
  'decimal(N, null)',
  'decimal(N, 12, 4)',
  'timestamp(N)',
  'timestamp(N, { useTz: false })',
  'datetime(N, { precision: 3 })',
  'timestamp(N, true, 2)',
  'date(N)',
  'time(N)',
  'binary(N)',
  'json(N)',
  'jsonb(N)',
  'uuid(N)',
  'uuid(N, { primaryKey: true })',
  "enum(N, ['a', 'b'])",
  "enu(N, ['x'], { useNative: true, enumName: 'en' })",
  "enu(N, null, { useNative: true, existingType: true, enumName: 'en', schemaName: 's' })",
  "specificType(N, 'citext[]')",
  'tinyint(N)',
  'smallint(N)',
  'mediumint(N)',
  'double(N)',
  'geometry(N)',
  'point(N)',
  'dateTime(N)',
)
const modifier = fc.oneof(
  fc.constantFrom(
    'notNullable()',
    'nullable()',
    'unsigned()',
    'unique()',
    'index()',
    'primary()',
    "unique('un')",
    "index('ix')",
    "primary('pk')",
    "references('id').inTable('o').onDelete('CASCADE')",
    "references('o.id').onUpdate('SET NULL')",
    "comment('it\\'s')",
    "comment('')",
    'checkPositive()',
    "checkNegative('cn')",
    "checkIn(['a', 'b'])",
    "checkNotIn(['a'], 'ni')",
    'checkBetween([1, 2])',
    'checkBetween([[1, 2], [3, 4]])',
    "checkLength('>', 3)",
    "checkRegex('[0-9]')",
    "unique({ indexName: 'ui', deferrable: 'deferred' })",
    "index('ix', 'gin')",
    "references('id').inTable('s.o').withKeyName('kk').deferrable('deferred')",
  ),
  text.map(t => `defaultTo(${t})`),
)
const column = (isAlter: boolean) =>
  fc
    .tuple(
      name,
      type,
      fc.array(modifier, { maxLength: 3 }),
      isAlter
        ? fc.constantFrom('', '', '.alter()', '.alter({ alterNullable: false })', '.alter({ alterType: false })')
        : fc.constant(''),
    )
    .map(([n, t, ms, end]) => `t.${t.replace('N', q(n))}${ms.map(m => `.${m}`).join('')}${end}`)
const names = fc.oneof(
  name.map(q),
  fc.array(name, { minLength: 1, maxLength: 2 }).map(ns => JSON.stringify(ns)),
)
const both = fc
  .tuple(
    names,
    fc.constantFrom(
      'index(N)',
      "index(N, 'ii')",
      "index(N, 'ii', 'hash')",
      "index(N, null, { predicate: knex.whereNotNull('a') })",
      "index(N, 'x', { indexType: 'unique', storageEngineIndexType: 'gin', predicate: knex.whereRaw('a > 1') })",
      'unique(N)',
      "unique(N, 'uu')",
      "unique(N, { predicate: knex.whereNull('a') })",
      'unique(N, { useConstraint: false })',
      'primary(N)',
      "primary(N, 'pp')",
      "primary(N, { constraintName: 'c', deferrable: 'immediate' })",
      "foreign(N).references('o.id')",
      "foreign(N, 'fk').references(['x']).inTable('o').onDelete('cascade')",
      'timestamps()',
      'timestamps(true, true)',
      'timestamps({ useCamelCase: true, defaultToNow: true })',
      "check('?? > 1', ['a'], 'ck')",
      "comment('tc')",
      'dropIndex(N)',
      "dropUnique(N, 'u')",
      'dropForeign(N)',
      'dropPrimary()',
      "dropPrimary('p')",
    ),
  )
  .map(([ns, c]) => `t.${c.replace('N', ns)}`)
const altered = fc
  .tuple(
    names,
    fc.constantFrom(
      'dropColumn(N)',
      "dropColumns('a', 'b')",
      'dropTimestamps()',
      'dropTimestamps(true)',
      "renameColumn('a', 'b.c')",
      "setNullable('a')",
      "dropNullable('a')",
      "dropChecks('a', 'b')",
      "dropChecks(['a', 'b'])",
      "check('a > 0')",
    ),
  )
  .map(([ns, c]) => `t.${c.replace('N', ns)}`)
const tableName = fc.constantFrom('users', 'my-table', 's.t', 'Up Er', 'a as b')
const statement = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('createTable', 'createTableIfNotExists'),
      tableName,
      fc.array(fc.oneof(column(false), both), { minLength: 1, maxLength: 6 }),
    )
    .map(([m, n, ls]) => `.${m}(${q(n)}, t => { ${ls.join('; ')} })`),
  fc
    .tuple(
      fc.constantFrom('alterTable', 'table'),
      tableName,
      fc.array(fc.oneof(column(true), both, altered), { minLength: 1, maxLength: 6 }),
    )
    .map(([m, n, ls]) => `.${m}(${q(n)}, t => { ${ls.join('; ')} })`),
  fc.constantFrom(
    ".dropTable('a')",
    ".dropTableIfExists('a.b')",
    ".renameTable('a', 'b')",
    ".createSchema('s')",
    ".dropSchema('s', true)",
    ".createExtension('e')",
    ".dropExtensionIfExists('e')",
    ".createTableLike('n', 'o')",
    ".createTableLike('n', 'o', t => { t.string('z') })",
    ".raw('select ?', ['a'])",
    ".refreshMaterializedView('v', true)",
    ".renameView('a', 'b')",
    ".dropMaterializedViewIfExists('v')",
    ".createViewOrReplace('v', v => { v.columns(['a', 'b']); v.as(knex('u').select('a', 'b').where('x', '>', 1)); v.checkOption() })",
    ".alterView('v', v => { v.column('a').rename('b'); v.column('c').defaultTo('1') })",
  ),
)
const code = fc
  .tuple(fc.constantFrom('', ".withSchema('sch')"), fc.array(statement, { minLength: 1, maxLength: 2 }))
  .map(([s, all]) => `knex.schema${s}${all.join('')}`)
const same = (sql: string) => sql.replace(/\s+/g, ' ').trim()

/** What Knex compiles; null: it refuses the calls. */
function compiled(builder: string): string[] | null {
  try {
    const all: Compiled[] = new Function('knex', `return ${builder}`)(knex).toSQL()
    return all.map(({ sql, bindings = [] }) => same(bindings.length > 0 ? knex.raw(sql, bindings).toString() : sql))
  } catch {
    return null
  }
}

test('schema builders are read as Knex compiles them', async () => {
  const counts = { exact: 0, refused: 0 }
  const calls = new Set<string>()
  await fc.assert(
    fc.asyncProperty(code, async builder => {
      const real = compiled(builder)
      if (real === null) {
        counts.refused++
        return
      }
      const read = await sent(knexCalls, `exports.up = knex => ${builder}`)
      expect(read.unread).toEqual([])
      expect(read.sql.map(same)).toEqual(real)
      counts.exact++
      for (const [, call = ''] of builder.matchAll(/\.(\w+)\(/g)) calls.add(call)
    }),
    { numRuns: 2000, seed: 1 },
  )
  console.log(
    `Knex: ${counts.exact} builders of ${calls.size} calls read exactly, ${counts.refused} that it refuses itself.`,
  )
  expect(counts.exact).toBeGreaterThan(1000)
}, 300_000)
