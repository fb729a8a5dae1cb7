import { NotRead, told } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { textIn } from '../../code/given/value.ts'
import { answer, functionOf, silent, textGiven } from '../../code/host.ts'
import { plain, replaced, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, nothing, unknown, type Value } from '../../code/value.ts'
import { expressionHost, given } from './given.ts'
import { queryHost } from './query.ts'
import { type Context, connectionOf, schemaHost } from './schema.ts'

/** `DB::` and a connection (Illuminate\Database\Connection), and the `Schema::` that belongs to it. */
export function databaseHosts(context: Context): { readonly db: Host; readonly schema: Host } {
  const { settings } = context
  const schema: Host = schemaHost(context, () => db)
  const db: Host = {
    kind: 'host',
    name: 'DB',
    get: name => {
      const word = answers.get(name)
      if (word !== undefined) return functionOf(name, ({ at }) => textAt(word, at))
      if (name === 'getTablePrefix') return functionOf(name, ({ at }) => textAt(settings.prefix, at))
      if (sending.has(name)) return functionOf(name, call => sends(context, call, name))
      if (quiet.test(name)) return silent(name)
      if (questions.test(name)) return functionOf(name, ({ at }) => answer(at))
      switch (name) {
        case 'raw':
          return functionOf(name, call => expressionHost(textGiven(call)))
        case 'table':
          return functionOf(name, call => queryHost(context, call))
        case 'connection':
          return functionOf(name, ({ args: [value] }) => connectionOf(context, value, db))
        case 'getSchemaBuilder':
          return functionOf(name, () => schema)
        case 'getPdo':
        case 'getReadPdo':
          return functionOf(name, () => pdoHost(context))
        case 'getDoctrineSchemaManager':
        case 'getDoctrineConnection':
          return functionOf(name, () => doctrineHost)
        case 'transaction':
          return functionOf(name, call => transaction(context, call))
        case 'beginTransaction':
          return functionOf(name, call => begin(context, call))
        case 'commit':
        case 'rollBack':
        case 'rollback':
          return functionOf(name, call => end(context, call, name === 'commit'))
        default:
          return undefined
      }
    },
  }
  return { db, schema }
}

const answers: ReadonlyMap<string, string> = new Map([
  ['getDriverName', 'pgsql'],
  ['getDefaultConnection', 'pgsql'],
  ['getName', 'pgsql'],
  ['getDriverTitle', 'PostgreSQL'],
])

const quiet =
  /^(?:enableQueryLog|disableQueryLog|flushQueryLog|listen|whenQueryingForLongerThan|useWriteConnectionWhenReading|purge|reconnect)$/

const questions =
  /^(?:getDatabaseName|getConfig|getServerVersion|version|transactionLevel|getQueryLog|pretending|logging|getConnections)$/

/** The index of the SQL among their arguments, and that of its values. */
const sending: ReadonlySet<string> = new Set([
  'statement',
  'unprepared',
  'insert',
  'update',
  'delete',
  'affectingStatement',
  'select',
  'selectOne',
  'scalar',
  'selectFromWriteConnection',
])

function sends({ run, catalog }: Context, call: Call, name: string): Value {
  told(run, call.at, () => {
    const { get } = given(call, ['query', 'bindings', 'useReadPdo'])
    const query = get('query')
    if (!query) throw new NotRead('what it sends is not text', call.at)
    const values = get('bindings')
    const hasNone =
      values === undefined ||
      (values.kind === 'list' && !values.isOpen && values.items.length === 0) ||
      (values.kind === 'record' && !values.isOpen && values.entries.size === 0)
    const text = textGiven({ ...call, args: [query] })
    if (!/^\s*(?:select|insert|update|delete)\b/i.test(plain(text))) catalog.forgetNamed(plain(text))
    run.send(name === 'unprepared' || hasNone ? text : withPlaces(text), { at: call.at })
  })
  return answer(call.at)
}

/** PDO writes `$1` for `?` and for `:name`. */
function withPlaces(sql: Text): Text {
  let count = 0
  const names = new Map<string, number>()
  return replaced(sql, /'[^']*'|"[^"]*"|\?\?|\?|::|(?<![\w:]):([A-Za-z_]\w*)/g, ([whole, name], found) => {
    const at = found.pieces[0]?.at ?? [0, 0]
    if (whole === '??') return textAt('?', at)
    if (whole !== '?' && name === undefined) return found
    const known = name === undefined ? undefined : names.get(name)
    const number = known ?? ++count
    if (name !== undefined) names.set(name, number)
    return textAt(`$${number}`, at)
  })
}

/** Calls that register types with Doctrine, or ask it about the database (Laravel 10 and before). */
const doctrineHost: Host = {
  kind: 'host',
  name: 'Doctrine',
  get: name => {
    if (name === 'getDatabasePlatform' || name === 'getSchemaManager') return functionOf(name, () => doctrineHost)
    if (name === 'registerDoctrineTypeMapping') return silent(name)
    return /^(?:list|introspect|has|get)/.test(name) ? functionOf(name, ({ at }) => answer(at)) : undefined
  },
}

/** PDO itself, which sends SQL as it is. */
function pdoHost({ run, catalog }: Context): Host {
  return {
    kind: 'host',
    name: 'PDO',
    get: name => {
      if (name === 'exec' || name === 'query')
        return functionOf(name, call => {
          const text = textGiven(call)
          catalog.forgetNamed(plain(text))
          run.send(text, { at: call.at })
          return answer(call.at)
        })
      if (name === 'quote')
        return functionOf(name, call => sqlAt(call.nameAt)`'${textIn(call.args[0], call.at, 'the value')}'`)
      return name === 'getAttribute' ? functionOf(name, ({ at }) => unknown('the server gives it', at)) : undefined
    },
  }
}

/** A nested transaction is a savepoint (ManagesTransactions::createTransaction). */
function begin(context: Context, call: Call): Value {
  const { nameAt, at } = call
  const { level, run } = context
  run.send(textAt(level === 0 ? 'BEGIN' : `SAVEPOINT trans${level + 1}`, nameAt), { at })
  context.level = level + 1
  return nothing(at)
}

function end(context: Context, { nameAt, at }: Call, isCommitted: boolean): Value {
  const { run } = context
  if (context.level === 0) return run.notRead(at, 'there is no transaction to end')
  context.level--
  const { level } = context
  // Laravel does not release savepoints: they end with the transaction.
  if (level === 0) run.send(textAt(isCommitted ? 'COMMIT' : 'ROLLBACK', nameAt), { at })
  else if (!isCommitted) run.send(textAt(`ROLLBACK TO SAVEPOINT trans${level + 1}`, nameAt), { at })
  return nothing(at)
}

function transaction(context: Context, call: Call): Value {
  const work = call.args[0] ?? call.named?.get('callback')
  if (!work) return context.run.notRead(call.at, 'there is no function that it runs')
  begin(context, call)
  const value = context.run.invoke(work, [], call.at)
  end(context, call, true)
  return value
}
