import { answer, functionOf, host, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { nothing } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import { mikroOrmAdvice } from './advice.ts'

/** The SQL of `addSql`, in order. */
const added = new WeakMap<Run, (() => void)[]>()

/** The members of MikroORM's class `Migration`: packages/migrations/src/Migration.ts. */
export const mikroOrmCalls: CodeReader = {
  entry: 'class',
  args: () => [],
  self: run => {
    const queue: (() => void)[] = []
    added.set(run, queue)
    return host('the migration', {
      addSql: functionOf('addSql', call => {
        const isPerhaps = run.conditions > 0
        const send = () => run.send(textGiven(call), { at: call.at })
        append(queue, [isPerhaps ? () => run.perhaps(send) : send])
        return nothing(call.at)
      }),
      execute: functionOf('execute', call => {
        run.send(textGiven(call), { at: call.at })
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
