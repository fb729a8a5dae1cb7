import { listed, sqlAt } from '../../code/given/sql.ts'
import { hole, joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import { add, builder, grown, inOrder, type Kind, type Method, put, type Setting, type Slots, word } from './builder.ts'
import { columnComparison, condition } from './condition.ts'
import { sqlGiven } from './fragment.ts'
import { joins, tablesGiven } from './join.ts'
import { aliasedReference, nameIn, tableName } from './name.ts'
import { expressionIn, madeIn, referencesIn, valueIn } from './operand.ts'
import { ordered } from './order.ts'

/** The conditions of queries, by call. */
export const conditions: Readonly<Record<string, Method>> = {
  where: (call, slots, setting) => grown(slots, 'where', ' where ', ' and ', condition(call, setting), call),
  whereRef: (call, slots, setting) => grown(slots, 'where', ' where ', ' and ', columnComparison(call, setting), call),
  clearWhere: clears('where'),
}

/** Takes back what earlier calls chose. */
export function clears(...names: readonly string[]): Method {
  return (_, slots) => new Map([...slots].filter(([slot]) => !names.includes(slot)))
}

/** `returning` of queries that write. */
export const returning: Readonly<Record<string, Method>> = {
  returning: (call, slots, setting) => grown(slots, 'returning', ' returning ', ', ', selected(call, setting), call),
  returningAll: (call, slots) => grown(slots, 'returning', ' returning ', ', ', allOf(call), call),
  clearReturning: clears('returning'),
}

/** The order and number of rows. */
export const rows: Readonly<Record<string, Method>> = {
  orderBy: (call, slots, setting) => grown(slots, 'orderBy', ' order by ', ', ', ordered(call, setting), call),
  clearOrderBy: clears('orderBy'),
  limit: (call, slots, setting) =>
    put(slots, 'limit', sqlAt(call.nameAt)` limit ${valueIn(call.args[0], call.argsAt[0] ?? call.at, setting)}`),
  clearLimit: clears('limit'),
}

/** `modifyEnd`. */
export const end: Method = (call, slots) =>
  add(slots, 'end', sqlAt(call.nameAt)` ${sqlGiven(call)}`, { kind: 'text', pieces: [] })

/** src/query-builder/select-query-builder.ts, `visitSelectQuery` */
const select: Kind = {
  name: 'the query',
  isStatement: true,
  query: 'select',
  sql: inOrder(
    'with,select,distinctOn,distinctEnd,front,selections,from,joins,where,groupBy,having,setOperations,orderBy,limit,offset,for,wait,end'.split(
      ',',
    ),
  ),
  methods: {
    ...conditions,
    ...joins,
    ...rows,
    select: (call, slots, setting) => grown(slots, 'selections', ' ', ', ', selected(call, setting), call),
    selectAll: (call, slots) => grown(slots, 'selections', ' ', ', ', allOf(call), call),
    clearSelect: clears('selections'),
    distinct: (call, slots) => add(slots, 'front', textAt(' distinct', call.nameAt), { kind: 'text', pieces: [] }),
    modifyFront: (call, slots) =>
      add(slots, 'front', sqlAt(call.nameAt)` ${sqlGiven(call)}`, { kind: 'text', pieces: [] }),
    distinctOn: (call, slots, setting) =>
      put(
        grown(slots, 'distinctOn', ' distinct on (', ', ', columns(call, setting), call),
        'distinctEnd',
        textAt(')', call.nameAt),
      ),
    groupBy: (call, slots, setting) => grown(slots, 'groupBy', ' group by ', ', ', grouped(call, setting), call),
    clearGroupBy: clears('groupBy'),
    having: (call, slots, setting) => grown(slots, 'having', ' having ', ' and ', condition(call, setting), call),
    havingRef: (call, slots, setting) =>
      grown(slots, 'having', ' having ', ' and ', columnComparison(call, setting), call),
    offset: (call, slots, setting) =>
      put(slots, 'offset', sqlAt(call.nameAt)` offset ${valueIn(call.args[0], call.argsAt[0] ?? call.at, setting)}`),
    clearOffset: clears('offset'),
    union: combined('union '),
    unionAll: combined('union all '),
    intersect: combined('intersect '),
    intersectAll: combined('intersect all '),
    except: combined('except '),
    exceptAll: combined('except all '),
    ...Object.fromEntries(
      Object.entries({
        forUpdate: ' for update',
        forShare: ' for share',
        forKeyShare: ' for key share',
        forNoKeyUpdate: ' for no key update',
      }).map(([name, words]): [string, Method] => [name, locking(words)]),
    ),
    noWait: word('wait', ' nowait'),
    skipLocked: word('wait', ' skip locked'),
    // Among others of its kind, their order depends on how the engine sorts.
    modifyEnd: (call, slots, setting) =>
      ['for', 'wait'].some(slot => slots.has(slot))
        ? put(slots, 'end', hole(call.at, 'its place is unknown'))
        : end(call, slots, setting),
  },
}

function locking(words: string): Method {
  return (call, slots) =>
    slots.has('end') || call.args.length > 0
      ? put(slots, 'for', hole(call.at, 'its place is unknown'))
      : add(slots, 'for', textAt(words, call.nameAt), { kind: 'text', pieces: [] })
}

/** src/parser/set-operation-parser.ts: queries without brackets. */
function combined(words: string): Method {
  return (call, slots, setting) => {
    const [value, at] = [madeIn(call.args[0], call.argsAt[0] ?? call.at, setting), call.argsAt[0] ?? call.at]
    const items = value?.kind === 'list' && !value.isOpen ? value.items : [value]
    return items.reduce<Slots>((made, item) => {
      const query =
        expressionIn(item, at, setting, 'alone') ?? hole(at, item?.kind === 'unknown' ? item.why : 'it is not a query')
      return add(made, 'setOperations', sqlAt(call.nameAt)` ${words}${query}`, { kind: 'text', pieces: [] })
    }, slots)
  }
}

function columns(call: Call, setting: Setting): Text {
  return listed(referencesIn(call.args[0], call.argsAt[0] ?? call.at, setting), call.nameAt)
}

function grouped(call: Call, setting: Setting): Text {
  const at = call.argsAt[0] ?? call.at
  return listed(referencesIn(madeIn(call.args[0], at, setting), at, setting), call.nameAt)
}

/** src/parser/select-parser.ts: a column, an expression with a name, a list of these, or a function that makes one. */
function selected(call: Call, setting: Setting): Text {
  const at = call.argsAt[0] ?? call.at
  const value = madeIn(call.args[0], at, setting)
  if (value?.kind === 'list' && value.isOpen) return hole(at, 'part of the list is unknown')
  const items = value?.kind === 'list' ? value.items : [value]
  return listed(
    items.map(item => selection(item, at, setting)),
    call.nameAt,
  )
}

function selection(value: Value | undefined, at: Call['at'], setting: Setting): Text {
  if (value?.kind === 'text') return aliasedReference(value, at)
  return expressionIn(value, at, setting) ?? hole(at, value?.kind === 'unknown' ? value.why : 'it is not a column')
}

/** `selectAll()`, or all of some tables. */
function allOf(call: Call): Text {
  const [value, at] = [call.args[0], call.argsAt[0] ?? call.at]
  if (value === undefined) return textAt('*', call.nameAt)
  if (value.kind === 'list' && value.isOpen) return hole(at, 'part of the list is unknown')
  const items = value.kind === 'list' ? value.items : [value]
  return joined(
    items.map(item => sqlAt(call.nameAt)`${tableName(nameIn(item, at), null)}.*`),
    textAt(', ', call.nameAt),
  )
}

/** `selectFrom`. `before`: WITH. */
export function selectFromCall(call: Call, setting: Setting, before: Text | null): Host {
  const from = sqlAt(call.nameAt)` from ${tablesGiven(call, setting)}`
  return builder(select, started(call, before, { select: 'select' }).set('from', from), setting)
}

/** `selectNoFrom`. */
export function selectCall(call: Call, setting: Setting, before: Text | null): Host {
  const slots = started(call, before, { select: 'select' })
  return builder(select, slots.set('selections', sqlAt(call.nameAt)` ${selected(call, setting)}`), setting)
}

/** The words that a query begins with, each in a slot of its own. */
export function started(call: Call, before: Text | null, words: Readonly<Record<string, string>>): Map<string, Text> {
  const slots = new Map(Object.entries(words).map(([slot, text]) => [slot, textAt(text, call.nameAt)]))
  return before ? slots.set('with', before) : slots
}
