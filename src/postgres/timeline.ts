import type { TransactionStmt } from '@pgsql/types'
import { ParserLost } from '../parse/instance.ts'
import type { Statement } from '../parse/script.ts'
import type { Moment } from './backend.ts'
import { emptyCatalog } from './catalog/catalog.ts'
import { afterUnknown, shownIn } from './catalog/doubt.ts'
import { comeHome, connect, onlyHome } from './databases.ts'
import { execute } from './execute.ts'
import type { Outcome } from './outcome.ts'
import {
  afterStatement,
  closeBody,
  control,
  isInBlock,
  openForBody,
  outside,
  type Session,
  setting,
  startPart,
} from './session.ts'
import { settingChanges } from './settings.ts'
import type { Gap, MigrationUnit, Step } from './step.ts'
import { withTriggers } from './triggers.ts'

/** What a connection begins with, whatever the one before it did: `startPart`. */
type OfConnection = 'settings' | 'transaction' | 'began' | 'savepoints' | 'idle' | 'scope'

/** What the next migration finds, if it runs on a connection of its own. */
export interface Standing extends Omit<Session, OfConnection> {
  /** How many steps there were. */
  readonly steps: number
}

export interface TimelineOptions {
  /** PostgreSQL major version, one of `supportedVersions`. */
  readonly version: number
  /** Other major versions that may be meant because nobody named one; left out: none. */
  readonly otherVersions?: readonly number[]
  /** Gets the newer major versions from which on the migrations may do something else: see `Backend.since`. */
  readonly boundaries?: Set<number> | undefined
  /** Called when a statement makes the model itself fail, which is a defect of this program. The statement is then opaque. */
  readonly onDefect?: (defect: {
    readonly migration: number
    readonly statement: Statement
    readonly error: unknown
  }) => void
  /** Called before each statement. If it throws, the run ends. */
  readonly check?: () => void
  /** What earlier migrations have left. Their steps are missing in `Run.steps`, but they are counted. */
  readonly start?: Standing
}

/**
 * Runs all migrations, in order, on a model of PostgreSQL that starts with an empty catalog. Returns one step per
 * statement (those in DO blocks included, after the DO statement itself). Throws nothing but what a function of the
 * options throws, and ParserLost.
 */
export function timeline(migrations: readonly MigrationUnit[], options: TimelineOptions): Step[] {
  const run = new Run(options)
  for (const [index, { parts, opaque }] of migrations.entries()) run.migration(index, parts, opaque ?? null)
  return run.steps
}

const emptySession: Session = {
  catalog: emptyCatalog,
  settings: new Map(),
  transaction: outside('unknown'),
  began: null,
  savepoints: [],
  idle: 'unknown',
  scope: null,
  nextTransaction: 1,
  databases: onlyHome,
}

/** What there is before the first migration. */
export const nothingDone: Standing = lasting(emptySession, 0)

function lasting(session: Session, steps: number): Standing {
  const { settings: _s, transaction: _t, began: _b, savepoints: _p, idle: _i, scope: _c, ...left } = session
  return { ...left, steps }
}

/** The same, one migration at a time. */
export class Run {
  readonly steps: Step[] = []
  readonly #options: TimelineOptions
  #session: Session = emptySession
  /** The number of steps of the migrations that were run to their end. */
  #done = 0

  constructor(options: TimelineOptions) {
    this.#options = options
    if (!options.start) return
    const { steps, ...left } = options.start
    this.#session = { ...emptySession, ...left }
    this.steps.length = steps
    this.#done = steps
  }

  /** What the migrations have left so far; null where the next one may run in the transaction of the last one. */
  get standing(): Standing | null {
    return this.#session.scope?.spansFiles ? null : lasting(this.#session, this.#done)
  }

