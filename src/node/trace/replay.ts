import type { History, MigrationFile } from '../../lint/history/history.ts'
import { placeIn, statementsOf } from '../../lint/places.ts'
import { unreadIn } from '../../lint/unread-in.ts'
import { isMigration } from '../../migration/migration.ts'
import { parseText } from '../../parse/parser.ts'
import { unnamed } from '../../parse/placeholder.ts'
import type { Statement } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import type { Step } from '../../postgres/step.ts'
import type { NotTakenBack, Seen, TracedFile, TracedStatement } from '../../report/trace/trace.ts'
import { Failure, reason } from '../failure.ts'
import { type Recorder, recorder } from '../server/recording.ts'
import { Refused, type Session, type TraceServer } from '../server/session.ts'
import { Changes } from './changes.ts'
import { differencesOf } from './difference.ts'
import { fillTables, type RowsWanted, type Unfilled } from './rows.ts'
import { seenIn } from './seen.ts'
import { Catalogs, returnsIn, takes } from './taking-back.ts'

/** A replay of one project. */
export interface Replay {
  readonly files: readonly TracedFile[]
  /** See Trace. */
  readonly earlierNotRun: number
  /** The tables without the rows that were asked for. */
  readonly unfilled: readonly Unfilled[]
  /** The file with which it ended before its time; null: all of it was run. */
  readonly failed: { readonly path: string; readonly isDown: boolean } | null
  /** See Trace. */
  readonly notTakenBack: NotTakenBack | null
}

export interface ReplayOptions {
  /** SQL that runs first; null: none. */
  readonly setup: string | null
  /** The rows of each table before the files that are wanted; null: none are added. */
  readonly rows: RowsWanted | null
  /** Whether the migrations that are wanted are taken back afterwards, with those that came after them. */
  readonly down: boolean
  /** Whether it is found out what each statement of these files changes in the catalog. */
  readonly catalog: boolean
  /** True for files whose statements are wanted. The others only run. */
  readonly isAsked: (path: string) => boolean
  /** Called with each file before it runs, its place and the number of all. */
  readonly progress: (path: string, done: number, all: number) => void
}

/**
 * Runs the migrations of one project on a server whose database is empty, one after the other, in the transactions that their tool has. Ends
 * with the first statement that the server refuses, as the tool would.
 */
export async function replay({ files }: History, server: TraceServer, options: ReplayOptions): Promise<Replay> {
  const { setup, rows, down, catalog, isAsked, progress } = options
  const migrations = files.filter(({ input }) => isMigration(input))
  const ups = migrations.filter(file => takes(file) === null)
  const returns = down ? returnsIn(migrations, isAsked) : []
  const all = ups.length + returns.length
  const others = await server.others()
  const traced: TracedFile[] = []
  const unfilled = new Map<string, Unfilled>()
  let earlierNotRun = 0
  let session = await server.connect()
  const done = (more: Partial<Replay> = {}): Replay => ({
    files: traced,
    earlierNotRun,
    unfilled: [...unfilled.values()],
    failed: null,
    notTakenBack: null,
    ...more,
  })
  try {
    if (setup !== null) {
      await prepared(session, setup)
      await session.end()
      session = await server.connect()
    }
    let watch = await recorder(session, others)
    const again = async () => {
      await session.end()
      session = await server.connect()
      watch = await recorder(session, others)
    }
    const transactions = new Transactions()
    const wasThere = new Catalogs(returns)
    for (const [i, file] of ups.entries()) {
      progress(file.path, i, all)
      // A file that begins in a transaction of an earlier one shares its session, and so its settings.
      if (!transactions.goesOn(file)) {
        await transactions.end(session)
        if (rows && isAsked(file.path))
          for (const each of await fillTables(session, rows)) unfilled.set(each.table, each)
        await again()
      }
      await wasThere.before(file, session)
      const compares = catalog && isAsked(file.path)
      const { statements, failed } = await runFile(file, session, watch, transactions, compares)
      const unread = unreadIn(file).length
      const notRun = notRunOf(statements, unread)
      if (isAsked(file.path)) traced.push({ path: file.path, statements, unread })
      else earlierNotRun += notRun
      if (notRun > 0) wasThere.forget(file)
      if (failed) {
        const last = returns[0]?.up
        const why = 'not all migrations apply'
        const notTakenBack = last ? { path: last.path, count: returns.length, why } : null
        return done({ failed: { path: file.path, isDown: false }, notTakenBack })
      }
    }
    await transactions.end(session)
    for (const [i, { up, down: file }] of returns.entries()) {
      if (file === null) {
        return done({ notTakenBack: { path: up.path, count: returns.length - i, why: 'it has no down migration' } })
      }
      progress(file.path, ups.length + i, all)
      await again()
      const { statements, failed } = await runFile(file, session, watch, transactions, catalog && isAsked(up.path))
      await transactions.end(session)
      const unread = unreadIn(file).length
      if (!failed && notRunOf(statements, unread) > 0) wasThere.forget(up)
      const takenBack = failed ? undefined : await wasThere.after(up, session)
      if (isAsked(up.path)) traced.push({ path: file.path, statements, unread, ...(takenBack && { takenBack }) })
      if (failed) return done({ failed: { path: file.path, isDown: true } })
    }
    return done()
  } finally {
    await session.end()
    await others?.session.end()
  }
}

