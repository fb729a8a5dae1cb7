import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Change of the access method of a table that is in use',
  why: 'Every row is copied to a new file and every index is built again, and nobody can read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['set-access-method'],

  check({ operation, effects }) {
    const effect = effects.blockingReads({ work: 'rewrite' })
    if (!effect) return
    const { keyword, subject, detail } = operation
    return {
      at: keyword,
      message: say`Storing ${subject.name} as ${detail ?? 'heap'} ${blocks(effect)} reads and writes of it while every row is copied.`,
      ...asCertain(effect),
      help: help(
        'To do this while others work, use a new table: create it USING the method, copy the rows in batches, keep the two alike with a trigger, and swap their names.',
      ),
    }
  },
})
