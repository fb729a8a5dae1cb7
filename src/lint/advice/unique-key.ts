import type { RunnerAdvice } from '../../migration/runner.ts'
import type { Step } from '../../postgres/step.ts'
import type { AddConstraint } from '../../postgres/table-operation.ts'
import { later, outside } from './advice.ts'
import { dropOfSame, ownedIndex, uniqueIndexConcurrently } from './constraint-sql.ts'
import { indexOf, nameOnPartition, partitionsShown } from './relations.ts'
import { identifier, newName, raw, type Sql, sql } from './sql.ts'

export const notInSteps =
  'WITHOUT OVERLAPS cannot be added in steps: add it while the table is small, or while nobody uses it.'

/**
 * Help that adds a unique constraint or primary key without making anybody wait for its index: build the index while
 * others work, then let the constraint take it over. Null if that is not possible: WITHOUT OVERLAPS has no unique index,
 * and `notInSteps` says so.
 */
export function keyFromIndex(
  step: Step,
  { type, table, constraint }: AddConstraint,
  clause: string,
  runner: RunnerAdvice,
): (string | Sql | false)[] | null {
  const index = ownedIndex(step.after, table.oid, constraint.name)
  if (index && index.method !== 'btree') return null
  const key = type === 'primary key' ? 'PRIMARY KEY' : 'UNIQUE'
  const deferred = constraint.initiallyDeferred ? ' DEFERRABLE INITIALLY DEFERRED' : ' DEFERRABLE'
  const when = constraint.deferrable ? deferred : ''
  const build = (on: string, name: string) => uniqueIndexConcurrently(on, name, constraint.columns, index)
  const takeOver = (on: string, name: string, built = name, drop = raw('')) =>
    sql`ALTER TABLE ${on} ${drop}ADD CONSTRAINT ${identifier(name)} ${raw(key)} USING INDEX ${identifier(built)}${raw(when)};`
  if (table.kind !== 'partitioned table') {
    // In the end the index gets the name of the constraint; until then the constraint that is dropped here may have it.
    const drop = dropOfSame(step, table.oid, constraint.name)
    const name = drop.sql === '' ? constraint.name : newName(constraint.name, 'new')
    return [
      outside(runner),
      build(table.name, name),
      later(runner, 'let the constraint take over the index, which takes only a moment'),
      takeOver(table.name, constraint.name, name, drop),
    ]
  }
  const { shown, others } = partitionsShown(step.before, table.oid)
  // USING INDEX is refused on the partitioned table itself (0A000); with ONLY, nothing is built and partitions are not
  // touched.
  return [
    'Add it to the partitioned table alone, which builds nothing yet:',
    sql`ALTER TABLE ONLY ${table.name} ${raw(clause)};`,
    outside(runner, 'build its index on each partition, and attach it there'),
    ...shown.flatMap(partition => {
      const name = nameOnPartition(partition, table.name, constraint.name)
      return [
        build(partition, name),
        takeOver(partition, name),
        sql`ALTER INDEX ${indexOf(table.name, constraint.name)} ATTACH PARTITION ${indexOf(partition, name)};`,
      ]
    }),
    others,
  ]
}
