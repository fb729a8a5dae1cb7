import { sqlAt } from '../../code/given/sql.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Host } from '../../code/value.ts'
import { add, builder, inOrder, type Kind, part, put, type Setting, word, words } from './builder.ts'
import { condition } from './condition.ts'
import { sqlGiven, withValues } from './fragment.ts'
import { identifierGiven, nameGiven, namesGiven, orderedColumn, tableName, wholeName } from './name.ts'

/** src/schema/create-index-builder.ts, `visitCreateIndex`. It has no call for CONCURRENTLY. */
const createIndex: Kind = {
  name: 'createIndex',
  isStatement: true,
  sql: slots => {
    const columns = slots.get('columns')
    const [open, close] = ['open', 'close'].flatMap(slot => slots.get(slot) ?? [])
    return joined([
      inOrder(['create', 'unique', 'index', 'ifNotExists', 'name', 'on', 'using'])(slots),
      ...(columns && open && close ? [open, columns, close] : []),
      inOrder(['nullsNotDistinct', 'where'])(slots),
    ])
  },
  methods: {
    ifNotExists: word('ifNotExists', 'if not exists '),
    unique: word('unique', 'unique '),
    nullsNotDistinct: word('nullsNotDistinct', ' nulls not distinct'),
    on: (call, slots, { schema }) => put(slots, 'on', sqlAt(call.nameAt)` on ${tableName(nameGiven(call), schema)}`),
    using: part('using', ' using ', call => nameGiven(call)),
    column: (call, slots) =>
      add(slots, 'columns', orderedColumn(nameGiven(call), call.argsAt[0] ?? call.at), comma(call)),
    columns: (call, slots) => add(slots, 'columns', namesGiven(call, 0, orderedColumn), comma(call)),
    expression: (call, slots) => add(slots, 'columns', sqlGiven(call), comma(call)),
    where: (call, slots, setting) =>
      slots.has('where')
        ? add(slots, 'where', withValues(condition(call, setting)), textAt(' and ', call.nameAt))
        : put(slots, 'where', sqlAt(call.nameAt)` where ${withValues(condition(call, setting))}`),
  },
}

function comma(call: Call): Text {
  return textAt(', ', call.nameAt)
}

export function createIndexCall(call: Call, setting: Setting): Host {
  const made = words(call, { create: 'create ', index: 'index ', open: ' (', close: ')' })
  return builder(createIndex, made.set('name', identifierGiven(call)), setting)
}

const dropIndex: Kind = {
  name: 'dropIndex',
  isStatement: true,
  sql: inOrder(['drop', 'ifExists', 'name', 'on', 'cascade']),
  methods: {
    ifExists: word('ifExists', 'if exists '),
    on: (call, slots, { schema }) => put(slots, 'on', sqlAt(call.nameAt)` on ${tableName(nameGiven(call), schema)}`),
    cascade: word('cascade', ' cascade'),
  },
}

export function dropIndexCall(call: Call, setting: Setting): Host {
  const made = words(call, { drop: 'drop index ' })
  return builder(dropIndex, made.set('name', wholeName(nameGiven(call), setting.schema)), setting)
}
