import type { FuncCall } from '@pgsql/types'
import { lookUp } from '../../parse/look-up.ts'
import { qualifiedName } from '../../postgres/catalog/name.ts'
import { walk } from '../../postgres/expression/expression.ts'
import type { Step } from '../../postgres/step.ts'

/** A statement that does no work on a relation, and still waits: for a time, or until another session releases an advisory lock. */
export interface Pause {
  /** What it does, as the end of a sentence: `it sleeps`. */
  readonly doing: string
  /** False where it may go on at once. */
  readonly certain: boolean
}

const sleeps: Pause = { doing: 'it sleeps', certain: true }
const waits: Pause = { doing: 'it waits for an advisory lock', certain: false }

/** Manual, "Delaying Execution" and "Advisory Lock Functions". */
const pauses: Readonly<Record<string, Pause>> = {
  pg_sleep: sleeps,
  pg_sleep_for: sleeps,
  pg_sleep_until: sleeps,
  pg_advisory_lock: waits,
  pg_advisory_lock_shared: waits,
  pg_advisory_xact_lock: waits,
  pg_advisory_xact_lock_shared: waits,
}

/** No longer than the lock_timeout that the advice sets: seconds. */
const short = 2

/** The pause of a query; undefined: it makes none, or a short one. */
export function pauseIn({ statement: { kind, node } }: Step): Pause | undefined {
  if (kind !== 'SelectStmt') return undefined
  let found: Pause | undefined
  walk(node, (each, fields) => {
    if (each !== 'FuncCall') return
    const { funcname, args } = fields as FuncCall
    const { schema, name } = qualifiedName(funcname)
    if (schema !== null && schema !== 'pg_catalog') return
    const pause = lookUp(pauses, name)
    if (pause && !(name === 'pg_sleep' && isShort(args?.[0])) && !found?.certain) found = pause
  })
  return found
}

function isShort(seconds: unknown): boolean {
  const { A_Const: constant } = (seconds ?? {}) as {
    readonly A_Const?: { readonly ival?: { readonly ival?: number }; readonly fval?: { readonly fval?: string } }
  }
  const value = constant?.ival ? (constant.ival.ival ?? 0) : constant?.fval ? Number(constant.fval.fval) : null
  return value !== null && value <= short
}
