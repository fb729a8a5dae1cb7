import { asCertain, blocks } from '../src/lint/effects.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Change of the access method of a table that is in use',
  why: 'Every row is stored anew by the other method and every index is built anew, under a lock that blocks reads and writes.',
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
        'It takes a new table to do this while others work: create it USING the method, copy the rows in batches, let the two change names.',
      ),
    }
  },
})
