import { answer, answerOf, functionOf, host, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { cut, hole, joined, quoted, replaced, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Host, type Value } from '../../code/value.ts'
import { inTransaction } from '../reading/execution.ts'

/** What Knex gives to `up` and `down`: lib/knex-builder/make-knex.js. */
export const knexCalls: CodeReader = {
  entry: 'exports',
  args: run => [knexOf(run)],
}

function knexOf(run: Run): Host {
  const raw = functionOf('knex.raw', call => lazy(run, 'knex.raw', call, withBindings(textGiven(call), call.args[1])))
  const schema = host('knex.schema', {
    raw,
    hasTable: answerOf('hasTable', 'it depends on what the database has'),
    hasColumn: answerOf('hasColumn', 'it depends on what the database has'),
  })
  const client = host('knex.client', { config: host('the configuration', { client: textAt('pg', [0, 0]) }) })
  const members = new Map<string, Value>([
    ['raw', raw],
    ['schema', schema],
    ['client', client],
  ])
  const made: Host = { kind: 'host', name: 'knex', get: name => members.get(name) }
  const transaction = functionOf('knex.transaction', ({ args: [work], at }) =>
    work?.kind === 'callable'
      ? run.inWay({ execution: inTransaction, apart: true }, () => run.settle(run.invoke(work, [made], at), at))
      : run.notRead(at, 'a transaction that is begun here and ended elsewhere'),
  )
  members.set('transaction', transaction)
  return made
}

/** A query of Knex reaches the server when somebody waits for it, and each time that somebody does. */
function lazy(run: Run, name: string, { at }: Pick<Call, 'at'>, sql: Text): Host {
  return {
    kind: 'host',
    name,
    settle: () => {
      run.send(sql, { at })
      return answer(at)
    },
  }
}

/** `?` and `:name` stand for values, `??` and `:name:` for names (lib/formatter/rawFormatter.js). */
function withBindings(sql: Text, values: Value | undefined): Text {
  if (values?.kind === 'record')
    return replaced(sql, /(?<!:):(\w+)(:?)/g, ([, name = '', colon], found) => {
      const value = entry(values, name)
      return value === undefined ? found : bound(value, colon === ':', found)
    })
  let next = 0
  const isNone = values === undefined || (values.kind === 'plain' && values.value === undefined)
  const items = isNone ? [] : values.kind === 'list' ? values.items : [values]
  return replaced(sql, /\\\?|\?\??/g, ([mark], found) => {
    if (mark.startsWith('\\')) return textAt('?', found.pieces[0]?.at ?? [0, 0])
    const value = items[next++]
    return value === undefined ? found : bound(value, mark === '??', found)
  })
}

function bound(value: Value, isName: boolean, found: Text): Text {
  const at = found.pieces[0]?.at ?? [0, 0]
  if (value.kind === 'text') {
    if (!isName) return quoted(value, "'")
    let start = 0
    const parts = value.pieces
      .map(({ text }) => text)
      .join('')
      .split('.')
    const names = parts.map(part => {
      const from = start
      start += part.length + 1
      return quoted(cut(value, from, from + part.length), '"')
    })
    return joined(names, textAt('.', at))
  }
  if (value.kind === 'plain') return textAt(value.value === undefined ? 'NULL' : String(value.value), at)
  return hole(at, value.kind === 'unknown' ? value.why : 'its value is not known')
}
