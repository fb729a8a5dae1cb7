import type { Call, Host, Value } from '../../code/value.ts'
import { type Blueprint, described } from './blueprint.ts'
import type { Command } from './command.ts'
import { commandHost } from './fluent.ts'

export type Read = (blueprint: Blueprint, call: Call, own: Host) => Value | undefined

export function push(blueprint: Blueprint, command: Command): Host {
  blueprint.commands.push(command)
  described(blueprint)
  return commandHost(command)
}

export function pushWith(
  blueprint: Blueprint,
  call: Call,
  name: string,
  attributes: Readonly<Record<string, Value | undefined>>,
): Host {
  const { at, nameAt } = call
  const found = Object.entries(attributes).flatMap(([key, value]) => (value ? [[key, value] as const] : []))
  const conditions = blueprint.run.conditions
  return push(blueprint, { name, at, nameAt, conditions, attributes: new Map(found), columns: [], index: null })
}
