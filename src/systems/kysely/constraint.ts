import { sqlAt } from '../../code/given/sql.ts'
import { type Text, textAt } from '../../code/text.ts'
import { type Call, truth } from '../../code/value.ts'
import {
  described,
  inOrder,
  type Kind,
  type Method,
  part,
  put,
  type Setting,
  type Slots,
  word,
  words,
} from './builder.ts'
import { foreignActions, referring } from './column.ts'
import { sqlGiven, wordGiven } from './fragment.ts'
import { identifier, identifierGiven, nameGiven, namesGiven, tableName } from './name.ts'

// src/schema/{primary-key,unique,foreign-key,check}-constraint-builder.ts: `buildDeferrable`.

const deferring: Kind['methods'] = {
  deferrable: word('deferrable', ' deferrable'),
  notDeferrable: word('deferrable', ' not deferrable'),
  initiallyDeferred: word('initially', ' initially deferred'),
  initiallyImmediate: word('initially', ' initially immediate'),
}

const key: Kind = {
  name: 'the constraint',
  sql: inOrder(['constraint', 'kind', 'nullsNotDistinct', 'columns', 'deferrable', 'initially']),
  methods: deferring,
}

const unique: Kind = {
  ...key,
  methods: { ...deferring, nullsNotDistinct: word('nullsNotDistinct', ' nulls not distinct') },
}

const foreignKeyOrder = [
  'constraint',
  'kind',
  'columns',
  'references',
  'onDelete',
  'onUpdate',
  'deferrable',
  'initially',
]

const foreignKey: Kind = {
  name: 'the constraint',
  sql: inOrder(foreignKeyOrder),
  methods: {
    ...deferring,
    onDelete: part('onDelete', ' on delete ', call => wordGiven(call, foreignActions)),
    onUpdate: part('onUpdate', ' on update ', call => wordGiven(call, foreignActions)),
  },
}

const check: Kind = { name: 'the constraint', sql: inOrder(['constraint', 'kind', 'columns']), methods: {} }

/** The constraints of createTable and alterTable, by the name of the call. */
export const constraints: Readonly<Record<string, (call: Call, setting: Setting) => Text>> = {
  addPrimaryKeyConstraint: (call, setting) =>
    described(call, 2, key, beginning(call, 'primary key', columns(call)), setting),
  addUniqueConstraint: (call, setting) => described(call, 2, unique, beginning(call, 'unique', columns(call)), setting),
  addCheckConstraint: (call, setting) =>
    described(call, 2, check, beginning(call, 'check', inParentheses(call, sqlGiven(call, 1))), setting),
  addForeignKeyConstraint: (call, setting) => described(call, 4, foreignKey, foreignKeyGiven(call, setting), setting),
}

/** src/schema/alter-table-add-foreign-key-constraint-builder.ts: with alterTable, later calls of the chain can describe it, too. */
const addForeignKey: Kind = {
  name: 'addForeignKeyConstraint',
  isStatement: true,
  sql: inOrder(['alter', 'name', 'changes', ...foreignKeyOrder]),
  methods: foreignKey.methods,
}

export const addForeignKeyToTable: Method = (call, slots, setting) => {
  const added =
    call.args[4] === undefined
      ? foreignKeyGiven(call, setting)
      : words(call, {}).set('constraint', described(call, 4, foreignKey, foreignKeyGiven(call, setting), setting))
  return [addForeignKey, new Map([...put(slots, 'changes', textAt('add ', call.nameAt)), ...added])]
}

function foreignKeyGiven(call: Call, { schema }: Setting): Slots {
  return new Map([
    ...beginning(call, 'foreign key', columns(call)),
    ['references', referring(call, tableName(nameGiven(call, 2), schema), namesGiven(call, 3, identifier))] as const,
  ])
}

function columns(call: Call): Text {
  return inParentheses(call, namesGiven(call, 1, identifier))
}

function inParentheses(call: Call, text: Text): Text {
  return sqlAt(call.nameAt)` (${text})`
}

/** A constraint without a name stays without one in SQL, and PostgreSQL names it. */
function beginning(call: Call, kind: string, columns: Text): Slots {
  const [name] = call.args
  const isNamed = name !== undefined && truth(name) !== false
  const sql = sqlAt(call.nameAt)
  const named = isNamed ? sql`constraint ${identifierGiven(call)} ` : sql``
  return new Map([
    ['constraint', named],
    ['kind', sql`${kind}`],
    ['columns', columns],
  ])
}
