import type { AdviceInCode, Name } from '../../code/advice.ts'
import { quotedText, template } from '../../code/spelling/javascript.ts'

/** Calls of Kysely for advice. Kysely has none for CONCURRENTLY, NOT VALID and VALIDATE CONSTRAINT. */
export const kyselyAdvice: AdviceInCode = {
  language: 'ts',
  sql: text => `await sql${template(text)}.execute(db)`,
  calls: {
    setNotNull: ({ table, column }) =>
      altered(table, `.alterColumn(${quotedText(column)}, column => column.setNotNull())`),
    dropNotNull: ({ table, column }) =>
      altered(table, `.alterColumn(${quotedText(column)}, column => column.dropNotNull())`),
    dropColumn: ({ table, column }) => altered(table, `.dropColumn(${quotedText(column)})`),
    dropConstraint: ({ table, name, ifExists }) =>
      ifExists ? null : altered(table, `.dropConstraint(${quotedText(name)})`),
  },
}

function altered({ schema, name }: Name, work: string): string | null {
  // A dot separates the parts of a name.
  if (name.includes('.') || schema?.includes('.')) return null
  const place = schema === null ? 'db.schema' : `db.schema.withSchema(${quotedText(schema)})`
  return `await ${place}.alterTable(${quotedText(name)})${work}.execute()`
}
