import { functionOf, host, sends, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import { nothing } from '../../code/value.ts'
import { mikroOrmAdvice } from './advice.ts'

/** What MikroORM's class `Migration` has: packages/migrations/src/Migration.ts. */
export const mikroOrmCalls: CodeReader = {
  advice: mikroOrmAdvice,
  entry: 'class',
  args: () => [],
  self: run =>
    host('the migration', {
      addSql: functionOf('addSql', call => {
        run.send(textGiven(call), { at: call.at })
        return nothing(call.at)
      }),
      execute: sends(run, 'execute'),
    }),
}
