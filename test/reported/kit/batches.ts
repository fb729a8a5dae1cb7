import { sqlOf } from '../../../src/lint/help.ts'
import { told } from './said.ts'

/** A database to try batches on. */
export interface Database {
  /** Runs statements without parameters, a DO block by itself. */
  run(sql: string): Promise<unknown>
  rows<T>(sql: string): Promise<readonly T[]>
}

interface Plan {
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly Plan[]
}

/** The number of rows. */
export const size = 200_000

const partitions =
  ') PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (50); CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE TABLE IF NOT EXISTS other (a int'

/** Tables to fill, by their keys: definitions of their columns, and the values of row `g`. */
export const keys: readonly (readonly [name: string, columns: string, values: string])[] = [
  ['a whole number', 'id bigint PRIMARY KEY, a int', 'g, g'],
  ['negative and sparse numbers', 'id bigint PRIMARY KEY, a int', '(g - 100000) * 1000, g'],
  ['a text', 'id text PRIMARY KEY, a int', 'md5(g::text), g'],
  ['two columns', 'a int, b int, PRIMARY KEY (a, b)', 'g / 1000, g % 1000'],
  ['the key of a partitioned table', `id bigint, a int, PRIMARY KEY (id, a)${partitions}`, 'g, g % 100'],
  ['a key that begins with the partitions', `a int, id bigint, PRIMARY KEY (a, id)${partitions}`, 'g % 100, g'],
  ['no key of a partitioned table', `id bigint, a int${partitions}`, 'g, g % 100'],
  ['no key', 'id bigint, a int', 'g, g'],
]

/** Statements that change each row, and the rows that they leave. */
export const changes: readonly (readonly [kind: 'UPDATE' | 'DELETE', sql: string, left: string])[] = [
  ['UPDATE', 'UPDATE t SET a = a + 1;', 'SELECT 1 FROM t WHERE a <> b + 1'],
  ['DELETE', 'DELETE FROM t AS x;', 'SELECT 1 FROM t'],
]

export const column = 'ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid();'
export const filled = 'ALTER TABLE t ADD COLUMN c uuid; ALTER TABLE t ALTER COLUMN c SET DEFAULT gen_random_uuid();'

/** The advised loop for the last statement, without what is before and after it. */
async function advised(rule: string, setup: string, sql: string, pgVersion: string): Promise<string> {
  const { loop } = await advice(rule, setup, sql, pgVersion)
  return loop
}

/** The advised loop, and the statements before it. */
export async function advice(rule: string, setup: string, sql: string, pgVersion: string) {
  const all = await told([setup, sql], { pgVersion })
  const help = all.filter(finding => finding.rule === rule).flatMap(({ help }) => sqlOf(help))
  const loop = help.find(each => each.includes('DO $$'))
  const start = loop?.indexOf('DO $$') ?? 0
  return { before: loop?.slice(0, start) ?? '', loop: loop?.slice(start).split('END $$;')[0] ?? '' }
}

/**
 * Runs the loop with EXPLAIN (ANALYZE, BUFFERS) around its UPDATE or DELETE, and returns the number of blocks that each round reads to find
 * its rows. What writing them costs depends on where pages of an index are full. The plans are those of PL/pgSQL: parameters stay parameters.
 */
export async function buffersOfRounds(database: Database, loop: string): Promise<number[]> {
  await database.run('DROP TABLE IF EXISTS costs; CREATE TABLE costs (n int GENERATED ALWAYS AS IDENTITY, plan json);')
  const measured = loop
    .replace(/^DO \$\$\n(DECLARE\n)?/, 'DO $$$$\nDECLARE\n  plan json;\n')
    .replace(/^ {4}((?:UPDATE|DELETE)[\s\S]*?);\n {4}COMMIT;/m, (_, change: string) => {
      const names = [...new Set(change.match(/batch_(?:start|end)\.\w+|first_block/g) ?? [])]
      const text = names.reduce((all, each, i) => all.replaceAll(each, `$${i + 1}`), change)
      return `    EXECUTE $q$EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ${text}$q$ INTO plan USING ${names.join(', ')};\n    INSERT INTO costs (plan) VALUES (plan);\n    COMMIT;`
    })
  await database.run(`${measured}END $$;`)
  const rows = await database.rows<{ plan: readonly { readonly Plan: Plan }[] }>('SELECT plan FROM costs ORDER BY n')
  return rows.map(({ plan: [explained] }) =>
    (explained?.Plan.Plans ?? []).reduce(
      (sum, each) => sum + each['Shared Hit Blocks'] + each['Shared Read Blocks'],
      0,
    ),
  )
}

/** Fills a column as advised. Returns the blocks that each round reads, and the number of rows that have no value afterwards. */
export async function fill(database: Database, columns: string, values: string, version: string) {
  const create = `CREATE TABLE t (${columns});`
  await database.run(
    `DROP TABLE IF EXISTS t CASCADE; ${create} INSERT INTO t SELECT ${values} FROM generate_series(1, ${size}) g;`,
  )
  await database.run(`ANALYZE t; ${filled}`)
  const rounds = await buffersOfRounds(database, await advised('add-column-volatile-default', create, column, version))
  return { rounds, left: (await database.rows('SELECT 1 FROM t WHERE c IS NULL')).length }
}

/** Changes or deletes each row as advised for the statement. Returns the same. */
export async function change(
  database: Database,
  [kind, sql, left]: (typeof changes)[number],
  version: string,
): Promise<{ readonly rounds: number[]; readonly left: number }> {
  const create = 'CREATE TABLE t (id bigint PRIMARY KEY, a int, b int);'
  await database.run(
    `DROP TABLE IF EXISTS t CASCADE; ${create} INSERT INTO t SELECT g - 1000, g, g FROM generate_series(1, ${size}) g;`,
  )
  await database.run('ANALYZE t')
  const loop = await advised(`whole-table-${kind.toLowerCase()}`, create, sql, version)
  const rounds = await buffersOfRounds(database, loop)
  return { rounds, left: (await database.rows(left)).length }
}

/** The usual cost of the first and of the last ten rounds, except the very first and last. */
export function costs(rounds: readonly number[]): { readonly first: number; readonly last: number } {
  return { first: median(rounds.slice(1, 11)), last: median(rounds.slice(-11, -1)) }
}

function median(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
}
