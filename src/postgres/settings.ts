import type { Node, SelectStmt, TransactionStmt, VariableSetStmt } from '@pgsql/types'
import { lookUp } from '../parse/look-up.ts'
import type { Statement } from '../parse/script.ts'
import { strings } from './catalog/name.ts'
import type { Settings, SettingValue } from './catalog/setting.ts'

/** One change of a setting, from SET, RESET, DISCARD ALL or set_config(). */
export interface SettingChange {
  /** Lower case; `all` for RESET ALL and DISCARD ALL. */
  readonly name: string
  /** Null: back to the server's value; undefined: a value that only the server knows. */
  readonly value: string | null | undefined
  readonly local: boolean
}

/** The setting changes that a statement makes, in order; none for most statements. */
export function settingChanges(statement: Statement): SettingChange[] {
  switch (statement.kind) {
    case 'VariableSetStmt':
      return fromSet(statement.node as VariableSetStmt)
    case 'DiscardStmt':
      return statement.node.target === 'DISCARD_ALL' ? [{ name: 'all', value: null, local: false }] : []
    case 'SelectStmt':
      return fromSetConfig(statement.node as SelectStmt)
    case 'TransactionStmt': {
      const { options } = statement.node as TransactionStmt
      return characteristics(options, 'transaction_read_only')
    }
    default:
      return []
  }
}

function fromSet(node: VariableSetStmt): SettingChange[] {
  const name = (node.name ?? '').toLowerCase()
  const local = node.is_local ?? false
  switch (node.kind) {
    case 'VAR_RESET_ALL':
      return [{ name: 'all', value: null, local: false }]
    case 'VAR_RESET':
    case 'VAR_SET_DEFAULT':
      return [{ name, value: null, local }]
    case 'VAR_SET_VALUE':
      // Each transaction starts with the default again (StartTransaction in xact.c).
      return [{ name, value: literals(node.args), local: local || name === 'transaction_read_only' }]
    case 'VAR_SET_MULTI':
      return characteristics(
        node.args,
        name === 'transaction' ? 'transaction_read_only' : 'default_transaction_read_only',
      )
    default:
      // SET … FROM CURRENT changes nothing that the model follows.
      return []
  }
}

/** READ ONLY and READ WRITE among the characteristics of a transaction, or of all that the session begins. */
function characteristics(options: readonly Node[] | undefined, name: string): SettingChange[] {
  return (options ?? []).flatMap((option): SettingChange[] => {
    if (!('DefElem' in option) || option.DefElem.defname !== 'transaction_read_only' || !option.DefElem.arg) return []
    const value = literal(option.DefElem.arg)
    return [{ name, value: value === '0' ? 'off' : 'on', local: name === 'transaction_read_only' }]
  })
}

/** `SET search_path = app, public` has one argument per name; the value is then `app, public`, as SHOW prints it. */
function literals(args: readonly Node[] | undefined): string | undefined {
  const values = (args ?? []).map(literal)
  return values.every(value => value !== undefined) ? values.join(', ') : undefined
}

function literal(node: Node): string | undefined {
  if ('TypeCast' in node && node.TypeCast.arg) return literal(node.TypeCast.arg)
  if (!('A_Const' in node)) return undefined
  const constant = node.A_Const
  if (constant.isnull) return undefined
  if (constant.sval) return constant.sval.sval ?? ''
  if (constant.ival) return String(constant.ival.ival ?? 0)
  if (constant.fval) return constant.fval.fval ?? ''
  if (constant.boolval) return constant.boolval.boolval ? 'on' : 'off'
  return undefined
}

/** `SELECT set_config('search_path', '', false)`, as pg_dump writes it (manual, "System Administration Functions"). */
function fromSetConfig(node: SelectStmt): SettingChange[] {
  return (node.targetList ?? []).flatMap(target => {
    if (!('ResTarget' in target) || !target.ResTarget.val || !('FuncCall' in target.ResTarget.val)) return []
    const call = target.ResTarget.val.FuncCall
    const [name, value, local] = call.args ?? []
    if (strings(call.funcname).at(-1) !== 'set_config' || !name || !value) return []
    const named = literal(name)
    return named === undefined
      ? []
      : [{ name: named.toLowerCase(), value: literal(value), local: local ? literal(local) !== 'off' : false }]
  })
}

/** The settings after a change. SET LOCAL outside a transaction only warns. */
export function applySetting(
  settings: Settings,
  change: SettingChange,
  inTransaction: boolean,
  step: number,
): Settings {
  if (change.local && !inTransaction) return settings
  if (change.name === 'all') return new Map()
  const next = new Map(settings)
  if (change.value === null) next.delete(change.name)
  else next.set(change.name, { value: change.value ?? null, local: change.local, setBy: step } satisfies SettingValue)
  return next
}

/** Milliseconds in each unit. */
const units = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * A duration setting (lock_timeout, statement_timeout…) in milliseconds. 0 switches it off; null: it was never set, or
 * its value is not known. Units as in the manual, "Parameter Names and Values"; a bare number is milliseconds.
 */
export function milliseconds(settings: Settings, name: string): number | null {
  const value = settings.get(name)?.value
  const match = value?.trim().match(/^(-?\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?$/)
  if (!match?.[1]) return null
  const factor = lookUp(units, match[2] ?? 'ms') ?? 1
  return Math.round(Number(match[1]) * factor)
}
