import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { listIn, placeOf } from '../../code/given/value.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { clauseIn, literal } from './expression.ts'
import { named, path } from './name.ts'
import { describes, made, type TableOf } from './thing.ts'

/** Statements that write rows: sqlalchemy/sql/dml.py and crud.py. Columns come in the order of the table. */

interface Written {
  readonly table: TableOf
  readonly what: 'insert' | 'update' | 'delete'
  /** The rows of an INSERT. */
  readonly rows: readonly ReadonlyMap<string, Value>[]
  readonly where: readonly Text[]
  readonly end: string
}

export function inserts(table: TableOf): Host {
  return describes('insert', call => statement(withValues(start(table, 'insert'), call)))
}

export function updates(table: TableOf): Host {
  return describes('update', call => statement(withValues(start(table, 'update'), call)))
}

export function deletes(table: TableOf): Host {
  return describes('delete', () => statement(start(table, 'delete')))
}

function start(table: TableOf, what: Written['what']): Written {
  return { table, what, rows: [], where: [], end: '' }
}

function statement(own: Written): Host {
  return made('a statement', { kind: 'statement', sql: at => sqlOf(own, at) }, { get: name => method(own, name) })
}

function method(own: Written, name: string): Value | undefined {
  switch (name) {
    case 'values':
      return describes('values', call => statement(withValues(own, call)))
    case 'where':
      return describes('where', ({ args, at }) =>
        statement({ ...own, where: [...own.where, ...args.map(arg => conditionIn(arg, at))] }),
      )
    case 'inline':
    case 'execution_options':
      return describes(name, () => statement(own))
    case 'on_conflict_do_nothing':
      return describes(name, ({ args, named: given, at }) => {
        const elements = given?.get('index_elements') ?? args[0]
        if (elements === undefined && (given?.size ?? 0) === 0)
          return statement({ ...own, end: ' ON CONFLICT DO NOTHING' })
        const columns = listIn(elements, at, 'the columns').map(item => {
          if (item.kind !== 'text') throw new NotRead('the columns are not read', placeOf(item, at))
          return plain(named(item))
        })
        return statement({ ...own, end: ` ON CONFLICT (${columns.join(', ')}) DO NOTHING` })
      })
    default:
      return undefined
  }
}

function conditionIn(value: Value, at: Span): Text {
  return clauseIn(value, at, 'the condition').full
}

function withValues(own: Written, { args: [first], named: given, at }: Call): Written {
  const names = new Map(given)
  if (first === undefined && names.size === 0) return own
  if (first?.kind === 'list') {
    const rows = listIn(first, at, 'the rows').map(row => rowIn(row, at))
    return { ...own, rows }
  }
  if (first !== undefined) for (const [name, value] of rowIn(first, at)) names.set(name, value)
  return { ...own, rows: [new Map([...(own.rows[0] ?? []), ...names])] }
}

export function rowIn(value: Value, at: Span): ReadonlyMap<string, Value> {
  if (value.kind === 'record' && !value.isOpen) return value.entries
  throw new NotRead(value.kind === 'unknown' ? value.why : 'a row is not known', placeOf(value, at))
}

/** Names of a row in the order of the table's columns. Throws NotRead if the table lacks one, or the program adds others. */
function columnsOf({ columns, filled }: TableOf, row: ReadonlyMap<string, Value>, at: Span): Text[] {
  if (columns === null) return [...row.keys()].map(name => textAt(name, at))
  const stray = [...row.keys()].find(name => !columns.some(column => plain(column) === name))
  if (stray !== undefined) throw new NotRead(`the table has no column \`${stray}\` here`, at)
  if (filled.some(column => !row.has(plain(column)))) throw new NotRead('the program fills in other columns', at)
  return columns.filter(column => row.has(plain(column)))
}

function sqlOf(own: Written, at: Span): Text {
  const { table, what, rows, where } = own
  const sql = sqlAt(at)
  const name = path(table.name, at)
  const condition = where.length > 0 ? sql` WHERE ${listed(where, at, ' AND ')}` : ''
  if (what === 'delete') return sql`DELETE FROM ${name}${condition}`
  const [first] = rows
  if (!first || first.size === 0) throw new NotRead('the values are not known', at)
  const columns = columnsOf({ ...table, filled: what === 'insert' ? table.filled : [] }, first, at)
  if (what === 'update') {
    const sets = columns.map(column => sql`${named(column)}=${literal(first.get(plain(column)), at)}`)
    return sql`UPDATE ${name} SET ${listed(sets, at)}${condition}`
  }
  const values = rows.map(
    row =>
      sql`(${listed(
        columns.map(column => literal(row.get(plain(column)), at)),
        at,
      )})`,
  )
  return sql`INSERT INTO ${name} (${listed(columns.map(named), at)}) VALUES ${joined(values, textAt(', ', at))}${own.end}`
}

/** `op.bulk_insert`: a statement for each row. */
export function insertOf(table: TableOf, row: ReadonlyMap<string, Value>, at: Span): Text {
  return sqlOf({ table, what: 'insert', rows: [row], where: [], end: '' }, at)
}
