import { isCreatedHere } from '../src/lint/advice/lost-names.ts'
import { isAllKnown } from '../src/lint/advice/relations.ts'
import { help, listed, raw, say } from '../src/lint/advice/sql.ts'
import { removedAlong } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'CASCADE that drops more than is named',
  why: 'CASCADE drops everything that depends on the object without asking: views, foreign keys, even columns with their data.',
  severity: 'error',
  category: 'data loss',
  peers: ['migrationpilot:MP022'],
  on: [
    'drop-table',
    'drop-view',
    'drop-materialized-view',
    'drop-sequence',
    'drop-type',
    'drop-domain',
    'drop-routine',
    'drop-extension',
    'drop-other',
    'drop-column',
    'drop-constraint',
  ],

  check({ step, operation, remarks, isMade }) {
    if (!operation.cascade) return
    const [own] = isMade(operation.keyword) ? remarksOf(remarks, 'always-cascade') : []
    const subject = 'table' in operation ? operation.table : operation.subject
    const isNew = 'isNew' in operation ? operation.isNew : !operation.table.exposed
    if (isNew) return
    const { dependents } = operation
    if (dependents.length === 0) {
      // If these migrations create an object, and all of them were read, they also contain everything that depends on it.
      if (subject ? isAllKnown(subject) : 'name' in operation && isCreatedHere(step, operation.name)) return
      // Nobody has asked for it, and nobody can leave it out.
      if (own) return
      return {
        at: operation.keyword,
        message: 'CASCADE may drop more than is named here.',
        severity: 'warning',
        help: help('Leave out CASCADE: PostgreSQL then refuses, and says what depends on it.'),
      }
    }
    const removes = removedAlong(step, dependents.length)
    return {
      at: operation.keyword,
      ...(removes.length > 0 && { removes }),
      message: say`CASCADE also drops ${raw(listed(dependents, 4, ', and '))}.`,
      help: help(
        'First drop or change each of these by name, when code no longer needs it.',
        own
          ? `${own.calls} of ${own.tool} always send CASCADE.`
          : 'Then leave out CASCADE: PostgreSQL refuses the statement as long as something is left.',
      ),
    }
  },
})
