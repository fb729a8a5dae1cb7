import { constraintOf, soundsLikeForeignKey } from '../src/lint/advice/foreign-key.ts'
import { isAllKnown } from '../src/lint/advice/relations.ts'
import { help, newName, raw, say } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import { keepsDuplicatesOut, servesConflicts } from '../src/lint/advice/unique-index.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Catalog, Index, Oid } from '../src/postgres/catalog/catalog.ts'
import type { DropIndex, Operation } from '../src/postgres/operation.ts'
import type { Step } from '../src/postgres/step.ts'
import type { DropConstraint } from '../src/postgres/table-operation.ts'

export default defineRule({
  title: 'Dropped UNIQUE constraint or unique index',
  why: 'INSERT … ON CONFLICT with these columns fails without it. Duplicates can get in, and then it cannot be added again.',
  severity: 'warning',
  category: 'breaking change',
  on: ['drop-constraint', 'drop-index'],
  peers: ['pgfence:drop-constraint'],

  check({ step, operation, migration }) {
    const { table, keyword, name } = operation
    if (step.error || (table && !table.exposed)) return
    // The name of a primary key, which drop-primary-key reports.
    const kind = operation.kind === 'drop-constraint' ? operation.constraintKind : null
    if (kind !== null && kind !== 'unique') return
    if (kind === null && operation.kind === 'drop-constraint' && name === newName(operation.table.name, 'pkey')) return
    const isStated = kind === 'unique'
    const isUnknown = operation.kind === 'drop-index' ? operation.index === null : operation.constraint === null
    if (isUnknown && !isStated && !(table && isAllKnown(table)) && !byName(operation)) {
      if (migration.some(each => each.index > step.index && each.operations.some(makes(name)))) return
      if (isOfAnotherKind(operation)) return
      return {
        at: keyword,
        message: say`If ${name} is unique, its table accepts duplicates without it, and ON CONFLICT with its columns fails.`,
        severity: 'note',
        help: help('See whether it is unique: no migration that was read creates it.'),
      }
    }
    if (!table?.exposed) return
    const oid = operation.kind === 'drop-index' ? operation.index?.oid : ownedIndex(step, table.oid, name)
    const index = indexOf(step.before, oid)
    if (index ? !index.unique || !index.valid : !(isUnknown && (isStated || (!isAllKnown(table) && byName(operation)))))
      return
    const end = (migration.at(-1) ?? step).after
    const after = tableOf(end, table.oid)
    // It is dropped with its table or with one of its columns, which other rules report, or it is replaced by the end of the migration.
    if (!after || (index && after.complete && !columnsStay(index, after.columns))) return
    const others = after.indexes.flatMap(each => indexOf(end, each) ?? [])
    const isInPlace = (each: Index) =>
      index ? servesConflicts(each, index) : each.unique && each.createdIn === step.migration
    if (others.some(isInPlace)) return
    const what = operation.kind === 'drop-index' ? raw('unique index') : raw('UNIQUE constraint')
    const isNotNull = (name: string) => after.columns.some(column => column.name === name && column.notNull === true)
    if (index && others.some(each => keepsDuplicatesOut(each, index, isNotNull))) {
      return {
        at: keyword,
        message: say`Without ${what} ${name}, ON CONFLICT with its columns fails.`,
        why: 'INSERT … ON CONFLICT looks for a unique index on exactly its columns.',
        help: help(
          'First release code that has no ON CONFLICT for it. A key of fewer columns stays, which keeps duplicates out.',
        ),
      }
    }
    return {
      at: keyword,
      message:
        isUnknown && !isStated
          ? say`If ${name} is the ${what} that its name suggests, ${table.name} accepts duplicates without it, and ON CONFLICT with its columns fails.`
          : say`Without ${what} ${name} ${table.name} accepts duplicates, and ON CONFLICT with its columns fails.`,
      help: help(
        'First release code that has no ON CONFLICT for it and does not rely on it to keep duplicates out. If another unique index replaces it, build that one concurrently before this one is dropped.',
      ),
    }
  },
})

/** True if it is created again under its name, so that the migrations show what replaces it. */
function makes(name: string): (operation: Operation) => boolean {
  return each =>
    (each.kind === 'create-index' || each.kind === 'add-constraint') && 'name' in each && each.name === name
}

/** Its name is one that PostgreSQL and tools give to foreign keys, CHECK constraints and indexes for texts, which cannot be unique. */
function isOfAnotherKind({ kind, name }: DropConstraint | DropIndex): boolean {
  return kind === 'drop-constraint'
    ? soundsLikeForeignKey(name) || /_(?:check\d*|excl\d*|not_null)$/.test(name)
    : /_(?:fulltext|gin|gist|trgm)(?:_idx)?$/i.test(name)
}

/** ChooseConstraintName gives this name to a UNIQUE constraint that has none. */
function byName({ kind, name }: DropConstraint | DropIndex): boolean {
  return kind === 'drop-constraint' && /_key\d*$/.test(name)
}

/** The index behind a UNIQUE constraint. */
function ownedIndex({ before }: Step, table: Oid, name: string): Oid | undefined {
  const constraint = constraintOf(tableOf(before, table), name)
  return constraint?.kind === 'unique' ? (constraint.index ?? undefined) : undefined
}

function indexOf({ relations }: Catalog, oid: Oid | undefined): Index | undefined {
  const relation = oid === undefined ? undefined : relations.get(oid)
  return relation && 'keys' in relation ? relation : undefined
}

function columnsStay({ keys }: Index, columns: readonly { readonly name: string }[]): boolean {
  return keys.every(({ column }) => column === null || columns.some(({ name }) => name === column))
}
