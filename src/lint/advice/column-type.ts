import type { Node } from '@pgsql/types'
import type { RunnerAdvice } from '../../migration/runner.ts'
import type { Index } from '../../postgres/catalog/catalog.ts'
import { strings } from '../../postgres/catalog/name.ts'
import { textOf } from '../../postgres/expression/written.ts'
import type { Step } from '../../postgres/step.ts'
import type { AlterColumnType } from '../../postgres/table-operation.ts'
import { plainTypeOf } from './add-column.ts'
import { validateLater } from './advice.ts'
import { canFillByTrigger, keepComputed } from './computed-column.ts'
import { validate } from './constraint-sql.ts'
import { identifier, newName, quoted, quoteIdentifier, raw, type Sql, sql } from './sql.ts'
import { columnOf, tableOf } from './table.ts'
import { writtenText } from './written-text.ts'

interface Change {
  readonly step: Step
  readonly history: readonly Step[]
  readonly operation: AlterColumnType
  readonly runner: RunnerAdvice
  readonly version: number
}

/** For messages: `Changing "total" of "orders" to bigint`. */
export function changing({ column, table, toText }: AlterColumnType): Sql {
  return raw(`Changing ${quoted(column)} of ${quoted(table.name)} to ${toText}`)
}

/** For SQL, after the type: ` USING …`, or nothing. */
export function usingClause({ statement }: Step, using: Node | null): Sql {
  return raw(using === null ? '' : ` USING ${textOf(using, statement)}`)
}

/** Help that changes the type by means of a second column. */
export function bySecondColumn(
  { step, operation, runner, version }: Change,
  first = 'Add a second column of the new type:',
): (string | Sql)[] {
  const { table, column, to, toText, using } = operation
  const second = newName(column, 'new')
  const type = plainTypeOf(step.before, to) ?? toText
  const value = using === null ? quoteIdentifier(column) : textOf(using, step.statement)
  if (value === '') return ['Add a second column of the new type, fill it in batches, and let code use that one.']
  return [
    first,
    sql`ALTER TABLE ${table.name} ADD COLUMN ${identifier(second)} ${raw(type)};`,
    ...keepComputed({ step, table, column: second, value, runner, version }),
    `Give it the indexes and constraints of ${quoted(column)}. Let code write both, and read the new one.`,
    `Then drop ${canFillByTrigger(table, version) ? 'the trigger, and ' : ''}${quoted(column)} when nothing needs it.`,
  ]
}

/** The indexes that are rebuilt, as the catalog has them; null if some of them do not belong to the table. */
export function rebuilt({ before }: Step, { table, rebuiltIndexes }: AlterColumnType): Index[] | null {
  const own = tableOf(before, table.oid)?.indexes.flatMap(oid => {
    const index = before.relations.get(oid)
    return index && 'keys' in index && rebuiltIndexes.includes(index.name) ? [index] : []
  })
  return own?.length === rebuiltIndexes.length ? own : null
}

/**
 * The change, without the CHECK constraints that it would verify: they are dropped before it, added again as NOT VALID
 * and validated later. Null when the migrations do not show what they check.
 */
export function withoutChecks({ step, history, operation, runner }: Change): (string | Sql)[] | null {
  const { table, column, toText, using, collate, recheckedConstraints: names } = operation
  const clause = [`ALTER COLUMN ${quoteIdentifier(column)} TYPE ${toText}`]
  const known = tableOf(step.before, table.oid)
  const collation = known && columnOf(tableOf(step.after, table.oid) ?? known, column)?.collation
  if (collate && collation) clause.push(`COLLATE ${quoteIdentifier(collation)}`)
  if (using !== null) clause.push(`USING ${textOf(using, step.statement)}`)
  if (using !== null && textOf(using, step.statement) === '') return null
  if (names.length === 0) return [sql`ALTER TABLE ${table.name} ${raw(clause.join(' '))};`]
  const checks = names.map(name => {
    const expression = known?.constraints.find(each => each.name === name)?.expression
    return { name: quoteIdentifier(name), text: expression ? writtenText(history, expression) : null }
  })
  if (checks.some(({ text }) => text === null)) return null
  const parts = [
    ...checks.map(({ name }) => `DROP CONSTRAINT ${name}`),
    clause.join(' '),
    ...checks.map(({ name, text }) => `ADD CONSTRAINT ${name} CHECK (${text}) NOT VALID`),
  ]
  return [
    raw(`${sql`ALTER TABLE ${table.name}`.sql}\n  ${parts.join(',\n  ')};`),
    validateLater(runner, names.length),
    ...names.map(name => validate(table.name, name)),
  ]
}

/** True for `column AT TIME ZONE 'UTC'`. If TimeZone is UTC, plain conversion does the same without touching a row. */
export function isFromUtc(using: Node | null, column: string): boolean {
  if (using === null || !('FuncCall' in using)) return false
  const { funcname, args = [] } = using.FuncCall
  const [zone, value] = args
  if (strings(funcname).at(-1) !== 'timezone' || !zone || !value || !('A_Const' in zone) || !('ColumnRef' in value))
    return false
  const name = zone.A_Const.sval?.sval?.toLowerCase() ?? ''
  return ['utc', 'gmt', 'etc/utc', 'zulu'].includes(name) && strings(value.ColumnRef.fields).at(-1) === column
}
