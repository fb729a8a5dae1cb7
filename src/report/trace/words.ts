import type { StatementKind } from '../../parse/script.ts'
import { blocksReads, blocksWrites } from '../../postgres/lock.ts'
import { counted } from '../words.ts'
import type { CatalogChange, Difference, SeenRelation, Trace, TracedFile, TracedStatement, Waits } from './trace.ts'

/** What helps, from the manual's table of SQLSTATEs: an extension that the server lacks; an undefined object or schema. */
function remedy({ kind, seen }: TracedStatement): string {
  if (kind === 'CreateExtensionStmt') return '. Give a server that has it: --server or --database-url.'
  const isAbsent = ['42704', '3F000'].includes(seen?.refused?.sqlstate ?? '')
  return isAbsent ? '. If your servers have it before the first migration, create it in a file for --setup.' : ''
}

/** Nobody asks for the locks of these. */
const lockless: ReadonlySet<StatementKind> = new Set([
  'TransactionStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'DiscardStmt',
])

/** Why nothing is known about the locks of a statement that ran; null: it is known, or nobody asks. */
export function unseenLocks({ seen, kind }: TracedStatement): string | null {
  if (seen?.locksSeen !== 'none' || seen.refused || lockless.has(kind)) return null
  return 'its locks could not be seen: it cannot run in a transaction, and this server has one session'
}

/** `fails: … (SQLSTATE …)`, and what helps; null: it did not fail. */
export function refusal(statement: TracedStatement): string | null {
  const refused = statement.seen?.refused
  return refused ? `fails: ${refused.message} (SQLSTATE ${refused.sqlstate})${remedy(statement)}` : null
}

/** Weak locks on indexes depend on plans, and are in nobody's way. */
export function isTold(seen: SeenRelation): boolean {
  const { kind, lock, isTaken, isOwn, work, read, waiting } = seen
  if (isOwn) return false
  if (work !== 'none' || read > 0) return true
  return lock === null ? waiting.reads || waiting.writes : isTaken && (!kind.endsWith('index') || blocksWrites(lock))
}

const tables: ReadonlySet<SeenRelation['kind']> = new Set(['table', 'partitioned table', 'materialized view'])

/** Who waits at a relation. An index, for instance, is not read or written by itself: there, it is what the lock means. */
export function waitsAt({ kind, lock, waiting }: SeenRelation): Waits {
  return tables.has(kind) ? waiting : { reads: blocksReads(lock), writes: blocksWrites(lock) }
}

/** A difference as the end of a sentence. */
export function inWords(difference: Difference): string {
  switch (difference.kind) {
    case 'refused':
      return `it fails with SQLSTATE ${difference.sqlstate}`
    case 'accepted':
      return `it does not fail, and SQLSTATE ${difference.sqlstate} was expected`
    case 'work':
      return `${difference.relation} is ${difference.predicted ? 'not written again' : 'written again'}`
    case 'waiting':
      return `${waitingWords(difference.seen)} at ${difference.relation}, and ${waitingWords(difference.predicted)} by what its locks mean`
    case 'lock':
      return `${difference.relation} has ${difference.seen ?? 'no lock'}, and ${difference.predicted ?? 'no lock'} was expected`
  }
}

/** The most changes that are listed for one statement, and for one down migration. */
const mostChanges = 20

/** What a file does beside its statements, in sentences: what a down migration leaves. Empty for other files, and where it leaves nothing. */
export function leftBy({ takenBack }: TracedFile): string[] {
  if (!takenBack) return []
  const { migration, notCompared, leaves } = takenBack
  if (notCompared !== null)
    return [`The database after it was not compared with the one before ${migration}: ${notCompared}.`]
  if (leaves.length === 0) return []
  const rest = leaves.length - mostChanges
  return [
    `It does not take back all of ${migration}:`,
    ...leaves.slice(0, mostChanges).map(changeInWords),
    ...(rest > 0 ? [`and ${counted(rest, 'more difference')}`] : []),
  ]
}

