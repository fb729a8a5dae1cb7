import type { String as PgString, RangeVar } from '@pgsql/types'
import type { History } from '../../lint/history/history.ts'
import { statementsOf } from '../../lint/places.ts'
import { isMigration } from '../../migration/migration.ts'
import type { Statement, StatementKind } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import type { Difference, Trace } from '../../report/trace/trace.ts'

/** A difference from the prediction, as somebody else can see it: SQL that leads there, and the statement. */
export interface DifferenceCase {
  readonly server: string
  readonly setup: string
  readonly sql: string
  /** It runs in a transaction. */
  readonly inTransaction: boolean
  readonly differences: readonly Difference[]
}

const mostCases = 3
const longest = 20_000

/** What a statement may need although it does not name it as a relation. */
const bases: ReadonlySet<StatementKind> = new Set([
  ...(['CreateSchemaStmt', 'CreateExtensionStmt', 'CreateEnumStmt', 'AlterEnumStmt', 'CreateDomainStmt'] as const),
  ...(['CompositeTypeStmt', 'CreateRangeStmt', 'DefineStmt', 'CreateFunctionStmt'] as const),
])

/** The first differences of a trace. What comes before each is cut down to what names the same relations, and to what these need. */
export function casesOf(
  { server, files }: Trace,
  histories: readonly History[],
  display: (path: string) => string,
): DifferenceCase[] {
  const found = files.flatMap(file => file.statements.map(statement => ({ path: file.path, statement })))
  const differing = found.filter(({ statement }) => statement.differences.length > 0)
  return differing.slice(0, mostCases).map(({ path, statement: { text, seen, transaction, differences } }) => {
    const history = histories.find(each => each.files.some(file => display(file.path) === path))
    const all = (history?.files ?? []).filter(({ input }) => isMigration(input))
    const place = all.findIndex(file => display(file.path) === path)
    const own = all[place] ? statementsOf(all[place]) : []
    const at = own.findIndex(each => each.text.trim() === text.trim())
    const before = [...all.slice(0, place).flatMap(file => statementsOf(file)), ...own.slice(0, Math.max(0, at))]
    const wanted = new Set([
      ...(own[at] ? relationsIn(own[at]) : []),
      ...(seen?.relations ?? []).map(({ relation }) => relation.split('.').at(-1) ?? ''),
    ])
    const setup = leadingTo(before, wanted).map(each => `${each.text.trim()};\n`)
    const whole = setup.join('')
    return {
      server,
      setup: whole.length > longest ? '' : whole,
      sql: text.slice(0, longest),
      inTransaction: transaction !== null,
      differences,
    }
  })
}

/** Backwards, because what a statement names is needed before it. */
function leadingTo(before: readonly Statement[], wanted: Set<string>): Statement[] {
  const kept: Statement[] = []
  for (const statement of [...before].reverse()) {
    const names = relationsIn(statement)
    if (!bases.has(statement.kind) && !names.some(name => wanted.has(name))) continue
    for (const name of names) wanted.add(name)
    kept.push(statement)
  }
  return kept.reverse()
}

const ofRelations: ReadonlySet<string> = new Set(['RangeVar', 'relation', 'typevar', 'view', 'rel'])

/** The names of the relations in a statement, without their schemas. */
function relationsIn({ kind, node }: Statement): string[] {
  const found: string[] = []
  descend(node, (key, value) => {
    const { relname } = value as RangeVar
    if (ofRelations.has(key) && typeof relname === 'string') found.push(relname)
    // DROP and COMMENT have names as lists of texts.
    const { sval } = value as PgString
    if (key === 'String' && (kind === 'DropStmt' || kind === 'CommentStmt') && typeof sval === 'string')
      found.push(sval)
    return true
  })
  const { newname } = node as { readonly newname?: unknown }
  return typeof newname === 'string' ? [...found, newname] : found
}
