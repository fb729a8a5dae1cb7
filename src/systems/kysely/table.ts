import { sqlAt } from '../../code/given/sql.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Host } from '../../code/value.ts'
import {
  add,
  builder,
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
import { alterationGiven, columnGiven, renamedColumn } from './column.ts'
import { addForeignKeyToTable, constraints } from './constraint.ts'
import { sqlGiven, wordGiven } from './fragment.ts'
import { identifierGiven, nameGiven, tableName } from './name.ts'
import { expressionGiven } from './operand.ts'

/** src/schema/create-table-builder.ts, `visitCreateTable` */
const createTable: Kind = {
  name: 'createTable',
  isStatement: true,
  sql: slots => {
    const [open, close, comma] = ['open', 'close', 'comma'].map(slot => slots.get(slot) ?? none)
    // Columns come first, in whatever order the calls are.
    const all = ['columns', 'constraints'].flatMap(slot => slots.get(slot) ?? [])
    const body = slots.has('as') ? [] : [open ?? none, joined(all, comma), close ?? none]
    const [before, behind] = [
      inOrder(['create', 'front', 'temporary', 'table', 'ifNotExists', 'name'])(slots),
      inOrder(['onCommit', 'end', 'as'])(slots),
    ]
    return joined([before, ...body, behind])
  },
  methods: {
    temporary: word('temporary', 'temporary '),
    ifNotExists: word('ifNotExists', 'if not exists '),
    onCommit: part('onCommit', ' on commit ', call => wordGiven(call, ['preserve rows', 'delete rows', 'drop'])),
    addColumn: (call, slots, setting) => listed(slots, 'columns', columnGiven(call, setting), call),
    ...Object.fromEntries(
      Object.entries(constraints).map(([name, made]): [string, Method] => [
        name,
        (call, slots, setting) => listed(slots, 'constraints', made(call, setting), call),
      ]),
    ),
    modifyFront: (call, slots) => add(slots, 'front', sqlAt(call.nameAt)`${sqlGiven(call)} `, none),
    modifyEnd: (call, slots) => add(slots, 'end', sqlAt(call.nameAt)` ${sqlGiven(call)}`, none),
    as: (call, slots, setting) =>
      put(slots, 'as', sqlAt(call.nameAt)` as ${expressionGiven(call, setting, 0, 'alone')}`),
  },
}

const none: Text = { kind: 'text', pieces: [] }

/** Calls of alterTable that may follow one another in one chain, which is one statement. */
const ofColumns: Kind['methods'] = Object.fromEntries(
  Object.entries({
    addColumn: (call: Call, setting: Setting) => sqlAt(call.nameAt)`add column ${columnGiven(call, setting)}`,
    dropColumn: (call: Call) => sqlAt(call.nameAt)`drop column ${identifierGiven(call)}`,
    renameColumn: renamedColumn,
    alterColumn: (call: Call, setting: Setting) => sqlAt(call.nameAt)`alter column ${alterationGiven(call, setting)}`,
  }).map(([name, made]): [string, Method] => [
    name,
    (call, slots, setting) => [alterColumns, listed(slots, 'changes', made(call, setting), call)],
  ]),
)

/** src/schema/alter-table-builder.ts: one statement for all columns that a chain names; one call alone for anything else. */
const alterTable: Kind = {
  name: 'alterTable',
  sql: inOrder(['alter', 'name', 'changes']),
  methods: {
    ...ofColumns,
    ...Object.fromEntries(
      Object.entries(constraints).map(([name, made]): [string, Method] => [
        name,
        (call, slots, setting) => changing(slots, call, 'add ', made(call, setting)),
      ]),
    ),
    addForeignKeyConstraint: addForeignKeyToTable,
    renameTo: (call, slots) => changing(slots, call, 'rename to ', tableName(nameGiven(call), null)),
    setSchema: (call, slots) => changing(slots, call, 'set schema ', identifierGiven(call)),
    dropConstraint: (call, slots) => [
      dropConstraint,
      new Map([...slots, ...words(call, { drop: 'drop constraint ' }), ['constraint', identifierGiven(call)]]),
    ],
    renameConstraint: (call, slots) =>
      changing(
        slots,
        call,
        'rename constraint ',
        sqlAt(call.nameAt)`${identifierGiven(call)} to ${identifierGiven(call, 1)}`,
      ),
  },
}

/** No further call can follow it. */
const alteredTable: Kind = { ...alterTable, isStatement: true, methods: {} }

const alterColumns: Kind = {
  ...alteredTable,
  methods: ofColumns,
}

const dropConstraint: Kind = {
  name: 'dropConstraint',
  isStatement: true,
  sql: inOrder(['alter', 'name', 'drop', 'ifExists', 'constraint', 'behind']),
  methods: {
    ifExists: word('ifExists', 'if exists '),
    cascade: word('behind', ' cascade'),
    restrict: word('behind', ' restrict'),
  },
}

function changing(slots: Slots, call: Call, before: string, what: Text): readonly [Kind, Slots] {
  return [alteredTable, put(slots, 'changes', sqlAt(call.nameAt)`${before}${what}`)]
}

function listed(slots: Slots, slot: string, item: Text, call: Call): Slots {
  return add(slots, slot, item, textAt(', ', call.nameAt))
}

export function createTableCall(call: Call, setting: Setting): Host {
  const made = words(call, { create: 'create ', table: 'table ', open: ' (', close: ')', comma: ', ' })
  return builder(createTable, made.set('name', tableName(nameGiven(call), setting.schema)), setting)
}

export function alterTableCall(call: Call, setting: Setting): Host {
  const name = sqlAt(call.nameAt)`${tableName(nameGiven(call), setting.schema)} `
  return builder(alterTable, words(call, { alter: 'alter table ' }).set('name', name), setting)
}
