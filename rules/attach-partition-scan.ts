import { blocks } from '../src/lint/effects.ts'
import { boundProof, isWithin, proveFirst } from '../src/lint/partition-check.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, quotedList, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'ATTACH PARTITION that reads the new partition',
  why: 'Every row is checked against the bound, or missing indexes are built, under a lock that blocks reads and writes of the partition.',
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
    // Of a table that no migration creates nobody knows the constraints.
    const certain = effect.certain && partition.complete
    const after = step.after.relations.get(partition.oid)
    const bound = after && 'bound' in after ? after.bound : null
    const proof = proven ? null : boundProof(step.before, table.oid, bound)
    const meanwhile = proven ? 'its indexes are built' : 'every row of it is read'
    return {
      at: operation.keyword,
      message: say`Attaching ${partition.name} ${blocks({ ...effect, certain })} reads and writes of it while ${raw(meanwhile)}.`,
      severity: certain ? 'error' : 'warning',
      help: help(
        missingIndexes.length > 0 &&
          `Build indexes like ${quotedList(missingIndexes)} on it first, concurrently, or ATTACH builds them.`,
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
