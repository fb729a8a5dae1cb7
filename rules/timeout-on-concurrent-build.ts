import { concurrentKinds, concurrentWork, leftBehind } from '../src/lint/advice/concurrently.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import { nameParts } from '../src/parse/placeholder.ts'
import type { Step } from '../src/postgres/step.ts'

const names = ['lock_timeout', 'statement_timeout'] as const

export default defineRule({
  title: 'Timeout in force where CONCURRENTLY has to wait',
  why: 'CONCURRENTLY waits until every older transaction has ended. Nobody waits behind it, so a timeout does not help anybody.',
  severity: 'warning',
  category: 'transaction',
  on: [...concurrentKinds],

  check({ step, operation, migration, history, label, text }) {
    if (!operation.concurrently || step.error || operation.table?.exposed === false) return
    const set = names.flatMap(name => {
      const setting = step.settings.get(name)
      // `0`, `'0s'`: it is off.
      return setting?.value && Number.parseFloat(setting.value) !== 0 ? [{ name, ...setting }] : []
    })
    if (set.length === 0) return
    // A build that gives up costs little if the next run removes its remains and builds again.
    const again = set.every(({ name }) => name === 'lock_timeout') && repeatable(migration).has(step)
    const related = set.flatMap(({ name, setBy }) => {
      const setter = setBy === null ? undefined : history[setBy]
      return setter ? [label(setter, `${name} is set here`)] : []
    })
    const them = set.length > 1 ? 'them' : 'it'
    return {
      at: operation.keyword,
      message: say`${raw(concurrentWork(operation))} may run into the ${raw(set.map(each => `${each.name} of ${each.value}`).join(' and the '))}, which ${raw(leftBehind(operation))}.`,
      help: help(
        `Switch ${them} off for this statement:`,
        set.map(({ name }) => sql`SET ${raw(name)} = 0;`),
        raw(`${text(step.statement.span)};`),
        (migration.at(-1)?.index ?? 0) > step.index && `Then set ${them} again for the statements after it.`,
      ),
      related,
      ...(again ? { severity: 'note' as const } : {}),
    }
  },
})

/** DROP INDEX CONCURRENTLY IF EXISTS and the CREATE INDEX CONCURRENTLY that follows it, for the same index: both can be run again. */
const repeatable = once((migration: readonly Step[]): ReadonlySet<Step> => {
  const found = new Set<Step>()
  const dropped = new Map<string, Step>()
  for (const step of migration) {
    for (const each of step.operations) {
      if (each.kind === 'drop-index' && each.concurrently && each.ifExists) dropped.set(shortName(each.name), step)
      if (each.kind !== 'create-index' || !each.concurrently || each.name === null) continue
      const before = dropped.get(shortName(each.name))
      if (before) found.add(before).add(step)
    }
  }
  return found
})

/** An index is created without its schema, which is that of its table. */
function shortName(name: string): string {
  return nameParts(name).at(-1) ?? name
}