function notRunOf(statements: readonly TracedStatement[], unread: number): number {
  return unread + statements.filter(({ notSent }) => notSent !== null).length
}

async function prepared(session: Session, setup: string): Promise<void> {
  try {
    await session.send(setup)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new Failure(`--setup: the server refuses it: ${error.message} (SQLSTATE ${error.sqlstate}).`)
  }
}

/** The transactions of the runner, which no statement of the files opens or ends. */
class Transactions {
  #id: number | null = null
  /** The runner has to commit what is open. */
  #isOwn = false

  /** True if the first statement of a file belongs to the transaction that is open. */
  goesOn({ steps: [first] }: MigrationFile): boolean {
    return this.#id !== null && first !== undefined && first.transaction.id === this.#id
  }

  /** Brings the session into the transaction of a step. */
  async enter(session: Session, { transaction }: Step): Promise<void> {
    if (transaction.id === this.#id) return
    if (this.#isOwn) await this.end(session)
    this.#id = transaction.id
    if (transaction.runnerCommits) this.#isOwn = true
    if (transaction.id !== null && transaction.kind !== 'explicit' && session.block === 'idle') {
      await session.send('BEGIN')
      this.#isOwn = true
    }
  }

  /** What the files have opened and not ended is rolled back, when the session ends. */
  async end(session: Session): Promise<void> {
    if (this.#isOwn && session.block === 'open') await session.send('COMMIT')
    this.#id = null
    this.#isOwn = false
  }
}

async function runFile(
  file: MigrationFile,
  session: Session,
  watch: Recorder,
  transactions: Transactions,
  catalog: boolean,
): Promise<{ statements: TracedStatement[]; failed: TracedStatement | null }> {
  const statements: TracedStatement[] = []
  const text = file.script.source.text
  const read = new Set(statementsOf(file))
  const changing = catalog ? await Changes.from(session) : null
  for (const { statement, steps } of together(file)) {
    const [first] = steps
    if (!first) continue
    const reason = read.has(statement) ? notSent(statement, text) : first.opaque
    if (reason !== null) {
      statements.push({
        ...placed(file, statement),
        transaction: first.transaction.id,
        givesBack: false,
        notSent: reason,
        seen: null,
        differences: [],
      })
      continue
    }
    await transactions.enter(session, first)
    const seen = await inFile(file, statement, () => sent(statement, first, session, watch))
    const traced = {
      ...placed(file, statement),
      transaction: first.transaction.id,
      givesBack: givesBack(statement),
      notSent: null,
      seen,
      differences: differencesOf(steps, seen),
      ...(changing && { changes: await changing.by(statement) }),
    }
    statements.push(traced)
    if (seen.refused) {
      if (session.block !== 'idle') await session.send('ROLLBACK')
      return { statements, failed: traced }
    }
  }
  return { statements, failed: null }
}

/** Each statement that is sent, with its steps: a DO block has those of its body. */
export function together({
  script,
  steps,
}: Pick<MigrationFile, 'script' | 'steps'>): { statement: Statement; steps: Step[] }[] {
  const top = new Set(script.statements)
  const all: { statement: Statement; steps: Step[] }[] = []
  for (const step of steps) {
    if (top.has(step.statement)) all.push({ statement: step.statement, steps: [step] })
    else all.at(-1)?.steps.push(step)
  }
  return all
}

/** Why a statement cannot be sent as it is, a clause; null: it can. */
function notSent({ span, text, kind, node }: Statement, source: string): string | null {
  if (kind === 'CopyStmt') {
    if (node.is_program === true) return "it starts a program on the server's machine"
    if (node.filename === undefined) return 'the rows of COPY are not sent'
  }
  if (!ownParameters.has(kind) && hasParameters(node)) return 'the value of a parameter is not known'
  const isWhole =
    source.slice(span[0], span[1]) === text &&
    !text.includes(unnamed) &&
    'statements' in parseText(text, offset => offset)
  return isWhole ? null : 'the value of a placeholder is not known'
}

/** Statements that have parameters of their own. */
const ownParameters: ReadonlySet<Statement['kind']> = new Set(['PrepareStmt', 'CreateFunctionStmt'])

/** Programs send values beside the statement, for `$1`. */
function hasParameters(node: unknown): boolean {
  let found = false
  descend(node, key => {
    found ||= key === 'ParamRef'
    return !found
  })
  return found
}

/** Sends a statement in the session as it is, with a transaction of its own where it has none, so that its locks can be seen. */
export async function sent(
  statement: Statement,
  { transaction, refusedInTransaction }: Step,
  session: Session,
  watch: Recorder,
): Promise<Seen> {
  const { kind, text } = statement
  const isFree = transaction.id === null && session.block === 'idle'
  const alone = isFree && !staysOutside.has(kind) && refusedInTransaction === undefined
  const isSetting = (kind === 'TransactionStmt' && !givesBack(statement)) || kind === 'VariableSetStmt'
  const recording = await watch.record(text, { isSetting, alone })
  // Whether a block of PL/pgSQL commits, or a function refuses to run in a block, is only known now.
  const minds = alone && ['25001', '2D000'].includes(recording.refused?.sqlstate ?? '')
  return seenIn(minds ? await watch.record(text, { isSetting, alone: false }) : recording, kind === 'TruncateStmt')
}

/** ROLLBACK TO gives back the locks that were taken since the savepoint. */
function givesBack({ kind, node }: Statement): boolean {
  return kind === 'TransactionStmt' && node.kind === 'TRANS_STMT_ROLLBACK_TO'
}

/** Statements that mean something else in a block of their own. */
const staysOutside: ReadonlySet<Statement['kind']> = new Set(['TransactionStmt', 'VariableSetStmt', 'VacuumStmt'])

/** The outcome of the work, or a Failure that says with which statement the connection was lost. */
async function inFile<T>(file: MigrationFile, { span }: Statement, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const line = file.script.source.text.slice(0, placeIn(file, span)[0]).split('\n').length
    throw new Failure(`${file.path}:${line}: the server was lost with this statement: ${reason(error)}.`)
  }
}

function placed(file: MigrationFile, { span, text, kind }: Statement): Pick<TracedStatement, 'span' | 'text' | 'kind'> {
  return { span: placeIn(file, span), text, kind }
}
