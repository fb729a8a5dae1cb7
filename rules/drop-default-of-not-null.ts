import { domainsOf, isUnseenType } from '../src/lint/advice/add-column.ts'
import { help, listed, raw, say } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import { changedColumn } from '../src/lint/code-use/removed.ts'
import { defineRule, type RuleResult } from '../src/lint/rule.ts'
import type { Catalog, Table } from '../src/postgres/catalog/catalog.ts'
import type { Column } from '../src/postgres/catalog/column.ts'
import type { DropDomainDefault, Operation } from '../src/postgres/operation.ts'
import type { Step } from '../src/postgres/step.ts'
import type { AlterColumn } from '../src/postgres/table-operation.ts'

export default defineRule({
  title: 'NOT NULL column that loses its default',
  why: 'INSERT without a value for the column fails from here on (23502). Code that was started before the migration does not know the column, or relies on the default.',
  severity: 'error',
  category: 'breaking change',
  on: ['drop-default', 'drop-identity', 'drop-expression', 'domain-drop-default'],

  check({ step, operation, migration }) {
    if (operation.kind === 'domain-drop-default') return ofDomain(step, operation, migration)
    const { table, column, keyword } = operation
    const what = lost[operation.kind]
    if (!table.exposed || step.error) return
    const before = tableOf(step.before, table.oid)
    const known = before?.columns.find(({ name }) => name === column)
    const removes = [changedColumn(step, table, column)]
    const { after } = migration.at(-1) ?? step
    const end = tableOf(after, table.oid)
    const last = end?.columns.find(({ name }) => name === column)
    if (!end) return
    const isAnswered = migration.some(later => later.index >= step.index && later.operations.some(answers(operation)))
    const isLast = last !== undefined && hasNoValue(after, last) && !(known?.complete && hasNoValue(step.before, known))
    const loses = isLast && isRequired(step.before, known) && isRequired(after, last)
    // Tools that change a column send DROP DEFAULT whether it has one or not. So a default is not assumed because something was not read.
    if (
      !known?.complete &&
      !isAnswered &&
      !mayBeNull(migration, step, operation) &&
      !loses &&
      mayLoseDefault(after, operation.kind, known, last)
    ) {
      return {
        at: keyword,
        removes,
        message: say`If ${column} of ${table.name} is NOT NULL, INSERT without a value for it fails from here on: its ${raw(what)} is dropped.`,
        severity: 'warning',
        help: help(leave),
      }
    }
    const mayBeRequired = known?.complete && isLast && isUnseenType(step.before, last.type)
    if (mayBeRequired && !isRequired(after, last) && !isAnswered) {
      return {
        at: keyword,
        removes,
        message: say`If the type of ${column} is a domain that is NOT NULL, INSERT into ${table.name} without a value for it fails from here on: its ${raw(what)} is dropped.`,
        severity: 'note',
        help: help(leave),
      }
    }
    // SET DEFAULT NULL, which replaces the default of a domain.
    const replaces = known?.complete && known.default === null && last?.default && isUnseenType(step.before, last.type)
    if (replaces && isRequired(after, last) && hasNoValue(after, last) && !isAnswered) {
      return {
        at: keyword,
        removes,
        message: say`If the type of ${column} is a domain with a default, INSERT into ${table.name} without a value for it fails from here on: it is NOT NULL.`,
        severity: 'warning',
        help: help(leave),
      }
    }
    // Gone by the end of the migration, nullable, or with another default.
    if (!before || !last || !loses) return
    const isNew = known?.createdIn === step.migration
    const may = mayBeFilled(after, last, end)
    const certain = isNew && !may
    return {
      at: keyword,
      removes,
      message: isNew
        ? may
          ? say`Running code may no longer insert into ${table.name}: it does not know ${column}, which is NOT NULL without a default.`
          : say`Running code can no longer insert into ${table.name}: it does not know ${column}, which is NOT NULL without a default.`
        : say`INSERT into ${table.name} without a value for ${column} fails from here on: it is NOT NULL, and its ${raw(what)} is dropped.`,
      ...(certain ? {} : { severity: 'warning' as const }),
      help: help(
        leave,
        isNew &&
          'Django drops it in the migration that adds the column. From Django 5.0 on `db_default=` keeps it in the database; before, add the field with null=True.',
      ),
    }
  },
})

