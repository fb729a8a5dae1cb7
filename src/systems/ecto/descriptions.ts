import { NotRead } from '../../code/given/not-read.ts'
import { textIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { type Call, known, unknown, type Value } from '../../code/value.ts'
import { describedBy } from './described.ts'
import { optionsIn } from './given.ts'
import { columnsIn } from './index-of-table.ts'

/** Functions that describe something and send nothing, such as `table` and `index`. What they describe is read where it is used. */
export function descriptions(): ReadonlyMap<string, Value> {
  const all = new Map<string, Value>()
  const describing = (name: string, read: (call: Call) => Value) => {
    all.set(name, {
      ...functionOf(name, call => {
        try {
          return read(call)
        } catch (error) {
          if (!(error instanceof NotRead)) throw error
          return unknown(error.why, error.at ?? call.at)
        }
      }),
      isInert: true,
    })
  }
  describing('table', ({ args: [name, options], at }) =>
    describedBy({
      kind: 'table',
      name: textIn(name, at, 'the name of the table'),
      options: optionsIn(options, null, at),
    }),
  )
  for (const name of ['index', 'unique_index'])
    describing(name, ({ args: [table, columns, options], at }) => {
      const given = new Map(optionsIn(options, null, at))
      if (name === 'unique_index') given.set('unique', known(true, at))
      return describedBy({
        kind: 'index',
        table: textIn(table, at, 'the name of the table'),
        columns: columnsIn(columns, at),
        options: given,
      })
    })
  describing('constraint', ({ args: [table, name, options], at }) =>
    describedBy({
      kind: 'constraint',
      table: textIn(table, at, 'the name of the table'),
      name: textIn(name, at, 'the name of the constraint'),
      options: optionsIn(options, null, at),
    }),
  )
  describing('references', ({ args: [table, options], at }) =>
    describedBy({
      kind: 'reference',
      table: textIn(table, at, 'the name of the table'),
      options: optionsIn(options, null, at),
    }),
  )
  describing('fragment', ({ args: [text], at }) =>
    describedBy({ kind: 'fragment', sql: textIn(text, at, 'the fragment') }),
  )
  return all
}
