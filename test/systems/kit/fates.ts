import type { Client } from 'pg'
import { type MigrationFile, readHistory } from '../../../src/lint/history/history.ts'
import type { MigrationInput } from '../../../src/migration/migration.ts'
import type { Step } from '../../../src/postgres/step.ts'
import { tables } from './scripts.ts'

/** The fate of each statement of a script that creates a table or builds the index. */
export interface Fates {
  /**
   * `not run`, `undone`, or `kept in` and the transaction; see `numbered`. Null: the model leaves it open.
   */
  readonly each: Readonly<Record<string, string | null>>
  /** The SQLSTATE at which the tool stopped; null: it applied everything. */
  readonly stoppedBy: string | null
  /** The tool's own COMMIT failed. */
  readonly stoppedByOwnCommit: boolean
  /** The model does not predict whether the tool stops. */
  readonly isLeftOpen: boolean
}

/** The fates that the model predicts if a tool applies all of these migrations in one run. */
export async function fatesByModel(inputs: readonly MigrationInput[]): Promise<Fates> {
  const { steps, files } = await readHistory(inputs, { version: 17, compat: false })
  const failed = steps.findIndex(({ error }) => error !== null)
  const closed = files.find(file => needsOpen(file) && endsOutside(file.steps))?.steps.at(-1)?.index
  const isOwnCommit = closed !== undefined && (failed < 0 || closed < failed)
  const stop = isOwnCommit ? closed + 1 : failed < 0 ? steps.length : failed
  const ran = steps.slice(0, stop)
  // The content of the database in the end: a transaction that is open when the tool stops is undone.
  const last = isOwnCommit ? undefined : (steps[failed] ?? unfinished(ran))
  const open = last?.transaction.id ?? null
  const catalog = open === null ? ran.at(-1)?.after : steps.find(({ transaction }) => transaction.id === open)?.before
  const names = new Set([...(catalog?.relations.values() ?? [])].map(relation => relation.name))
  // A transaction that nobody ends is reported as unclosed-transaction, and the model does not predict what a tool does next.
  const unclosed = files.findIndex(file => (unfinished(file.steps)?.index ?? stop) < stop)
  const doubtful = steps.findIndex(
    ({ transaction, migration }) => transaction.kind === 'unknown' || (unclosed >= 0 && migration > unclosed),
  )
  const fates = steps.flatMap((step): [string, string | null][] => {
    const name = /^CREATE (?:TABLE|INDEX CONCURRENTLY) (\w+)/.exec(step.statement.text)?.[1]
    if (name === undefined) return []
    const isOpen = (doubtful >= 0 && step.index >= doubtful) || mayBeUndone(step, ran)
    if (isOpen) return [[name, null]]
    if (step.index >= stop) return [[name, 'not run']]
    return [[name, names.has(name) ? `kept in ${step.transaction.id ?? `its own, ${step.index}`}` : 'undone']]
  })
  return {
    each: Object.fromEntries(fates),
    stoppedBy: isOwnCommit ? null : (steps[failed]?.error?.sqlstate ?? null),
    stoppedByOwnCommit: isOwnCommit,
    isLeftOpen: unclosed >= 0 || doubtful >= 0,
  }
}

function needsOpen({ input, script }: MigrationFile): boolean {
  if (input.kind !== 'sql') return false
  const parts = input.parts?.(script.source.text) ?? []
  return [input, ...parts].some(({ execution }) => execution?.needsOpen === true)
}

function endsOutside(own: readonly Step[]): boolean {
  const last = own.at(-1)
  if (last === undefined || begins(last)) return false
  return ends(last) || last.transaction.id === null || last.transaction.kind === 'implicit'
}

function begins({ operations, error }: Step): boolean {
  return error === null && operations.some(({ kind }) => kind === 'begin')
}

function ends({ operations, error }: Step): boolean {
  return error === null && operations.some(({ kind }) => kind === 'commit' || kind === 'rollback')
}

/** The last step if it leaves a transaction open that nobody commits. */
function unfinished(ran: readonly Step[]): Step | undefined {
  const last = ran.at(-1)
  if (!last || ends(last) || last.transaction.runnerCommits) return undefined
  return (begins(last) && last.transaction.kind !== 'runner') || last.transaction.kind === 'explicit' ? last : undefined
}

/** A ROLLBACK in a later migration undoes it only if both are applied in one run. */
function mayBeUndone({ transaction, migration }: Step, ran: readonly Step[]): boolean {
  return ran.some(
    step =>
      step.migration > migration &&
      step.transaction.id === transaction.id &&
      step.operations.some(({ kind }) => kind === 'rollback'),
  )
}

/** The fates that a database shows. */
export async function fatesInDatabase(client: Client): Promise<Readonly<Record<string, string>>> {
  const found: [string, string][] = []
  for (const name of tables) {
    const { rows: made } = await client.query('SELECT to_regclass($1) IS NOT NULL AS made', [name])
    const { rows: ran } = await client.query(`SELECT is_called FROM ran_${name}`)
    const { rows: kept } = made[0]?.made ? await client.query(`SELECT id FROM ${name}`) : { rows: [] }
    found.push([name, kept[0] ? `kept in ${kept[0].id}` : ran[0]?.is_called ? 'undone' : 'not run'])
  }
  const { rows } = await client.query("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('i')")
  found.push(['i', rows[0]?.indisvalid ? 'kept in its own' : 'not run'])
  return Object.fromEntries(found)
}

/**
 * Fates that can be compared: transactions are numbered by the first table that is left of them. A concurrent build has transactions of its
 * own.
 */
export function numbered(fates: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const transactions: string[] = []
  const names = Object.keys(fates).sort()
  return Object.fromEntries(
    names.map(name => {
      const fate = fates[name] ?? ''
      if (!fate.startsWith('kept in ')) return [name, fate]
      if (name === 'i') return [name, 'kept']
      if (!transactions.includes(fate)) transactions.push(fate)
      return [name, `kept in ${transactions.indexOf(fate) + 1}`]
    }),
  )
}
