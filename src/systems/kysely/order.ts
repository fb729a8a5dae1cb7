import { sqlAt } from '../../code/given/sql.ts'
import { cut, hole, joined, plain, quoted, type Text, textAt } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import { described, inOrder, type Kind, part, type Setting, word } from './builder.ts'
import { sqlOf } from './fragment.ts'
import { nameGiven, reference } from './name.ts'
import { referenceIn } from './operand.ts'

/** `orderBy(column, direction)`: src/parser/order-by-parser.ts. */
export function ordered(call: Call, setting: Setting): Text {
  const [first, how] = call.args
  const at = call.argsAt[0] ?? call.at
  if (call.args.length === 1 && first?.kind === 'list') {
    if (first.isOpen) return hole(at, 'part of the list is unknown')
    return joined(
      first.items.map(item => column(item, at, setting)),
      textAt(', ', call.nameAt),
    )
  }
  const sql = column(first, at, setting)
  if (how === undefined || (how.kind === 'plain' && how.value === undefined)) return sql
  if (how.kind === 'text') {
    const isKnown = ['asc', 'desc'].includes(plain(how))
    return isKnown ? sqlAt(call.nameAt)`${sql} ${how}` : hole(call.argsAt[1] ?? at, 'Kysely refuses this order')
  }
  const own = sqlOf(how)
  return own ? sqlAt(call.nameAt)`${sql} ${own}` : described(call, 1, item, new Map([['item', sql]]), setting)
}

const item: Kind = {
  name: 'the order',
  sql: inOrder(['item', 'collate', 'direction', 'nulls']),
  methods: {
    asc: word('direction', ' asc'),
    desc: word('direction', ' desc'),
    nullsFirst: word('nulls', ' nulls first'),
    nullsLast: word('nulls', ' nulls last'),
    // No plugin changes it.
    collate: part('collate', ' collate ', call => quoted(nameGiven(call), '"')),
  },
}

/** A name may have its direction behind it. */
function column(value: Value | undefined, at: Call['at'], setting: Setting): Text {
  if (value?.kind !== 'text') return referenceIn(value, at, setting)
  const space = plain(value).indexOf(' ')
  if (space < 0) return reference(value, at)
  const rest = cut(value, space + 1)
  const next = plain(rest).indexOf(' ')
  const order = next < 0 ? rest : cut(rest, 0, next)
  if (plain(order) === '') return reference(value, at)
  return ['asc', 'desc'].includes(plain(order))
    ? sqlAt(at)`${reference(cut(value, 0, space), at)} ${order}`
    : hole(at, 'Kysely refuses this order')
}