const lost = { 'drop-default': 'default', 'drop-identity': 'identity', 'drop-expression': 'expression' } as const

const leave = 'Leave it until all code that runs gives a value. Then drop it in a later migration.'

const answering: ReadonlySet<string> = new Set(['drop-column', 'drop-not-null', 'set-default', 'add-identity'])

/** True if the same statement or a later one of the migration makes up for it: the column is dropped, can be NULL, or gets a default again. */
function answers({ table, column }: AlterColumn): (operation: Operation) => boolean {
  return each => answering.has(each.kind) && 'column' in each && each.column === column && each.table.oid === table.oid
}

/** True if an earlier statement of the migration lets the column be NULL, and none after that takes it back. */
function mayBeNull(migration: readonly Step[], step: Step, { table, column }: AlterColumn): boolean {
  const kinds = migration
    .filter(({ index, error }) => index < step.index && !error)
    .flatMap(({ operations }) => operations)
    .filter(each => 'column' in each && each.column === column && each.table.oid === table.oid)
    .map(({ kind }) => kind)
  return kinds.lastIndexOf('drop-not-null') > kinds.lastIndexOf('set-not-null')
}

/** The default of a domain is that of its columns which have none of their own. */
function ofDomain(
  step: Step,
  { domain, known, keyword, columns }: DropDomainDefault,
  migration: readonly Step[],
): RuleResult {
  const end = (migration.at(-1) ?? step).after
  const losing = columns.filter(({ table, column }) => {
    const [before, last] = [step.before, end].map(catalog =>
      tableOf(catalog, table.oid)?.columns.find(({ name }) => name === column),
    )
    // Rows for partitions are inserted into the partitioned table.
    if (!table.exposed || table.isPartition || !before || !last) return false
    const had = isUnseenType(step.before, before.type) || !hasNoValue(step.before, before)
    return had && isRequired(end, last) && hasNoValue(end, last)
  })
  if (step.error || (losing.length === 0 && known)) return
  const [first, ...others] = losing
  const names = losing.map(({ table, column }) => say`${column} of ${table.name}`)
  return {
    at: keyword,
    removes: losing.map(({ table, column }) => changedColumn(step, table, column)),
    message: !first
      ? say`If a column of domain ${domain} is NOT NULL, INSERT without a value for it fails from here on: the default of the domain is dropped.`
      : others.length === 0
        ? say`INSERT into ${first.table.name} without a value for ${first.column} fails from here on: it is NOT NULL, and the default of its domain ${domain} is dropped.`
        : say`INSERT without a value for ${raw(listed(names))} fails from here on: they are NOT NULL, and the default of their domain ${domain} is dropped.`,
    severity: 'warning',
    help: help(leave),
  }
}

function isRequired(catalog: Catalog, column: Column | undefined): boolean {
  return column !== undefined && (column.notNull || domainsOf(catalog, column.type).some(domain => domain.notNull))
}

/** For a column that is only partly known: no known fact keeps it from refusing rows. */
function mayLoseDefault(
  catalog: Catalog,
  kind: keyof typeof lost,
  before: Column | undefined,
  last: Column | undefined,
): boolean {
  if (kind === 'drop-default' && (before?.identity || before?.generated)) return false
  return !last || hasNoValue(catalog, last)
}

/** Rows that are inserted without it get NULL, unless a trigger or rule prevents that. */
function hasNoValue(catalog: Catalog, column: Column): boolean {
  return !isGiven(catalog, column) && column.identity === null && column.generated === null
}

/** DEFAULT NULL replaces the default of a domain. */
function isGiven(catalog: Catalog, { default: own, type }: Column): boolean {
  const value = own ?? domainsOf(catalog, type)[0]?.default ?? null
  return value !== null && !('A_Const' in value && value.A_Const.isnull)
}

/** A trigger or a rule may give it a value, and so may a domain that no migration creates. */
function mayBeFilled(catalog: Catalog, { type }: Column, { triggers, rules }: Table): boolean {
  return (
    isUnseenType(catalog, type) ||
    domainsOf(catalog, type).some(({ complete }) => !complete) ||
    rules.length > 0 ||
    triggers.some(({ row, events }) => row && events.includes('insert'))
  )
}
