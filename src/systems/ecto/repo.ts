import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf } from '../../code/given/value.ts'
import { answer, functionOf, host, textGiven } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { inQuotes, path } from './column.ts'
import { optionsIn } from './given.ts'
import { type Query, queryOf } from './query.ts'
import { deleteSql, selectSql, type Updates, updateSql } from './query-sql.ts'
import { type Schemas, sourceOf } from './schema.ts'

/** The functions of Ecto.Repo, which send at once, before the commands that wait. */

/** Functions that read and write rows by schemas and changesets, whose SQL is not known. */
const onRows = /^(?:all_by|reload|preload|insert|insert_or_update|update|delete)[?!]?$/

/** Options that change nothing of the SQL (Ecto.Repo: "Shared options"). */
const ignored = ['timeout', 'log', 'telemetry_event', 'telemetry_options', 'max_rows', 'cast_params', 'stacktrace']

/** The SQL of a function. */
type Ask = (call: Call, schemas: Schemas) => Text

export class Repo {
  readonly #run: Run
  readonly #schemas: Schemas
  /** The number of open transactions. */
  level = 1

  constructor(run: Run, schemas: Schemas) {
    this.#run = run
    this.#schemas = schemas
  }

  /** A function; undefined: it is not one of Ecto.Repo that is known. `of`: the repo, as the program names it. */
  member(name: string, of: string): Value | undefined {
    const full = `${of}.${name}`
    if (/^query!?$/.test(name)) return this.query()
    if (/^transact(?:ion)?$/.test(name)) return this.#transaction(full)
    const ask = asks.get(name.replace(/!$/, ''))
    if (ask) return this.#asking(full, ask)
    return onRows.test(name) ? this.#rows(full) : undefined
  }

  /** `index`: which of its arguments is the text. */
  query(index = 0): Host {
    return functionOf('query', call => {
      this.#run.send(textGiven(call, index), { at: call.at })
      return answer(call.at)
    })
  }

  /** `Ecto.Adapters.SQL`, whose functions are given the repo before the text. */
  adapter(): Host {
    return host('Ecto.Adapters.SQL', { query: this.query(1), 'query!': this.query(1) })
  }

  /** `repo()` of a migration. */
  own(): Host {
    const others: ReadonlyMap<string, Value> = new Map([
      ['config', functionOf('repo().config', ({ at }) => unknown('it comes from the configuration', at))],
      ['__adapter__', functionOf('repo().__adapter__', ({ at }) => textAt('Ecto.Adapters.Postgres', at))],
    ])
    return { kind: 'host', name: 'repo()', get: name => others.get(name) ?? this.member(name, 'repo()') }
  }

  /** A transaction within another one is a part of it, without a savepoint (DBConnection.transaction). */
  #transaction(name: string): Host {
    return functionOf(name, ({ args: [work], at, nameAt }) => {
      if (work?.kind !== 'callable') return this.#run.notRead(at, `\`${name}\` is not read`)
      if (this.level === 0) this.#run.send(textAt('begin', nameAt), { at: nameAt })
      this.level++
      this.#run.invoke(work, [], at)
      this.level--
      if (this.level === 0) this.#run.send(textAt('commit', nameAt), { at: nameAt })
      return answer(at)
    })
  }

  #rows(name: string): Host {
    return functionOf(name, ({ at }) => this.#run.notRead(at, `\`${name}\`: its SQL is not known`, true))
  }

  #asking(name: string, ask: Ask): Host {
    return functionOf(name, call => {
      let sql: Text
      try {
        sql = ask(call, this.#schemas)
      } catch (error) {
        if (!(error instanceof NotRead)) throw error
        return this.#run.notRead(call.at, `\`${name}\`: ${error.why}`, true)
      }
      this.#run.send(sql, { at: call.at })
      return answer(call.at)
    })
  }
}

/** The query that a function is given first, with the prefix among its options. */
function given({ args, at }: Call, schemas: Schemas, options: Value | undefined): Query {
  const [value] = args
  const query = queryOf(value, schemas, placeOf(value, at))
  const prefix = optionsIn(options, [...ignored, 'prefix'], at).get('prefix')
  if (prefix === undefined) return query
  if (prefix.kind !== 'text') throw new NotRead('its prefix is not known', at)
  const { source } = query
  if (query.joins.length > 0 || !('table' in source)) throw new NotRead('its prefix is not read', at)
  return { ...query, source: { ...source, prefix: source.prefix ?? prefix } }
}

function numberOf(query: Query, column: Value | undefined, how: Value | undefined, at: Span): Query {
  if (how?.kind !== 'text' || !/^(?:count|sum|avg|min|max)$/.test(plain(how))) throw new NotRead('it is not read', at)
  if (query.distinct || query.limit || query.offset) throw new NotRead('the query is not read', at)
  const quoted = (form: string, items: readonly Value[]): Value => ({
    kind: 'list',
    items: [textAt(form, at), ...items],
    at,
  })
  const field = (name: Value) =>
    quoted('call', [textAt('field', at), quoted('name', [textAt('x', at)]), quoted('value', [name])])
  const code = quoted('call', [how, ...(column?.kind === 'text' ? [field(column)] : [])])
  return { ...query, orders: [], select: { code, names: new Map([['x', 0]]) } }
}

/** Conditions that a function is given, as `where: ^[id: 1]`. */
function whose(query: Query, conditions: Value, at: Span): Query {
  const code: Value = { kind: 'list', items: [textAt('pin', at), conditions], at }
  return { ...query, wheres: [...query.wheres, { code, names: new Map(), word: 'AND' }] }
}

