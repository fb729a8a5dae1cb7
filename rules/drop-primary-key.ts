import { isAllKnown } from '../src/lint/advice/relations.ts'
import { help, newName, say } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Dropped primary key',
  why: 'INSERT … ON CONFLICT and ORMs rely on the key, and a table in a publication refuses UPDATE and DELETE without one.',
  severity: 'warning',
  category: 'breaking change',
  peers: ['migrationpilot:MP055'],
  on: ['drop-constraint'],

  check({ step, operation, migration }) {
    const { constraint, constraintKind, table, name, keyword } = operation
    // DefineIndex and ChooseIndexName in indexcmds.c give this name to a key that has none.
    const isNamedSo = constraint === null && !isAllKnown(table) && name === newName(table.name, 'pkey')
    const byName = isNamedSo && constraintKind === null
    if ((constraintKind !== 'primary key' && !byName) || !table.exposed || step.error) return
    // It is replaced by another key, or dropped with its table, by the end of the migration.
    const end = tableOf((migration.at(-1) ?? step).after, table.oid)
    if (!end || end.constraints.some(each => each.kind === 'primary key')) return
    return {
      at: keyword,
      message: byName
        ? say`Without its primary key (${name}, judging by its name) ${table.name} may refuse UPDATE, DELETE and ON CONFLICT.`
        : say`Without its primary key ${table.name} may refuse UPDATE, DELETE and ON CONFLICT.`,
      help: help(
        'Build a unique index for the new key concurrently. Then replace the key in one ALTER TABLE: DROP CONSTRAINT, and ADD PRIMARY KEY USING INDEX.',
      ),
    }
  },
})
