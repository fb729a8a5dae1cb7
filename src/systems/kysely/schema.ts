import { functionOf } from '../../code/host.ts'
import { type Text, textAt } from '../../code/text.ts'
import type { Call, Host } from '../../code/value.ts'
import { builder, inOrder, type Kind, part, put, type Setting, word, words } from './builder.ts'
import { createIndexCall, dropIndexCall } from './create-index.ts'
import { literal, sqlGiven, withValues } from './fragment.ts'
import { identifier, identifierGiven, nameGiven, namesGiven, tableName, typeName, wholeName } from './name.ts'
import { alterTableCall, createTableCall } from './table.ts'

/** `db.schema`: src/schema/schema.ts. */
export function schemaOf(setting: Setting): Host {
  const calls = new Map<string, Host>(
    Object.entries(statements).map(([name, made]) => [
      name,
      functionOf(`db.schema.${name}`, call => made(call, setting)),
    ]),
  )
  calls.set(
    'withSchema',
    functionOf('db.schema.withSchema', call => schemaOf({ ...setting, schema: nameGiven(call) })),
  )
  calls.set(
    'withoutPlugins',
    functionOf('db.schema.withoutPlugins', () => schemaOf({ ...setting, schema: null, isPlain: true })),
  )
  return { kind: 'host', name: 'db.schema', get: name => calls.get(name) }
}

const cascade = word('cascade', ' cascade')
const ifExists = word('ifExists', 'if exists ')
const ifNotExists = word('ifNotExists', 'if not exists ')

/** A statement that begins with these words, and a name. */
function beginning(
  kind: Omit<Kind, 'isStatement'>,
  entries: Readonly<Record<string, string>>,
  name: (call: Call, setting: Setting) => Text,
): (call: Call, setting: Setting) => Host {
  return (call, setting) =>
    builder({ ...kind, isStatement: true }, words(call, entries).set('name', name(call, setting)), setting)
}

const table = (call: Call, { schema }: Setting) => tableName(nameGiven(call), schema)
const whole = (call: Call, { schema }: Setting) => wholeName(nameGiven(call), schema)
const type = (call: Call, { schema }: Setting) => typeName(nameGiven(call), schema, call.argsAt[0] ?? call.at)

const statements: Readonly<Record<string, (call: Call, setting: Setting) => Host>> = {
  createTable: createTableCall,
  alterTable: alterTableCall,
  createIndex: createIndexCall,
  dropIndex: dropIndexCall,
  dropTable: beginning(
    { name: 'dropTable', sql: inOrder(['drop', 'ifExists', 'name', 'cascade']), methods: { ifExists, cascade } },
    { drop: 'drop table ' },
    table,
  ),
  createSchema: beginning(
    { name: 'createSchema', sql: inOrder(['create', 'ifNotExists', 'name']), methods: { ifNotExists } },
    { create: 'create schema ' },
    call => identifierGiven(call),
  ),
  dropSchema: beginning(
    { name: 'dropSchema', sql: inOrder(['drop', 'ifExists', 'name', 'cascade']), methods: { ifExists, cascade } },
    { drop: 'drop schema ' },
    call => identifierGiven(call),
  ),
  createView: beginning(
    {
      name: 'createView',
      sql: inOrder([
        'create',
        'orReplace',
        'materialized',
        'temporary',
        'view',
        'ifNotExists',
        'name',
        'columns',
        'as',
      ]),
      methods: {
        orReplace: word('orReplace', 'or replace '),
        materialized: word('materialized', 'materialized '),
        temporary: word('temporary', 'temporary '),
        ifNotExists,
        columns: part('columns', ' (', call => namesGiven(call, 0, identifier), ')'),
        as: part('as', ' as ', call => withValues(sqlGiven(call, 0, 'alone'))),
      },
    },
    { create: 'create ', view: 'view ' },
    whole,
  ),
  refreshMaterializedView: beginning(
    {
      name: 'refreshMaterializedView',
      sql: inOrder(['refresh', 'concurrently', 'name', 'data']),
      methods: {
        concurrently: (call, slots) =>
          put(
            put(slots, 'concurrently', textAt('concurrently ', call.nameAt)),
            'data',
            textAt(' with data', call.nameAt),
          ),
        withData: word('data', ' with data'),
        withNoData: (call, slots) =>
          put(put(slots, 'concurrently', textAt('', call.nameAt)), 'data', textAt(' with no data', call.nameAt)),
      },
    },
    { refresh: 'refresh materialized view ', data: ' with data' },
    whole,
  ),
  dropView: beginning(
    {
      name: 'dropView',
      sql: inOrder(['drop', 'materialized', 'view', 'ifExists', 'name', 'cascade']),
      methods: { ifExists, cascade, materialized: word('materialized', 'materialized ') },
    },
    { drop: 'drop ', view: 'view ' },
    whole,
  ),
  createType: beginning(
    {
      name: 'createType',
      sql: inOrder(['create', 'name', 'enum']),
      methods: { asEnum: part('enum', ' as enum (', labels, ')') },
    },
    { create: 'create type ' },
    type,
  ),
  dropType: beginning(
    { name: 'dropType', sql: inOrder(['drop', 'ifExists', 'name']), methods: { ifExists } },
    { drop: 'drop type ' },
    type,
  ),
}

function labels(call: Call): Text {
  return namesGiven(call, 0, literal)
}
