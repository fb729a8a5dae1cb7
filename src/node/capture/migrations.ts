import type { A_Const, FuncCall, RangeVar } from '@pgsql/types'
import type { TrackingTable } from '../../migration/tracking-table.ts'
import { parse } from '../../parse/parse.ts'
import type { Statement } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import type { Sent } from './recorded.ts'

/** What one migration sent, as a script that sends the same again. */
export interface CapturedMigration {
  /** The name that its tool has recorded; null: it recorded none. */
  readonly name: string | null
  readonly sql: string
}

interface Message {
  readonly sent: Sent
  readonly statements: readonly Statement[]
  /** It may change something, or was not understood. */
  readonly works: boolean
}

/** What was sent up to the row of a tool's table. */
interface Group {
  readonly messages: Message[]
  /** The names that were recorded. */
  readonly names: string[]
  /** Its transaction was open before it, and is still open after it. */
  readonly goesOn: boolean
  isOpen: boolean
}

/**
 * Cuts what was sent into migrations: each ends with the row that its tool writes into its own table. Where several run in one transaction, each
 * gets one of its own, as if it had been the only one to run. Queries that only look at the catalog are left out, and so is what was refused.
 */
export function migrationsIn(sent: readonly Sent[], tables: readonly TrackingTable[]): CapturedMigration[] {
  const names = namesOf(tables)
  const groups: Group[] = []
  let group: Group = { messages: [], names: [], goesOn: false, isOpen: false }
  let isRecorded = false
  for (const each of sent) {
    if (each.refused !== null) continue
    const { statements, problems } = parse({ path: '', text: each.text })
    // What the parser does not know is kept, so that it is reported.
    if (problems.length === 0 && statements.every(only => isLook(only, names))) continue
    const isOpen = each.before !== 'idle'
    const works = problems.length > 0 || !statements.every(only => isBookkeeping(only, names))
    if (isRecorded && (!isOpen || works)) {
      group.isOpen = isOpen
      groups.push(group)
      group = { messages: [], names: [], goesOn: isOpen, isOpen: false }
      isRecorded = false
    }
    const isOwn = problems.length === 0 && statements.every(only => writesTo(only, names))
    if (!isOwn) group.messages.push({ sent: each, statements, works })
    for (const statement of statements) {
      const name = recordedBy(statement, each, names)
      if (name === null) continue
      // A row that is written before the work belongs to what comes next.
      isRecorded = group.messages.some(message => message.works)
      if (name !== '') group.names.push(name)
    }
  }
  groups.push(group)
  const working = groups.filter(({ messages }) => messages.some(({ works }) => works))
  return working.map(({ messages, names: [first], goesOn, isOpen }) => ({
    name: first ?? null,
    sql: [goesOn ? 'BEGIN;\n' : '', scriptOf(messages), isOpen ? 'COMMIT;\n' : ''].join(''),
  }))
}

/** The names of the tables in which tools record migrations. Several have one beside it in which they note that they are running. */
export function namesOf(tables: readonly TrackingTable[]): ReadonlySet<string> {
  return new Set(tables.flatMap(({ name }) => ['', '_lock', 'lock'].map(end => name.toLowerCase() + end)))
}

/** Plain queries, settings of the session, and the ends of transactions do nothing to tables by themselves. */
export function isBookkeeping(statement: Statement, names: ReadonlySet<string>): boolean {
  const { kind, node } = statement
  if (kind === 'SelectStmt') return isPlainQuery(node)
  if (kind === 'LockStmt') return tablesIn(node).every(({ relname = '' }) => names.has(relname.toLowerCase()))
  return ['TransactionStmt', 'VariableSetStmt', 'VariableShowStmt'].includes(kind) || writesTo(statement, names)
}

function writesTo(statement: Statement, names: ReadonlySet<string>): boolean {
  const table = tableOf(statement)
  return table !== null && names.has(table.toLowerCase())
}

