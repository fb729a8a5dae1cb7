import { NotRead, told } from '../../code/given/not-read.ts'
import { textIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { joined, plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Host, known, list, nothing, type Value } from '../../code/value.ts'
import type { Column } from './attribute.ts'
import { type Blueprint, madeIndexName } from './blueprint.ts'
import type { Command } from './command.ts'
import { columnHost, commandHost, newCommand } from './fluent.ts'
import { expressionHost, type Given, given, rawTextOf } from './given.ts'
import type { Model } from './model.ts'
import { since } from './settings.ts'

/** `$table` of the functions that describe tables (Illuminate\Database\Schema\Blueprint). */
export function tableHost(blueprint: Blueprint): Host {
  const own: Host = {
    kind: 'host',
    name: 'the table',
    get: name => {
      const read = columnMethod(name) ?? methods.get(name)
      if (!read) return undefined
      return functionOf(
        name,
        call => told(blueprint.run, call.at, () => read(blueprint, call, own)) ?? commandHost(null),
      )
    },
  }
  return own
}

type Read = (blueprint: Blueprint, call: Call, own: Host) => Value | undefined

/** Types whose method takes the name of a column and nothing else that matters to PostgreSQL. */
const plainColumns = new Set(
  (
    'tinyText text mediumText longText boolean json jsonb date year tsvector point lineString polygon geometryCollection multiPoint ' +
    'multiLineString multiPolygon multiPolygonZ binary double'
  ).split(' '),
)

const integers: ReadonlyMap<string, string> = new Map(
  ['integer', 'tinyInteger', 'smallInteger', 'mediumInteger', 'bigInteger'].flatMap(type => [
    [type, type] as const,
    [`unsigned${type.charAt(0).toUpperCase()}${type.slice(1)}`, type] as const,
  ]),
)

const increments: ReadonlyMap<string, string> = new Map([
  ['increments', 'integer'],
  ['integerIncrements', 'integer'],
  ['tinyIncrements', 'tinyInteger'],
  ['smallIncrements', 'smallInteger'],
  ['mediumIncrements', 'mediumInteger'],
  ['bigIncrements', 'bigInteger'],
  ['id', 'bigInteger'],
])

const times = /^(?:dateTime|datetime|time|timestamp)(?:Tz)?$/

function columnMethod(name: string): Read | undefined {
  if (plainColumns.has(name))
    return (blueprint, call) => {
      // The sizes of these only matter to other databases.
      const { get } = given(call, ['column', 'length', 'fixed', 'unsigned'])
      const type = /^(?:point|(?:line|multi|geometryC|poly)\w+)$/i.test(name) ? name.toLowerCase() : name
      return add(blueprint, call, type, get('column'))
    }
  const integer = integers.get(name)
  if (integer)
    return (blueprint, call) => {
      const { get } = given(call, ['column', 'autoIncrement', 'unsigned'])
      return add(blueprint, call, integer, get('column'), { autoIncrement: get('autoIncrement') })
    }
  const counted = increments.get(name)
  if (counted)
    return (blueprint, call) => {
      const column = given(call, ['column']).get('column') ?? (name === 'id' ? textAt('id', call.nameAt) : undefined)
      return add(blueprint, call, counted, column, { autoIncrement: known(true, call.at) })
    }
  if (times.test(name))
    return (blueprint, call) => {
      const own = given(call, ['column', 'precision'])
      const type = name.replace('datetime', 'dateTime')
      return add(blueprint, call, type, own.get('column'), { precision: precisionOf(blueprint, own, call) })
    }
  return undefined
}

/** Null means the default from Laravel 12 on, and no precision before. */
function precisionOf({ settings }: Blueprint, { get, has }: Given, { nameAt }: Call): Value | undefined {
  return get('precision') ?? (has('precision') && !since(settings, [12, 0]) ? undefined : known(0, nameAt))
}

function add(
  blueprint: Blueprint,
  call: Call,
  type: string,
  name: Value | undefined,
  attributes: Readonly<Record<string, Value | undefined>> = {},
  isForeign = false,
): Host {
  const { at, nameAt } = call
  const found = Object.entries(attributes).flatMap(([key, value]) => (value ? [[key, value] as const] : []))
  const column: Column = {
    type,
    name: textIn(name, at, 'the name of the column'),
    at,
    nameAt,
    attributes: new Map(found),
    conditions: blueprint.run.conditions,
  }
  blueprint.columns.push(column)
  if (!blueprint.isCreating) blueprint.commands.push(column)
  return columnHost(blueprint, column, isForeign)
}

const methods: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...(['char', 'string'] as const).map((type): [string, Read] => [
    type,
    (blueprint, call) => {
      const { get } = given(call, ['column', 'length'])
      const length = get('length') ?? known(blueprint.settings.stringLength, call.nameAt)
      const isNone = length.kind === 'plain' && !length.value && type === 'string'
      return add(blueprint, call, type, get('column'), {
        length: isNone ? known(blueprint.settings.stringLength, call.nameAt) : length,
      })
    },
  ]),
  [
    'float',
    (blueprint, call) => {
      const { get } = given(call, ['column', 'precision', 'places', 'unsigned'])
      return add(blueprint, call, 'float', get('column'), { precision: get('precision') ?? known(53, call.nameAt) })
    },
  ],
  ...['decimal', 'unsignedDecimal'].map((name): [string, Read] => [
    name,
    (blueprint, call) => {
      const { get } = given(call, ['column', 'total', 'places', 'unsigned'])
      return add(blueprint, call, 'decimal', get('column'), {
        total: get('total') ?? known(8, call.nameAt),
        places: get('places') ?? known(2, call.nameAt),
      })
    },
  ]),
  ...['unsignedFloat', 'unsignedDouble'].map((name): [string, Read] => [
    name,
    (blueprint, call) => {
      if (since(blueprint.settings, [11, 0])) throw new NotRead('this version of Laravel has no such type', call.at)
      return add(blueprint, call, 'double', given(call, ['column', 'total', 'places']).get('column'))
    },
  ]),
  [
    'enum',
    (blueprint, call) => {
      const { get } = given(call, ['column', 'allowed'])
      return add(blueprint, call, 'enum', get('column'), { allowed: get('allowed') })
    },
  ],
  ['uuid', named('uuid', 'uuid')],
  ['ipAddress', named('ipAddress', 'ip_address')],
  ['macAddress', named('macAddress', 'mac_address')],
  [
    'ulid',
    (blueprint, call) => {
      const { get } = given(call, ['column', 'length'])
      const name = get('column') ?? textAt(since(blueprint.settings, [10, 0]) ? 'ulid' : 'uuid', call.nameAt)
      return add(blueprint, call, 'char', name, { length: get('length') ?? known(26, call.nameAt) })
    },
  ],
  ...(['geometry', 'geography'] as const).map((type): [string, Read] => [
    type,
    (blueprint, call) => {
      const { get } = given(call, ['column', 'subtype', 'srid'])
      const srid = get('srid') ?? (type === 'geography' ? known(4326, call.nameAt) : undefined)
      return add(blueprint, call, type, get('column'), { subtype: get('subtype'), srid })
    },
  ]),
  [
    'vector',
    (blueprint, call) => {
      const { get } = given(call, ['column', 'dimensions'])
      return add(blueprint, call, 'vector', get('column'), { dimensions: get('dimensions') })
    },
  ],
  [
    'rawColumn',
    (blueprint, call) => {
      const { get } = given(call, ['column', 'definition'])
      return add(blueprint, call, 'raw', get('column'), { definition: get('definition') })
    },
  ],
  [
    'addColumn',
    (blueprint, call) => {
      const { get } = given(call, ['type', 'name', 'parameters'])
      const [type, parameters] = [get('type'), get('parameters')]
      if (type?.kind !== 'text' || unknownIn(type) !== null || (parameters && parameters.kind !== 'record'))
        throw new NotRead('the type is not known', call.at)
      const attributes = parameters?.kind === 'record' ? Object.fromEntries(parameters.entries) : {}
      return add(blueprint, call, plain(type), get('name'), attributes)
    },
  ],
  ['foreignId', (blueprint, call) => foreignId(blueprint, call, 'bigInteger', given(call, ['column']).get('column'))],
  ['foreignUuid', (blueprint, call) => foreignId(blueprint, call, 'uuid', given(call, ['column']).get('column'))],
  [
    'foreignUlid',
    (blueprint, call) => {
      const { get } = given(call, ['column', 'length'])
      return foreignId(blueprint, call, 'char', get('column'), { length: get('length') ?? known(26, call.nameAt) })
    },
  ],
  ['foreignIdFor', (blueprint, call) => foreignFor(blueprint, call, null)],
  ['foreignUuidFor', (blueprint, call) => foreignFor(blueprint, call, 'uuid')],
  ['foreignUlidFor', (blueprint, call) => foreignFor(blueprint, call, 'ulid')],
  ...['timestamps', 'nullableTimestamps', 'timestampsTz', 'nullableTimestampsTz', 'datetimes'].map(
    (name): [string, Read] => [
      name,
      (blueprint, call) => {
        const own = given(call, ['precision'])
        const type = name === 'datetimes' ? 'dateTime' : name.endsWith('Tz') ? 'timestampTz' : 'timestamp'
        for (const column of ['created_at', 'updated_at'])
          add(blueprint, call, type, textAt(column, call.nameAt), {
            precision: precisionOf(blueprint, own, call),
            nullable: known(true, call.at),
          })
        return nothing(call.at)
      },
    ],
  ),
  ...(
    [
      ['softDeletes', 'timestamp'],
      ['softDeletesTz', 'timestampTz'],
      ['softDeletesDatetime', 'dateTime'],
    ] as const
  ).map(([name, type]): [string, Read] => [
    name,
    (blueprint, call) => {
      const own = given(call, ['column', 'precision'])
      return add(blueprint, call, type, own.get('column') ?? textAt('deleted_at', call.nameAt), {
        precision: precisionOf(blueprint, own, call),
        nullable: known(true, call.at),
      })
    },
  ]),
  [
    'rememberToken',
    (blueprint, call) =>
      add(blueprint, call, 'string', textAt('remember_token', call.nameAt), {
        length: known(100, call.nameAt),
        nullable: known(true, call.at),
      }),
  ],
  ...['morphs', 'uuidMorphs', 'ulidMorphs', 'numericMorphs'].flatMap(name => {
    const long = `nullable${name.charAt(0).toUpperCase()}${name.slice(1)}`
    return [
      [name, morphs(name, false)],
      [long, morphs(name, true)],
    ] satisfies [string, Read][]
  }),
  ...(['primary', 'unique', 'index', 'fullText', 'spatialIndex', 'vectorIndex'] as const).map(
    (name): [string, Read] => [
      name,
      (blueprint, call) => {
        const parameters = name === 'vectorIndex' ? ['column', 'name'] : ['columns', 'name', thirdOf(name)]
        const { get } = given(call, parameters)
        const type = name === 'fullText' ? 'fulltext' : name
        const command = newCommand(blueprint, type, call, get('columns') ?? get('column'), get('name'))
        for (const key of ['algorithm', 'operatorClass']) {
          const value = get(key)
          if (value) command.attributes.set(key, value)
        }
        return push(blueprint, command)
      },
    ],
  ),
  [
    'rawIndex',
    (blueprint, call) => {
      const { get } = given(call, ['expression', 'name'])
      const [expression, name] = [get('expression'), get('name')]
      const sql = rawTextOf(expression) ?? textIn(expression, call.at, 'the expression')
      if (!name) throw new NotRead('the index has no name', call.at)
      return push(blueprint, newCommand(blueprint, 'index', call, [expressionHost(sql)], name))
    },
  ],
  [
    'foreign',
    (blueprint, call) => {
      const { get } = given(call, ['columns', 'name'])
      return push(blueprint, newCommand(blueprint, 'foreign', call, get('columns'), get('name')))
    },
  ],
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
  ...(['renameColumn', 'renameIndex'] as const).map((name): [string, Read] => [
    name,
    (blueprint, call) => {
      const { get } = given(call, ['from', 'to'])
      return pushWith(blueprint, call, name, { from: get('from'), to: get('to') })
    },
  ]),
  ['rename', (blueprint, call) => pushWith(blueprint, call, 'rename', { to: given(call, ['to']).get('to') })],
  ['drop', (blueprint, call) => pushWith(blueprint, call, 'drop', {})],
  ['dropIfExists', (blueprint, call) => pushWith(blueprint, call, 'dropIfExists', {})],
  [
    'comment',
    (blueprint, call) =>
      pushWith(blueprint, call, 'tableComment', { comment: given(call, ['comment']).get('comment') }),
  ],
  [
    'temporary',
    (blueprint, call) => {
      blueprint.isTemporary = true
      return nothing(call.at)
    },
  ],
  ...['engine', 'innoDb', 'charset', 'collation'].map((name): [string, Read] => [name, (_, { at }) => nothing(at)]),
  [
    'after',
    ({ run }, call, own) => {
      const work = given(call, ['column', 'callback']).get('callback')
      return work ? run.invoke(work, [own], call.at) : nothing(call.at)
    },
  ],
  ['getTable', ({ name }) => name],
])

