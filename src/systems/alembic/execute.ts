import { reads } from '../../code/given/call.ts'
import { NotRead } from '../../code/given/not-read.ts'
import { isNull, placeOf } from '../../code/given/value.ts'
import { answer } from '../../code/host.ts'
import type { Text } from '../../code/text.ts'
import { type Host, unknown, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { textClause, textWith, type Values } from './expression.ts'
import { givenIn } from './given.ts'
import type { Context } from './operations.ts'
import { thingOf } from './thing.ts'

/** A function that executes a text or a statement of SQLAlchemy, with parameters. */
export function executes({ run }: Pick<Context, 'run'>, name: string, names: readonly string[]): Host {
  return reads(run, name, call => {
    const given = givenIn(call, names, ['execution_options', 'bind_arguments'])
    for (const sql of messages(given.get(names[0] ?? ''), given.get(names[1] ?? ''), call.at, call.nameAt))
      run.send(sql, { at: call.at })
    return answer(call.at)
  })
}

/** The messages, one for each set of parameters. Throws NotRead where they are unknown. */
function messages(value: Value | undefined, parameters: Value | undefined, at: Span, nameAt: Span): Text[] {
  const thing = thingOf(value)
  if (thing?.kind === 'ddl') return [thing.sql]
  if (thing?.kind === 'statement') return [thing.sql(nameAt)]
  if (parameters?.kind === 'list' && !parameters.isOpen)
    return parameters.items.flatMap(each => messages(value, each, at, nameAt))
  const values = valuesOf(parameters)
  const text = textWith(value, values)
  if (text) return [text]
  if (thing?.kind === 'clause') return [thing.full]
  if (value?.kind === 'text') return [textClause(value, values)]
  if (value?.kind === 'unknown') throw new NotRead(value.why, value.at)
  throw new NotRead('this kind of statement is not read', placeOf(value, at))
}

/** Values by name. If some are unknown, every name counts as having one. */
function valuesOf(parameters: Value | undefined): Values {
  if (parameters === undefined || isNull(parameters)) return new Map<string, Value>()
  if (parameters.kind === 'record' && !parameters.isOpen) return parameters.entries
  const any = unknown('its value is not known', placeOf(parameters, [0, 0] as const))
  return { has: () => true, get: () => any }
}

/** `exec_driver_sql`: the text goes to the driver as it is. */
export function executesDirectly({ run }: Pick<Context, 'run'>, name: string): Host {
  return reads(run, name, call => {
    const [value, parameters] = call.args
    if (value?.kind !== 'text')
      throw new NotRead(value?.kind === 'unknown' ? value.why : 'the statement is not text', placeOf(value, call.at))
    if (parameters !== undefined && !isNull(parameters))
      throw new NotRead('its parameters are not read', placeOf(parameters, call.at))
    run.send(value, { at: call.at })
    return answer(call.at)
  })
}
