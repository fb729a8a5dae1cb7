import { listed, sqlAt } from '../../code/given/sql.ts'
import { isNone, placeOf } from '../../code/given/value.ts'
import { hole, joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Host } from '../../code/value.ts'
import { builder, grown, inOrder, type Kind, type Method, type Setting } from './builder.ts'
import { joins, tablesGiven } from './join.ts'
import { identifier } from './name.ts'
import { madeIn, referenceIn, valueIn } from './operand.ts'
import { conditions, end, returning, rows, started } from './select.ts'

/** Queries that write have only these. */
const writingJoins: Readonly<Record<string, Method>> = Object.fromEntries(
  Object.entries(joins).filter(([name]) => /^(?:inner|left|right|full)Join$/.test(name)),
)

/** src/query-builder/update-query-builder.ts, `visitUpdateQuery` */
const update: Kind = {
  name: 'the update',
  isStatement: true,
  query: 'write',
  sql: slots => {
    const sql = inOrder([
      'with',
      'update',
      'table',
      'set',
      'updates',
      'from',
      'joins',
      'where',
      'returning',
      'orderBy',
      'limit',
      'end',
    ])(slots)
    const [join] = slots.has('from') ? [] : (slots.get('joins')?.pieces ?? [])
    return join ? joined([sql, hole(join.at, 'Kysely refuses a join without `from`')]) : sql
  },
  methods: {
    ...conditions,
    ...returning,
    ...rows,
    ...writingJoins,
    set: (call, slots, setting) => grown(slots, 'updates', '', ', ', updatesGiven(call, setting), call),
    from: (call, slots, setting) => grown(slots, 'from', ' from ', ', ', tablesGiven(call, setting), call),
    modifyEnd: end,
  },
}

/** `updateTable`. `before`: WITH. */
export function updateTableCall(call: Call, setting: Setting, before: Text | null): Host {
  const slots = started(call, before, { update: 'update ', set: ' set ' })
  return builder(update, slots.set('table', tablesGiven(call, setting)), setting)
}

/** src/parser/update-set-parser.ts: an object, a function that makes one, or a column and its value. */
function updatesGiven(call: Call, setting: Setting): Text {
  if (call.args.length !== 2) return updatesIn(call, 0, setting)
  const [before, after] = [
    referenceIn(call.args[0], call.argsAt[0] ?? call.at, setting),
    valueIn(call.args[1], call.argsAt[1] ?? call.at, setting),
  ]
  return sqlAt(call.nameAt)`${before} = ${after}`
}

export function updatesIn(call: Call, index: number, setting: Setting): Text {
  const at = call.argsAt[index] ?? call.at
  const value = madeIn(call.args[index], at, setting)
  if (value?.kind !== 'record' || value.isOpen || value.base)
    return hole(at, value?.kind === 'unknown' ? value.why : 'some of its columns are unknown')
  const all = [...value.entries].flatMap(([name, own]) =>
    isNone(own) ? [] : sqlAt(call.nameAt)`${identifier(textAt(name, at))} = ${valueIn(own, placeOf(own, at), setting)}`,
  )
  return listed(all, call.nameAt)
}

/** src/query-builder/delete-query-builder.ts, `visitDeleteQuery` */
const deletion: Kind = {
  name: 'the deletion',
  isStatement: true,
  query: 'write',
  sql: inOrder(['with', 'delete', 'table', 'using', 'joins', 'where', 'returning', 'orderBy', 'limit', 'end']),
  methods: {
    ...conditions,
    ...returning,
    ...rows,
    ...writingJoins,
    using: (call, slots, setting) => grown(slots, 'using', ' using ', ', ', tablesGiven(call, setting), call),
    modifyEnd: end,
  },
}

/** `deleteFrom`. `before`: WITH. */
export function deleteFromCall(call: Call, setting: Setting, before: Text | null): Host {
  const slots = started(call, before, { delete: 'delete from ' })
  return builder(deletion, slots.set('table', tablesGiven(call, setting)), setting)
}
