import { NotRead, told } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { textIn } from '../../code/given/value.ts'
import { answer, functionOf, silent } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { plain, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Host, known, nothing, type Value } from '../../code/value.ts'
import { type Blueprint, build, newBlueprint } from './blueprint.ts'
import { type Catalog, nameIn } from './catalog.ts'
import { given, wrapped } from './given.ts'
import { record } from './record.ts'
import { type Settings, since } from './settings.ts'
import { tableHost } from './table.ts'

/** State that all calls of a migration share. */
export interface Context {
  readonly run: Run
  readonly settings: Settings
  /** The results of earlier migrations. */
  catalog: Catalog
  /** The number of open transactions: that of the migration, and those that it begins. */
  level: number
}

/** Methods that only ask the database. */
const questions =
  /^(?:has(?:Table|View|Column|Columns|Index|ForeignKey)|get(?:Tables|TableListing|Views|Types|Columns|ColumnListing|ColumnType|Indexes|IndexListing|ForeignKeys|Schemas|CurrentSchemaName|CurrentSchemaListing|AllTables))$/

/** `Schema::` of a connection (Illuminate\Database\Schema\Builder and PostgresBuilder). `database` is its `DB::`. */
export function schemaHost(context: Context, database: () => Value): Host {
  const { run } = context
  const own: Host = {
    kind: 'host',
    name: 'Schema',
    get: name => {
      if (questions.test(name)) return functionOf(name, call => answered(context, name, call))
      const read = methods.get(name)
      if (read) return functionOf(name, call => told(run, call.at, () => read(context, call)) ?? nothing(call.at))
      if (name === 'connection') return functionOf(name, ({ args: [value] }) => connectionOf(context, value, own))
      if (name === 'getConnection') return functionOf(name, database)
      if (/^(?:defaultStringLength|defaultTimePrecision|useNativeSchemaOperationsIfPossible)$/.test(name))
        return functionOf(name, call => run.notRead(call.at, 'it changes what later calls send'))
      return name === 'macro' ? silent(name) : undefined
    },
  }
  return own
}

/** What earlier migrations say, if they do; otherwise the database's answer. */
function answered({ catalog, settings }: Context, name: string, call: Call): Value {
  const [table, columns] = call.args
  const named = nameIn(table)
  const isAsked = /^has(?:Table|Columns?)$/.test(name) && settings.prefix === ''
  if (!isAsked || named === null || (call.named?.size ?? 0) > 0) return answer(call.at)
  if (name === 'hasTable') return answerOr(catalog.hasTable(named), call)
  const names = columns?.kind === 'list' && !columns.isOpen ? columns.items.map(nameIn) : [nameIn(columns)]
  const has = names.map(each => (each === null ? null : catalog.hasColumn(named, each)))
  return answerOr(has.includes(false) ? false : has.includes(null) ? null : true, call)
}

function answerOr(is: boolean | null, { at }: Call): Value {
  return is === null ? answer(at) : known(is, at)
}

type Read = (context: Context, call: Call) => Value | undefined

/** Sends the table that a function describes. */
function describe(
  { run, settings, catalog }: Context,
  call: Call,
  table: Value | undefined,
  work: Value | undefined,
  isNew: boolean,
) {
  if (!work) throw new NotRead('there is no function that describes it', call.at)
  if (work.kind === 'unknown') throw new NotRead(work.why, call.at)
  const blueprint = newBlueprint(run, settings, textIn(table, call.at, 'the table'), call, isNew)
  run.invoke(work, [tableHost(blueprint)], call.at)
  build(blueprint)
  record(blueprint, catalog)
}

/** One command on a table. */
function once(
  { run, settings, catalog }: Context,
  call: Call,
  table: Value | undefined,
  work: (blueprint: Blueprint) => void,
) {
  const blueprint = newBlueprint(run, settings, textIn(table, call.at, 'the table'), call, false)
  work(blueprint)
  build(blueprint)
  record(blueprint, catalog)
}

function calls(blueprint: Blueprint, name: string, call: Call): void {
  const method = tableHost(blueprint).get?.(name, call.at)
  if (method?.kind === 'host') method.call?.(call)
}

function bare(call: Call, args: readonly Value[], argsAt = call.argsAt): Call {
  return { at: call.at, nameAt: call.nameAt, args, argsAt }
}