/** A plain query of PostgreSQL's own catalog, of no table, or of one in which a tool records migrations. */
function isLook({ kind, node }: Statement, names: ReadonlySet<string>): boolean {
  if (kind === 'VariableShowStmt') return true
  if (kind !== 'SelectStmt' || !isPlainQuery(node)) return false
  const system = (name: string, schema: string | undefined) =>
    schema === 'pg_catalog' || schema === 'information_schema' || name.startsWith('pg_')
  return tablesIn(node).every(
    ({ relname = '', schemaname }) => system(relname, schemaname) || names.has(relname.toLowerCase()),
  )
}

/** Functions of PostgreSQL that tools call in queries, and that change nothing. Those of `pg_` are locks and facts about the server. */
const plainFunctions: ReadonlySet<string> = new Set([
  ...['array_agg', 'array_to_string', 'coalesce', 'count', 'current_database', 'current_schema', 'current_schemas'],
  ...['current_setting', 'exists', 'format_type', 'lower', 'max', 'min', 'now', 'obj_description', 'string_agg'],
  ...['to_regclass', 'unnest', 'upper', 'version'],
])

/** A query that makes no table, writes nothing, and calls no function that may. */
function isPlainQuery(tree: object): boolean {
  let isPlain = true
  descend(tree, (key, value) => {
    if (['intoClause', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(key)) isPlain = false
    if (key === 'FuncCall') {
      const last = (value as FuncCall).funcname?.at(-1)
      const name = last && 'String' in last ? (last.String.sval ?? '') : ''
      if (!name.startsWith('pg_') && !plainFunctions.has(name)) isPlain = false
    }
    return isPlain
  })
  return isPlain
}

/** The relations that a tree names. */
function tablesIn(tree: object): RangeVar[] {
  const found: RangeVar[] = []
  descend(tree, (key, value) => {
    if (key === 'RangeVar' || key === 'relation') found.push(value as RangeVar)
    return true
  })
  return found
}

function tableOf({ node }: Statement): string | null {
  const { relation } = node as { readonly relation?: RangeVar }
  return relation?.relname ?? null
}

/** The name that a statement writes into a tool's table; '' if it cannot be told; null: it writes nothing there. */
function recordedBy(statement: Statement, { parameters }: Sent, names: ReadonlySet<string>): string | null {
  const table = tableOf(statement)
  if (!['InsertStmt', 'UpdateStmt'].includes(statement.kind) || table === null || !names.has(table.toLowerCase())) {
    return null
  }
  const values = [...parameters.flatMap(value => value ?? []), ...textsIn(statement.node)]
  const likely = values.filter(value => isName(value))
  return likely.sort((a, b) => b.length - a.length)[0] ?? ''
}

/** The names and versions of migrations have digits; the other values are times, checksums, users and counts. */
function isName(value: string): boolean {
  return /\d/.test(value) && !/^\d{4}-\d\d-\d\d[ T]|^[0-9a-f]{32,}$|^-?\d{1,2}$/i.test(value)
}

/** The constants in a tree, as text. */
function textsIn(tree: object): string[] {
  const found: string[] = []
  descend(tree, (key, value) => {
    if (key !== 'A_Const') return true
    const { sval, ival, fval } = value as A_Const
    const text = sval?.sval ?? fval?.fval ?? ival?.ival
    if (text !== undefined) found.push(String(text))
    return false
  })
  return found
}

/** The messages as a script. Several statements in one message are one transaction, which is written down. */
function scriptOf(messages: readonly Message[]): string {
  const lines = messages.flatMap(({ sent, statements }) => {
    const text = sent.text.slice(0, statements.at(-1)?.span[1]).trimStart()
    const isBlock =
      sent.isSimple &&
      statements.length > 1 &&
      sent.before === 'idle' &&
      !statements.some(({ kind }) => kind === 'TransactionStmt')
    return isBlock ? ['BEGIN;', `${text};`, 'COMMIT;'] : [`${text};`]
  })
  return `${lines.join('\n')}\n`
}
