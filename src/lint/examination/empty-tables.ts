import { placeOf } from '../../parse/sorted.ts'
import type { Step } from '../../postgres/step.ts'
import type { AddColumn } from '../../postgres/table-operation.ts'
import { hasNoValue } from '../advice/add-column.ts'
import { stepsBy } from '../once.ts'

/** Tables by name, with the steps between which they have no rows, or few. */
type EmptyTables = ReadonlyMap<string, Empty>

/** Indexes of steps: the first, and the one after the last. */
interface Empty {
  readonly from: number
  readonly to: number
}

/**
 * Tables that have no rows if a migration gets past a statement: one that would fail otherwise, for which there is a
 * rule, or TRUNCATE, until the table is filled again. Work on them meanwhile takes no time.
 */
export function emptyTables(steps: readonly Step[]): EmptyTables {
  const empty = new Map<string, Empty>()
  const filled = stepsBy(steps, filledBy)
  for (const step of steps) {
    for (const operation of step.operations) {
      if (operation.kind === 'add-column' && failsUnlessEmpty(step, operation)) {
        if (!empty.has(operation.table.name)) empty.set(operation.table.name, { from: step.index, to: Infinity })
      } else if (operation.kind === 'truncate' && !step.error && !step.statement.conditional) {
        for (const { name } of [operation.table, ...operation.cascadesTo])
          if (!empty.has(name)) empty.set(name, { from: step.index + 1, to: next(filled.get(name) ?? [], step.index) })
      }
    }
  }
  return empty
}

/** The first of some steps after another one. */
function next(indexes: readonly number[], after: number): number {
  return indexes[placeOf(indexes, index => index > after)] ?? Infinity
}

/** The tables into which a step may put many rows. */
function filledBy({ operations }: Step): string[] {
  return operations.flatMap(each =>
    fills.has(each.kind) && 'fewRows' in each && !each.fewRows ? [each.table.name] : [],
  )
}

const fills: ReadonlySet<string> = new Set(['insert', 'merge', 'copy-from'])

/**
 * Tells which tables may be large at a step. Steps for which the same tables are empty share the answer, and everything
 * cached with it.
 */
export function largeBeside(
  isLarge: (name: string) => boolean,
  empty: EmptyTables,
): (step: Step) => (name: string) => boolean {
  const places = [...empty.values()].flatMap(({ from, to }) => [from, to]).sort((a, b) => a - b)
  const known = new Map<number, (name: string) => boolean>()
  return ({ index }) => {
    const passed = placeOf(places, place => place > index)
    const isEmpty = (name: string) => {
      const found = empty.get(name)
      return found !== undefined && found.from <= index && index < found.to
    }
    const found = known.get(passed) ?? (name => isLarge(name) && !isEmpty(name))
    known.set(passed, found)
    return found
  }
}

/** True when the statement fails as soon as its table has one row: the column is NOT NULL, and existing rows get no value. */
export function failsUnlessEmpty({ error }: Pick<Step, 'error'>, operation: AddColumn): boolean {
  const { table, column, skipped } = operation
  // Something else may be in the way already.
  if (error && error.sqlstate !== '23502') return false
  return table.exposed && !skipped && column.notNull && hasNoValue(operation)
}