function changeInWords({ what, before, after }: CatalogChange): string {
  if (before === null) return `${what} is still there`
  if (after === null) return `${what} is gone`
  return `${what} was ${shortened(before)}, and is ${shortened(after)}`
}

/** What a statement changed in the catalog, in words. */
export function changedBy({ changes = [] }: TracedStatement): string[] {
  const rest = changes.length - mostChanges
  const words = changes.slice(0, mostChanges).map(change => {
    if (change.before === null) return `adds ${change.what}${change.after ? `: ${shortened(change.after)}` : ''}`
    return change.after === null ? `removes ${change.what}` : changeInWords(change)
  })
  return [...words, ...(rest > 0 ? [`and ${counted(rest, 'more change')}`] : [])]
}

function shortened(definition: string): string {
  const line = definition.trim().replace(/\s+/g, ' ')
  return line === '' ? 'without options' : line.length > 160 ? `${line.slice(0, 160)} …` : line
}

export function duration(milliseconds: number): string {
  return milliseconds >= 1000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}

export function totals(files: Trace['files']) {
  const statements = files.flatMap(each => each.statements)
  const downs = files.flatMap(({ takenBack }) => takenBack ?? [])
  return {
    migrations: files.length - downs.length,
    takenBack: downs.length,
    notUndone: downs.filter(({ leaves }) => leaves.length > 0).length,
    notCompared: downs.filter(({ notCompared }) => notCompared !== null).length,
    statements: statements.length,
    ran: statements.filter(({ seen }) => seen !== null).length,
    notRun:
      statements.filter(({ notSent }) => notSent !== null).length + files.reduce((sum, { unread }) => sum + unread, 0),
    differences: statements.reduce((sum, { differences }) => sum + differences.length, 0),
  }
}

/** The outcome in sentences: what did not run first, and what is known last. */
export interface Outcome {
  /** Null: everything ran. */
  readonly notRun: string | null
  readonly failures: readonly string[]
  readonly result: string
  /** Everything ran, and did what was predicted. */
  readonly isGood: boolean
}

export function outcomeOf({ server, files, failures, earlierNotRun, notTakenBack }: Trace): Outcome {
  const { migrations, takenBack, notUndone, notCompared, ran, notRun, differences } = totals(files)
  const left = [
    ...(notRun > 0 ? [counted(notRun, 'statement')] : []),
    ...(earlierNotRun > 0 ? [`${counted(earlierNotRun, 'statement')} of earlier migrations`] : []),
  ]
  const isAll = left.length === 0 && failures.length === 0
  const result =
    ran === 0
      ? 'so nothing is known'
      : differences === 0
        ? `${isAll ? 'all' : 'those that ran'} did what was predicted`
        : `${counted(differences, 'difference')} from the prediction`
  const back = takenBack === 0 ? '' : ` and ${counted(takenBack, 'down migration')}`
  return {
    notRun:
      left.length === 0
        ? null
        : `${left.join(' and ')} could not be run, and what comes after may differ for that reason.`,
    failures: [
      ...failures.map(({ path, isDown }) =>
        isDown
          ? `${path} fails: the migrations before it were not taken back.`
          : `${path} does not apply: the migrations after it were not run.`,
      ),
      ...notTakenBack.map(
        ({ path, count, why }) => `Not taken back: ${counted(count, 'migration')}, ${path} first, because ${why}.`,
      ),
      ...(notUndone > 0 ? [`Not taken back completely: ${counted(notUndone, 'migration')}.`] : []),
      ...(notCompared > 0 ? [`Taken back, but not compared: ${counted(notCompared, 'migration')}.`] : []),
    ],
    result: `${counted(ran, 'statement')} in ${counted(migrations, 'migration')}${back} ran on ${server}; ${result}.`,
    isGood: isAll && notTakenBack.length === 0 && notUndone === 0 && notCompared === 0 && ran > 0 && differences === 0,
  }
}

/** Who waits, as the beginning of a sentence. */
function waitingWords({ reads, writes }: Waits): string {
  if (!reads && !writes) return 'nobody waits'
  return `${reads && writes ? 'reads and writes wait' : reads ? 'reads wait' : 'writes wait'}`
}
