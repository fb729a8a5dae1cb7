import { listed, sqlAt } from '../../code/given/sql.ts'
import { functionOf } from '../../code/host.ts'
import { hole, type Text, textAt } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import { builder, described, grown, inOrder, type Kind, put, type Setting, word } from './builder.ts'
import { columnComparison, condition } from './condition.ts'
import { sqlOf } from './fragment.ts'
import { nameGiven, tableName } from './name.ts'
import { referenceIn, referencesIn } from './operand.ts'
import { ordered } from './order.ts'
import { wrapped } from './wrapped.ts'

/** `eb.fn`: src/query-builder/function-module.ts. */
export function functionsOf(setting: Setting): Host {
  const own = (call: Call, name: Text, args: readonly Text[]) =>
    wrapped(sqlAt(call.nameAt)`${name}(${listed(args, call.nameAt)})`, setting)
  const all = ({ args, argsAt, at }: Call) => args.map((arg, i) => referenceIn(arg, argsAt[i] ?? at, setting))
  const listGiven = ({ args, argsAt, at }: Call) =>
    args[1] === undefined ? [] : referencesIn(args[1], argsAt[1] ?? at, setting)
  const members = new Map<string, Value>()
  const add = (name: string, made: (call: Call) => Value) => members.set(name, functionOf(`fn.${name}`, made))
  for (const name of ['coalesce', 'any']) add(name, call => own(call, textAt(name, call.nameAt), all(call)))
  for (const name of ['avg', 'count', 'max', 'min', 'sum'])
    add(name, call => aggregateOf(call, textAt(name, call.nameAt), all(call), setting))
  add('countAll', call => {
    const [table] = call.args
    const star =
      table === undefined ? textAt('*', call.nameAt) : sqlAt(call.nameAt)`${tableName(nameGiven(call), null)}.*`
    return aggregateOf(call, textAt('count', call.nameAt), [star], setting)
  })
  add('agg', call => aggregateOf(call, nameGiven(call), listGiven(call), setting))
  add('jsonAgg', call => aggregateOf(call, textAt('json_agg', call.nameAt), [tableOf(call)], setting))
  add('toJson', call => own(call, textAt('to_json', call.nameAt), [tableOf(call)]))
  return {
    kind: 'host',
    name: 'fn',
    isInert: true,
    get: name => members.get(name),
    call: call => own(call, nameGiven(call), listGiven(call)),
  }
}

/** It never gets the schema: `SCHEMALESS_FUNCTIONS`. */
function tableOf(call: Call): Text {
  const made = sqlOf(call.args[0])
  if (made) return made
  const [name] = call.args
  return name?.kind === 'text'
    ? hole(call.argsAt[0] ?? call.at, 'a whole table as a value is not read yet')
    : hole(call.at, 'it is unknown')
}

const aggregate: Kind = {
  name: 'an aggregate',
  isExpression: true,
  sql: inOrder([
    'name',
    'open',
    'distinct',
    'args',
    'orderBy',
    'close',
    'within',
    'withinEnd',
    'filter',
    'filterEnd',
    'over',
  ]),
  methods: {
    distinct: word('distinct', 'distinct '),
    orderBy: (call, slots, setting) => grown(slots, 'orderBy', ' order by ', ', ', ordered(call, setting), call),
    withinGroupOrderBy: (call, slots, setting) =>
      put(
        grown(slots, 'within', ' within group (order by ', ', ', ordered(call, setting), call),
        'withinEnd',
        textAt(')', call.nameAt),
      ),
    filterWhere: (call, slots, setting) => filtered(call, slots, condition(call, setting)),
    filterWhereRef: (call, slots, setting) => filtered(call, slots, columnComparison(call, setting)),
    over: (call, slots, setting) => {
      const ends = new Map([
        ['open', textAt(' over(', call.nameAt)],
        ['close', textAt(')', call.nameAt)],
      ])
      return put(slots, 'over', described(call, 0, over, ends, setting))
    },
  },
}

const filtered = (call: Call, slots: ReadonlyMap<string, Text>, sql: Text) =>
  put(grown(slots, 'filter', ' filter(where ', ' and ', sql, call), 'filterEnd', textAt(')', call.nameAt))

const over: Kind = {
  name: 'over',
  sql: slots => {
    const space = slots.has('partitionBy') && slots.has('orderBy') ? slots.get('space') : undefined
    const full = space ? slots : new Map([...slots].filter(([slot]) => slot !== 'space'))
    return inOrder(['open', 'partitionBy', 'space', 'orderBy', 'close'])(full)
  },
  methods: {
    partitionBy: (call, slots, setting) =>
      grown(slots, 'partitionBy', 'partition by ', ', ', columns(call, setting), call),
    orderBy: (call, slots, setting) =>
      put(grown(slots, 'orderBy', 'order by ', ', ', ordered(call, setting), call), 'space', textAt(' ', call.nameAt)),
  },
}

function columns(call: Call, setting: Setting): Text {
  return listed(referencesIn(call.args[0], call.argsAt[0] ?? call.at, setting), call.nameAt)
}

function aggregateOf(call: Call, name: Text, args: readonly Text[], setting: Setting): Host {
  const slots = new Map([
    ['name', name],
    ['open', textAt('(', call.nameAt)],
    ['args', listed(args, call.nameAt)],
    ['close', textAt(')', call.nameAt)],
  ])
  return builder(aggregate, slots, setting)
}
