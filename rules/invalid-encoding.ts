import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Bytes that are not text',
  why: 'PostgreSQL accepts only valid text in the encoding of the database, without NUL characters.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ script }) {
    return script.problems
      .filter(({ kind }) => kind === 'invalid-encoding' || kind === 'nul-character')
      .map(({ kind, message, span }) => ({
        at: span,
        message: say`PostgreSQL cannot take this text: ${raw(message.replace(/\.$/, ''))}.`,
        help: helpFor(kind, message),
      }))
  },
})

function helpFor(kind: string, message: string): string {
  if (kind === 'nul-character') return 'Remove the NUL character.'
  return message.endsWith('no text') ? 'Take the file out of the folder of migrations.' : 'Save the file as UTF-8.'
}
