import { answer, functionOf, textGiven } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { joined, replaced, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Host, nothing, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { bound } from './literal.ts'
import { namesOf } from './name.ts'
import { rawTextOf, setRawText } from './raw-text.ts'

/** `knex.raw(sql, values)`: lib/raw.js. */
export function rawFunction(run: Run, name: string): Host {
  return functionOf(name, call => rawOf(run, name, call, withBindings(textGiven(call), call.args[1])))
}

/** SQL that reaches the server each time the program waits for it, or becomes a part of other SQL. */
export function rawOf(run: Run, name: string, { at }: Pick<Call, 'at'>, sql: Text): Host {
  const made: Host = {
    kind: 'host',
    name,
    get: (member, place) => {
      if (/^(?:timeout|transacting|queryContext|debug|options)$/.test(member)) return functionOf(name, () => made)
      if (/^(?:toString|toQuery)$/.test(member)) return functionOf(name, () => sql)
      if (member !== 'wrap') return undefined
      return functionOf(`${name}.wrap`, ({ args: [before, after] }) =>
        rawOf(run, name, { at }, joined([partOf(before, place), sql, partOf(after, place)])),
      )
    },
    settle: () => {
      run.send(sql, { at })
      return answer(at)
    },
  }
  setRawText(made, sql)
  return made
}

function partOf(value: Value | undefined, at: Span): Text {
  return value?.kind === 'text' ? value : textGiven({ args: [value ?? nothing(at)], argsAt: [at], at, nameAt: at })
}

/** `?` and `:name` stand for values, `??` and `:name:` for names (lib/formatter/rawFormatter.js). */
export function withBindings(sql: Text, values: Value | undefined): Text {
  const place = (found: Text): Span => found.pieces[0]?.at ?? [0, 0]
  const given = (value: Value, isName: boolean, at: Span) => (isName ? namesOf(value, at) : bound(value, at))
  if (values?.kind === 'record' && rawTextOf(values) === undefined)
    return replaced(sql, /(?<!:):(\w+)(:?)/g, ([, name = '', colon], found) => {
      const value = entry(values, name)
      return value === undefined ? found : given(value, colon === ':', place(found))
    })
  let next = 0
  const isNone = values === undefined || (values.kind === 'plain' && values.value === undefined)
  const items = isNone ? [] : values.kind === 'list' ? values.items : [values]
  return replaced(sql, /\\\?|\?\??/g, ([mark], found) => {
    if (mark.startsWith('\\')) return textAt('?', place(found))
    const value = items[next++]
    return value === undefined ? found : given(value, mark === '??', place(found))
  })
}
