import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { lookUp } from '../src/parse/look-up.ts'

export default defineRule({
  title: 'Bytes that are not text',
  why: 'PostgreSQL accepts only valid text in the encoding of the database, without NUL characters.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ script }) {
    return script.problems.flatMap(({ kind, message, span }) => {
      const help = lookUp(remedies, kind)
      return help === undefined
        ? []
        : [{ at: span, message: say`PostgreSQL cannot take this text: ${raw(message)}.`, help }]
    })
  },
})

const remedies: Readonly<Record<string, string>> = {
  'nul-character': 'Remove the NUL character.',
  'not-text': 'Take the file out of the folder of migrations.',
  'invalid-encoding': 'Save the file as UTF-8.',
}
