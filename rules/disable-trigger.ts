import { together } from '../src/lint/advice/lost-names.ts'
import { help, identifier, quoted, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Trigger that stays switched off',
  why: 'From now on, all writes bypass the trigger, and with it the audit, the totals or the check that it exists for.',
  severity: 'warning',
  category: 'breaking change',
  on: ['disable-trigger'],
  peers: ['migrationpilot:MP064', 'pgls:avoidEnableDisableTrigger', 'pgfence:enable-disable-trigger'],

  check(context) {
    const { step, operation } = context
    const { subject, detail } = operation
    if (!subject.exposed || detail === null) return
    const several = detail === 'ALL' || detail === 'USER'
    // If it is switched on again before the lock is released, it is off for this session only.
    const backAgain = together(context).some(
      each =>
        each.index > step.index &&
        each.operations.some(
          other =>
            other.kind === 'enable-trigger' &&
            other.subject.oid === subject.oid &&
            (other.detail === detail || other.detail === 'ALL'),
        ),
    )
    // It is often unknown whether a file runs as one transaction: if it does not, others may write in between.
    const maybe = backAgain && step.transaction.kind === 'unknown'
    if (backAgain && !maybe) return
    const what = several ? 'any of its triggers' : `trigger ${quoted(detail)}`
    const keys = detail === 'ALL' ? ', and its foreign keys are not checked' : ''
    const trigger = several ? raw(detail) : identifier(detail)
    return {
      at: operation.keyword,
      message: maybe
        ? say`Until they are back others may write to ${subject.name} without ${raw(what)}${raw(keys)}, if this migration does not run in one transaction.`
        : say`Everybody writes to ${subject.name} without ${raw(what)} from here on${raw(keys)}.`,
      help: maybe
        ? 'Write BEGIN before it and COMMIT after they are back: nobody else can write to the table in between.'
        : help(
            `Switch ${several ? 'them' : 'it'} on again in the same transaction, while nobody else can write to the table:`,
            sql`ALTER TABLE ${subject.name} ENABLE TRIGGER ${trigger};`,
          ),
    }
  },
})
