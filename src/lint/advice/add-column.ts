import type { Node } from '@pgsql/types'
import type { RunnerAdvice } from '../../migration/runner.ts'
import { placeOf } from '../../parse/sorted.ts'
import type { Span } from '../../parse/span.ts'
import type { Catalog, DomainType } from '../../postgres/catalog/catalog.ts'
import type { Column, ColumnType } from '../../postgres/catalog/column.ts'
import { nameKey, strings } from '../../postgres/catalog/name.ts'
import { walk, withoutCasts } from '../../postgres/expression/expression.ts'
import { textOf } from '../../postgres/expression/written.ts'
import type { Step } from '../../postgres/step.ts'
import type { AddColumn, AddConstraint } from '../../postgres/table-operation.ts'
import { typeText } from '../../postgres/type/type.ts'
import { once } from '../once.ts'
import { fillLater } from './advice.ts'
import { fillInBatches } from './batches.ts'
import { makeNotNull } from './not-null.ts'
import { besides } from './relations.ts'
import { identifier, newName, quoteIdentifier, quoteLiteral, raw, type Sql, sql } from './sql.ts'
import { beginsWith } from './words.ts'

interface Place {
  readonly step: Step
  readonly operation: AddColumn
  readonly runner: RunnerAdvice
  readonly version: number
}

/**
 * The operation that adds the column in whose definition an inline constraint was written; undefined: there is no such
 * ADD COLUMN.
 */
export function addedColumn(step: Step, { inline, table, span }: AddConstraint): AddColumn | undefined {
  if (!inline) return undefined
  const { starts, columns } = columnsByStart(step)
  // It is the last operation that begins before the constraint. If the clauses could not be distinguished, all of them
  // span the whole statement.
  const next = placeOf(starts, start => start > span[0])
  const found = columns.get(starts[next - 1] ?? -1)
  return found && found.table.oid === table.oid && span[1] <= found.span[1] ? found : undefined
}

/** The first ADD COLUMN at each place. */
const columnsByStart = once(({ operations }: Step) => {
  const columns = new Map<number, AddColumn>()
  for (const each of operations)
    if (each.kind === 'add-column' && !columns.has(each.span[0])) columns.set(each.span[0], each)
  return { columns, starts: [...columns.keys()].sort((a, b) => a - b) }
})

/** The constraint as it was written in the column's definition; null inside a string constant, where its place is not known. */
export function inlineText(text: (span: Span) => string, { span }: AddConstraint): string | null {
  const definition = text(span)
  return beginsWith(definition, 'CONSTRAINT', 'CHECK', 'UNIQUE', 'PRIMARY', 'REFERENCES') ? definition : null
}

/** ADD CONSTRAINT for a constraint that was written in a column's definition. */
export function constraintClause({ constraint }: AddConstraint, definition: string): string {
  const named = beginsWith(definition, 'CONSTRAINT')
    ? definition
    : `CONSTRAINT ${quoteIdentifier(constraint.name)} ${definition}`
  return `ADD ${named}`
}

/** True if the definition makes the column the table's primary key: add-column-with-primary-key reports everything about it. */
export function isPrimaryKey(step: Step, { table, column }: AddColumn): boolean {
  return inlineKeys(step).has(`${table.oid} ${column.name}`)
}

const inlineKeys = once(
  ({ operations }: Step) =>
    new Set(
      operations.flatMap(each =>
        each.kind === 'add-constraint' && each.inline && each.type === 'primary key'
          ? each.constraint.columns.map(name => `${each.table.oid} ${name}`)
          : [],
      ),
    ),
)

/**
 * The same column, added without anything that makes PostgreSQL read the rows: no sequence, no constraint, no volatile
 * default, nothing generated and stored, no domain with any of these.
 */
export function addAlone(step: Step, operation: AddColumn, type = plainType(step.before, operation)): Sql {
  const { table, column, ifNotExists } = operation
  const parts = [type]
  if (column.collation) parts.push(`COLLATE ${quoteIdentifier(column.collation)}`)
  const generation = column.generated?.kind === 'virtual' ? generationText(step, column) : ''
  if (generation !== '') parts.push(`GENERATED ALWAYS AS (${generation}) VIRTUAL`)
  const value = cheapDefault(operation)
  if (value !== null) parts.push(`DEFAULT ${value}`)
  if (value !== null && column.notNull && !hasNoValue(operation)) parts.push('NOT NULL')
  const exists = raw(ifNotExists ? 'IF NOT EXISTS ' : '')
  return sql`ALTER TABLE ${table.name} ADD COLUMN ${exists}${identifier(column.name)} ${raw(parts.join(' '))};`
}

/** Existing rows get no value: DEFAULT NULL is the same as no default. */
export function hasNoValue({ default: value, column, serial }: AddColumn): boolean {
  if (serial || column.identity || column.generated) return false
  return value === null || isNull(value.expression)
}

function isNull(node: Node): boolean {
  const value = withoutCasts(node)
  return 'A_Const' in value && value.A_Const.isnull === true
}

