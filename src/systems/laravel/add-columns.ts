import { NotRead } from '../../code/given/not-read.ts'
import { textIn } from '../../code/given/value.ts'
import { plain, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Host, known, nothing, type Value } from '../../code/value.ts'
import type { Column } from './attribute.ts'
import { type Blueprint, described } from './blueprint.ts'
import { columnHost, newCommand } from './fluent.ts'
import { type Given, given } from './given.ts'
import { modelColumn, morphColumns } from './model-column.ts'
import { since } from './settings.ts'
import { push, type Read } from './table-method.ts'

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

export function columnMethod(name: string): Read | undefined {
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
  return columnMethods.get(name)
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
  described(blueprint)
  if (!blueprint.isCreating) blueprint.commands.push(column)
  return columnHost(blueprint, column, isForeign)
}

/** Methods that add columns, besides those of plain types. */
const columnMethods: ReadonlyMap<string, Read> = new Map<string, Read>([
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
    // A macro of spatie/laravel-schemaless-attributes: src/SchemalessAttributesServiceProvider.php.
    'schemalessAttributes',
    (blueprint, call) => {
      const name = call.args[0] ?? textAt('schemaless_attributes', call.nameAt)
      return add(blueprint, call, 'json', name, { nullable: known(true, call.at) })
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
])

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
