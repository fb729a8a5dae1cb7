import { NotRead } from '../../code/given/not-read.ts'
import { replaced, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { isUnknown, type Kept, keep } from './kept.ts'
import { plainLiteral } from './literal.ts'
import { quote } from './names.ts'
import { nameOf } from './object.ts'
import type { Context, Operation, OperationClass } from './operation.ts'

/** RunSQL, RunPython and the like (django/db/migrations/operations/special.py), and operations of django/contrib/postgres/operations.py other than those on indexes. */

function itemsOf(value: Value | undefined, at: Span): readonly Value[] {
  if (value === undefined || (value.kind === 'plain' && (value.value ?? null) === null)) return []
  if (value.kind === 'list' && !value.isOpen) return value.items
  throw new NotRead(value.kind === 'unknown' ? value.why : 'part of the list is unknown', at)
}

function isNoop(value: Value | undefined): boolean {
  return nameOf(value)?.endsWith('.noop') === true
}

/** RunSQL._run_sql: a text is one message; a list has one message for each item, which may come with values. */
function runSql({ run }: Context, value: Value | undefined, at: Span): void {
  if (isNoop(value)) return
  for (const each of value?.kind === 'list' ? itemsOf(value, at) : [value]) {
    const [sql, params] = each?.kind === 'list' ? each.items : [each, undefined]
    if (sql?.kind === 'text') run.send(withValues(sql, params, at), { at })
    else run.unread(at, sql?.kind === 'unknown' ? sql.why : 'what it sends is not text')
  }
}

/** Puts the values of a statement into it, as psycopg does on the client's side. */
export function withValues(sql: Text, params: Value | undefined, at: Span): Text {
  const kept = params && keep(params)
  if (kept === undefined || kept === null) return sql
  if (isUnknown(kept)) throw new NotRead(kept.why, at)
  const values: readonly Kept[] = Array.isArray(kept) ? kept : []
  const named =
    typeof kept === 'object' && 'kind' in kept && kept.kind === 'record' ? kept.entries : new Map<string, Kept>()
  let next = 0
  return replaced(sql, /%(?:\((\w+)\))?s|%%/g, ([whole, name]) => {
    if (whole === '%%') return textAt('%', at)
    const value = name === undefined ? values[next++] : named.get(name)
    const literal = value === undefined ? null : plainLiteral(value)
    if (literal === null) throw new NotRead('one of its values is unknown', at)
    return textAt(literal, at)
  })
}

const runSqlOperation: OperationClass = {
  names: ['sql', 'reverse_sql', 'state_operations', 'hints', 'elidable'],
  up: (operation, context) => runSql(context, operation.value('sql'), operation.call.at),
  down: (operation, context) => runSql(context, operation.value('reverse_sql'), operation.call.at),
  isReversible: operation => isGiven(operation.value('reverse_sql')),
}

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && !(value.kind === 'plain' && (value.value ?? null) === null)
}

/** Migration.apply: in a migration without a transaction, `atomic=True` gives the function one of its own. */
function runPythonCode(operation: Operation, context: Context, which: 'code' | 'reverse_code'): void {
  const { at } = operation.call
  const work = () => context.code(operation.value(which), operation)
  if (context.isAtomic || operation.kept('atomic') !== true) return work()
  context.run.send(textAt('BEGIN', at), { at })
  work()
  context.run.send(textAt('COMMIT', at), { at })
}

const runPython: OperationClass = {
  names: ['code', 'reverse_code', 'atomic', 'hints', 'elidable'],
  up: (operation, context) => runPythonCode(operation, context, 'code'),
  down: (operation, context) => runPythonCode(operation, context, 'reverse_code'),
  isReversible: operation => isGiven(operation.value('reverse_code')),
}

const separate: OperationClass = {
  names: ['database_operations', 'state_operations'],
  up: (operation, context, from) =>
    void context.inside(itemsOf(operation.value('database_operations'), operation.call.at), 'up', from),
  down: (operation, context, _, to) =>
    void context.inside(itemsOf(operation.value('database_operations'), operation.call.at), 'down', to),
}

function extension(name?: string): OperationClass {
  const own = (operation: Operation) => quote(name ?? operation.text('name'))
  return {
    names: name === undefined ? ['name', 'hints'] : ['hints'],
    up: (operation, { editor }) => editor.execute(`CREATE EXTENSION IF NOT EXISTS ${own(operation)}`),
    down: (operation, { editor }) => editor.execute(`DROP EXTENSION IF EXISTS ${own(operation)}`),
  }
}

function createCollation(operation: Operation, { editor }: Context): void {
  const provider = operation.kept('provider') ?? 'libc'
  if (typeof provider !== 'string') throw new NotRead('its provider is not known')
  const options = [`locale=${quote(operation.text('locale'))}`]
  if (provider !== 'libc') options.push(`provider=${quote(provider)}`)
  if (operation.kept('deterministic') === false) options.push('deterministic=false')
  editor.execute(`CREATE COLLATION ${quote(operation.text('name'))} (${options.join(', ')})`)
}

function removeCollation(operation: Operation, { editor }: Context): void {
  editor.execute(`DROP COLLATION ${quote(operation.text('name'))}`)
}

const collationNames = ['name', 'locale', 'provider', 'deterministic']

export const otherOperations: ReadonlyMap<string, OperationClass> = new Map([
  ['RunSQL', runSqlOperation],
  ['RunPython', runPython],
  ['SeparateDatabaseAndState', separate],
  ['CreateExtension', extension()],
  ['BloomExtension', extension('bloom')],
  ['BtreeGinExtension', extension('btree_gin')],
  ['BtreeGistExtension', extension('btree_gist')],
  ['CITextExtension', extension('citext')],
  ['CryptoExtension', extension('pgcrypto')],
  ['HStoreExtension', extension('hstore')],
  ['TrigramExtension', extension('pg_trgm')],
  ['UnaccentExtension', extension('unaccent')],
  [
    'CreateCollation',
    {
      names: collationNames,
      state: (operation, _, state) =>
        operation.kept('deterministic') === false
          ? { ...state, collations: new Set(state.collations).add(operation.text('name')) }
          : state,
      up: createCollation,
      down: removeCollation,
    },
  ],
  ['RemoveCollation', { names: collationNames, up: removeCollation, down: createCollation }],
])

/** The operations of RunSQL and SeparateDatabaseAndState that change only the state. */
export function stateOperations(operation: Operation): readonly Value[] {
  return itemsOf(operation.value('state_operations'), operation.call.at)
}
