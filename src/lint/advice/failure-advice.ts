import { lookUp } from '../../parse/look-up.ts'
import { unsupported } from '../../postgres/grammar/syntax.ts'
import type { Step } from '../../postgres/step.ts'
import { newestVersion } from '../../postgres/version.ts'
import type { Help } from '../help.ts'
import { help, raw, sql } from './sql.ts'

/** The remedy for a statement that certainly fails, by the SQLSTATE (manual, "PostgreSQL Error Codes"). */
export function failureAdvice({ error, statement }: Step, version: number): Help {
  const sqlstate = error?.sqlstate ?? ''
  const text = `${statement.text};`
  switch (sqlstate) {
    case '25P01': // no_active_sql_transaction
      return help('Put it into a transaction, with the statements it is for:', raw(`BEGIN;\n${text}\nCOMMIT;`))
    case '55006': // object_in_use: CheckTableNotInUse() in tablecmds.c
      return help('Have the foreign keys checked before it, or commit first:', sql`SET CONSTRAINTS ALL IMMEDIATE;`)
    case '2D000': // invalid_transaction_termination
      return help('A block can only end a transaction when it runs outside of one. Take its COMMIT or ROLLBACK out.')
    case '0A000': // feature_not_supported
    case '42601': // syntax_error
      if (isNewerGrammar(statement, version)) {
        return help(
          `PostgreSQL ${version} does not know this syntax. If it is meant for a newer one, say so with \`pgVersion\`.`,
        )
      }
      // heap_truncate_check_FKs() in heap.c
      if (statement.kind === 'TruncateStmt') return help(truncateAlone)
      return help(sqlstate === '0A000' ? 'PostgreSQL does not support this. Do it in another way.' : correctIt)
    case '2BP01': // dependent_objects_still_exist
      return help('First drop or change what depends on it.')
    default:
      return help(lookUp(advice, sqlstate) ?? correctIt)
  }
}

/** True when a newer version accepts what this one does not. Many other mistakes have the SQLSTATE of a syntax error as well. */
function isNewerGrammar(statement: Step['statement'], version: number): boolean {
  return unsupported(statement, version) !== null && unsupported(statement, newestVersion) === null
}

const truncateAlone =
  'Truncate the tables that refer to it in the same statement, or delete the rows with DELETE. CASCADE would empty those tables without naming them.'
const correctIt = 'Correct it: as it stands, the migration stops here.'
const absent =
  'Nothing has this name at this point. Look for a typing mistake, or for an earlier statement that drops or renames it.'
const present = 'It exists already. Leave this out, or choose another name.'

const advice: Readonly<Record<string, string>> = {
  '3B001': 'No savepoint has this name at this point. Look for a typing mistake, or for a ROLLBACK that has undone it.',
  '3F000': absent, // invalid_schema_name
  '42P01': absent, // undefined_table
  '42703': absent, // undefined_column
  '42704': absent, // undefined_object
  '42883': absent, // undefined_function
  '42P06': present, // duplicate_schema
  '42P07': present, // duplicate_table
  '42701': present, // duplicate_column
  '42710': present, // duplicate_object
  '42723': present, // duplicate_function
  '42809': 'It is another kind of object than this statement is for. Use the statement for that kind.', // wrong_object_type
}
