import { isRefused } from '../../../src/lint/advice/refused-in-transaction.ts'
import { type History, readHistory } from '../../../src/lint/history/history.ts'
import { tokens } from '../../../src/parse/lexer.ts'
import { parse } from '../../../src/parse/parse.ts'
import { decode } from '../../../src/parse/source.ts'
import type { Span } from '../../../src/parse/span.ts'
import type { Step, Transaction } from '../../../src/postgres/step.ts'
import { type Project, projectsOf } from '../../../src/systems/discover.ts'
import { inputsOf } from '../../../src/systems/inputs.ts'
import { withParsers } from '../../../src/systems/reading/on-demand.ts'
import type { Tree } from '../../../src/systems/reading/tree.ts'
import type { Migration } from '../../../src/systems/system.ts'

/** A message that the tool sends according to the adapter. */
export interface Message {
  /** `drizzle/0000_first.sql:4`. */
  readonly place: string
  readonly text: string
  /** The number of the transaction block that is open when it is sent, according to the model; null: none is open. */
  readonly transaction: number | null
  /** The SQLSTATE with which it fails according to the model. */
  readonly error: string | null
}

export interface Expectation {
  /** The messages in the order in which they are sent, up to the first that fails. */
  readonly messages: readonly Message[]
  /** Text that the tool does not send: that of down migrations, and of files that are not migrations. */
  readonly never: readonly string[]
}

/** The result of the adapter for the only project in a tree. */
export async function expectationOf(tree: Tree, system: string): Promise<Expectation> {
  const { projects } = await withParsers(() => projectsOf(tree, { transaction: () => 'unknown' }))
  const [project] = projects
  if (!project || projects.length > 1 || project.system.id !== system) {
    throw new Error(`found ${projects.map(each => each.system.id).join(', ') || 'nothing'} in place of ${system}`)
  }
  const inputs = inputsOf(project, tree)
  const history = await readHistory(inputs, { version: 17, compat: false })
  const all = project.migrations.flatMap((migration, i) => messagesOf(migration, i, history))
  const failing = all.findIndex(({ error }) => error !== null)
  return { messages: failing < 0 ? all : all.slice(0, failing + 1), never: neverSent(project, tree) }
}

function messagesOf(migration: Migration, index: number, { files }: History): Message[] {
  const { path, content, execution: whole, parts, opaque } = migration
  if (opaque !== undefined) return []
  const { source } = decode(path, content)
  const { text } = source
  const steps = files[index]?.steps ?? []
  const pieces = parts?.(text) ?? [{ span: [0, text.length] as const }]
  return pieces.flatMap(({ span, execution = whole }) => {
    const spans = execution.singleMessage
      ? [span]
      : parse(source, [{ span }]).statements.map(statement => statement.span)
    return spans
      .filter(each => sameWords(text.slice(...each)) !== '')
      .map(each => {
        const inside = steps.filter(({ statement }) => isIn(statement.span, each))
        return {
          place: `${path}:${lineOf(text, each)}`,
          text: text.slice(...each),
          transaction: inside[0] ? blockOf(inside[0].transaction) : null,
          error: inside.map(failureOf).find(sqlstate => sqlstate !== null) ?? null,
        }
      })
  })
}

/** A statement that may not run has no certain error, but what a transaction block refuses fails whenever it does run. */
function failureOf(step: Step): string | null {
  return step.error?.sqlstate ?? (isRefused(step) ? '25001' : null)
}

/** A message begins its implicit transaction itself: before it, none is open. */
function blockOf({ id, kind }: Transaction): number | null {
  return kind === 'runner' || kind === 'explicit' ? id : null
}

function neverSent({ migrations, asides }: Project, tree: Tree): string[] {
  const downs = migrations.flatMap(({ path, content, downParts }) => {
    const { text } = decode(path, content).source
    return (downParts?.(text) ?? []).map(({ span }) => text.slice(...span))
  })
  const files = [...migrations.flatMap(({ downPath }) => downPath ?? []), ...asides.map(({ path }) => path)]
  return [...downs, ...files.map(path => decode(path, tree.read(path)).source.text)]
}

/** The words of a text, as PostgreSQL reads it: without comments, line ends and text between statements. */
export function sameWords(text: string): string {
  const words = tokens(text).filter(token => token.kind !== 'comment' && token.text !== ';')
  return words.map(token => token.text).join(' ')
}

function lineOf(text: string, [start, end]: Span): number {
  const first = start + Math.max(text.slice(start, end).search(/\S/), 0)
  return text.slice(0, first).split('\n').length
}

function isIn(inner: Span, outer: Span): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1]
}
