import type { AdviceInCode, Name } from '../../code/advice.ts'
import { quotedText, template } from '../../code/spelling/javascript.ts'

/** Calls of Knex for advice. Knex has none for CONCURRENTLY, NOT VALID and VALIDATE CONSTRAINT. */
export const knexAdvice: AdviceInCode = {
  language: 'js',
  // A `?` would stand for a value.
  sql: text => `await knex.raw(${template(text).replaceAll('?', '\\\\?')})`,
  calls: {
    setNotNull: ({ table, column }) => altered(table, `table.dropNullable(${quotedText(column)})`),
    dropNotNull: ({ table, column }) => altered(table, `table.setNullable(${quotedText(column)})`),
    dropColumn: ({ table, column }) => altered(table, `table.dropColumn(${quotedText(column)})`),
  },
}

function altered({ schema, name }: Name, work: string): string | null {
  // A dot or ` as ` in a name has a meaning of its own.
  if (/[.\s]/.test(name) || /[.\s]/.test(schema ?? '') || /['"\\]/.test(work.replace(/'/g, ''))) return null
  const place = schema === null ? 'knex.schema' : `knex.schema.withSchema(${quotedText(schema)})`
  return `await ${place}.alterTable(${quotedText(name)}, table => { ${work} })`
}
