import type { A_Const, FuncCall, RangeVar } from '@pgsql/types'
import type { TrackingTable } from '../../migration/tracking-table.ts'
import { parse } from '../../parse/parse.ts'
import type { Statement } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import { qualifiedName } from '../../postgres/catalog/name.ts'
import { functionsByVolatility, mixedFunctions } from '../../postgres/type/builtin.generated.ts'
import type { Sent } from './recorded.ts'

/** What one migration sent, as a script that sends the same again. */
export interface CapturedMigration {
  /** The name that its tool has recorded; null: it recorded none. */
  readonly name: string | null
  /** All values of that row, in which the tool's id of the migration is. */
  readonly row: readonly string[]
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
  /** The rows that were recorded. */
  readonly rows: (readonly string[])[]
  /** Its transaction was open before it, and is still open after it. */
  readonly goesOn: boolean
  isOpen: boolean
}

/**
 * Cuts what was sent into migrations: each ends with the row that its tool writes into its own table. Where several run in one transaction, each
 * gets one of its own, as if it had been the only one to run. Queries that only look at the catalog are left out, and so is what was refused.
 */
export function migrationsIn(sent: readonly Sent[], tables: readonly TrackingTable[]): CapturedMigration[] {
  const isOwn = ownOf(tables)
  const groups: Group[] = []
  let group: Group = { messages: [], rows: [], goesOn: false, isOpen: false }
  let isRecorded = false
  for (const each of sent) {
    if (each.refused !== null) continue
    const { statements, problems } = parse({ path: '', text: each.text })
    // What the parser does not know is kept, so that it is reported.
    if (problems.length === 0 && statements.every(only => isLook(only, isOwn))) continue
    const isOpen = each.before !== 'idle'
    const works = problems.length > 0 || !statements.every(only => isBookkeeping(only, isOwn))
    if (isRecorded && (!isOpen || works)) {
      group.isOpen = isOpen
      groups.push(group)
      group = { messages: [], rows: [], goesOn: isOpen, isOpen: false }
      isRecorded = false
    }
    const isRecord = problems.length === 0 && statements.every(only => writesTo(only, isOwn))
    if (!isRecord) group.messages.push({ sent: each, statements, works })
    for (const statement of statements) {
      const row = rowOf(statement, each, isOwn)
      if (row === null) continue
      // A row that is written before the work belongs to what comes next.
      isRecorded = group.messages.some(message => message.works)
      if (nameIn(row) !== null) group.rows.push(row)
    }
  }
  groups.push(group)
  const working = groups.filter(({ messages }) => messages.some(({ works }) => works))
  return working.map(({ messages, rows: [row = []], goesOn, isOpen }) => ({
    name: nameIn(row),
    row,
    sql: [goesOn ? 'BEGIN;\n' : '', scriptOf(withoutEmptyBlocks(messages)), isOpen ? 'COMMIT;\n' : ''].join(''),
  }))
}

/** Which relations belong to a migration tool itself. */
export type Own = (relation: RangeVar) => boolean

/** Tables beside the one in which a tool records migrations: Rails notes in this one for which environment the database is. */
const besides = ['ar_internal_metadata']

/** The tables in which tools record migrations. Several have one beside it in which they note that they are running, or a schema for all of theirs. */
export function ownOf(tables: readonly TrackingTable[]): Own {
  const names = tables.flatMap(({ name }) => ['', '_lock', 'lock'].map(end => name.toLowerCase() + end))
  const own = new Set([...names, ...besides])
  const schemas = new Set(tables.flatMap(({ schema }) => schema ?? []))
  return ({ relname = '', schemaname = '' }) => own.has(relname.toLowerCase()) || schemas.has(schemaname)
}

/** Plain queries, what is set in the session, and the ends of transactions do nothing to tables by themselves. */
export function isBookkeeping(statement: Statement, isOwn: Own): boolean {
  const { kind, node } = statement
  if (kind === 'SelectStmt') return isPlainQuery(node, ['set_config'])
  if (kind === 'LockStmt') return tablesIn(node).every(isOwn)
  return ofSession.has(kind) || writesTo(statement, isOwn)
}

const ofSession: ReadonlySet<string> = new Set([
  ...['TransactionStmt', 'VariableSetStmt', 'VariableShowStmt', 'PrepareStmt', 'DeallocateStmt', 'DiscardStmt'],
])

function writesTo({ node }: Statement, isOwn: Own): boolean {
  const { relation } = node as { readonly relation?: RangeVar }
  return relation !== undefined && isOwn(relation)
}

/** A plain query of PostgreSQL's own catalog, of no table, or of one in which a tool records migrations. */
function isLook({ kind, node }: Statement, isOwn: Own): boolean {
  if (kind === 'VariableShowStmt' || kind === 'DeallocateStmt') return true
  if (kind !== 'SelectStmt' || !isPlainQuery(node)) return false
  const system = ({ relname = '', schemaname }: RangeVar) =>
    schemaname === 'pg_catalog' || schemaname === 'information_schema' || relname.startsWith('pg_')
  return tablesIn(node).every(relation => system(relation) || isOwn(relation))
}

/**
 * A query that makes no table, writes nothing, and calls no function that may: only PostgreSQL's own that are not volatile, those of `pg_`, which are
 * locks and facts about the server, and `others`.
 */
function isPlainQuery(tree: object, others: readonly string[] = []): boolean {
  let isPlain = true
  descend(tree, (key, value) => {
    if (['intoClause', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(key)) isPlain = false
    if (key === 'FuncCall') {
      const { name } = qualifiedName((value as FuncCall).funcname)
      if (!name.startsWith('pg_') && !isSteady(name) && !others.includes(name)) isPlain = false
    }
    return isPlain
  })
  return isPlain
}

/** True for a function of PostgreSQL that is not volatile, whatever its arguments are. */
function isSteady(name: string): boolean {
  const mixed = mixedFunctions.get(name)
  if (mixed) return mixed.every(({ volatility }) => volatility !== 'volatile')
  return functionsByVolatility.immutable.has(name) || functionsByVolatility.stable.has(name)
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

/** The values that a statement writes into a tool's own table; null: it writes nothing there. */
function rowOf(statement: Statement, { parameters }: Sent, isOwn: Own): readonly string[] | null {
  if (!['InsertStmt', 'UpdateStmt'].includes(statement.kind) || !writesTo(statement, isOwn)) return null
  return [...parameters.flatMap(value => value ?? []), ...textsIn(statement.node)]
}

/** The value in a row that looks most like the name of a migration; null: none does. */
function nameIn(row: readonly string[]): string | null {
  const likely = row.filter(value => isName(value))
  return likely.sort((a, b) => b.length - a.length)[0] ?? null
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

/** Without blocks in which nothing was left to send. */
function withoutEmptyBlocks(messages: readonly Message[]): Message[] {
  const left: Message[] = []
  for (const message of messages) {
    const before = left.at(-1)
    if (before && beginsBlock(before) && endsBlock(message)) left.pop()
    else left.push(message)
  }
  return left
}

const isOnly = ({ statements: [first, ...others] }: Message, kinds: readonly string[]) =>
  others.length === 0 && first?.kind === 'TransactionStmt' && kinds.includes(String(first.node.kind))
const beginsBlock = (message: Message) => isOnly(message, ['TRANS_STMT_BEGIN', 'TRANS_STMT_START'])
const endsBlock = (message: Message) => isOnly(message, ['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK'])

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
