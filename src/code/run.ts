import type { Execution } from '../migration/execution.ts'
import { append } from '../parse/list.ts'
import type { Span } from '../parse/span.ts'
import type { Beside } from './beside.ts'
import { segmentsOf } from './holes.ts'
import { TooMuch } from './limit.ts'
import type { NamesSetting } from './names.ts'
import { lengthOf, plain, renamed, type Text } from './text.ts'
import { type Unknown, unknown, type Value } from './value.ts'
import { Weights } from './weight.ts'

/** What a migration in code does, in order, as the reader of its tool reports it. */
export type Deed = Sent | NotKnown

/** SQL that the tool sends, as one message. */
export interface Sent extends Way {
  readonly kind: 'sql'
  readonly sql: Text
}

/** Something unknown that may reach the database. */
export interface NotKnown extends Way {
  readonly kind: 'unread'
  /** Why, a clause. */
  readonly why: string
  /** It reads and writes rows: tables and everything else that describes them stay as they are. */
  readonly onlyRows?: true
}

interface Way {
  /** The call, or the unknown place. */
  readonly at: Span
  /** How it reaches the server, where that differs from the rest of the migration. */
  readonly execution?: Execution
  /** The tool ends its transaction before this and begins another one. */
  readonly apart?: true
  /** It is under an unknown condition or in an unknown loop, so it may run any number of times or not at all. */
  readonly isConditional: boolean
}

/** How a message reaches the server. */
export interface Sending {
  /** The whole call, which comments that silence findings apply to. */
  readonly at: Span
  readonly execution?: Execution
  readonly apart?: true
}

/** More statements than any migration that a person wrote has. */
const mostDeeds = 20_000
const mostSteps = 400_000
/** The steps of a part whose unread places are reported as one. */
const mostStepsAtOnce = 20_000
const mostCharacters = 8_000_000
/** One call may send a few statements. Everything it sends beyond that comes from a loop, or from a function that calls itself. */
const fewOfOneCall = 20
/** The number of such statements, and of their characters, that are read. */
const mostMade = 1_000
const mostMadeCharacters = 500_000
/** The number of statements that are read of texts beyond the first time that each literal, or each loaded file, is sent. */
const mostRepeated = 20_000
/** After this many unknown places the rest would tell people nothing more. */
const mostUnread = 500
/** More unknown places of one message tell people nothing more. */
const mostHoles = 20

/** The result of reading one direction of a migration. Readers of tools write to it. */
export class Run {
  readonly deeds: Deed[] = []
  /** Places that decide what runs, with an unknown outcome: all branches were read. */
  readonly doubts: { readonly at: Span; readonly why: string }[] = []
  /** Files of SQL that the program loads, by path. */
  readonly loaded = new Map<string, string>()
  /** The place of the program, and the files that it may load; null: both are unknown. */
  readonly beside: Beside | null
  readonly #check: () => void
  /** Undefined: no change, or one that was already reported as unknown. */
  #names: NamesSetting | undefined
  #conditions = 0
  #onlyRows = false
  #promises = 0
  #steps = 0
  #lastStep = mostSteps
  #characters = 0
  #unread = 0
  /** How many statements each place has sent, by its offset. */
  readonly #sentAt = new Map<number, number>()
  #made = 0
  #madeCharacters = 0
  readonly #cutAt = new Set<number>()
  /** Unread parts that are behind the SQL of their call. */
  readonly #placed = new Set<Deed>()
  /** The literals, by their offset, and the texts of loaded files that were sent already. */
  readonly #loadedTexts = new Set<string>()
  readonly #sentOnce = new Set<number | string>()
  #repeated = 0
  #execution: Pick<Sending, 'execution' | 'apart'> = {}
  readonly #weights = new Weights()
  /** Calls a function of the program; the evaluator of its language sets this. */
  #invoke: (callable: Value, args: readonly Value[], at: Span, self?: Value) => Value = (_, __, at) =>
    unknown('it is not a function of this file', at)

  /** `names`: how the project changes names that its tool quotes. */
  constructor(check: () => void = () => {}, names?: NamesSetting, beside: Beside | null = null) {
    this.beside = beside
    this.#check = check
    this.#names = names
  }

