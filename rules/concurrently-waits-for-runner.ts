import { concurrentKinds, concurrentWork } from '../src/lint/advice/concurrently.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'CONCURRENTLY that waits for the tool itself',
  why: 'CONCURRENTLY waits for all older transactions. The tool keeps one open on another connection until the migration is done, so both wait forever.',
  severity: 'error',
  category: 'migration file',
  on: [...concurrentKinds],

  check({ step, operation, remarks, runner }) {
    const [own] = remarksOf(remarks, 'own-lock')
    // In a function it is refused before it waits.
    if (!own || !operation.concurrently || step.error || step.refusedInTransaction !== undefined) return
    const may = own.certain ? 'never ends' : 'may never end'
    return {
      at: operation.keyword,
      message: say`${raw(concurrentWork(operation))} ${raw(may)}: ${raw(runner.name)} keeps a transaction open meanwhile.`,
      severity: own.certain ? 'error' : 'warning',
      help: help(`Set \`${own.setting}\` in the configuration of ${runner.name}: it then locks without a transaction.`),
    }
  },
})
