import { isNull } from '../../code/given/value.ts'
import { joined, type Text } from '../../code/text.ts'
import { known, list, type Value } from '../../code/value.ts'
import { addColumn, type ColumnOf, removeColumn } from './column.ts'
import { changed, without } from './command.ts'
import { addKey, removeKey } from './foreign-key.ts'
import type { Operation } from './given.ts'
import { type Given, isSet, nameIn, said } from './given.ts'
import { asIndex, indexSql } from './index-of.ts'
import { typeIn } from './type.ts'

type Options = ReadonlyMap<string, Value>

/** The columns, index and foreign key of a reference: ReferenceDefinition of abstract/schema_definitions.rb. */
export interface Reference {
  readonly columns: readonly ColumnOf[]
  /** The columns of its index, and its options; null: none. */
  readonly index: { readonly columns: Value; readonly options: Options } | null
  readonly key: { readonly to: Text; readonly options: Options } | null
}

export function referenceOf(given: Given, name: Text, options: Options, inTable: Text): Reference {
  const at = given.at
  const get = (key: string) => {
    const value = options.get(key)
    return value && !isNull(value) ? value : undefined
  }
  const polymorphic = get('polymorphic')
  const isPolymorphic = polymorphic !== undefined && isSet(polymorphic, at)
  const conditional = new Map([...options].filter(([key]) => key === 'if_exists' || key === 'if_not_exists'))
  // Until Migration[5.0] the column has four bytes, and until 4.2 it has no index by default.
  const type = get('type') ?? given.words(given.version <= 5 ? 'integer' : 'bigint')
  const id: ColumnOf = {
    name: joined([name, given.words('_id')]),
    type: typeIn(type, at),
    options: without(options, ['polymorphic', 'index', 'foreign_key', 'type']),
  }
  const ofType: ColumnOf = {
    name: joined([name, given.words('_type')]),
    type: typeIn(given.words('string'), at),
    options: new Map([
      ...(polymorphic?.kind === 'record' ? polymorphic.entries : []),
      ...[...options].filter(([key]) => /^(?:null|first|after|if_exists|if_not_exists)$/.test(key)),
    ]),
  }
  const columns = isPolymorphic ? [ofType, id] : [id]
  const asked = options.get('index') ?? known(given.version >= 5, at)
  const own = new Map(asked.kind === 'record' ? [...asked.entries, ...conditional] : conditional)
  // Until Migration[6.0] its name consists of both columns.
  if (isPolymorphic && given.version > 6 && !own.has('name'))
    own.set('name', given.words(`index_${said(inTable)}_on_${said(name)}`))
  const index = isSet(asked, at)
    ? {
        columns: list(
          columns.map(({ name: each }) => each),
          at,
        ),
        options: own,
      }
    : null
  return { columns, index, key: keyOf(given, name, id.name, get('foreign_key'), conditional) }
}

function keyOf(given: Given, name: Text, own: Text, asked: Value | undefined, conditional: Options): Reference['key'] {
  if (!asked || !isSet(asked, given.at)) return null
  const options = new Map<string, Value>([
    ...(asked.kind === 'record' ? asked.entries : []),
    ['column', own],
    ...conditional,
  ])
  const to = options.get('to_table')
  options.delete('to_table')
  return { to: to ? nameIn(to, given.at, 'the other table') : given.words(given.plural(said(name))), options }
}

const add: Operation = given => {
  const [name, own] = [given.name(0, 'the table'), given.name(1, 'the reference')]
  const { columns, index, key } = referenceOf(given, own, given.command.options, name)
  for (const each of columns) addColumn(given, name, each)
  if (given.session.settings.safePg !== null) return addSafely(given, name, { index, key })
  if (index) for (const sql of indexSql(asIndex(given, index.options), name, index.columns)) given.send(sql)
  if (key) addKey(given, name, key.to, key.options)
  return undefined
}

/** The gem safe-pg-migrations changes what the methods send that Rails calls here. */
function addSafely(given: Given, name: Text, { index, key }: Pick<Reference, 'index' | 'key'>): undefined {
  const { session, command } = given
  const call = (method: string, args: readonly Value[], options: Options) =>
    void session.command(changed(command, { name: method, args, options }))
  if (index) call('add_index', [name, index.columns], index.options)
  if (key) call('add_foreign_key', [name, key.to], key.options)
  return undefined
}

const remove: Operation = given => {
  const { options } = given.command
  const [name, own] = [given.name(0, 'the table'), given.name(1, 'the reference')]
  const id = joined([own, given.words('_id')])
  const key = keyOf(given, own, id, given.option('foreign_key'), new Map())
  if (key)
    removeKey(given, name, key.to, new Map([...key.options, ...[...options].filter(([each]) => each === 'if_exists')]))
  given.session.alter(given, name, removeColumn(given, name, id, options))
  if (given.is('polymorphic'))
    given.session.alter(given, name, removeColumn(given, name, joined([own, given.words('_type')]), options))
  return undefined
}

export const references: Readonly<Record<string, Operation>> = {
  add_reference: add,
  add_belongs_to: add,
  remove_reference: remove,
  remove_belongs_to: remove,
}
