import { NotRead } from '../../code/given/not-read.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** A call of a migration's method, with its options separated from other arguments. */
export interface Command {
  readonly name: string
  readonly args: readonly Value[]
  readonly options: ReadonlyMap<string, Value>
  readonly block?: Value
  /** The whole call, and its name. */
  readonly at: Span
  readonly nameAt: Span
}

/** A record at the end counts as options, as in Ruby 2. Throws NotRead where some of them are unknown. */
export function commandOf(name: string, call: Call): Command {
  const { at, nameAt, block } = call
  const last = call.args.at(-1)
  const isRecord = last?.kind === 'record' && !last.base && call.args.length > 1
  if (isRecord && last.isOpen) throw new NotRead('some of its options are unknown', last.at)
  const options = new Map([...(isRecord ? last.entries : []), ...(call.named ?? [])])
  return { name, args: isRecord ? call.args.slice(0, -1) : call.args, options, at, nameAt, ...(block && { block }) }
}

/** The same call with other arguments. */
export function changed(
  command: Command,
  {
    name = command.name,
    args = command.args,
    options = command.options,
  }: Partial<Pick<Command, 'name' | 'args' | 'options'>>,
): Command {
  return { ...command, name, args, options }
}

/** A copy of the options with some of them removed and others added. */
export function without(
  options: ReadonlyMap<string, Value>,
  names: readonly string[],
  more: Readonly<Record<string, Value | undefined>> = {},
): Map<string, Value> {
  const left = new Map([...options].filter(([name]) => !names.includes(name)))
  for (const [name, value] of Object.entries(more)) if (value) left.set(name, value)
  return left
}