function thirdOf(name: string): string {
  return name === 'spatialIndex' ? 'operatorClass' : 'algorithm'
}

function named(type: string, otherwise: string): Read {
  return (blueprint, call) =>
    add(blueprint, call, type, given(call, ['column']).get('column') ?? textAt(otherwise, call.nameAt))
}

function foreignId(
  blueprint: Blueprint,
  call: Call,
  type: string,
  name: Value | undefined,
  attributes: Readonly<Record<string, Value | undefined>> = {},
): Host {
  return add(blueprint, call, type, name, attributes, true)
}

/** The model in the argument, and the column that refers to it. */
function modelColumn(blueprint: Blueprint, call: Call): { readonly model: Model; readonly column: Value } {
  const { get } = given(call, ['model', 'column'])
  const name = get('model')
  if (name?.kind !== 'text' || unknownIn(name) !== null) throw new NotRead('the model is not known', call.at)
  const model = blueprint.settings.model(plain(name).replace(/^\\/, ''))
  if (!model) throw new NotRead(`the model \`${plain(name)}\` could not be read`, call.at)
  return { model, column: get('column') ?? textAt(model.foreignKey, call.nameAt) }
}

function foreignFor(blueprint: Blueprint, call: Call, type: 'uuid' | 'ulid' | null): Host {
  const { model, column } = modelColumn(blueprint, call)
  const { settings } = blueprint
  // Since Laravel 11 a model without automatic keys may still have integers.
  const isInteger = model.keyType === 'int' && (model.isIncrementing || since(settings, [11, 0]))
  const key = type ?? (isInteger ? 'int' : model.keyType === 'ulid' && since(settings, [10, 0]) ? 'ulid' : 'uuid')
  const known = since(settings, [11, 31])
    ? { table: textAt(model.table, call.nameAt), referencesModelColumn: textAt(model.key, call.nameAt) }
    : since(settings, [11, 0])
      ? { table: textAt(model.table, call.nameAt) }
      : {}
  if (key === 'int') return foreignId(blueprint, call, 'bigInteger', column, known)
  if (key === 'uuid') return foreignId(blueprint, call, 'uuid', column, known)
  return foreignId(blueprint, call, 'char', column, { ...known, length: textAt('26', call.nameAt) })
}

