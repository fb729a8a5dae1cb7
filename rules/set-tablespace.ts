import { outside } from '../src/lint/advice/advice.ts'
import { asCertain, blocks, tableNameOf } from '../src/lint/advice/effects.ts'
import { help, identifier, quoted, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Move to another tablespace',
  why: 'The whole file is copied, and nobody can read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  peers: ['migrationpilot:MP095'],
  on: ['set-tablespace'],

  check({ step, operation, effects, runner, version }) {
    const effect = effects.blockingReads()
    if (!effect) return
    const { keyword, subject, detail } = operation
    const table = tableNameOf(effect, step.before)
    const isIndex = subject.kind === 'index'
    return {
      at: keyword,
      message: isIndex
        ? say`Moving ${subject.name} ${blocks(effect)} reads and writes of ${table} until the index is copied.`
        : say`Moving ${subject.name} ${blocks(effect)} reads and writes of it until the table is copied.`,
      ...asCertain(effect),
      help:
        isIndex && version >= 14 && detail !== null
          ? help(outside(runner), sql`REINDEX (TABLESPACE ${identifier(detail)}) INDEX CONCURRENTLY ${subject.name};`)
          : help(
              `Do it when nobody needs ${quoted(table)}, or move it with the extension pg_repack while others work.`,
            ),
    }
  },
})
