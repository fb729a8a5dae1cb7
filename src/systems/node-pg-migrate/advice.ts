import type { AdviceInCode, Name } from '../../code/advice.ts'
import { options, quotedText, template, textList } from '../../code/spelling/javascript.ts'

/** Calls of node-pg-migrate for advice. */
export const nodePgMigrateAdvice: AdviceInCode = {
  language: 'js',
  sql: text => `pgm.sql(${template(text)})`,
  calls: {
    // The tool reads any other column name as an expression.
    createIndex: ({ name, table, columns, unique, concurrently, ifNotExists, method, where }) =>
      columns.some(column => /\W/.test(column))
        ? null
        : `pgm.createIndex(${named(table)}, ${textList(columns)}, ${options({
            name: quotedText(name),
            unique,
            concurrently,
            ifNotExists,
            method: method && quotedText(method),
            where: where === null ? null : quotedText(where),
          })})`,
    // The index has the schema of the table that is given (generateIndexName).
    dropIndex: ({ index, table, concurrently, ifExists }) =>
      table === null
        ? null
        : `pgm.dropIndex(${named({ schema: index.schema, name: table.name })}, [], ${options({
            name: quotedText(index.name),
            concurrently,
            ifExists,
          })})`,
    addForeignKey: ({ table, name, definition }) => added(table, name, definition),
    addCheck: ({ table, name, definition }) => added(table, name, definition),
    dropConstraint: ({ table, name, ifExists }) =>
      `pgm.dropConstraint(${named(table)}, ${quotedText(name)}${ifExists ? ', { ifExists: true }' : ''})`,
    setNotNull: ({ table, column }) => `pgm.alterColumn(${named(table)}, ${quotedText(column)}, { notNull: true })`,
    dropNotNull: ({ table, column }) => `pgm.alterColumn(${named(table)}, ${quotedText(column)}, { notNull: false })`,
    dropColumn: ({ table, column }) => `pgm.dropColumn(${named(table)}, ${quotedText(column)})`,
  },
}

function named({ schema, name }: Name): string {
  return schema === null ? quotedText(name) : `{ schema: ${quotedText(schema)}, name: ${quotedText(name)} }`
}

function added(table: Name, name: string, definition: string): string | null {
  return definition.includes('\n')
    ? null
    : `pgm.addConstraint(${named(table)}, ${quotedText(name)}, ${quotedText(definition)})`
}
