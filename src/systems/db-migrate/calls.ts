import { sendBuilt } from '../../code/given/call.ts'
import { argumentsOf } from '../../code/given/value.ts'
import { answer, functionOf, host, silent, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { replaced, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, known, list, nothing, record, type Value } from '../../code/value.ts'
import { dbMigrateAdvice } from './advice.ts'
import { built, type Operation } from './given.ts'
import { insert, operations } from './operations.ts'

/** What db-migrate gives to `up` and `down`: the driver (db-migrate-pg), and a function to call at the end. Before, it calls `setup`. */
export const dbMigrateCalls: CodeReader = {
  advice: dbMigrateAdvice,
  entry: 'exports',
  args: (run, exported) => {
    const setup = exported('setup')
    if (setup?.kind === 'callable') run.invoke(setup, [record([['dbmigrate', tool]], setup.at)], setup.at)
    return [driver(run), silent('callback')]
  },
  modules: run =>
    new Map([
      ['async', asynchronous(run)],
      ['db-migrate', tool],
    ]),
}

/** `dataType` of db-migrate-shared. */
const types = new Map(
  'char string text smallint bigint real date time blob timestamp binary boolean decimal'
    .split(' ')
    .map(word => [word.toUpperCase(), word] as const),
)
for (const [name, word] of [
  ['INTEGER', 'int'],
  ['SMALL_INTEGER', 'smallint'],
  ['BIG_INTEGER', 'bigint'],
  ['DATE_TIME', 'datetime'],
] as const)
  types.set(name, word)

const dataType: Host = {
  kind: 'host',
  name: 'dataType',
  get: (name, at) => {
    const word = types.get(name)
    return word === undefined ? undefined : textAt(word, at)
  },
}

const tool = host('db-migrate', { dataType })

function driver(run: Run): Host {
  const members = new Map<string, Value>()
  const put = (name: string, build: (call: Call) => readonly Text[]) => {
    const made = functionOf(`db.${name}`, call => {
      sendBuilt(run, call, () => build(call))
      return calledBack(run, call)
    })
    members.set(name, made)
    members.set(`${name}Async`, made)
  }
  const makes = (operation: Operation) => (call: Call) => built(operation, call)
  for (const [name, operation] of Object.entries(operations)) put(name, makes(operation))
  put('insert', call => built(insert(call.args.length > 3), call))
  // `runSql(sql, [params], [callback])`
  put('runSql', call => [numbered(textGiven(call), call)])
  put('all', call => [textGiven(call)])
  return { kind: 'host', name: 'db', get: name => members.get(name) }
}

/** If there are values, `?` becomes `$1` and so on (`runSql` of db-migrate-pg). */
function numbered(sql: Text, call: Call): Text {
  const args = argumentsOf(call)
  const last = args.at(-1)
  const isCalledBack = last?.kind === 'callable' || (last?.kind === 'host' && last.call !== undefined)
  if (args.length <= (isCalledBack ? 2 : 1)) return sql
  let number = 0
  return replaced(sql, /\?/g, (_, found) => textAt(`$${++number}`, found.pieces[0]?.at ?? call.nameAt))
}

/** Calls the last argument, a callback, without an error. */
function calledBack(run: Run, { args, at }: Call): Value {
  const last = args.at(-1)
  if (last?.kind === 'callable' || (last?.kind === 'host' && last.call)) run.invoke(last, [known(null, at)], at)
  return answer(at)
}

/** The package `async`, in whose lists of functions db-migrate's own examples nest their calls. */
function asynchronous(run: Run): Host {
  const each = functionOf('async', ({ args: [tasks, end], at }) => {
    const next = silent('next')
    for (const task of tasks?.kind === 'list' ? tasks.items : []) run.settle(run.invoke(task, [next], at), at)
    if (tasks?.kind !== 'list' || tasks.isOpen) run.unread(at, 'its list of functions is unknown')
    if (end) run.invoke(end, [known(null, at), list([], at)], at)
    return nothing(at)
  })
  return host('async', { series: each, parallel: each, waterfall: each })
}