  /** Records that the tool sends this text to the server as one message. Unknown parts of it are reported. */
  send(given: Text, how: Sending): void {
    if (plain(given).trim() === '') return
    const sql = this.#named(given, how)
    const within = this.#unreadWithin(how.at)
    const start = this.deeds.length
    let isFirst = true
    for (const { sql: own, holes, isRead } of segmentsOf(sql)) {
      // The tool begins a new transaction only before a message, not within it.
      const { apart: _, ...further } = this.#way(how)
      if (isRead) this.#add({ kind: 'sql', sql: own, ...(isFirst ? this.#way(how) : further) })
      for (const { at, why } of holes.slice(0, mostHoles)) this.unread(at, why)
      isFirst = false
    }
    // An unknown part of the text was reported when it was read, too.
    const holes = this.deeds.slice(start).filter(({ kind }) => kind === 'unread')
    append(
      this.deeds,
      within.filter(({ at }) => !holes.some(each => each.at[0] === at[0] && each.at[1] === at[1])),
    )
  }

  /**
   * Takes out the unread parts of a call that were just reported, such as a column of the table that it describes: they go behind the SQL of the
   * call, because what that makes has these parts, too.
   */
  #unreadWithin(call: Span): Deed[] {
    let first = this.deeds.length
    while (first > 0) {
      const deed = this.deeds[first - 1] as Deed
      if (deed.kind !== 'unread' || this.#placed.has(deed) || !isInside(deed.at, call)) break
      first--
    }
    const found = this.deeds.splice(first)
    for (const deed of found) this.#placed.add(deed)
    return found
  }

