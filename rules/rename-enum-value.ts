import { parts } from '../src/lint/advice/lost-names.ts'
import { help, quoteLiteral, raw, say, sql } from '../src/lint/advice/sql.ts'
import { removedValue } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Renamed enum value',
  why: 'Code that still writes the old value, or compares with it, fails from now on. It also reads a value that it does not know.',
  severity: 'error',
  category: 'breaking change',
  on: ['rename-enum-value'],
  peers: ['migrationpilot:MP060', 'strong_migrations:rename_enum_value'],

  check({ step, operation, runner }) {
    const { keyword, from, to, type = '', isNew } = operation
    if (isNew) return
    const [schema, name] = parts(type)
    return {
      at: keyword,
      removes: [removedValue(step, schema, name, from)],
      message: say`Renaming value ${from} of ${type} to ${to} breaks code that still writes or compares ${from}.`,
      help: help(
        'Add the new value beside the old one, which can stay for good:',
        sql`ALTER TYPE ${type} ADD VALUE IF NOT EXISTS ${raw(quoteLiteral(to))};`,
        `${runner.laterMigration()}, once code knows both, change rows from the old value to the new, in batches.`,
      ),
    }
  },
})
