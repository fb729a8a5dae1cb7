import { listed, sqlAt } from '../../code/given/sql.ts'
import { isNone, placeOf } from '../../code/given/value.ts'
import { hole, type Text, textAt } from '../../code/text.ts'
import type { Call, Entries, Host, Value } from '../../code/value.ts'
import { builder, described, grown, inOrder, type Kind, put, type Setting, type Slots, word } from './builder.ts'
import { columnComparison, condition } from './condition.ts'
import { sqlGiven } from './fragment.ts'
import { identifier, identifierGiven, nameGiven, namesGiven, queriedTable } from './name.ts'
import { expressionGiven, madeIn, valueIn } from './operand.ts'
import { clears, end, returning, started } from './select.ts'
import { updatesIn } from './update.ts'

/** src/query-builder/insert-query-builder.ts, `visitInsertQuery` */
const insert: Kind = {
  name: 'the insertion',
  isStatement: true,
  query: 'write',
  sql: inOrder(['with', 'insert', 'into', 'columns', 'values', 'defaultValues', 'onConflict', 'returning', 'end']),
  methods: {
    ...returning,
    values: (call, slots, setting) => rowsOf(call, slots, setting),
    columns: (call, slots) => put(slots, 'columns', sqlAt(call.nameAt)` (${namesGiven(call, 0, identifier)})`),
    expression: (call, slots, setting) =>
      put(slots, 'values', sqlAt(call.nameAt)` ${expressionGiven(call, setting, 0, 'alone')}`),
    defaultValues: word('defaultValues', ' default values'),
    onConflict: (call, slots, setting) =>
      put(
        slots,
        'onConflict',
        described(call, 0, conflict, new Map([['on', textAt(' on conflict', call.nameAt)]]), setting),
      ),
    modifyEnd: end,
  },
}

/** `insertInto`. `before`: WITH. */
export function insertIntoCall(call: Call, setting: Setting, before: Text | null): Host {
  const slots = started(call, before, { insert: 'insert into ' })
  return builder(insert, slots.set('into', queriedTable(nameGiven(call))), setting)
}

/** src/parser/insert-values-parser.ts: the columns of all rows, and DEFAULT where a row has none of them. */
function rowsOf(call: Call, slots: Slots, setting: Setting): Slots {
  const at = call.argsAt[0] ?? call.at
  const value = madeIn(call.args[0], at, setting)
  const rows = recordsIn(value)
  if (rows === null)
    return put(slots, 'values', hole(at, value?.kind === 'unknown' ? value.why : 'some of its rows are unknown'))
  const names = new Set(
    rows.flatMap(({ entries }) => [...entries].flatMap(([name, each]) => (isNone(each) ? [] : name))),
  )
  const row = (entries: Entries['entries']) => {
    const items = [...names].map(name => {
      const own = entries.get(name)
      return isNone(own) ? textAt('default', call.nameAt) : valueIn(own, placeOf(own, at), setting)
    })
    return sqlAt(call.nameAt)`(${listed(items, call.nameAt)})`
  }
  const columns = [...names].map(name => identifier(textAt(name, at)))
  const values = listed(
    rows.map(({ entries }) => row(entries)),
    call.nameAt,
  )
  const made = put(slots, 'columns', sqlAt(call.nameAt)` (${listed(columns, call.nameAt)})`)
  return put(made, 'values', sqlAt(call.nameAt)` values ${values}`)
}

/** Rows all of whose values have known names. */
function recordsIn(value: Value | undefined): Entries[] | null {
  const items = value?.kind === 'list' && !value.isOpen ? value.items : [value]
  const rows = items.flatMap(item => (item?.kind === 'record' && !item.isOpen && !item.base ? item : []))
  return rows.length === items.length ? rows : null
}

/** src/query-builder/on-conflict-builder.ts */
const conflict: Kind = {
  name: 'the conflict',
  sql: slots =>
    hole(slots.get('on')?.pieces[0]?.at ?? [0, 0], 'Kysely refuses a conflict without `doNothing` and `doUpdateSet`'),
  methods: {
    column: (call, slots) => target(call, slots, identifierGiven(call)),
    columns: (call, slots) => target(call, slots, namesGiven(call, 0, identifier)),
    constraint: (call, slots) => other(call, slots, sqlAt(call.nameAt)` on constraint ${identifierGiven(call)}`),
    expression: (call, slots) => other(call, slots, sqlAt(call.nameAt)` (${sqlGiven(call)})`),
    where: (call, slots, setting) => grown(slots, 'where', ' where ', ' and ', condition(call, setting), call),
    whereRef: (call, slots, setting) =>
      grown(slots, 'where', ' where ', ' and ', columnComparison(call, setting), call),
    clearWhere: clears('where'),
    doNothing: (call, slots) => [
      { name: 'the conflict', sql: inOrder([...targeted, 'nothing']), methods: {} },
      put(slots, 'nothing', textAt(' do nothing', call.nameAt)),
    ],
    doUpdateSet: (call, slots, setting) => [
      conflictUpdate,
      put(slots, 'update', sqlAt(call.nameAt)` do update set ${updatesIn(call, 0, setting)}`),
    ],
  },
}

const targeted = ['on', 'columns', 'columnsEnd', 'where']

const conflictUpdate: Kind = {
  name: 'the conflict',
  sql: inOrder([...targeted, 'update', 'updateWhere']),
  methods: {
    where: (call, slots, setting) => grown(slots, 'updateWhere', ' where ', ' and ', condition(call, setting), call),
    whereRef: (call, slots, setting) =>
      grown(slots, 'updateWhere', ' where ', ' and ', columnComparison(call, setting), call),
    clearWhere: clears('updateWhere'),
  },
}

function target(call: Call, slots: Slots, names: Text): Slots {
  if (slots.has('columns') && !slots.has('columnsEnd'))
    return put(slots, 'columns', hole(call.at, 'it names two targets'))
  return put(grown(slots, 'columns', ' (', ', ', names, call), 'columnsEnd', textAt(')', call.nameAt))
}

function other(call: Call, slots: Slots, sql: Text): Slots {
  return put(slots, 'columns', slots.has('columns') ? hole(call.at, 'it names two targets') : sql)
}
