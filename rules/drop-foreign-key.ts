import { telling, whoWaits } from '../src/lint/effects.ts'
import { boundedWait, waitIsBounded } from '../src/lint/lock-timeout.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, identifier, quotedList, raw, say, sql } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Dropped foreign key that locks both tables',
  why: 'The table it refers to is locked as well: the statement waits for every transaction on either, and all others wait behind it.',
  severity: 'warning',
  category: 'locking',
  on: ['drop-constraint'],
  peers: ['pgfence:drop-constraint'],

  check({ step, operation, effects, config, isLarge }) {
    const { constraint, name, table, keyword } = operation
    const target = constraint?.references?.table
    if (constraint?.kind !== 'foreign key' || target === table.oid || waitIsBounded(step, config)) return
    const locked = [table.oid, target].flatMap(oid => {
      return telling(effects.all).filter(effect => effect.oid === oid && whoWaits(effect.lock))
    })
    if (!locked.some(({ oid, relation }) => oid === target && isLarge(relation))) return
    return {
      at: keyword,
      message: say`Dropping ${name} makes reads and writes of ${raw(quotedList(locked.map(each => each.relation)))} wait behind it.`,
      help: help(...boundedWait(sql`ALTER TABLE ${table.name} DROP CONSTRAINT ${identifier(name)};`)),
    }
  },
})