const methods: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...(['create', 'table'] as const).map((name): [string, Read] => [
    name,
    (context, call) => {
      const { get } = given(call, ['table', 'callback'])
      describe(context, call, get('table'), get('callback'), name === 'create')
      return nothing(call.at)
    },
  ]),
  ...(['drop', 'dropIfExists'] as const).map((name): [string, Read] => [
    name,
    (context, call) => {
      const table = given(call, ['table']).get('table')
      once(context, call, table, blueprint => calls(blueprint, name, bare(call, [])))
      return nothing(call.at)
    },
  ]),
  [
    'rename',
    (context, call) => {
      const { get, at } = given(call, ['from', 'to'])
      const to = get('to')
      once(context, call, get('from'), blueprint => calls(blueprint, 'rename', bare(call, to ? [to] : [], [at('to')])))
      return nothing(call.at)
    },
  ],
  [
    'dropColumns',
    (context, call) => {
      const { get, at } = given(call, ['table', 'columns'])
      const columns = get('columns')
      once(context, call, get('table'), blueprint =>
        calls(blueprint, 'dropColumn', bare(call, columns ? [columns] : [], [at('columns')])),
      )
      return nothing(call.at)
    },
  ],
  // Their answers are in the database.
  ...['whenTableHasColumn', 'whenTableDoesntHaveColumn', 'whenTableHasIndex', 'whenTableDoesntHaveIndex'].map(
    (name): [string, Read] => [
      name,
      (context, call) => {
        const { get } = given(call, ['table', name.endsWith('Index') ? 'index' : 'column', 'callback', 'type'])
        context.run.doubt(call.nameAt, "it is the database's answer")
        context.run.perhaps(() => describe(context, call, get('table'), get('callback'), false))
        return nothing(call.at)
      },
    ],
  ),
  ['enableForeignKeyConstraints', constraints('IMMEDIATE')],
  ['disableForeignKeyConstraints', constraints('DEFERRED')],
  [
    'withoutForeignKeyConstraints',
    (context, call) => {
      const work = given(call, ['callback']).get('callback')
      constraints('DEFERRED')(context, bare(call, []))
      const value = work ? context.run.invoke(work, [], call.at) : nothing(call.at)
      constraints('IMMEDIATE')(context, bare(call, []))
      return value
    },
  ],
  [
    'ensureExtensionExists',
    (context, call) => {
      const { get } = given(call, ['name', 'schema'])
      extension(context, call, get('name'), get('schema'))
      return nothing(call.at)
    },
  ],
  [
    'ensureVectorExtensionExists',
    (context, call) => {
      extension(context, call, textAt('vector', call.nameAt), given(call, ['schema']).get('schema'))
      return nothing(call.at)
    },
  ],
])

function constraints(when: string): Read {
  return ({ run }, call) => {
    given(call, [])
    run.send(textAt(`SET CONSTRAINTS ALL ${when};`, call.nameAt), { at: call.at })
    return nothing(call.at)
  }
}

function extension({ run, settings }: Context, call: Call, name: Value | undefined, schema: Value | undefined): void {
  if (!since(settings, [12, 47])) throw new NotRead('this version of Laravel does not have it', call.at)
  const sql = sqlAt(call.nameAt)
  const within = schema ? sql` schema ${wrapped(schema, call.at, 'the schema')}` : ''
  run.send(sql`create extension if not exists ${wrapped(name, call.at, 'the extension')}${within}`, { at: call.at })
}

/** A connection other than that of the migrations: its database is unknown. */
function elsewhere(run: Run, why: string): Host {
  const own: Host = {
    kind: 'host',
    name: 'another connection',
    get: name =>
      functionOf(name, ({ at }) => (/^(?:getSchemaBuilder|connection)$/.test(name) ? own : run.notRead(at, why))),
  }
  return own
}

/** The same calls as on the connection of the migrations, which it may be. */
function perhapsOn({ run }: Context, own: Host): Host {
  return {
    kind: 'host',
    name: own.name,
    get: (name, at) => {
      const found = own.get?.(name, at)
      if (found?.kind !== 'host' || !found.call) return found
      return functionOf(name, call => {
        run.doubt(call.nameAt, 'its connection is unknown')
        return run.perhaps(() => found.call?.(call)) ?? nothing(call.at)
      })
    },
  }
}

/** The connection with a name: that of the migrations, or another one. */
export function connectionOf(context: Context, name: Value | undefined, own: Host): Host {
  const { run, settings } = context
  if (name === undefined || (name.kind === 'plain' && (name.value ?? null) === null)) return own
  if (name.kind !== 'text' || unknownIn(name) !== null) return perhapsOn(context, own)
  if (settings.connections.has(plain(name))) return own
  return elsewhere(run, `it is on the connection \`${plain(name)}\`, which is another database`)
}
