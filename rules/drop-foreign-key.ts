import { soundsLikeForeignKey } from '../src/lint/advice/foreign-key.ts'
import { boundedWait, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, identifier, quotedList, raw, say, sql } from '../src/lint/advice/sql.ts'
import { lockedAlong, waitsFor } from '../src/lint/advice/strongest-lock.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Effect } from '../src/postgres/effect.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Dropped foreign key that locks both tables',
  why: 'The table that the key refers to is locked as well. DROP waits for every transaction on either table, and everybody else waits behind it.',
  severity: 'warning',
  category: 'locking',
  on: ['drop-constraint', 'drop-column', 'drop-table'],
  peers: ['pgfence:drop-constraint', 'atlas:CD101'],

  check({ step, operation, config, isLarge, text }) {
    if (waitIsBounded(step, config)) return
    if (operation.kind === 'drop-constraint' && operation.constraint === null) {
      const { name, table, keyword, constraintKind } = operation
      const isStated = constraintKind === 'foreign key'
      if (!table.exposed || !(isStated || (constraintKind === null && soundsLikeForeignKey(name)))) return
      const both = say`reads and writes of ${table.name} and of the table that it refers to`
      return {
        at: keyword,
        message: isStated
          ? say`Dropping foreign key ${name} makes ${raw(both)} wait behind it.`
          : say`If ${name} is a foreign key, dropping it makes ${raw(both)} wait behind it.`,
        help: help(boundedWait(sql`ALTER TABLE ${table.name} DROP CONSTRAINT ${identifier(name)};`)),
        ...(!isStated && { severity: 'note' }),
      }
    }
    // If a new key is checked in the same statement, foreign-key-without-not-valid reports it.
    if (checksAnother(step)) return
    const own = 'table' in operation ? operation.table : operation.subject
    const along = lockedAlong(step, operation)
    if (!own || !along.some(({ relation }) => isLarge(relation))) return
    const names = quotedList(along.map(each => each.relation))
    if (operation.kind === 'drop-constraint') {
      const locked = waitsFor(step).filter(({ oid }) => oid === own.oid)
      return {
        at: operation.keyword,
        message: say`Dropping ${operation.name} makes reads and writes of ${raw(quotedList([...locked, ...along].map(each => each.relation)))} wait behind it.`,
        help: help(boundedWait(sql`ALTER TABLE ${own.name} DROP CONSTRAINT ${identifier(operation.name)};`)),
      }
    }
    return {
      at: operation.keyword,
      message: say`Dropping ${operation.kind === 'drop-table' ? own.name : operation.column} makes reads and writes of ${raw(names)} wait behind it, too.`,
      why: 'A foreign key goes with it, and the table at the other end is locked for that. DROP waits for every transaction on it, and everybody else waits behind it.',
      help: help(boundedWait(raw(`${text(step.statement.span)};`))),
    }
  },
})

const checksAnother = once(({ operations }: Step) =>
  operations.some(each => each.kind === 'add-constraint' && each.references && isChecked(each.effects)),
)

function isChecked(effects: readonly Effect[]): boolean {
  return effects.some(({ work, exposed }) => work === 'scan' && exposed)
}
