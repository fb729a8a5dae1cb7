import { told } from '../../code/given/not-read.ts'
import { isNone, isTrue, optionsIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import type { Text } from '../../code/text.ts'
import { cut, plain, textAt } from '../../code/text.ts'
import { type Call, entry, type Host, known, nothing, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** A column, as described by `table.string('name')` and the calls chained to it: lib/schema/columnbuilder.js. */
export interface Column {
  readonly type: string
  readonly call: Call
  /** The call of each modifier, the last one of its name. */
  readonly modifiers: Map<string, Modifier>
  method: 'add' | 'alter'
  alterNullable: boolean
  alterType: boolean
  /** It depends on an unknown value whether the table gets it. */
  readonly isConditional: boolean
}

export interface Modifier {
  readonly args: readonly Value[]
  readonly argsAt: readonly Span[]
  readonly nameAt: Span
}

/** A foreign key under construction. */
export interface Foreign {
  readonly column: Value | undefined
  readonly columnAt: Span
  keyName?: Value | undefined
  references?: { readonly value: Value; readonly at: Span }
  inTable?: { readonly value: Value; readonly at: Span }
  onUpdate?: { readonly value: Value; readonly at: Span }
  onDelete?: { readonly value: Value; readonly at: Span }
  deferrable?: { readonly value: Value; readonly at: Span }
}

/** A command of a table beside its columns, such as `index` or `dropColumn`. */
export interface Command {
  readonly method: string
  readonly call: Pick<Call, 'args' | 'argsAt' | 'at' | 'nameAt'>
  readonly foreign?: Foreign
  readonly isConditional: boolean
}

const kept = new Set([
  ...['check', 'checkPositive', 'checkNegative', 'checkIn', 'checkNotIn', 'checkBetween', 'checkLength', 'checkRegex'],
  ...['comment', 'nullable', 'defaultTo'],
])
/** Modifiers without a meaning on PostgreSQL. */
const meaningless = new Set(['unsigned', 'first', 'after', 'collate', 'queryContext'])
const aliases: ReadonlyMap<string, string> = new Map([
  ['default', 'defaultTo'],
  ['defaultsTo', 'defaultTo'],
])

/** What a column adds to its table. */
export interface ColumnParts {
  readonly isAlter: boolean
  /** Adds a command to the table; null: it is unknown whether the command runs. */
  readonly add: (method: string, call: Command['call'], foreign?: Foreign) => void
}

export function columnHost(run: Run, column: Column, parts: ColumnParts): Host {
  const before = run.conditions
  const [name, nameAt] = [column.call.args[0], column.call.argsAt[0] ?? column.call.nameAt]
  let foreign: Foreign | null = null
  const own: Host = { kind: 'host', name: 'a column of a table', get: member => memberOf(member) }

  /** A modifier under a condition changes a column that exists in any case. */
  function isSure(call: Call): boolean {
    if (run.conditions === before) return true
    run.unread(call.at, 'it depends on an unknown value')
    return false
  }

  function memberOf(member: string): Value | undefined {
    const modifier = aliases.get(member) ?? member
    if (meaningless.has(member)) return functionOf(member, () => own)
    if (kept.has(modifier))
      return chained(member, ({ args, argsAt, nameAt }) => column.modifiers.set(modifier, { args, argsAt, nameAt }))
    if (member === 'notNullable' || member === 'notNull')
      return chained(member, ({ at, nameAt }) =>
        column.modifiers.set('nullable', { args: [known(false, at)], argsAt: [at], nameAt }),
      )
    if (/^(?:index|primary|unique)$/.test(member))
      return chained(member, call => {
        if (column.type.includes('increments')) return
        const [args, argsAt] = [
          [name ?? nothing(nameAt), ...call.args],
          [nameAt, ...call.argsAt],
        ]
        parts.add(member, { args, argsAt, at: call.at, nameAt: call.nameAt })
      })
    // A second call changes the key of the first.
    if (member === 'references' && !foreign)
      return functionOf(member, call => {
        foreign = { column: name, columnAt: nameAt }
        parts.add('foreign', { ...call }, foreign)
        return referenced(foreign, call, own)
      })
    if (member === 'alter' && parts.isAlter) return chained(member, altered)
    return foreign ? foreignMember(foreign, member, own) : undefined
  }

  function chained(member: string, work: (call: Call) => void): Host {
    return functionOf(member, call => {
      if (isSure(call)) work(call)
      return own
    })
  }

  function altered({ args: [given], at }: Call): void {
    column.method = 'alter'
    told(run, at, () => {
      const options = optionsIn(given)
      const [nullable, type] = [entry(options, 'alterNullable'), entry(options, 'alterType')]
      column.alterNullable = isNone(nullable) || isTrue(nullable)
      column.alterType = isNone(type) || isTrue(type)
    })
  }
  return own
}

/** The result of `foreign(…)`: lib/schema/tablebuilder.js. */
export function foreignHost(foreign: Foreign): Host {
  const own: Host = { kind: 'host', name: 'a foreign key', get: member => foreignMember(foreign, member, own) }
  return own
}

function foreignMember(foreign: Foreign, member: string, own: Host): Value | undefined {
  if (member === 'references') return functionOf(member, call => referenced(foreign, call, own))
  if (member === 'withKeyName')
    return functionOf(member, ({ args: [value] }) => {
      foreign.keyName = value
      return own
    })
  if (member === 'onUpdate' || member === 'onDelete' || member === 'deferrable')
    return functionOf(member, ({ args: [value], argsAt: [at], nameAt }) => {
      if (value) foreign[member] = { value, at: at ?? nameAt }
      return own
    })
  return member === 'on' || member === 'inTable' ? inTable(foreign, member, own) : undefined
}

function inTable(foreign: Foreign, member: string, own: Host): Host {
  return functionOf(member, ({ args: [value], argsAt: [at], nameAt }) => {
    if (value) foreign.inTable = { value, at: at ?? nameAt }
    return own
  })
}

/** `references('id')`, which waits for its table, and `references('table.id')`. */
function referenced(foreign: Foreign, { args: [value], argsAt: [place], at }: Call, own: Host): Value {
  if (value === undefined) return unknown('it references nothing', at)
  const parts = value.kind === 'text' ? partsOf(value) : null
  if (parts && parts.length > 1) {
    const [table, column] = parts
    if (table) foreign.inTable = { value: table, at: place ?? at }
    if (column) foreign.references = { value: column, at: place ?? at }
    return own
  }
  foreign.references = { value, at: place ?? at }
  const then: Host = {
    kind: 'host',
    name: 'a foreign key without its table',
    get: member => (member === 'on' || member === 'inTable' ? inTable(foreign, member, own) : undefined),
  }
  return then
}

function partsOf(text: Text): Text[] {
  if (text.pieces.some(piece => piece.unknown !== undefined)) return [text]
  const whole = plain(text)
  let start = 0
  return whole.split('.').map(part => {
    const from = start
    start += part.length + 1
    return part === '' ? textAt('', text.pieces[0]?.at ?? [0, 0]) : cut(text, from, from + part.length)
  })
}