function morphColumns(name: Value | undefined, { at, nameAt }: Call): [Text, Text] {
  const text = textIn(name, at, 'the name')
  return [joined([text, textAt('_type', nameAt)]), joined([text, textAt('_id', nameAt)])]
}

function morphs(name: string, isNullable: boolean): Read {
  return (blueprint, call) => {
    const { get } = given(call, ['name', 'indexName', 'after'])
    const [type, id] = morphColumns(get('name'), call)
    const kind = name === 'morphs' ? blueprint.settings.morphKey : name
    const nullable = isNullable ? known(true, call.at) : undefined
    const length = known(blueprint.settings.stringLength, call.nameAt)
    add(blueprint, call, 'string', type, { length, nullable })
    if (kind.startsWith('ulid')) add(blueprint, call, 'char', id, { length: known(26, call.nameAt), nullable })
    else add(blueprint, call, kind.startsWith('uuid') ? 'uuid' : 'bigInteger', id, { nullable })
    return push(blueprint, newCommand(blueprint, 'index', call, [type, id], get('indexName')))
  }
}

function push(blueprint: Blueprint, command: Command): Host {
  blueprint.commands.push(command)
  return commandHost(command)
}

function pushWith(
  blueprint: Blueprint,
  call: Call,
  name: string,
  attributes: Readonly<Record<string, Value | undefined>>,
): Host {
  const { at, nameAt } = call
  const found = Object.entries(attributes).flatMap(([key, value]) => (value ? [[key, value] as const] : []))
  const conditions = blueprint.run.conditions
  return push(blueprint, { name, at, nameAt, conditions, attributes: new Map(found), columns: [], index: null })
}

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