  #named(sql: Text, { at }: Sending): Text {
    const names = this.#names
    if (!names) return sql
    if ('changed' in names) return renamed(sql, names.changed)
    if (sql.pieces.every(piece => piece.name === undefined)) return sql
    this.#names = undefined
    this.unread(at, names.why)
    return sql
  }

  /**
   * Records that code at this place may reach the database and is not read. `why`: a clause for people, such as `it comes from another file`.
   * `onlyRows`: whatever it does, it reads and writes rows and nothing else.
   */
  unread(at: Span, why: string, onlyRows = this.#onlyRows): void {
    const last = this.deeds.at(-1)
    if (last?.kind === 'unread' && last.at[0] === at[0] && last.at[1] === at[1] && (onlyRows || !last.onlyRows)) return
    if (++this.#unread > mostUnread) throw new TooMuch('too much of it is unknown')
    this.#add({ kind: 'unread', why, ...this.#way({ at }), ...(onlyRows && { onlyRows }) })
  }

  /** Records an unread call, and returns the unknown value that stands for its result. */
  notRead(at: Span, why: string, onlyRows = this.#onlyRows): Unknown {
    this.unread(at, why, onlyRows)
    return unknown(why, at)
  }

  /** Whatever `work` leaves unread reads and writes rows, and nothing else. */
  onRows<T>(work: () => T): T {
    const before = this.#onlyRows
    this.#onlyRows = true
    try {
      return work()
    } finally {
      this.#onlyRows = before
    }
  }

  /** Calls a function of the migration, such as one that describes a table. */
  invoke(callable: Value, args: readonly Value[], at: Span, self?: Value): Value {
    return this.#invoke(callable, args, at, self)
  }

  /** Waits for a value, as `await` and `return` do. */
  settle(value: Value, at: Span): Value {
    if (value.kind === 'host' && value.settle) return value.settle(at)
    if (value.kind === 'unknown' && (value.isAnswer || value.mayReach))
      return this.notRead(value.at, value.why, value.mayReach === 'rows' || this.#onlyRows)
    return value
  }

  /** Everything that `work` sends is sent in this way, unless it names another way. */
  inWay<T>(way: Pick<Sending, 'execution' | 'apart'>, work: () => T): T {
    const before = this.#execution
    this.#execution = way
    try {
      return work()
    } finally {
      this.#execution = before
    }
  }

  /**
   * Reports everything that `work` leaves unread once, at this place. It also does so when `work` returns that there is more to report, which may
   * be about rows alone, or when `work` takes too many steps.
   */
  toldOnce(at: Span, why: string, work: () => boolean | 'rows'): void {
    const [start, doubts, unread, last] = [this.deeds.length, this.doubts.length, this.#unread, this.#lastStep]
    let isMore: boolean | 'rows' = true
    this.#lastStep = Math.min(last, this.#steps + mostStepsAtOnce)
    try {
      isMore = work()
    } catch (error) {
      if (!(error instanceof TooMuch) || this.#steps > last) throw error
    } finally {
      this.#lastStep = last
      this.#unread = unread
      const own = this.deeds.splice(start)
      const notRead = own.filter(deed => deed.kind === 'unread')
      if (isMore || notRead.length > 0)
        this.unread(at, why, isMore !== true && notRead.every(deed => deed.onlyRows === true))
      for (const deed of own) if (deed.kind === 'sql') this.deeds.push(deed)
      if (!own.some(deed => deed.kind === 'sql' && deed.isConditional)) this.doubts.splice(doubts)
    }
  }

  /** Marks everything that `work` does as conditional: it may run any number of times or not at all. */
  perhaps<T>(work: () => T): T {
    this.#conditions++
    try {
      return work()
    } finally {
      this.#conditions--
    }
  }

  /**
   * Reads what runs only after a failure. `work` returns whether it throws on: then the migration fails and is not recorded as applied, so what
   * was sent there, mostly ROLLBACK, is left out.
   */
  handle(work: () => boolean): void {
    const start = this.deeds.length
    if (!work()) return
    for (const deed of this.deeds.splice(start)) if (deed.kind === 'unread') this.deeds.push(deed)
  }

  /** From here on everything counts as conditional, until `restore` sets `conditions` back. */
  doubtTheRest(): void {
    this.#conditions++
  }

  /** The number of unknown conditions around the current place. */
  get conditions(): number {
    return this.#conditions
  }

  restore(conditions: number): void {
    this.#conditions = conditions
  }

  doubt(at: Span, why: string): void {
    this.doubts.push({ at, why })
  }

  /** Ends the reading here, and reports the reason. */
  giveUp(at: Span, why: string): void {
    this.deeds.push({ kind: 'unread', why, at, isConditional: false })
  }

  /** A call has described SQL that is sent later: a condition around the call is one around that SQL. */
  promise(): void {
    this.#promises++
  }

  get promises(): number {
    return this.#promises
  }

  /** Counts steps of reading. Throws TooMuch when there are too many steps, and whatever the check throws. */
  step(count = 1): void {
    const before = this.#steps
    this.#steps += count
    if (this.#steps > this.#lastStep) throw new TooMuch('it takes too many steps')
    if (this.#steps >> 8 !== before >> 8) this.#check()
  }

  /**
   * Looks at values before a tool or an unknown function gets them, and before they are put into a list or an object, the `holder`.
   * Throws TooMuch when they are too large, or contain the holder.
   */
  weigh(values: Iterable<Value>, holder?: Value): void {
    this.#weights.weigh(values, holder)
  }

  /** For evaluators: sets how functions of the file are called. */
  set invocation(invoke: (callable: Value, args: readonly Value[], at: Span, self?: Value) => Value) {
    this.#invoke = invoke
  }

  #way({ at, execution, apart }: Sending): Way {
    const own = execution ?? this.#execution.execution
    const isApart = apart ?? this.#execution.apart
    return {
      at,
      ...(own && { execution: own }),
      ...(isApart && { apart: isApart }),
      isConditional: this.#conditions > 0,
    }
  }

  #add(deed: Deed): void {
    if (deed.kind === 'sql' && this.#isOneTooMany(deed)) return
    this.#characters += deed.kind === 'sql' ? lengthOf(deed.sql) : 0
    this.#repeated += deed.kind === 'sql' ? this.#repeatedIn(deed.sql) : 0
    const isTooMuch =
      this.deeds.length >= mostDeeds || this.#characters > mostCharacters || this.#repeated > mostRepeated
    if (isTooMuch) throw new TooMuch('it sends too much')
    this.deeds.push(deed)
  }

  /** About how many statements a text has that neither the program nor the files that it loads contain as often. */
  #repeatedIn({ pieces }: Text): number {
    let count = 0
    for (const { text, literal, isVerbatim } of pieces) {
      if (!text.includes(';')) continue
      const source = literal && isVerbatim ? literal.at[0] : this.#loadedTexts.has(text) ? text : null
      if (source !== null && !this.#sentOnce.has(source)) this.#sentOnce.add(source)
      else count += text.split(';').length - 1
    }
    return count
  }

  /** Records that the program has the text of a file. */
  load(path: string, text: string): void {
    this.loaded.set(path, text)
    this.#loadedTexts.add(text)
  }

  /** A short loop can make any number of statements. Each place that sends too many is reported once; the code after it is read. */
  #isOneTooMany({ sql, at }: Sent): boolean {
    const sent = (this.#sentAt.get(at[0]) ?? 0) + 1
    this.#sentAt.set(at[0], sent)
    if (sent <= fewOfOneCall) return false
    this.#made++
    this.#madeCharacters += lengthOf(sql)
    if (this.#made <= mostMade && this.#madeCharacters <= mostMadeCharacters) return false
    if (!this.#cutAt.has(at[0])) {
      this.#cutAt.add(at[0])
      this.unread(at, 'it sends more statements than are read')
    }
    return true
  }
}

/** Whether a place is a part of another one, and not all of it. */
function isInside(inner: Span, outer: Span): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1] && inner[1] - inner[0] < outer[1] - outer[0]
}
