import { domainsOf, isUnseenType } from '../src/lint/advice/add-column.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import { changedColumn } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Table } from '../src/postgres/catalog/catalog.ts'
import type { Column } from '../src/postgres/catalog/column.ts'
import type { Operation } from '../src/postgres/operation.ts'
import type { Step } from '../src/postgres/step.ts'
import type { AlterColumn } from '../src/postgres/table-operation.ts'

export default defineRule({
  title: 'NOT NULL column that loses its default',
  why: 'INSERT without a value for the column fails from here on (23502). Code that was started before the migration does not know the column, or relies on the default.',
  severity: 'error',
  category: 'breaking change',
  on: ['drop-default', 'drop-identity', 'drop-expression'],

  check({ step, operation, migration }) {
    const { table, column, keyword } = operation
    const what = lost[operation.kind]
    if (!table.exposed || step.error) return
    const before = tableOf(step.before, table.oid)
    const known = before?.columns.find(({ name }) => name === column)
    const removes = [changedColumn(step, table, column)]
    const end = tableOf((migration.at(-1) ?? step).after, table.oid)
    const last = end?.columns.find(({ name }) => name === column)
    if (!end) return
    const isRequired = (each: Column | undefined) =>
      each !== undefined && (each.notNull || domainsOf(step.before, each.type).some(domain => domain.notNull))
    const isAnswered = migration.some(later => later.index >= step.index && later.operations.some(answers(operation)))
    const loses = last !== undefined && isRequired(known) && isRequired(last) && losesDefault(known, last)
    // Tools that change a column send DROP DEFAULT whether it has one or not. So a default is not assumed because something was not read.
    if (
      !known?.complete &&
      !isAnswered &&
      !mayBeNull(migration, step, operation) &&
      !loses &&
      mayLoseDefault(operation.kind, known, last)
    ) {
      return {
        at: keyword,
        removes,
        message: say`If ${column} of ${table.name} is NOT NULL, INSERT without a value for it fails from here on: its ${raw(what)} is dropped.`,
        severity: 'warning',
        help: help(leave),
      }
    }
    const mayBeRequired = known?.complete && last !== undefined && isUnseenType(step.before, last.type)
    if (mayBeRequired && !isRequired(last) && !isAnswered && losesDefault(known, last)) {
      return {
        at: keyword,
        removes,
        message: say`If the type of ${column} is a domain that is NOT NULL, INSERT into ${table.name} without a value for it fails from here on: its ${raw(what)} is dropped.`,
        severity: 'note',
        help: help(leave),
      }
    }
    // Gone by the end of the migration, nullable, or with another default.
    if (!before || !last || !loses) return
    const isNew = known?.createdIn === step.migration
    const may = mayBeFilled(last, end)
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

/** For a column that is only partly known: no known fact keeps it from refusing rows. */
function mayLoseDefault(kind: keyof typeof lost, before: Column | undefined, last: Column | undefined): boolean {
  if (kind === 'drop-default' && (before?.identity || before?.generated)) return false
  return !last || (!isGiven(last) && last.identity === null && last.generated === null)
}

/** `before` is undefined for an unknown column. It is then also unknown whether the column had a default or could be NULL. */
function losesDefault(before: Column | undefined, last: Column): boolean {
  if (before?.complete && !isGiven(before) && before.identity === null && before.generated === null) return false
  return !isGiven(last) && last.identity === null && last.generated === null
}

function isGiven({ default: value }: Column): boolean {
  return value !== null && !('A_Const' in value && value.A_Const.isnull)
}

/** A trigger may give it a value, and a domain may have a default of its own. */
function mayBeFilled({ type }: Column, { triggers, rules }: Table): boolean {
  return (
    type.schema !== 'pg_catalog' ||
    rules.length > 0 ||
    triggers.some(({ row, events }) => row && events.includes('insert'))
  )
}
