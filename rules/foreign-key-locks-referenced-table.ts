import { whoWaits } from '../src/lint/advice/effects.ts'
import { boundedWait, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Foreign key that locks the table it refers to',
  why: 'A foreign key puts triggers on the table it refers to. For that it waits for those who write there, and other writers wait behind it.',
  severity: 'note',
  category: 'locking',
  on: ['add-constraint', 'create-table'],
  peers: ['migrationpilot:MP069', 'strong_migrations:add_foreign_key'],

  check({ step, operation, effects, config }) {
    if (operation.kind === 'add-constraint' && (operation.type !== 'foreign key' || operation.inline)) return
    // Another rule reports a foreign key that is checked at once.
    if (effects.blockingWrites({ work: 'scan' }) || waitIsBounded(step, config)) return
    const constraints = operation.kind === 'add-constraint' ? [operation.constraint] : operation.constraints
    const targets = new Set(constraints.flatMap(each => (each.references ? [each.references.table] : [])))
    const locked = effects.all.filter(effect => effect.exposed && targets.has(effect.oid) && whoWaits(effect.lock))
    const own = operation.kind === 'add-constraint' ? operation.table.oid : null
    const others = locked.filter(effect => effect.oid !== own).map(effect => effect.relation)
    const [waits] = locked.map(each => whoWaits(each.lock)).sort()
    if (others.length === 0 || !waits) return
    const what =
      operation.kind === 'add-constraint' ? say`Adding ${operation.constraint.name}` : say`Creating ${operation.name}`
    return {
      at: operation.keyword,
      message: say`${raw(what)} blocks ${raw(waits)} ${raw(quotedList(others))} until the transaction ends.`,
      help: help(boundedWait()),
    }
  },
})
