import { NotRead, told } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import type { Run } from '../../code/run.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import { type Call, nothing, type Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import type { Catalog } from './catalog.ts'
import { type Command, commandOf } from './command.ts'
import { commas, Given, type Operation, type Session, type Settings, table } from './given.ts'
import { inverseOf } from './reversal.ts'
import { safely } from './safe-pg.ts'

interface Bulk {
  readonly name: Text
  readonly at: Span
  actions: Text[]
  after: Text[]
}

/** The state of reading one direction of one migration. */
export class OneDirection implements Session {
  readonly run: Run
  readonly settings: Settings
  readonly operations: ReadonlyMap<string, Operation>
  catalog: Catalog
  version: number
  isOutside = false
  /** Commands that `revert` has collected to reverse them. */
  #recorded: (() => void)[] | null = null
  #bulk: Bulk | null = null

  constructor(run: Run, settings: Settings, operations: ReadonlyMap<string, Operation>, catalog: Catalog) {
    this.run = run
    this.settings = settings
    this.operations = operations
    this.catalog = catalog
    this.version = settings.rails
  }

  get isReverting(): boolean {
    return this.#recorded !== null
  }

  perform(name: string, call: Call): Value {
    return told(this.run, call.at, () => this.command(commandOf(name, call))) ?? nothing(call.at)
  }

  command(command: Command): Value | undefined {
    const recorded = this.#recorded
    if (!recorded || asked.test(command.name) || command.name === 'change_table') return this.#done(command)
    const inverse = inverseOf(command)
    recorded.push(() => void told(this.run, command.at, () => this.#done(inverse)))
    return undefined
  }

  revert(work: () => void): void {
    const before = this.#recorded
    const own: (() => void)[] = []
    this.#recorded = before ? null : own
    try {
      work()
    } finally {
      this.#recorded = before
    }
    if (!before) for (const each of own.reverse()) each()
  }

  inOrder(work: () => void): void {
    const recorded = this.#recorded
    if (!recorded) return work()
    recorded.push(work)
  }

  alter(given: Given, name: Text, actions: readonly Text[], after: readonly Text[] = []): void {
    if (this.#bulk) {
      append(this.#bulk.actions, actions)
      append(this.#bulk.after, after)
      return
    }
    if (actions.length > 0) given.send(given.sql`ALTER TABLE ${table(name, given.at)} ${commas(actions, given.at)}`)
    for (const each of after) given.send(each)
  }

  bulk(name: Text, { at, nameAt }: Command, work: () => void): void {
    const bulk: Bulk = { name, at: nameAt, actions: [], after: [] }
    this.#bulk = bulk
    try {
      work()
    } finally {
      this.#bulk = null
      this.#flush(bulk, at)
    }
  }

  #flush(bulk: Bulk, at: Span): void {
    const sql = sqlAt(bulk.at)
    if (bulk.actions.length > 0)
      this.run.send(sql`ALTER TABLE ${table(bulk.name, bulk.at)} ${commas(bulk.actions, bulk.at)}`, { at })
    for (const each of bulk.after) this.run.send(each, { at })
    bulk.actions = []
    bulk.after = []
  }

  together(given: Given, statements: readonly Text[]): void {
    if (this.settings.rails >= 8.2) given.send(joined(statements, textAt(';\n', given.at)))
    else for (const each of statements) given.send(each)
  }

  #done(command: Command): Value | undefined {
    const bulk = this.#bulk
    const { safePg } = this.settings
    const steps = safePg !== null && !(bulk && combined.has(command.name)) ? safely(command, safePg) : null
    if (!steps) return this.#perform(command)
    for (const step of steps)
      if (typeof step === 'string') this.run.send(textAt(step, command.nameAt), { at: command.at })
      else this.#perform(step)
    return undefined
  }

  #perform(command: Command): Value | undefined {
    const operation = this.operations.get(command.name)
    if (operation && this.settings.hasAffix && !withoutTable.test(command.name))
      throw new NotRead('the project has a prefix or suffix for the names of tables', command.nameAt)
    const bulk = this.#bulk
    if (!bulk || combined.has(command.name)) return operation?.(new Given(this, command))
    this.#flush(bulk, command.at)
    this.#bulk = null
    try {
      return operation?.(new Given(this, command))
    } finally {
      this.#bulk = bulk
    }
  }
}

/** Methods that only ask the database. */
const asked = /\?$/

/** Methods that name no table. */
const withoutTable =
  /^(?:execute|(?:en|dis)able_extension|(?:create|drop|rename)_(?:schema|enum)|add_enum_value|rename_enum_value)$/

/** Methods whose changes a block with `bulk: true` combines (`…_for_alter`). */
const combined = new Set([
  'add_column',
  'change_column',
  'change_column_default',
  'change_column_null',
  'remove_column',
  'remove_columns',
  'add_timestamps',
  'remove_timestamps',
])
