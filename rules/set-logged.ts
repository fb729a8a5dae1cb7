import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'SET LOGGED and SET UNLOGGED of a table that is in use',
  why: 'Every row is copied to a new file and every index is built again, and nobody can read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['set-logged', 'set-unlogged'],
  peers: ['migrationpilot:MP047', 'pgfence:set-logged-unlogged'],

  check({ operation, effects }) {
    const effect = effects.blockingReads({ work: 'rewrite' })
    if (!effect) return
    const { kind, keyword, subject } = operation
    const word = kind === 'set-logged' ? 'logged' : 'unlogged'
    return {
      at: keyword,
      message: say`Making ${subject.name} ${raw(word)} ${blocks(effect)} reads and writes of it while every row is copied.`,
      ...asCertain(effect),
      help: help(
        kind === 'set-unlogged' && 'An unlogged table is empty after a crash, and on every replica.',
        `To do this while others work, use a new table: create it ${word}, copy the rows in batches, keep the two alike with a trigger, and swap their names.`,
      ),
    }
  },
})
