import { validateLater } from '../src/lint/advice/advice.ts'
import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { boundProof, isWithin, missingForeignKeys, proveFirst } from '../src/lint/advice/partition-check.ts'
import { help, quoted, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'ATTACH PARTITION that reads the new partition',
  why: 'PostgreSQL checks every row against the bounds and foreign keys, and builds missing indexes. Nobody can read or write the new partition meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['attach-partition'],
  peers: ['migrationpilot:MP094', 'pgfence:attach-partition', 'pgls:avoidAttachingPartition'],

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
      // If no migration creates the table, its constraints are unknown.
      ...asCertain(effect),
      help: help(
        missingIndexes.length > 0 &&
          `First build indexes like ${quotedList(missingIndexes)} on it, concurrently: ATTACH builds those that are missing.`,
        keys.length > 0 && 'First give it the foreign keys of the partitioned table, without checking existing rows:',
        keys.map(({ add }) => add),
        keys.length > 0 && validateLater(runner, keys.length),
        keys.map(({ validate }) => validate),
        keys.length > 0 && !proof && 'Then attach it.',
        proof
          ? proveFirst(partition.name, proof.inside, raw(`${text(step.statement.span)};`), runner, {
              name: 'bound',
              claim: `every row of ${quoted(partition.name)} fits the bounds`,
              afterwards: 'Then ATTACH does not read the rows:',
            })
          : [],
        !proven &&
          !proof &&
          'PostgreSQL does not read the rows where a valid CHECK constraint says that all fit the bounds and have no NULL in the key.',
      ),
    }
  },
})
