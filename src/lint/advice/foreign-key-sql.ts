import type { RunnerAdvice } from '../../migration/runner.ts'
import type { Step } from '../../postgres/step.ts'
import type { AddConstraint } from '../../postgres/table-operation.ts'
import { later, validateLater } from './advice.ts'
import { dropOfSame, validate } from './constraint-sql.ts'
import { nameOnPartition, partitionsShown } from './relations.ts'
import { identifier, raw, type Sql, sql } from './sql.ts'

/** Help that adds a foreign key first and has it checked later. `key`: `FOREIGN KEY (…) REFERENCES …`, as the user wrote it. */
export function checkedLater(
  step: Step,
  { table, constraint }: AddConstraint,
  key: string,
  { runner, version }: { readonly runner: RunnerAdvice; readonly version: number },
): (string | Sql | false)[] {
  const add = (to: string, name: string, ending: string): Sql =>
    sql`ALTER TABLE ${to} ADD CONSTRAINT ${identifier(name)} ${raw(key)}${raw(ending)};`
  // SQLSTATE 42809 before 18 (ATAddForeignKeyConstraint). A partition that already has it, validated, is attached
  // without being read.
  if (table.kind === 'partitioned table' && version < 18) {
    const { shown, others } = partitionsShown(step.before, table.oid)
    const partitions = shown.map(name => ({ name, key: nameOnPartition(name, table.name, constraint.name) }))
    return [
      'Before PostgreSQL 18 a partitioned table cannot have it NOT VALID, but each partition can:',
      ...partitions.map(partition => add(partition.name, partition.key, ' NOT VALID')),
      later(runner, 'validate each while reads and writes go on'),
      ...partitions.map(partition => validate(partition.name, partition.key)),
      others,
      'Then the partitioned table takes them over, and nothing is read:',
      add(table.name, constraint.name, ''),
    ]
  }
  const drop = dropOfSame(step, table.oid, constraint.name)
  return [
    'Add the foreign key without checking existing rows:',
    sql`ALTER TABLE ${table.name} ${drop}ADD CONSTRAINT ${identifier(constraint.name)} ${raw(key)} NOT VALID;`,
    validateLater(runner),
    validate(table.name, constraint.name),
  ]
}
