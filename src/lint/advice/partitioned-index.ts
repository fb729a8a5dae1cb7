import type { RunnerAdvice } from '../../migration/runner.ts'
import type { Span } from '../../parse/span.ts'
import type { CreateIndex } from '../../postgres/operation.ts'
import type { Step } from '../../postgres/step.ts'
import { outside } from './advice.ts'
import { indexOf, nameOnPartition, partitionsShown } from './relations.ts'
import { identifier, quoteName, raw, type Sql, sql } from './sql.ts'
import { behind, nameEnd, wordsAt } from './words.ts'

/**
 * Help that indexes a partitioned table while writes go on. CONCURRENTLY is refused there (0A000, DefineIndex in indexcmds.c),
 * but ON ONLY builds nothing, and each partition can be indexed concurrently.
 */
export function indexOnPartitions(
  step: Step,
  { table, index, keyword }: CreateIndex,
  { text, runner }: { readonly text: (span: Span) => string; readonly runner: RunnerAdvice },
): (string | Sql | false)[] {
  const create = text(keyword)
  const written = text([keyword[1], step.statement.span[1]])
  const [, on] = wordsAt(written, 'ON') ?? [0, 0]
  const definition = written.slice(nameEnd(written, behind(written, 'ONLY', on)))
  const build = (words: string, name: string, on: string) =>
    raw(`${create}${words} ${identifier(name).sql} ON ${on}${definition};`)
  const { shown, others } = partitionsShown(step.before, table.oid)
  return [
    'A partitioned table cannot be indexed concurrently. Create the index on it alone, which builds nothing yet:',
    build('', index.name, `ONLY ${quoteName(table.name)}`),
    outside(runner, 'build it on each partition, and attach it there'),
    ...shown.flatMap(partition => {
      const name = nameOnPartition(partition, table.name, index.name)
      return [
        build(' CONCURRENTLY', name, quoteName(partition)),
        sql`ALTER INDEX ${indexOf(table.name, index.name)} ATTACH PARTITION ${indexOf(partition, name)};`,
      ]
    }),
    others,
    'PostgreSQL uses the index once all partitions have theirs attached.',
  ]
}
