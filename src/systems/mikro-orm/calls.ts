import { answer, functionOf, host } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { type Host, nothing, unknown } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import { mikroOrmAdvice } from './advice.ts'
import { queryGiven, rawMakers } from './query.ts'

/** The SQL of `addSql`, in order. */
const added = new WeakMap<Run, (() => void)[]>()

const packages = [
  '@mikro-orm/core',
  '@mikro-orm/postgresql',
  '@mikro-orm/knex',
  '@mikro-orm/sql',
  '@mikro-orm/migrations',
]
const library: Host = {
  kind: 'host',
  name: 'MikroORM',
  isInert: true,
  get: (name, at) => rawMakers.get(name) ?? unknown('it comes from MikroORM', at, true, name),
}

/** What MikroORM's class `Migration` has: packages/migrations/src/Migration.ts. */
export const mikroOrmCalls: CodeReader = {
  entry: 'class',
  args: () => [],
  modules: () => new Map(packages.map(name => [name, library])),
  self: run => {
    const queue: (() => void)[] = []
    added.set(run, queue)
    return host('the migration', {
      addSql: functionOf('addSql', call => {
        const isPerhaps = run.conditions > 0
        const sql = queryGiven({ ...call, args: call.args.slice(0, 1) })
        const send = () => run.send(sql, { at: call.at })
        append(queue, [isPerhaps ? () => run.perhaps(send) : send])
        return nothing(call.at)
      }),
      execute: functionOf('execute', call => {
        run.send(queryGiven(call), { at: call.at })
        return answer(call.at)
      }),
      reset: functionOf('reset', call => {
        if (run.conditions > 0) return run.notRead(call.at, 'it is unknown whether it discards the added queries')
        queue.length = 0
        return nothing(call.at)
      }),
    })
  },
  // `MigrationRunner.run`: `getQueries` comes after `up` has returned.
  end: run => {
    for (const send of added.get(run) ?? []) send()
  },
  advice: mikroOrmAdvice,
}
