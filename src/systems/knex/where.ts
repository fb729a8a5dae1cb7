import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isNull } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import { type Call, nothing, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { bound } from './literal.ts'
import { nameOf } from './name.ts'
import { withBindings } from './raw.ts'
import { rawTextOf } from './raw-text.ts'

/** A list of conditions. */
export interface Condition {
  readonly with: 'and' | 'or'
  readonly sql: Text
}

/** `where …`; empty without conditions. */
export function whereClause(conditions: readonly Condition[], at: Span): Text {
  return conditions.length === 0 ? textAt('', at) : sqlAt(at)`where ${together(conditions, at)}`
}

function together(conditions: readonly Condition[], at: Span): Text {
  return joined(conditions.map((each, i) => (i === 0 ? each.sql : sqlAt(at)` ${each.with} ${each.sql}`)))
}

/** Methods with `where` in their name, of lib/query/querybuilder.js; undefined: the method is not read. */
export function conditionMethod(member: string): { with: 'and' | 'or'; kind: string } | undefined {
  const [, prefix = '', kind = ''] = /^(and|or)?(.+)$/i.exec(member) ?? []
  const name = kind.charAt(0).toLowerCase() + kind.slice(1)
  if (!kinds.has(name) || (prefix !== '' && kind.startsWith('w'))) return undefined
  return { with: prefix === 'or' ? 'or' : 'and', kind: name }
}

const kinds = new Set([
  ...['where', 'whereNot', 'whereNull', 'whereNotNull', 'whereIn', 'whereNotIn', 'whereRaw', 'whereBetween'],
])
const operators = new Set(['=', '<', '>', '<=', '>=', '<>', '!=', 'like', 'not like', 'ilike', 'not ilike', '~', '~*'])

/** The conditions that a call adds. `group` reads a function that adds conditions in parentheses. */
export function conditionsOf(
  run: Run,
  way: { with: 'and' | 'or'; kind: string },
  call: Call,
  group: (run: Run, describe: Value, at: Span) => readonly Condition[],
): Condition[] {
  const { args, argsAt, at, nameAt } = call
  const words = sqlAt(nameAt)
  const [first] = args
  const place = (i: number) => argsAt[i] ?? nameAt
  const name = () => nameOf(first, place(0))
  const one = (sql: Text): Condition[] => [{ with: way.with, sql }]
  switch (way.kind) {
    case 'whereNull':
      return one(words`${name()} is null`)
    case 'whereNotNull':
      return one(words`${name()} is not null`)
    case 'whereRaw':
      if (first?.kind !== 'text') break
      return one(withBindings(first, args[1]))
    case 'whereIn':
    case 'whereNotIn': {
      const [values, isNot] = [args[1], way.kind === 'whereNotIn']
      if (first?.kind !== 'text' || values?.kind !== 'list' || values.isOpen) break
      if (values.items.length === 0) return one(words`${isNot ? '1' : '1'} = ${isNot ? '1' : '0'}`)
      const items = joined(
        values.items.map(item => bound(item, place(1))),
        textAt(', ', nameAt),
      )
      return one(words`${name()} ${isNot ? 'not in' : 'in'} (${items})`)
    }
    case 'whereBetween': {
      const [from, to] = args[1]?.kind === 'list' ? args[1].items : []
      if (!from || !to) break
      return one(words`${name()} between ${bound(from, place(1))} and ${bound(to, place(1))}`)
    }
    case 'where':
    case 'whereNot': {
      const not = way.kind === 'whereNot' ? 'not ' : ''
      const raw = first && rawTextOf(first)
      if (raw && args.length === 1) return one(words`${not}${raw}`)
      if (first?.kind === 'callable') {
        const inner = group(run, first, at)
        return inner.length === 0 ? [] : one(words`${not}(${together(inner, nameAt)})`)
      }
      if (first?.kind === 'record' && args.length === 1) {
        if (first.isOpen) break
        return [...first.entries].map(([key, value]) => ({
          with: way.with,
          sql: compared(textAt(key, place(0)), '=', value, not, call),
        }))
      }
      if (args.length === 2) return one(compared(first ?? nothing(at), '=', args[1], not, call))
      const [, operator, value] = args
      const word =
        operator?.kind === 'text'
          ? operator.pieces
              .map(piece => piece.text)
              .join('')
              .toLowerCase()
          : ''
      if (args.length === 3 && (operators.has(word) || word === 'is' || word === 'is not'))
        return one(compared(first ?? nothing(at), word, value, not, call))
    }
  }
  throw new NotRead('its conditions are not read')
}

function compared(of: Value, operator: string, value: Value | undefined, not: string, { argsAt, nameAt }: Call): Text {
  const words = sqlAt(nameAt)
  const name = nameOf(of, argsAt[0] ?? nameAt)
  if (isNull(value)) {
    const isNegative = operator === 'is not' || operator === '!=' || operator === '<>'
    if (!isNegative && operator !== '=' && operator !== 'is') throw new NotRead('its conditions are not read')
    return words`${name} ${isNegative !== (not !== '') ? 'is not null' : 'is null'}`
  }
  if (value === undefined || value.kind === 'callable') throw new NotRead('its conditions are not read')
  if (value.kind === 'plain' && value.value === undefined) throw new NotRead('a value in it is missing')
  return words`${not}${name} ${operator} ${bound(value, argsAt.at(-1) ?? nameAt)}`
}
