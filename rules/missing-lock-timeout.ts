import { boundedWaitOf, duration, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { lockedAlong, stopsTraffic, waitingList, waitsFor } from '../src/lint/advice/strongest-lock.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Wait for a lock without a limit',
  why: 'One long query is enough: the statement waits behind it, and everything that comes later waits behind the statement.',
  severity: 'warning',
  category: 'transaction',
  presets: { recommended: 'note', strict: 'warning' },
  peers: [
    'migrationpilot:MP004',
    'squawk:require-lock-timeout',
    'eugene:E9',
    'pgfence:missing-lock-timeout',
    'pgls:lockTimeoutWarning',
    'strong_migrations:lock_timeout',
  ],

  checkMigration({ migration, config, text }) {
    // late-lock-timeout reports the statements before it.
    const last = migration.findLast(step => duration(step, 'lock_timeout'))?.index ?? 0
    const waiting = migration.flatMap(step => {
      // A timeout that is set to an unknown value may well be right. zero-lock-timeout reports a zero.
      if (step.index < last || step.settings.has('lock_timeout') || waitIsBounded(step, config)) return []
      const waits = waitsFor(step)
      return waits.length > 0 && step.statement.kind !== 'LockStmt' ? [{ step, waits }] : []
    })
    // As a note, it is reported once per migration.
    const told =
      config.preset === 'recommended' ? waiting.filter(({ step }) => !tellsItself(step)).slice(0, 1) : waiting
    return told.map(({ step, waits }) => ({
      at: step.statement.keyword,
      message: say`While this waits for its lock, ${raw(waitingList(waits, step))} wait behind it, without a limit.`,
      help: help(
        boundedWaitOf(step, raw(`${text(step.statement.span)};`)),
        'If the role or the deployment sets a lock_timeout, say so in the configuration, with `timeouts.setBy`.',
      ),
    }))
  },
})

/** Other rules report that these should not be done in this way, or always advise a timeout. */
function tellsItself(step: Step): boolean {
  const { operations, effects } = step
  if (effects.some(effect => effect.exposed && effect.work !== 'none' && stopsTraffic(effect.lock))) return true
  return operations.some(
    each =>
      each.kind === 'drop-index' ||
      (each.kind === 'add-constraint' && each.references !== null) ||
      (each.kind === 'drop-constraint' && each.constraint?.kind === 'foreign key') ||
      lockedAlong(step, each).length > 0,
  )
}
