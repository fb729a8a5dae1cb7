import { asCertain, blocks } from '../src/lint/effects.ts'
import { boundProof, isWithin, missingForeignKeys, proveFirst } from '../src/lint/partition-check.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, quotedList, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'ATTACH PARTITION that reads the new partition',
  why: 'Every row is checked against the bound and the foreign keys, and missing indexes are built, under a lock that blocks reads and writes of the partition.',
  severity: 'error',
  category: 'locking',
  on: ['attach-partition'],
  peers: ['pgfence:attach-partition', 'pgls:avoidAttachingPartition'],

  check({ step, operation, isLarge, runner, text }) {
    const { partition, table, proven, missingIndexes } = operation
    const effect = operation.effects.find(
      ({ oid, relation, work, exposed }) =>
        exposed && work !== 'none' && isLarge(relation) && isWithin(step.before, oid, partition.oid),
    )
    if (!effect) return
    const after = step.after.relations.get(partition.oid)
    const bound = after && 'bound' in after ? after.bound : null
    const proof = proven ? null : boundProof(step.before, table.oid, bound)
    const keys = missingForeignKeys(step.before, table.oid, partition.oid)
    const meanwhile =
      effect.work === 'scan'
        ? 'every row is read'
        : proven
          ? 'indexes are built'
          : 'every row is read and indexes are built'
    return {
      at: operation.keyword,
      message: say`Attaching ${partition.name} ${blocks(effect)} reads and writes of it while ${raw(meanwhile)}.`,
      // Of a table that no migration creates nobody knows the constraints.
      ...asCertain(effect),
      help: help(
        missingIndexes.length > 0 &&
          `Build indexes like ${quotedList(missingIndexes)} on it first, concurrently, or ATTACH builds them.`,
        keys.length > 0 &&
          'Give it the foreign keys of the partitioned table first, and let them be validated before it is attached:',
        ...keys.flatMap(({ add, validate }) => [add, validate]),
        ...(proof
          ? proveFirst(partition.name, proof.inside, raw(`${text(step.statement.span)};`), runner, {
              name: 'bound',
              afterwards: 'Then nothing is read:',
            })
          : []),
        !proven &&
          !proof &&
          'A valid CHECK constraint that implies the bound, IS NOT NULL included, makes PostgreSQL skip the reading.',
      ),
    }
  },
})
