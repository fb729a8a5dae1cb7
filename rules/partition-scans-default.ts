import { asCertain, blocks } from '../src/lint/effects.ts'
import { boundProof, isWithin, proveFirst } from '../src/lint/partition-check.ts'
import { defineRule, type Operation } from '../src/lint/rule.ts'
import { help, quoted, raw, say } from '../src/lint/sql.ts'
import type { Table } from '../src/postgres/catalog.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'New partition that has the DEFAULT partition read',
  why: 'No row of the DEFAULT partition may belong to the new one: all are read, under a lock that blocks reads and writes.',
  severity: 'error',
  category: 'locking',
  on: ['create-table', 'attach-partition'],

  check({ step, operation, isLarge, runner, text }) {
    const scan = operation.effects.find(
      ({ oid, relation, work, exposed }) =>
        exposed &&
        work === 'scan' &&
        isLarge(relation) &&
        !(operation.kind === 'attach-partition' && isWithin(step.before, oid, operation.partition.oid)),
    )
    const parent = operation.kind === 'create-table' ? operation.partitionOf : operation.table
    const added = newPartition(step, operation)
    if (!scan || !parent || !added) return
    const proof = boundProof(step.before, parent.oid, added.bound)
    // CREATE TABLE locks the whole partitioned table as well, ATTACH does not.
    const locked = operation.kind === 'create-table' ? parent.name : scan.relation
    const read = locked === scan.relation ? 'it' : quoted(scan.relation)
    return {
      at: operation.keyword,
      message: say`Adding partition ${added.name} ${blocks(scan)} reads and writes of ${locked} while every row of ${raw(read)} is read.`,
      ...asCertain(scan),
      help: help(
        ...(proof
          ? proveFirst(scan.relation, proof.outside, raw(`${text(step.statement.span)};`), runner, {
              name: `not_${added.name}`,
              afterwards: 'Rows that belong to the new partition have to be moved before. Then nothing is read:',
            })
          : ['A valid CHECK on the DEFAULT partition that excludes the bound makes PostgreSQL skip the reading.']),
      ),
    }
  },
})

function newPartition(step: Step, operation: Operation): Table | undefined {
  if (operation.kind === 'attach-partition') {
    const table = step.after.relations.get(operation.partition.oid)
    return table && 'bound' in table ? table : undefined
  }
  if (operation.kind !== 'create-table' || !operation.partitionOf) return undefined
  const parent = step.after.relations.get(operation.partitionOf.oid)
  const oid = parent && 'children' in parent ? parent.children.at(-1) : undefined
  const table = oid === undefined ? undefined : step.after.relations.get(oid)
  return table && 'bound' in table ? table : undefined
}
