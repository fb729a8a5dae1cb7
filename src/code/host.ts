import type { Span } from '../parse/span.ts'
import type { Run, Sending } from './run.ts'
import { hole, type Text } from './text.ts'
import { type Call, type Host, nothing, unknown, type Value } from './value.ts'

/** Building blocks for readers of tools: the objects and functions that a tool gives to a migration. */

/** An object with these members, which may itself be a function. Calling a member that it does not have is reported as unread. */
export function host(name: string, members: Readonly<Record<string, Value>>, call?: Host['call']): Host {
  const all = new Map(Object.entries(members))
  return { kind: 'host', name, get: member => all.get(member), ...(call && { call }) }
}

/** A module of which only these members are known. Nothing of it reaches the database. */
export function partOf(name: string, members: Readonly<Record<string, Value>>): Host {
  const all = new Map(Object.entries(members))
  const rest = (member: string, at: Span) => unknown(`\`${name}.${member}\` is not read`, at, false, member)
  return { kind: 'host', name, isInert: true, get: (member, at) => all.get(member) ?? rest(member, at) }
}

/** A function. `name` is for people: `queryRunner.query`. */
export function functionOf(name: string, call: NonNullable<Host['call']>): Host {
  return { kind: 'host', name, call }
}

/** A function that reaches no database and whose answer is unknown. */
export function answerOf(name: string, why: string): Host {
  return functionOf(name, ({ at }) => unknown(why, at))
}

/** A function that does nothing that matters. */
export function silent(name: string): Host {
  return functionOf(name, ({ at }) => nothing(at))
}

/** The text that a call is given; a hole where the argument is not a text. */
export function textGiven({ args, argsAt, at }: Call, index = 0): Text {
  const [value, place] = [args[index], argsAt[index] ?? at]
  if (value?.kind === 'text') return value
  return hole(place, value?.kind === 'unknown' ? value.why : 'what it sends is not text')
}

/** A function that sends its first argument; its answer is the database's. */
export function sends(run: Run, name: string, way: Omit<Sending, 'at'> = {}): Host {
  return functionOf(name, call => {
    run.send(textGiven(call), { at: call.at, ...way })
    return answer(call.at)
  })
}

/** The reason why an answer of the database is unknown. */
export const ofDatabase = "it is the database's answer"

/** An answer of the database, which is unknown. */
export function answer(at: Span): Value {
  return unknown(ofDatabase, at)
}
