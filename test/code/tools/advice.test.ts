import { beforeAll, describe, expect, test } from 'vitest'
import type { CodeReader } from '../../../src/code/reader.ts'
import { inCode } from '../../../src/lint/advice/in-code.ts'
import { sqlOf } from '../../../src/lint/help.ts'
import { parse } from '../../../src/parse/parse.ts'
import { loadParser } from '../../../src/parse/parser.ts'
import { dbMigrateCalls } from '../../../src/systems/db-migrate/calls.ts'
import { knexCalls } from '../../../src/systems/knex/calls.ts'
import { kyselyCalls } from '../../../src/systems/kysely/calls.ts'
import { mikroOrmCalls } from '../../../src/systems/mikro-orm/calls.ts'
import { nodePgMigrateCalls } from '../../../src/systems/node-pg-migrate/calls.ts'
import { sequelizeCalls } from '../../../src/systems/sequelize/calls.ts'
import { typeormCalls } from '../../../src/systems/typeorm/calls.ts'
import { lintExample, pages } from '../../rules/kit/examples.ts'
import { sent } from '../kit/sent.ts'

// All SQL that any rule advises in its page, and odd names: said in each tool's language, and read by the tool's own reader, it is the same SQL.

/** A migration of each tool around the code of advice. */
const tools: Readonly<Record<string, readonly [reader: CodeReader, migration: (code: string) => string]>> = {
  Knex: [knexCalls, code => `exports.up = async knex => {\n${code}\n}`],
  'node-pg-migrate': [nodePgMigrateCalls(), code => `exports.up = pgm => {\n${code}\n}`],
  'db-migrate': [dbMigrateCalls, code => `exports.up = async db => {\n${code}\n}`],
  Sequelize: [sequelizeCalls, code => `module.exports = { up: async queryInterface => {\n${code}\n} }`],
  TypeORM: [typeormCalls, code => `export class A1 {\nasync up(queryRunner) {\n${code}\n} }`],
  MikroORM: [mikroOrmCalls, code => `export class A1 extends Migration {\nasync up() {\n${code}\n} }`],
  Kysely: [kyselyCalls, code => `import { sql } from 'kysely'\nexport async function up(db) {\n${code}\n}`],
}

const odd = [
  `CREATE UNIQUE INDEX CONCURRENTLY "it's" ON "my.schema"."Odd ""Table""" USING gin ("a.b", "c\\d") WHERE "x" = 'it''s';`,
  `CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t (a, b);`,
  `CREATE INDEX i ON t (lower(a) DESC, b) INCLUDE (c);`,
  `ALTER TABLE s.t ADD CONSTRAINT "k k" FOREIGN KEY (a, b) REFERENCES s.o (c, d) ON DELETE CASCADE NOT VALID;`,
  `ALTER TABLE t ADD CONSTRAINT c CHECK (a ~ '^\\w\${x}\`?$' AND b ? 'k') NOT VALID;`,
  `ALTER TABLE s."a b" ALTER COLUMN "c.d" SET NOT NULL; ALTER TABLE t ALTER COLUMN c DROP NOT NULL;`,
  `ALTER TABLE t DROP CONSTRAINT IF EXISTS c; ALTER TABLE s.t DROP CONSTRAINT "c'c"; ALTER TABLE t DROP COLUMN "C";`,
  `DROP INDEX CONCURRENTLY IF EXISTS s.i; ALTER TABLE t DROP COLUMN c CASCADE;`,
  `ALTER TABLE ONLY t ALTER COLUMN c SET NOT NULL, ALTER COLUMN d SET NOT NULL;`,
]

/** What PostgreSQL makes of it, without places. */
function tree(sql: string): unknown {
  const { statements, problems } = parse({ path: 'a.sql', text: sql })
  const bare = (key: string, value: unknown) => (/location$|_list_start$|_list_end$/.test(key) ? undefined : value)
  return JSON.parse(JSON.stringify([problems, statements.map(({ kind, node }) => [kind, node])], bare))
}

let advised: string[] = []

beforeAll(async () => {
  await loadParser()
  const all = new Set(odd)
  for (const { rule, page } of pages)
    for (const example of page.examples)
      for (const { help } of (await lintExample(rule, example)).findings) for (const sql of sqlOf(help)) all.add(sql)
  advised = [...all]
})

describe.each(Object.entries(tools))('%s', (_, [reader, migration]) => {
  test('code of advice sends the SQL of advice', async () => {
    const { advice } = reader
    if (!advice) throw new Error('it has no advice')
    const own = new Set<string>()
    const calls = Object.fromEntries(
      Object.entries(advice.calls ?? {}).map(([kind, call]) => [
        kind,
        (remedy: never) => {
          const made = call(remedy)
          if (made !== null) own.add(kind)
          return made
        },
      ]),
    )
    let count = 0
    for (const sql of advised) {
      const made = inCode(sql, { ...advice, calls })
      if (!made) continue
      const read = await sent(reader, migration(made.code))
      expect(read.unread, made.code).toEqual([])
      expect(tree(read.sql.map(each => `${each.replace(/;\s*$/, '')};`).join('\n')), made.code).toEqual(tree(sql))
      count++
    }
    // Rules have more than two hundred pieces of advice.
    expect(count).toBeGreaterThan(200)
    expect([...own].sort()).toEqual(Object.keys(advice.calls ?? {}).sort())
  })
})

test('only what cannot be parsed, or has comments, stays SQL', () => {
  const { advice } = knexCalls
  const left = advised.filter(sql => advice && inCode(sql, advice) === null)
  for (const sql of left) {
    const { problems, comments } = parse({ path: 'a.sql', text: sql })
    expect(problems.length + comments.length, sql).toBeGreaterThan(0)
  }
  expect(left.length).toBeLessThan(advised.length / 20)
})
