import { functionOf, host } from '../../code/host.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import { alias, inBrackets, type Setting } from './builder.ts'
import { condition } from './condition.ts'
import { standsFor } from './fragment.ts'

// Expressions as values: src/expression/expression-wrapper.ts.

const inBracketsAlready = new WeakSet<Value>()

/** True for an expression that has brackets around it. */
export function isBracketed(value: Value): boolean {
  return inBracketsAlready.has(value)
}

/** An expression. `and` and `or` make another one, in brackets. */
export function wrapped(sql: Text, setting: Setting): Host {
  return expression(sql, () => sql, setting, ['and', 'or'])
}

/** The same in brackets. */
export function bracketed(sql: Text, setting: Setting): Host {
  const made = expression(sql, () => inBrackets(sql), setting, [])
  inBracketsAlready.add(made)
  return made
}

/** `words`: what it may go on with, within its brackets. */
function expression(inner: Text, sql: () => Text, setting: Setting, words: readonly ('and' | 'or')[]): Host {
  const goesOn = words.map(word => {
    const more = (call: Call) => {
      const longer = joined([inner, condition(call, setting)], textAt(` ${word} `, call.nameAt))
      const made = expression(longer, () => inBrackets(longer), setting, [word])
      inBracketsAlready.add(made)
      return made
    }
    return [word, functionOf(word, more)] as const
  })
  const members: Record<string, Value> = Object.fromEntries(goesOn)
  const self = host('an expression', {
    ...members,
    as: functionOf('as', call => alias(call, sql())),
    $castTo: functionOf('$castTo', () => self),
    $notNull: functionOf('$notNull', () => self),
  })
  return standsFor(self, sql)
}
