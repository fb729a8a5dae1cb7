import { later, outside } from '../src/lint/advice/advice.ts'
import { telling } from '../src/lint/advice/effects.ts'
import { boundedWait, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { relationName } from '../src/lint/advice/relations.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Dropped partition that locks the whole table',
  why: 'Dropping a partition locks the whole partitioned table. It waits for everybody who uses the table, and everybody who comes later waits behind it.',
  severity: 'warning',
  category: 'locking',
  on: ['drop-table'],

  check({ step, operation, config, runner, since, text }) {
    const { subject } = operation
    const partition = subject ? step.before.relations.get(subject.oid) : undefined
    const above = partition && 'partitionOf' in partition ? partition.partitionOf : null
    const lock = operation.effects.find(({ oid, exposed }) => oid === above && exposed)
    const parent = above === null ? null : relationName(step.before, above)
    if (!subject || !lock || parent === null) return
    const found = {
      at: operation.keyword,
      message: say`Dropping partition ${subject.name} makes reads and writes of all of ${parent} wait behind it.`,
      effects: telling(operation.effects),
    }
    const siblings = step.before.relations.get(lock.oid)
    const hasDefault =
      siblings !== undefined &&
      'children' in siblings &&
      siblings.children.some(oid => {
        const each = step.before.relations.get(oid)
        return each && 'bound' in each && each.bound?.kind === 'default'
      })
    if (hasDefault || !since(14)) {
      if (waitIsBounded(step, config)) return
      return { ...found, help: help(boundedWait(raw(`${text(step.statement.span)};`))) }
    }
    return {
      ...found,
      help: help(
        outside(runner),
        sql`ALTER TABLE ${parent} DETACH PARTITION ${subject.name} CONCURRENTLY;`,
        later(runner, 'drop the detached table, for which nobody waits'),
        sql`DROP TABLE ${subject.name};`,
      ),
    }
  },
})
