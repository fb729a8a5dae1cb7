import { expect, test } from 'vitest'
import { kyselyCalls } from '../../src/systems/kysely/calls.ts'
import { sent } from './kit/sent.ts'

const read = (body: string) =>
  sent(kyselyCalls, `import { sql } from 'kysely'\nexport async function up(db) {\n  const a = 1, b = 2\n${body}\n}`)

test('types of a tagged template are not a comparison', async () => {
  const { sql, unread } = await read(`
  await sql<number>\`select \${sql.ref('x')}\`.execute(db)
  await sql<{ a: string; b: Map<string, number[]> }>\`select 2\`.execute(db)
  const f = () => sql<string | null>\`c > 0\`
  await db.schema.alterTable('t').addCheckConstraint('k', f()).execute()
  await sql<'a' | "b>c">\`select 4\`.execute(db)
  await sql<(string | null)[]>\`select 5\`.execute(db)
  await sql<Array<{ f: (a: 'x') => Promise<void> }>>\`select 6\`.execute(db)
  if (a<b && 'x'>\`y\`) await sql\`select 7\`.execute(db)
  if (a<b) await sql\`select 3\`.execute(db)
  await [1].map(x =>\`select \${x}\`).map(x => sql.raw(x).execute(db))`)
  expect({ sql, unread }).toEqual({
    sql: [
      'select "x"',
      'select 2',
      'alter table "t" add constraint "k" check (c > 0)',
      'select 4',
      'select 5',
      'select 6',
      'select 3',
      'select 1',
    ],
    unread: [],
  })
})

test('an unknown method that gets the database is reported', async () => {
  expect((await read("  await 'select 1'.execute(db)")).unread).not.toEqual([])
})
