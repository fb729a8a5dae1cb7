import { NotRead, told } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { functionOf } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import type { Text } from '../../code/text.ts'
import { type Call, type Host, nothing, type Value } from '../../code/value.ts'
import { verbatim } from './given.ts'
import { inSchema, nameOf, namesOf, wrapped } from './name.ts'
import { rawTextOf } from './raw-text.ts'

/** Sends the statements of Knex for a new view: lib/schema/viewcompiler.js. */
export function sendView(run: Run, create: string, call: Call, schema: Text | null, name: Text): void {
  const words = sqlAt(call.nameAt)
  const { describe, at } = description(call)
  const before = run.conditions
  let [columns, query, option]: (Text | null)[] = [null, null, null]
  const set = (member: string, work: (call: Call) => void) =>
    functionOf(`view.${member}`, given => {
      told(run, given.at, () => {
        if (run.conditions > before) throw new NotRead('it depends on an unknown value')
        work(given)
      })
      return nothing(given.at)
    })
  const members: ReadonlyMap<string, Value> = new Map([
    ['columns', set('columns', given => (columns = namesOf(given.args[0], given.argsAt[0] ?? given.nameAt)))],
    [
      'as',
      set('as', ({ args: [value], argsAt: [place], nameAt }) => {
        query = (value && rawTextOf(value)) ?? (value?.kind === 'text' ? value : null)
        if (!query) throw new NotRead(value?.kind === 'unknown' ? value.why : 'its query is not read')
        if (!place) query = verbatim(value, nameAt)
      }),
    ],
    ['checkOption', set('checkOption', ({ nameAt }) => (option = sqlAt(nameAt)` with check option`))],
    ['localCheckOption', set('localCheckOption', ({ nameAt }) => (option = sqlAt(nameAt)` with local check option`))],
    [
      'cascadedCheckOption',
      set('cascadedCheckOption', ({ nameAt }) => (option = sqlAt(nameAt)` with cascaded check option`)),
    ],
  ])
  const own: Host = { kind: 'host', name: 'the view', get: member => members.get(member) }
  run.invoke(describe, [own], at, own)
  const list: Text = columns ? words` (${columns})` : words``
  if (query) run.send(words`${create} ${wrapped(inSchema(schema, name))}${list} as ${query}${option ?? ''}`, call)
}

/** `alterView`: columns get other names or defaults. */
export function sendAlteredView(run: Run, call: Call, schema: Text | null, name: Text): void {
  const { describe, at } = description(call)
  const full = wrapped(inSchema(schema, name))
  const column = functionOf('view.column', ({ args: [value], argsAt: [place], nameAt }) => {
    const change = (member: string, sql: (given: Call) => Text) =>
      functionOf(`view.column.${member}`, given => {
        told(run, given.at, () => run.send(sql(given), { at: given.at }))
        return own
      })
    const words = sqlAt(nameAt)
    const members: ReadonlyMap<string, Value> = new Map([
      [
        'rename',
        change('rename', ({ args: [to], argsAt: [toAt], nameAt: renameAt }) => {
          const names = [nameOf(value, place ?? nameAt), nameOf(to, toAt ?? renameAt)] as const
          return words`alter view ${full} rename ${names[0]} to ${names[1]}`
        }),
      ],
      [
        'defaultTo',
        change('defaultTo', ({ args: [to], argsAt: [toAt], nameAt: defaultAt }) => {
          const standard = verbatim(to, toAt ?? defaultAt)
          return words`alter view ${full} alter ${nameOf(value, place ?? nameAt)} set default ${standard}`
        }),
      ],
    ])
    const own: Host = { kind: 'host', name: 'a column of a view', get: member => members.get(member) }
    return own
  })
  const view: Host = { kind: 'host', name: 'the view', get: member => (member === 'column' ? column : undefined) }
  run.invoke(describe, [view], at, view)
}

function description({ args, argsAt, at }: Call) {
  return { describe: args[1] ?? nothing(at), at: argsAt[1] ?? at }
}
