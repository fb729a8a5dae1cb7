import { type Sql, sqlAt } from '../../code/given/sql.ts'
import { functionOf, host } from '../../code/host.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import type { Setting } from './builder.ts'
import { condition } from './condition.ts'
import { literal } from './fragment.ts'
import { referenceIn, valueIn } from './operand.ts'
import { wrapped } from './wrapped.ts'

/** `eb.case()`: src/query-builder/case-builder.ts. */
export function caseOf(call: Call, setting: Setting): Host {
  const sql = sqlAt(call.nameAt)
  const [value] = call.args
  const start = value ? sql`case ${referenceIn(value, call.argsAt[0] ?? call.at, setting)}` : sql`case`
  return host('case', { when: whenOf(start, setting) })
}

function whenOf(before: Text, setting: Setting): Host {
  return functionOf('case.when', call => {
    const sql = sqlAt(call.nameAt)
    const made = sql`${before} when ${condition(call, setting)}`
    const then = functionOf('case.then', own => {
      const result = resultOf(made, own, sqlAt(own.nameAt), ' then ', setting)
      return host('case', {
        when: whenOf(result, setting),
        else: functionOf('case.else', last =>
          host('case', ends(resultOf(result, last, sqlAt(last.nameAt), ' else ', setting), setting)),
        ),
        ...ends(result, setting),
      })
    })
    return host('case', { then })
  })
}

/** Numbers and truth values stand in the text itself. */
function resultOf(before: Text, { args: [value], argsAt, at }: Call, sql: Sql, words: string, setting: Setting): Text {
  const place = argsAt[0] ?? at
  const isSafe = value?.kind === 'plain' && value.value !== undefined
  return sql`${before}${words}${isSafe ? literal(value, place) : valueIn(value, place, setting)}`
}

function ends(before: Text, setting: Setting): Record<string, Value> {
  const end = (words: string) =>
    functionOf('case.end', call => wrapped(joined([before, textAt(words, call.nameAt)]), setting))
  return { end: end(' end'), endCase: end(' end case') }
}
