import { listed, sqlAt } from '../../code/given/sql.ts'
import { hole, type Text, textAt } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import { add, described, grown, inOrder, type Kind, type Method, type Setting } from './builder.ts'
import { columnComparison, condition } from './condition.ts'
import { aliasedTable } from './name.ts'
import { expressionIn, referenceIn } from './operand.ts'

/** `parseTableExpression`: a table by its name, perhaps with another one, or a query with a name. */
function tableIn(value: Value | undefined, at: Call['at'], setting: Setting): Text {
  if (value?.kind === 'text') return aliasedTable(value, at)
  return expressionIn(value, at, setting) ?? hole(at, value?.kind === 'unknown' ? value.why : 'it is not a table')
}

/** `parseTableExpressionOrList`. */
export function tablesGiven(call: Call, setting: Setting): Text {
  const [value, at] = [call.args[0], call.argsAt[0] ?? call.at]
  if (value?.kind !== 'list') return tableIn(value, at, setting)
  if (value.isOpen) return hole(at, 'part of the list is unknown')
  return listed(
    value.items.map(item => tableIn(item, at, setting)),
    call.nameAt,
  )
}

const words: Readonly<Record<string, string>> = {
  innerJoin: 'inner join',
  leftJoin: 'left join',
  rightJoin: 'right join',
  fullJoin: 'full join',
  crossJoin: 'cross join',
  innerJoinLateral: 'inner join lateral',
  leftJoinLateral: 'left join lateral',
  crossJoinLateral: 'cross join lateral',
}

/** src/query-builder/join-builder.ts */
const on: Kind = {
  name: 'the join',
  sql: inOrder(['table', 'on']),
  methods: {
    on: (call, slots, setting) => grown(slots, 'on', ' on ', ' and ', condition(call, setting), call),
    onRef: (call, slots, setting) => grown(slots, 'on', ' on ', ' and ', columnComparison(call, setting), call),
    onTrue: (call, slots) => grown(slots, 'on', ' on ', ' and ', textAt('true', call.nameAt), call),
  },
}

/** `parseJoin`: a table alone, with a function that says on what, or with two columns. */
export const joins: Readonly<Record<string, Method>> = Object.fromEntries(
  Object.entries(words).map(([name, word]): [string, Method] => [
    name,
    (call, slots, setting) => {
      const table = sqlAt(call.nameAt)` ${word} ${tableIn(call.args[0], call.argsAt[0] ?? call.at, setting)}`
      return add(slots, 'joins', joined(call, table, setting), textAt('', call.nameAt))
    },
  ]),
)

function joined(call: Call, table: Text, setting: Setting): Text {
  const [, left, right] = call.args
  if (call.args.length === 1) return table
  if (call.args.length === 2) return described(call, 1, on, new Map([['table', table]]), setting)
  if (call.args.length !== 3) return hole(call.at, 'Kysely refuses this number of arguments')
  const [before, after] = [left, right].map((side, i) => referenceIn(side, call.argsAt[i + 1] ?? call.at, setting))
  return before && after ? sqlAt(call.nameAt)`${table} on ${before} = ${after}` : table
}