/** The default, if it is computed once for all existing rows. */
function cheapDefault({ default: value }: AddColumn): string | null {
  return value?.volatility === 'immutable' || value?.volatility === 'stable' ? value.text : null
}

function plainType(catalog: Catalog, { column, serial, typeText: written, constrainedDomain }: AddColumn): string {
  if (serial) return typeText(column.type)
  const domain = domainOf(catalog, column.type)
  return domain && (constrainedDomain === true || domain.default) ? typeText(baseType(catalog, column.type)) : written
}

/** The type behind a domain that has a constraint or a default; null: the type can be used directly. */
export function plainTypeOf(catalog: Catalog, type: ColumnType): string | null {
  const matters = domainsOf(catalog, type).some(each => each.default || each.notNull || each.constraints.length > 0)
  return matters ? typeText(baseType(catalog, type)) : null
}

function baseType(catalog: Catalog, type: ColumnType): ColumnType {
  return domainsOf(catalog, type).at(-1)?.base ?? type
}

/** The domain that is a column's type, and the domains that this one is based on, each once. */
export function domainsOf(catalog: Catalog, type: ColumnType): DomainType[] {
  const found = new Set<DomainType>()
  let domain = domainOf(catalog, type)
  while (domain && !found.has(domain)) {
    found.add(domain)
    domain = domainOf(catalog, domain.base)
  }
  return [...found]
}

/** The domain that is the type of a column; undefined: the type is not a domain, or the migrations do not create it. */
function domainOf(catalog: Catalog, { schema, name, array }: ColumnType): DomainType | undefined {
  if (array) return undefined
  const oid = schema === null ? undefined : catalog.names.get(nameKey('type', schema, name))
  const found = oid === undefined ? undefined : catalog.types.get(oid)
  return found?.kind === 'domain' ? found : undefined
}

/** True for a type that is not PostgreSQL's own and that the migrations do not create: it may be a domain. */
export function isUnseenType({ types, names }: Catalog, { schema, name, array }: ColumnType): boolean {
  if (array || schema === 'pg_catalog') return false
  const oid = schema === null ? undefined : names.get(nameKey('type', schema, name))
  return oid === undefined || !types.has(oid)
}

/** Help that adds the column first and sets its volatile default afterwards. */
export function defaultLater(place: Place): (string | Sql)[] {
  const { table, column, default: value } = place.operation
  const alone = addAlone(place.step, place.operation)
  if (!value?.text)
    return ['Add the column without the default:', alone, 'Then set the default, and fill existing rows in batches.']
  return [
    'Add the column without the default, then set it for new rows:',
    raw(
      `${alone.sql}\n${sql`ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column.name)} SET DEFAULT ${raw(value.text)};`.sql}`,
    ),
    ...fillByDefault(place),
  ]
}

/**
 * Help that gives existing rows their value after new rows get theirs automatically, and makes the column NOT NULL if
 * it should be.
 */
export function fillByDefault({ step, operation, runner, version }: Place): (string | Sql)[] {
  const { table, column } = operation
  const name = identifier(column.name)
  return [
    fillLater(runner),
    fillInBatches(step.before, table, { set: sql`${name} = DEFAULT`, todo: sql`${name} IS NULL`, version }),
    ...requireValue({ operation, runner, version }),
  ]
}

/** Help that makes the column NOT NULL if the statement asked for that. */
export function requireValue({ operation: { table, column }, runner, version }: Omit<Place, 'step'>): (string | Sql)[] {
  if (!column.notNull) return []
  return makeNotNull(table.name, column.name, { runner, version }, 'Once every row has a value,')
}

/** The expression of a generated column as the statement writes it; empty if it is not known. */
export function generationText(step: Step, column: Column): string {
  return column.generated ? textOf(column.generated.expression, step.statement) : ''
}

/** Whether PostgreSQL (18) accepts the column as a virtual one. Source: check_virtual_generated_security in heap.c. */
export function canBeVirtual(step: Step, column: Column, version: number): boolean {
  if (version < 18 || column.type.schema !== 'pg_catalog' || column.notNull) return false
  const own = new Set(step.before.routines.values().map(routine => routine.name))
  let callsOwn = false
  walk(column.generated?.expression, (kind, { funcname }) => {
    callsOwn ||= kind === 'FuncCall' && own.has(strings(funcname as Node[]).at(-1) ?? '')
  })
  return !callsOwn
}

/** Help that gives the column numbers of a sequence, as serial and identity do, without a rewrite. */
export function numberRows(place: Place): (string | Sql)[] {
  const { step, operation } = place
  const { table, column } = operation
  const sequence = besides(table.name, newName(table.name, column.name, 'seq'))
  const owner = sql`${table.name}.${identifier(column.name)}`
  return [
    'Add the column alone, and let a sequence number new rows:',
    raw(
      [
        addAlone(step, operation).sql,
        `CREATE SEQUENCE ${sequence.sql} AS ${typeText(column.type)} OWNED BY ${owner.sql};`,
        sql`ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column.name)} SET DEFAULT nextval(${raw(quoteLiteral(sequence.sql))});`
          .sql,
      ].join('\n'),
    ),
    ...fillByDefault(place),
  ]
}
