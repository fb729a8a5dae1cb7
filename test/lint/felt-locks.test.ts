import fc from 'fast-check'
import { expect, test } from 'vitest'
import { steps } from '../../src/index.ts'
import { feltLocks, isFelt, isGone, presentIn } from '../../src/lint/advice/felt-locks.ts'
import type { HeldLock } from '../../src/postgres/held.ts'
import { blocksReads } from '../../src/postgres/lock.ts'

const table = fc.constantFrom('a', 'b', 'c', 'd')
const statement = fc.oneof(
  table.map(name => `DROP TABLE ${name};`),
  table.map(name => `CREATE TABLE ${name} (id int);`),
  table.map(name => `LOCK TABLE ${name} IN SHARE MODE;`),
  table.map(name => `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS more int;`),
  fc.constant(`LOCK TABLE ${Array.from({ length: 20 }, (_, i) => `many${i}`)} IN SHARE MODE;`),
  fc.tuple(table, table).map(([from, to]) => `ALTER TABLE ${from} RENAME TO ${to};`),
  fc.constantFrom('SAVEPOINT s;', 'ROLLBACK TO SAVEPOINT s;', 'COMMIT; BEGIN;'),
)

test('the locks on relations that are there are those of all that are not gone, in whatever order steps are asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(statement, { maxLength: 16 }),
      fc.array(fc.nat({ max: 20 }), { maxLength: 30 }),
      async (written, order) => {
        const before = 'CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);'
        const migrations = [
          { path: '1.sql', content: before },
          { path: '2.sql', content: `BEGIN; ${written.join(' ')} COMMIT;` },
        ]
        const history = await steps({ migrations })
        const later = history.steps.filter(({ migration }) => migration === 1)
        for (const at of [...later.keys(), ...order]) {
          const step = later[at % later.length]
          if (!step) continue
          const { held } = step.transaction
          // As if no other step had been asked about before.
          const felt = [...held].filter(({ exposed, kind, mode }) => exposed && isFelt(kind, mode))
          const isFirst = ({ mode }: HeldLock) => blocksReads(mode)
          expect(feltLocks(held)).toEqual([...felt.filter(isFirst), ...felt.filter(lock => !isFirst(lock))])
          const all = felt.filter(lock => !isGone(step, lock.oid, lock.relation))
          expect(new Set(presentIn(step))).toEqual(new Set(all))
        }
      },
    ),
  )
})
