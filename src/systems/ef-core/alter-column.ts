import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isNone, isNull } from '../../code/given/value.ts'
import { noted, plain, quoted, type Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import { refuseOthers } from './annotation.ts'
import { type ColumnGiven, columnSql, defaultOf, identity, strategyOf, typeOf } from './column.ts'
import { delimited } from './given.ts'
import { sqlLiteral } from './literal.ts'
import type { Operation } from './operation.ts'

/** NpgsqlMigrationsSqlGenerator.Generate(AlterColumnOperation): only the differences to the old column, in one command. */
export function alterColumn(column: ColumnGiven, table: Text, name: Text, operation: Operation): Text[] {
  const { annotations, oldAnnotations } = operation
  for (const each of [annotations, oldAnnotations])
    refuseOthers(each, ['Npgsql:ValueGenerationStrategy', 'Npgsql:IdentitySequenceOptions'], column.at)
  const sql = sqlAt(column.nameAt)
  const base = sql`ALTER TABLE ${table} ALTER COLUMN ${delimited(name)}`
  const differs = (now: string, old: string) => !isSame(column.get(now), column.get(old))
  if (differs('computedColumnSql', 'oldComputedColumnSql') || column.is('stored') !== column.is('oldStored'))
    return [
      noted(sql`ALTER TABLE ${table} DROP COLUMN ${delimited(name)}`, again),
      sql`ALTER TABLE ${table} ADD ${columnSql(column, name, annotations, true)}`,
    ]
  const sent: Text[] = []
  const [type, oldType] = [typeOf(column), typeOf(column, 'old')]
  const collation = column.text('collation')
  if (plain(type) !== plain(oldType) || differs('collation', 'oldCollation')) {
    const collated = collation
      ? sql` COLLATE ${delimited(collation)}`
      : plain(type) === plain(oldType)
        ? sql` COLLATE "default"`
        : ''
    sent.push(sql`${base} TYPE ${type}${collated}`)
  }
  const [isNullable, wasNullable] = [column.is('nullable'), column.is('oldNullable')]
  if (isNullable && !wasNullable) sent.push(sql`${base} DROP NOT NULL`)
  if (!isNullable && wasNullable) {
    const [expression, value] = [column.text('defaultValueSql'), column.get('defaultValue')]
    const filled = expression ?? (value && sqlLiteral(value, plain(type), column.at))
    if (filled)
      sent.push(noted(sql`UPDATE ${table} SET ${delimited(name)} = ${filled} WHERE ${delimited(name)} IS NULL`, fills))
    sent.push(sql`${base} SET NOT NULL`)
  }
  const strategy = strategyOf(annotations)
  const before = strategyOf(oldAnnotations)
  if (strategy !== before) append(sent, ofStrategy(base, before, strategy, column, operation))
  else if (strategy !== null && !isSame(annotations.get(options), oldAnnotations.get(options)))
    throw new NotRead('other options of an identity are not read', column.at)
  if (
    strategy === null &&
    (differs('defaultValueSql', 'oldDefaultValueSql') || differs('defaultValue', 'oldDefaultValue'))
  ) {
    const value = defaultOf(column, plain(type))
    sent.push(value.pieces.length === 0 ? sql`${base} DROP DEFAULT` : sql`${base} SET${value}`)
  }
  if (differs('comment', 'oldComment')) {
    const comment = column.text('comment')
    sent.push(sql`COMMENT ON COLUMN ${table}.${delimited(name)} IS ${comment ? quoted(comment, "'") : 'NULL'}`)
  }
  return sent
}

const again = '`AlterColumn` drops a computed column whose expression changes, and adds it again.'
const fills =
  '`AlterColumn` fills all rows that have no value in one UPDATE, as `nullable` is false and it gives a default.'

const options = 'Npgsql:IdentitySequenceOptions'

function ofStrategy(
  base: Text,
  before: ReturnType<typeof strategyOf>,
  now: ReturnType<typeof strategyOf>,
  column: ColumnGiven,
  { annotations }: Operation,
): Text[] {
  const sql = sqlAt(column.nameAt)
  const isIdentity = now === 'always' || now === 'by default'
  if (before === null && isIdentity && now)
    return [sql`${base} DROP DEFAULT`, sql`${base} ADD ${identity(now, annotations, column.clrType, column.nameAt)}`]
  if (before === 'always' || before === 'by default') {
    if (now === null) return [sql`${base} DROP IDENTITY`]
    if (isIdentity) return [sql`${base} SET GENERATED ${now.toUpperCase()}`]
  }
  throw new NotRead('another strategy for generated values is not read', column.at)
}

/** Whether two arguments are equal; two missing ones are. */
function isSame(one: Value | undefined, other: Value | undefined): boolean {
  const isNothing = (value: Value | undefined) => isNone(value) || isNull(value)
  if (isNothing(one) || isNothing(other)) return isNothing(one) && isNothing(other)
  if (one?.kind === 'text' && other?.kind === 'text') return plain(one) === plain(other)
  if (one?.kind === 'plain' && other?.kind === 'plain') return one.value === other.value
  if (one?.kind === 'list' && other?.kind === 'list')
    return one.items.length === other.items.length && one.items.every((item, i) => isSame(item, other.items[i]))
  if (one?.kind === other?.kind && one?.kind !== 'text') throw new NotRead('it is unknown whether it changes')
  return false
}
