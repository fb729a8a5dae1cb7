import { builds, sendBuilt } from '../../code/given/call.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { type Argument, argumentsOf, entriesOf, placeOf } from '../../code/given/value.ts'
import { answer, functionOf, host, silent, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { plain, replaced, type Text } from '../../code/text.ts'
import { type Call, type Host, known, nothing, record, type Value } from '../../code/value.ts'
import { nodePgMigrateAdvice } from './advice.ts'
import { built, type Given, literalOf, type Operation, type Settings } from './given.ts'
import { indexes } from './indexes.ts'
import { objects } from './objects.ts'
import { operators } from './operators.ts'
import { pgTypes } from './pg-type.ts'
import { rights } from './privileges.ts'
import { routines } from './routines.ts'
import { tables } from './tables.ts'
import { types } from './types.ts'
import { escaped } from './values.ts'
import { views } from './views.ts'

/** What node-pg-migrate gives to `up` and `down`: src/migrationBuilder.ts. */
export function nodePgMigrateCalls(settings: Settings = {}): CodeReader {
  return {
    entry: 'exports',
    advice: nodePgMigrateAdvice,
    args: (run, exported) => [builder(run, settings, exported('shorthands')), silent('callback')],
    modules: () => new Map([['node-pg-migrate', modules]]),
  }
}

const operations: readonly Readonly<Record<string, Operation>>[] = [
  tables,
  indexes,
  types,
  routines,
  views,
  objects,
  rights,
  operators,
]

function builder(run: Run, settings: Settings, exported: Argument): Host {
  const makes = (operation: Operation) => (call: Call) => built(operation, call, settings, shorthandsOf(exported, call))
  const members = operations.flatMap(group =>
    Object.entries(group).map(([name, operation]) => [name, builds(run, `pgm.${name}`, makes(operation))] as const),
  )
  const sql = functionOf('pgm.sql', call => {
    const [, values] = argumentsOf(call)
    sendBuilt(run, call, () => makes(given => withValues(given, textGiven(call), values))(call))
    return nothing(call.at)
  })
  const early = functionOf('pgm.db', ({ at }) => {
    run.unread(at, 'it runs while the tool builds the migration, before the rest')
    return answer(at)
  })
  return host('pgm', {
    ...Object.fromEntries(members),
    sql,
    func: literal,
    db: host('pgm.db', { query: early, select: early }),
    // These calls decide how the migration runs, which the system reads.
    noTransaction: silent('pgm.noTransaction'),
  })
}

function shorthandsOf(exported: Argument, { at }: Call): Given['shorthands'] {
  return exported === undefined || exported.kind === 'plain' ? new Map() : entriesOf(exported, at)
}

/** `PgLiteral.create`: SQL that the tool writes as it is. */
const literal = functionOf('pgm.func', ({ args: [value], at }) =>
  value === undefined
    ? nothing(at)
    : record(
        [
          ['literal', known(true, at)],
          ['value', value],
        ],
        at,
      ),
)

const modules = host('node-pg-migrate', {
  PgLiteral: host('PgLiteral', { create: literal }, literal.call),
  PgType: pgTypes,
})

/** `{name}` stands for a value: a text is a name in quotes there (`createTransformer` of src/utils/createTransformer.ts). */
function withValues(given: Given, sql: Text, values: Argument): Text {
  const { at } = given
  let all = sql
  for (const [name, value] of entriesOf(values, at)) {
    if (!/^\w+$/.test(name)) throw new NotRead('the name of a value is a pattern', placeOf(value, at))
    const text = valueIn(given, value)
    all = replaced(all, /\{(\w+)\}/g, ([, found], place) => (found === name ? text() : place))
  }
  return all
}

function valueIn(given: Given, value: Value): () => Text {
  const isName = value.kind === 'text' || (value.kind === 'record' && !literalOf(value))
  if (value.kind === 'plain' && value.value === undefined) return () => given.sql``
  if (!isName) return () => escaped(given, value)
  const name = given.name(value)
  if (/\$[$&`'\d<]/.test(plain(name))) throw new NotRead('the name contains special patterns of replace()', given.at)
  return () => name
}
