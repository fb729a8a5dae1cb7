import { help, identifier, newName, raw, say, sql } from '../src/lint/advice/sql.ts'
import { wordsAt } from '../src/lint/advice/words.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Concurrent index build without a name',
  why: 'A build that fails leaves an invalid index behind. Run again without a name, it does not stumble over that: it builds one more under another name, and writes maintain both.',
  severity: 'warning',
  category: 'schema',
  on: ['create-index'],

  check({ step, operation, text }) {
    const { name, concurrently, table, index } = operation
    if (!concurrently || name !== null || !table.exposed || step.error) return
    const statement = text(step.statement.span)
    const end = wordsAt(statement, 'CONCURRENTLY')?.[1] ?? 0
    const own =
      index.name ||
      newName(
        table.name,
        index.keys.flatMap(({ column }) => column ?? []),
        'idx',
      )
    return {
      at: operation.keyword,
      message: say`If this fails and is run again, it builds a second index beside the invalid one that it left on ${table.name}.`,
      help: help(
        'Give it a name, and drop what an earlier attempt may have left:',
        sql`DROP INDEX CONCURRENTLY IF EXISTS ${identifier(own)};`,
        raw(`${statement.slice(0, end)} ${identifier(own).sql}${statement.slice(end)};`),
      ),
    }
  },
})