const read: Ask = (call, schemas) => selectSql(given(call, schemas, call.args[1]), call.nameAt)

/** The rest of `!` and `?` in a name changes nothing of the SQL. */
const asks: ReadonlyMap<string, Ask> = new Map<string, Ask>([
  ['all', read],
  ['one', read],
  ['stream', read],
  [
    'exists?',
    (call, schemas) => {
      const query = given(call, schemas, call.args[1])
      const code = (value: Value): Value => ({ kind: 'list', items: [textAt('value', call.at), value], at: call.at })
      const one = code({ kind: 'plain', value: 1, at: call.at })
      const names = new Map<string, number>()
      return selectSql(
        { ...query, distinct: null, select: { code: one, names }, limit: { code: one, names } },
        call.nameAt,
      )
    },
  ],
  [
    'get',
    (call, schemas) => {
      const query = given(call, schemas, call.args[2])
      const key = 'table' in query.source ? query.source.key : null
      if (key === null || !call.args[1]) throw new NotRead('its key is not known', call.at)
      const conditions: Value = { kind: 'record', entries: new Map([[key, call.args[1]]]), at: call.at }
      return selectSql(whose(query, conditions, call.at), call.nameAt)
    },
  ],
  [
    'get_by',
    (call, schemas) => {
      const query = given(call, schemas, call.args[2])
      if (!call.args[1]) throw new NotRead('its conditions are not known', call.at)
      return selectSql(whose(query, call.args[1], call.at), call.nameAt)
    },
  ],
  [
    'aggregate',
    (call, schemas) => {
      const [, how, column] = call.args
      const options = column?.kind === 'text' ? call.args[3] : column
      return selectSql(numberOf(given(call, schemas, options), column, how, call.at), call.nameAt)
    },
  ],
  [
    'update_all',
    (call, schemas) => {
      const [, changes, options] = call.args
      const query = given(call, schemas, options)
      if (changes?.kind !== 'record' && !(changes?.kind === 'list' && changes.items.length === 0))
        throw new NotRead('the columns that it changes are unknown', call.at)
      const updates: Updates = changes.kind === 'record' && !changes.isOpen ? changes.entries : new Map()
      return updateSql(query, updates, call.nameAt)
    },
  ],
  ['delete_all', (call, schemas) => deleteSql(given(call, schemas, call.args[1]), call.nameAt)],
  ['insert_all', insertAll],
])

/** `insert` of lib/ecto/adapters/postgres/connection.ex. */
function insertAll({ args, at, nameAt }: Call, schemas: Schemas): Text {
  const [of, rows, options] = args
  const source = sourceOf(of, schemas, placeOf(of, at))
  // A schema may have a key and times that Ecto fills in.
  if (of?.kind !== 'text') throw new NotRead('the columns that its schema fills in are not known', at)
  const own = optionsIn(options, [...ignored, 'on_conflict', 'conflict_target', 'returning', 'prefix'], at)
  if (own.has('prefix')) throw new NotRead('its prefix is not read', at)
  if (rows?.kind !== 'list' || rows.isOpen || rows.items.length === 0) throw new NotRead('its rows are not known', at)
  const names = new Set<string>()
  for (const row of rows.items) {
    if (row.kind !== 'record' || row.isOpen) throw new NotRead('its rows are not known', at)
    for (const name of row.entries.keys()) names.add(name)
  }
  const sql = sqlAt(nameAt)
  const header = [...names].sort()
  let count = 0
  const lines = rows.items.map(row => {
    const entries = row.kind === 'record' ? row.entries : new Map<string, Value>()
    const values = header.map(name => {
      const value = entries.get(name)
      const isNil = value === undefined || (value.kind === 'plain' && (value.value ?? null) === null)
      if (value?.kind === 'host') throw new NotRead('its rows are not known', at)
      return textAt(isNil ? 'DEFAULT' : `$${++count}`, nameAt)
    })
    return sql`(${listed(values, nameAt, ',')})`
  })
  const columns = header.map(name => inQuotes(textAt(name, at)))
  return joined([
    sql`INSERT INTO ${path({ prefix: null, name: source.table }, nameAt)} (${listed(columns, nameAt, ',')}) VALUES ${listed(lines, nameAt, ',')}`,
    onConflict(own.get('on_conflict'), own.get('conflict_target'), nameAt),
    returning(own.get('returning'), nameAt),
  ])
}

function onConflict(how: Value | undefined, target: Value | undefined, at: Span): Text {
  const sql = sqlAt(at)
  if (how === undefined || (how.kind === 'text' && plain(how) === 'raise')) return sql``
  const columns = target === undefined ? [] : target.kind === 'list' && !target.isOpen ? target.items : [target]
  const names = columns.map(each => {
    if (each.kind !== 'text') throw new NotRead('its conflict target is not read', at)
    return inQuotes(each)
  })
  if (how.kind !== 'text' || plain(how) !== 'nothing') throw new NotRead('what it does on a conflict is not read', at)
  return sql` ON CONFLICT ${names.length === 0 ? '' : sql`(${listed(names, at, ',')}) `}DO NOTHING`
}

function returning(value: Value | undefined, at: Span): Text {
  const sql = sqlAt(at)
  if (value === undefined || (value.kind === 'plain' && value.value === false)) return sql``
  if (value.kind !== 'list' || value.isOpen) throw new NotRead('what it returns is not read', at)
  const names = value.items.map(each => {
    if (each.kind !== 'text') throw new NotRead('what it returns is not read', at)
    return inQuotes(each)
  })
  return names.length === 0 ? sql`` : sql` RETURNING ${listed(names, at, ',')}`
}
