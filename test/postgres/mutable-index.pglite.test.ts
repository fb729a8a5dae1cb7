import { PGlite } from '@electric-sql/pglite'
import { expect, test } from 'vitest'
import { completeConfig, steps } from '../../src/index.ts'
import { mixedFunctions } from '../../src/postgres/type/builtin.generated.ts'

/** Types that stand in for one another in a call. */
const kin: Readonly<Record<string, readonly string[]>> = {
  timestamp: ['timestamp', 'timestamptz', 'date'],
  timestamptz: ['timestamp', 'timestamptz', 'date'],
  text: ['text', 'varchar'],
}

/** Arguments of these types, and of one kin in the place of each. */
function variantsOf(types: readonly string[]): readonly (readonly string[])[] {
  return [types, ...types.flatMap((type, i) => (kin[type] ?? []).map(other => types.with(i, other)))]
}

/** Calls of functions that have overloads of different volatility, each with the types of its arguments. */
const calls = [...mixedFunctions].flatMap(([name, overloads]) =>
  overloads.flatMap(overload =>
    variantsOf(overload.arguments).map(types => {
      return { types, expression: `${name}(${types.map((_, i) => `c${i}`).join(', ')})` }
    }),
  ),
)

const castTypes = [
  ...['bpchar', 'text', 'varchar', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval'],
  ...['int4', 'int8', 'numeric', 'float8', 'money', 'bool', 'uuid', 'jsonb', 'inet', 'bytea'],
]
const casts = castTypes.flatMap(from => castTypes.map(to => ({ types: [from], expression: `c0::${to}` })))

const schema = (types: readonly string[]) => `CREATE TABLE t (${types.map((type, i) => `c${i} ${type}`).join(', ')})`
const index = (expression: string) => `CREATE INDEX i ON t ((${expression}))`

test('an index on a call or a cast is refused as PostgreSQL refuses it, by the types of its columns', async () => {
  const db = await PGlite.create()
  const different: string[] = []
  let compared = 0
  for (const { expression, types } of [...calls, ...casts]) {
    const [table, statement] = [schema(types), index(expression)]
    const real = await sqlstateOf(db, table, statement)
    // There is no such table, function or operator class.
    if (real !== null && real !== '42P17') continue
    const { steps: all } = await steps({
      migrations: [{ path: '1.sql', content: `${table};\n${statement};\n` }],
      config: completeConfig({ pgVersion: '18' }),
    })
    const told = all.at(-1)?.error?.sqlstate ?? null
    compared++
    if (told !== real) different.push(`${expression} of ${types.join(', ')}: PostgreSQL ${real}, migrate-lint ${told}`)
  }
  await db.close()
  expect(different).toEqual([])
  expect(compared).toBeGreaterThan(400)
}, 120_000)

/** The error of the second statement after the first; null: both run. */
async function sqlstateOf(db: PGlite, table: string, statement: string): Promise<string | null> {
  try {
    await db.exec(`BEGIN; ${table};`)
    await db.exec(statement)
    return null
  } catch (error) {
    return (error as { code?: string }).code ?? 'unknown'
  } finally {
    await db.exec('ROLLBACK')
  }
}
