import { addedForeignKeys, type ForeignKey, hasKnownType } from '../src/lint/advice/foreign-key.ts'
import { raw, say } from '../src/lint/advice/sql.ts'
import { columnOf } from '../src/lint/advice/table.ts'
import { typeText } from '../src/lint/advice/type-text.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Column } from '../src/postgres/catalog/column.ts'

const integers = ['int2', 'int4', 'int8']
const texts = ['text', 'varchar', 'bpchar', 'name']
const largest = new Map([
  ['int2', '32767'],
  ['int4', '2147483647'],
])

export default defineRule({
  title: 'Foreign key between columns of different types',
  why: 'A column that refers to another must be able to hold all of its values. Columns of one type are also compared fastest.',
  severity: 'warning',
  category: 'schema',
  on: ['add-constraint', 'create-table'],
  peers: ['online_migrations:mismatched_foreign_key_type'],

  check({ step, operation }) {
    if (step.error && step.error.sqlstate !== '42804') return
    return addedForeignKeys(step, operation).flatMap(key =>
      key.constraint.columns.flatMap((name, i) => {
        const from = columnOf(key.table, name)
        const to = columnOf(key.target, key.references.columns[i])
        const found = hasKnownType(from) && hasKnownType(to) && judge(key, from, to, step.error !== null)
        return found ? [{ at: operation.keyword, ...found }] : []
      }),
    )
  },
})

function judge({ table, target }: ForeignKey, from: Column, to: Column, fails: boolean) {
  const [is, wanted] = [typeText(from.type), typeText(to.type)]
  if (from.type.name === to.type.name && from.type.array === to.type.array) return
  const help = say`Give ${from.name} the type of ${to.name}: ${raw(wanted)}.`
  const a = say`${from.name} of ${table.name} is ${raw(is)}`
  const b = say`${to.name} of ${target.name} is ${raw(wanted)}`
  if (fails) return { message: `The foreign key fails: ${a}, ${b}.`, help, severity: 'error' as const }
  if (integers.includes(from.type.name) && integers.includes(to.type.name)) {
    // A wider column can hold all values.
    if (integers.indexOf(from.type.name) > integers.indexOf(to.type.name)) return
    const end = largest.get(from.type.name) ?? ''
    return { message: say`${raw(a)}, too small for values of ${to.name} above ${raw(end)} (${raw(wanted)}).`, help }
  }
  if (texts.includes(from.type.name) && texts.includes(to.type.name)) return
  return { message: `${a}, but ${b}.`, help, severity: 'note' as const }
}