  /**
   * What is in the database before the first migration: the result of these parts. `doubt`: the reason why they may show more or less than
   * there was, a clause; null: they show it exactly.
   */
  start(parts: MigrationUnit['parts'], doubt: string | null): void {
    this.migration(-1, parts, null)
    const { catalog, nextTransaction } = this.#session
    this.#session = {
      ...emptySession,
      nextTransaction,
      catalog: doubt === null ? catalog : shownIn(catalog, doubt),
    }
    this.steps.length = 0
    this.#done = 0
  }

  /**
   * Runs the next migration and returns its steps. `opaque`: the reason why its other effects are not known. A
   * migration that an exception interrupted may be run again, or another one in its place.
   */
  migration(index: number, parts: MigrationUnit['parts'], opaque: string | null): readonly Step[] {
    const { steps } = this
    steps.length = this.#done
    let session = this.#session
    for (const [number, { statements, execution, apart, gaps = [] }] of parts.entries()) {
      session = startPart(session, execution, {
        statements: statements.length,
        step: steps.length,
        isFirst: number === 0,
        isApart: apart === true,
      })
      let passed = 0
      for (const statement of statements) {
        for (; (gaps[passed]?.at ?? Number.POSITIVE_INFINITY) < statement.span[0]; passed++)
          session = pass(session, gaps[passed], index)
        session = run(session, statement, index, this.#options, steps)
      }
      for (const gap of gaps.slice(passed)) session = pass(session, gap, index)
    }
    session = comeHome(session)
    if (opaque !== null) session = unknown(session, opaque, index)
    const own = steps.slice(this.#done)
    this.#session = session
    this.#done = steps.length
    return own
  }
}

/** The session after something that is not read. */
function pass(session: Session, gap: Gap | undefined, migration: number): Session {
  if (gap === undefined) return session
  return gap.database === undefined ? unknown(session, gap.why, migration) : connect(session, gap.database, gap.why)
}

function unknown(session: Session, why: string, migration: number): Session {
  return { ...session, catalog: afterUnknown(session.catalog, why, migration) }
}

function run(
  session: Session,
  statement: Statement,
  migration: number,
  options: TimelineOptions,
  steps: Step[],
): Session {
  options.check?.()
  const index = steps.length
  const before = session.catalog
  const outcome = attempt(
    {
      version: options.version,
      boundaries: options.boundaries,
      migration,
      statement,
      catalog: before,
      settings: session.settings,
      transaction: session.transaction,
      began: isInBlock(session.transaction) ? (session.began?.catalog ?? null) : null,
    },
    options,
  )
  // A statement under a condition may not run at all, so it is not certain that it fails.
  const error = statement.conditional ? null : outcome.error
  steps.push({
    index,
    migration,
    statement,
    operations: outcome.operations,
    effects: outcome.effects,
    error,
    unless: outcome.unless,
    opaque: outcome.opaque,
    ...(outcome.refusedInTransaction !== undefined && { refusedInTransaction: outcome.refusedInTransaction }),
    ...(outcome.unreadTrigger !== undefined && { unreadTrigger: outcome.unreadTrigger }),
    transaction: session.transaction,
    settings: session.settings,
    before: outcome.before,
    after: outcome.after,
  })
  const held = statement.conditional
    ? { ...outcome, effects: outcome.effects.map(effect => ({ ...effect, certain: false })) }
    : outcome
  let next: Session = afterStatement(session, held, index)
  if (error === null) {
    if (statement.kind === 'TransactionStmt') next = control(next, statement.node as TransactionStmt, index)
    for (const change of settingChanges(statement)) next = setting(next, change, index)
  }
  if (!statement.body) return next
  let inside = openForBody(next, index)
  for (const inner of statement.body.statements) inside = run(inside, inner, migration, options, steps)
  return closeBody(inside, next)
}

/** Executes a statement. If the model itself fails, the effects of the statement are not known. */
function attempt(moment: Moment, options: TimelineOptions): Outcome {
  try {
    return withTriggers(execute(moment, options.otherVersions ?? []), moment, each => execute(each, []))
  } catch (error) {
    if (error instanceof ParserLost) throw error
    options.onDefect?.({ migration: moment.migration, statement: moment.statement, error })
    return {
      operations: [],
      effects: [],
      error: null,
      unless: null,
      opaque: 'migrate-lint itself failed on it',
      before: moment.catalog,
      after: moment.catalog,
      pendingEvents: moment.transaction.pendingEvents ?? [],
    }
  }
}
