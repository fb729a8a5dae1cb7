import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { boundProof, isWithin, proveFirst } from '../src/lint/advice/partition-check.ts'
import { isAllKnown } from '../src/lint/advice/relations.ts'
import { help, quoted, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Table } from '../src/postgres/catalog/catalog.ts'
import type { Operation } from '../src/postgres/operation.ts'
import type { Step } from '../src/postgres/step.ts'
import type { Subject } from '../src/postgres/subject.ts'

export default defineRule({
  title: 'New partition for which the DEFAULT partition is read',
  why: 'Rows of the DEFAULT partition may belong to the new one. PostgreSQL reads all of them to see, and nobody can read or write meanwhile.',
  severity: 'error',
  category: 'locking',
  peers: ['migrationpilot:MP072'],
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
    if (!parent || !added || (operation.kind === 'create-table' && operation.skipped)) return
    if (!scan) {
      if (isAllKnown(parent) || !parent.exposed || added.bound?.kind === 'default' || hasDefault(step, parent)) return
      return {
        at: operation.keyword,
        message: say`If ${parent.name} has a DEFAULT partition, adding ${added.name} blocks reads and writes while every row of that is read.`,
        severity: 'note',
        help: help('See whether it has one: the migrations that were read do not show all of its partitions.'),
      }
    }
    const proof = boundProof(step.before, parent.oid, added.bound)
    // CREATE TABLE locks the whole partitioned table as well; ATTACH does not.
    const locked = operation.kind === 'create-table' ? parent.name : scan.relation
    const read = locked === scan.relation ? 'it' : quoted(scan.relation)
    return {
      at: operation.keyword,
      message: say`Adding partition ${added.name} ${blocks(scan)} reads and writes of ${locked} while every row of ${raw(read)} is read.`,
      ...asCertain(scan),
      help: help(
        proof
          ? proveFirst(scan.relation, proof.outside, raw(`${text(step.statement.span)};`), runner, {
              name: `not_${added.name}`,
              claim: `no row of ${quoted(scan.relation)} belongs to the new partition`,
              afterwards: 'If that finds rows, first move them out. Then nothing has to be read:',
            })
          : [
              'PostgreSQL does not read the DEFAULT partition where a valid CHECK constraint says that none of its rows belongs to the new one.',
            ],
      ),
    }
  },
})

/** True if a migration that was read creates its DEFAULT partition. */
function hasDefault({ before }: Step, { oid }: Subject): boolean {
  const parent = before.relations.get(oid)
  const children = parent && 'children' in parent ? parent.children : []
  return children.some(child => {
    const each = before.relations.get(child)
    return each !== undefined && 'bound' in each && each.bound?.kind === 'default'
  })
}

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
