import { answer, functionOf, host, silent, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { type Call, type Host, known, list, nothing, type Value } from '../../code/value.ts'

/** What db-migrate gives to `up` and `down`: the driver (db-migrate-pg), and a function to call at the end. */
export const dbMigrateCalls: CodeReader = {
  entry: 'exports',
  args: run => [driver(run), silent('callback')],
  modules: run => ({ async: asynchronous(run) }),
}

function driver(run: Run): Host {
  // `runSql(sql, [params], [callback])`
  const runSql = functionOf('db.runSql', call => {
    run.send(textGiven(call), { at: call.at })
    return calledBack(run, call)
  })
  return host('db', { runSql, all: runSql })
}

/** Calls the function that is given last, without an error. */
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
    if (tasks?.kind !== 'list' || tasks.isOpen) run.unread(at, 'its list of functions is not known')
    if (end) run.invoke(end, [known(null, at), list([], at)], at)
    return nothing(at)
  })
  return host('async', { series: each, parallel: each, waterfall: each })
}
