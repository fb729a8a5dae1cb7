import type { RunnerAdvice } from '../../migration/runner.ts'
import { nameParts } from '../../parse/placeholder.ts'
import type { Step } from '../../postgres/step.ts'
import type { AddColumn } from '../../postgres/table-operation.ts'
import { fillLater } from './advice.ts'
import { fillInBatches } from './batches.ts'
import { besides } from './relations.ts'
import { identifier, newName, raw, type Sql, sql } from './sql.ts'
import { isName } from './words.ts'

interface Computed {
  readonly step: Step
  readonly table: AddColumn['table']
  readonly column: string
  /** Its value, as SQL over the other columns of its row. */
  readonly value: string
  readonly runner: RunnerAdvice
  readonly version: number
}

/**
 * Help that keeps an ordinary column equal to an expression: a trigger for rows that are written from now on, batches
 * for the others.
 */
export function keepComputed({ step, table, column, value, runner, version }: Computed): (string | Sql)[] {
  const name = newName(table.name, column)
  const call = besides(table.name, name)
  const row = identifier(nameParts(table.name).at(-1) ?? table.name)
  const own = identifier(column)
  const assign = isName(value)
    ? `NEW.${own.sql} := NEW.${value};`
    : `NEW.${own.sql} := (SELECT ${value} FROM (SELECT NEW.*) AS ${row.sql});`
  const canTrigger = canFillByTrigger(table, version)
  return [
    canTrigger ? 'Let a trigger fill it for every row that is written:' : 'Let code write it, too.',
    ...(canTrigger
      ? [
          raw(
            [
              `CREATE FUNCTION ${call.sql}() RETURNS trigger LANGUAGE plpgsql AS $$`,
              'BEGIN',
              `  ${assign}`,
              '  RETURN NEW;',
              'END $$;',
              sql`CREATE TRIGGER ${identifier(name)} BEFORE INSERT OR UPDATE ON ${table.name}`.sql,
              `  FOR EACH ROW EXECUTE FUNCTION ${call.sql}();`,
            ].join('\n'),
          ),
        ]
      : []),
    fillLater(runner),
    fillInBatches(step.before, table, {
      set: raw(`${own.sql} = ${value}`),
      todo: raw(`${own.sql} IS NULL AND ${bracketed(value)} IS NOT NULL`),
      version,
    }),
  ]
}

/** Row triggers of partitioned tables were introduced in 11, those that run before the change in 13 (CreateTriggerFiringOn). */
export function canFillByTrigger({ kind }: Computed['table'], version: number): boolean {
  return kind !== 'partitioned table' || version >= 13
}

function bracketed(value: string): string {
  return /^[\w"]+$/.test(value) ? value : `(${value})`
}
