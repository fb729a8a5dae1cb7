import { whoWaits } from '../src/lint/advice/effects.ts'
import { boundedWait, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, identifier, quotedList, raw, say, sql } from '../src/lint/advice/sql.ts'
import { waitsFor } from '../src/lint/advice/strongest-lock.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Effect } from '../src/postgres/effect.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Dropped foreign key that locks both tables',
  why: 'The table that the key refers to is locked as well. DROP waits for every transaction on either table, and everybody else waits behind it.',
  severity: 'warning',
  category: 'locking',
  on: ['drop-constraint'],
  peers: ['pgfence:drop-constraint', 'atlas:CD101'],

  check({ step, operation, migration, config, isLarge }) {
    const { constraint, name, table, keyword } = operation
    const target = constraint?.references?.table
    if (constraint === null && table.exposed && soundsLikeForeignKey(name) && !waitIsBounded(step, config)) {
      return {
        at: keyword,
        message: say`If ${name} is a foreign key, dropping it makes reads and writes of ${table.name} and of the table that it refers to wait behind it.`,
        help: help(boundedWait(sql`ALTER TABLE ${table.name} DROP CONSTRAINT ${identifier(name)};`)),
        severity: 'note',
      }
    }
    if (constraint?.kind !== 'foreign key' || target === table.oid || waitIsBounded(step, config)) return
    // foreign-key-without-not-valid reports the new key that is checked in the same statement.
    if (checksAnother(step)) return
    // A table that this migration drops is locked like that in any case.
    const end = (migration.at(-1) ?? step).after
    if (!end.relations.has(table.oid)) return
    const locked = [table.oid, target].flatMap(oid => {
      return waitsFor(step).filter(effect => effect.oid === oid && whoWaits(effect.lock))
    })
    if (!locked.some(({ oid, relation }) => oid === target && isLarge(relation))) return
    return {
      at: keyword,
      message: say`Dropping ${name} makes reads and writes of ${raw(quotedList(locked.map(each => each.relation)))} wait behind it.`,
      help: help(boundedWait(sql`ALTER TABLE ${table.name} DROP CONSTRAINT ${identifier(name)};`)),
    }
  },
})

const checksAnother = once(({ operations }: Step) =>
  operations.some(each => each.kind === 'add-constraint' && each.references && isChecked(each.effects)),
)

function isChecked(effects: readonly Effect[]): boolean {
  return effects.some(({ work, exposed }) => work === 'scan' && exposed)
}

/** The names that PostgreSQL (`orders_user_id_fkey`) and people (`fk_orders_users`) give, of a key that no migration made. */
function soundsLikeForeignKey(name: string): boolean {
  return name
    .toLowerCase()
    .split('_')
    .some(part => part === 'fk' || part === 'fkey')
}
