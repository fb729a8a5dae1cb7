import type { AdviceInCode, Name } from '../../code/advice.ts'
import { atom, keywords, quotedText } from '../../code/spelling/elixir.ts'

/** Functions of Ecto.Migration for advice. Keys and NOT NULL belong to `modify`, which names the type again. */
export const ectoAdvice: AdviceInCode = {
  language: 'elixir',
  sql: text => `execute(${quotedText(text)})`,
  calls: {
    createIndex: ({ name, table, columns, unique, concurrently, ifNotExists, method, where }) =>
      // A string would be an expression.
      columns.every(isAtom)
        ? `${ifNotExists ? 'create_if_not_exists' : 'create'} index(${atom(table.name)}, [${columns.map(atom).join(', ')}], ${keywords(
            {
              name: atom(name),
              prefix: prefixOf(table),
              unique,
              using: method && quotedText(method),
              where: where && quotedText(where),
              concurrently,
            },
          )})`
        : null,
    dropIndex: ({ index, table, concurrently, ifExists }) =>
      table === null
        ? null
        : `${ifExists ? 'drop_if_exists' : 'drop'} index(${atom(table.name)}, [], ${keywords({
            name: atom(index.name),
            prefix: prefixOf(index),
            concurrently,
          })})`,
    addCheck: ({ name, table, condition, notValid }) =>
      `create constraint(${atom(table.name)}, ${atom(name)}, ${keywords({
        check: quotedText(condition),
        prefix: prefixOf(table),
        validate: notValid && 'false',
      })})`,
    dropConstraint: ({ name, table, ifExists }) => {
      const args = [atom(table.name), atom(name), keywords({ prefix: prefixOf(table) })].filter(each => each !== '')
      return `${ifExists ? 'drop_if_exists' : 'drop'} constraint(${args.join(', ')})`
    },
    dropColumn: ({ table, column }) => {
      const args = [atom(table.name), keywords({ prefix: prefixOf(table) })].filter(each => each !== '')
      return isAtom(column) ? `alter table(${args.join(', ')}) do\n  remove ${atom(column)}\nend` : null
    },
  },
}

function isAtom(name: string): boolean {
  return atom(name).startsWith(':')
}

function prefixOf({ schema }: Name): string | null {
  return schema === null ? null : quotedText(schema)
}
