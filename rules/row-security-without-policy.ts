import { isAllKnown } from '../src/lint/advice/relations.ts'
import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Row level security without a policy',
  why: 'Without a policy that allows rows, the table looks empty to every role but the owner and those with BYPASSRLS, and INSERT fails.',
  severity: 'warning',
  category: 'breaking change',
  on: ['row-security', 'drop-policy'],

  check({ step, operation, migration }) {
    const { subject } = operation
    if (!subject?.exposed || step.error) return
    if (operation.kind === 'row-security' && !switchesOn.has(operation.detail ?? '')) return
    const end = tableOf((migration.at(-1) ?? step).after, subject.oid)
    if (!end || end.policies.length > 0) return
    // If some policies of the table are unknown, it may not be the last one, and row level security may not be enabled.
    if (operation.kind === 'drop-policy' && !isAllKnown(subject)) {
      return {
        at: operation.keyword,
        message: say`Unless another policy is left, all roles but the owner see no row of ${subject.name} from here on, where row level security is enabled.`,
        severity: 'note',
        help: help(inItsPlace),
      }
    }
    if (!end.rowSecurity) return
    const forced = operation.kind === 'row-security' && operation.detail === 'ForceRowSecurity'
    const who = forced ? 'All roles without BYPASSRLS see' : 'All roles but the owner see'
    return {
      at: operation.keyword,
      message: end.complete
        ? say`${raw(who)} no row of ${subject.name} from here on, and cannot insert any: it has no policy.`
        : say`${raw(who)} no row of ${subject.name} from here on, and cannot insert any, unless it has a policy already.`,
      help: help(
        operation.kind === 'drop-policy'
          ? inItsPlace
          : 'Create the policies first, in the same transaction. One that lets everybody do what they can do now:',
        operation.kind === 'row-security' &&
          sql`CREATE POLICY everybody ON ${subject.name} USING (true) WITH CHECK (true);`,
        'If only the owner should use the table, say so in a suppression comment.',
      ),
    }
  },
})

const inItsPlace = 'Create the policy that takes its place in the same transaction, or disable row level security.'

const switchesOn: ReadonlySet<string> = new Set(['EnableRowSecurity', 'ForceRowSecurity'])
