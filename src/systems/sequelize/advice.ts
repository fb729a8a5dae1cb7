import type { AdviceInCode, Name } from '../../code/advice.ts'
import { options, quotedText, template, textList } from '../../code/spelling/javascript.ts'

/** Calls of Sequelize for advice. `changeColumn` is not one of them, because it drops NOT NULL and the default of the column. */
export const sequelizeAdvice: AdviceInCode = {
  language: 'js',
  sql: text => `await queryInterface.sequelize.query(${template(text)})`,
  calls: {
    createIndex: ({ name, table, columns, unique, concurrently, ifNotExists, method, where }) =>
      where !== null || ifNotExists || isOdd(table, [name, ...columns])
        ? null
        : `await queryInterface.addIndex(${named(table)}, ${textList(columns)}, ${options({
            name: quotedText(name),
            unique,
            concurrently,
            using: method && quotedText(method),
          })})`,
    // It always says IF EXISTS (removeIndexQuery of the query generator).
    dropIndex: ({ index, table, concurrently }) =>
      table === null || isOdd(table, [index.schema ?? '', index.name])
        ? null
        : `await queryInterface.removeIndex(${[
            named(table),
            quotedText(index.schema === null ? index.name : `${index.schema}.${index.name}`),
            ...(concurrently ? ['{ concurrently: true }'] : []),
          ].join(', ')})`,
    dropConstraint: ({ table, name, ifExists }) =>
      ifExists || isOdd(table, [name])
        ? null
        : `await queryInterface.removeConstraint(${named(table)}, ${quotedText(name)})`,
  },
}

/** Sequelize removes quotes from names, and splits names at dots. */
function isOdd({ schema, name }: Name, names: readonly string[]): boolean {
  return [schema ?? '', name, ...names].some(each => /[".]/.test(each))
}

function named({ schema, name }: Name): string {
  return schema === null ? quotedText(name) : `{ tableName: ${quotedText(name)}, schema: ${quotedText(schema)} }`
}
