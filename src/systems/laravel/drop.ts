import { NotRead } from '../../code/given/not-read.ts'
import { textIn } from '../../code/given/value.ts'
import { joined, plain, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Host, list, type Value } from '../../code/value.ts'
import { type Blueprint, madeIndexName } from './blueprint.ts'
import type { Command } from './command.ts'
import { newCommand } from './fluent.ts'
import { given } from './given.ts'
import { modelColumn, morphColumns } from './model-column.ts'
import { since } from './settings.ts'
import { push, type Read } from './table-method.ts'

/** Methods that drop columns, keys and indexes. */
export const dropMethods: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...(
    [
      ['dropUnique', 'unique'],
      ['dropIndex', 'index'],
      ['dropFullText', 'fulltext'],
      ['dropSpatialIndex', 'spatialIndex'],
      ['dropForeign', 'foreign'],
    ] as const
  ).map(([name, type]): [string, Read] => [
    name,
    (blueprint, call) => push(blueprint, dropIndex(blueprint, call, name, type, given(call, ['index']).get('index'))),
  ]),
  [
    'dropPrimary',
    (blueprint, call) => {
      given(call, ['index'])
      const { name, settings } = blueprint
      const short = since(settings, [11, 0]) ? (plain(name).split('.').at(-1) ?? '') : plain(name)
      const table = unknownIn(name) === null ? textAt(settings.prefix + short, call.nameAt) : name
      return push(blueprint, {
        ...newCommand(blueprint, 'dropPrimary', call, []),
        index: joined([table, textAt('_pkey', call.nameAt)]),
      })
    },
  ],
  [
    'dropColumn',
    (blueprint, call) => {
      const [first] = call.args
      const columns = first && first.kind !== 'list' && call.args.length > 1 ? list([...call.args], call.at) : first
      return push(blueprint, dropColumns(blueprint, call, columns ?? call.named?.get('columns')))
    },
  ],
  ['dropTimestamps', drops('created_at', 'updated_at')],
  ['dropTimestampsTz', drops('created_at', 'updated_at')],
  ['dropRememberToken', drops('remember_token')],
  ['dropSoftDeletes', dropsDeleted],
  ['dropSoftDeletesTz', dropsDeleted],
  [
    'dropMorphs',
    (blueprint, call) => {
      const { get } = given(call, ['name', 'indexName'])
      const [type, id] = morphColumns(get('name'), call)
      push(blueprint, dropIndex(blueprint, call, 'dropIndex', 'index', get('indexName') ?? list([type, id], call.at)))
      return push(blueprint, dropColumns(blueprint, call, list([type, id], call.at)))
    },
  ],
  [
    'dropConstrainedForeignId',
    (blueprint, call) => {
      const column = given(call, ['column']).get('column')
      return dropConstrained(blueprint, call, column)
    },
  ],
  [
    'dropForeignIdFor',
    (blueprint, call) => {
      const { column } = modelColumn(blueprint, call)
      if (since(blueprint.settings, [12, 0])) return push(blueprint, dropColumns(blueprint, call, column))
      return push(blueprint, dropIndex(blueprint, call, 'dropForeign', 'foreign', list([column], call.at)))
    },
  ],
  [
    'dropConstrainedForeignIdFor',
    (blueprint, call) => dropConstrained(blueprint, call, modelColumn(blueprint, call).column),
  ],
])

/** A list of columns means the name that Laravel makes of them (Blueprint::dropIndexCommand). */
function dropIndex(blueprint: Blueprint, call: Call, name: string, type: string, index: Value | undefined): Command {
  if (index?.kind === 'list') {
    if (index.isOpen) throw new NotRead('part of the list is unknown', call.at)
    const made = madeIndexName(blueprint, type, index.items, call.nameAt)
    return newCommand(blueprint, name, call, index, made)
  }
  return newCommand(blueprint, name, call, [], textIn(index, call.at, 'the name of the index'))
}

function dropColumns(blueprint: Blueprint, call: Call, columns: Value | undefined): Command {
  const command = newCommand(blueprint, 'dropColumn', call, columns)
  return { ...command, index: null }
}

function dropConstrained(blueprint: Blueprint, call: Call, column: Value | undefined): Host {
  if (!column) throw new NotRead('no column is named', call.at)
  push(blueprint, dropIndex(blueprint, call, 'dropForeign', 'foreign', list([column], call.at)))
  return push(blueprint, dropColumns(blueprint, call, column))
}

function drops(...columns: readonly string[]): Read {
  return (blueprint, call) =>
    push(
      blueprint,
      dropColumns(
        blueprint,
        call,
        list(
          columns.map(name => textAt(name, call.nameAt)),
          call.at,
        ),
      ),
    )
}

function dropsDeleted(blueprint: Blueprint, call: Call): Value {
  const column = given(call, ['column']).get('column') ?? textAt('deleted_at', call.nameAt)
  return push(blueprint, dropColumns(blueprint, call, column))
}
