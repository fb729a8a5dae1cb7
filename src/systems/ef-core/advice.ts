import type { AdviceInCode, Name } from '../../code/advice.ts'
import { quotedText, textList } from '../../code/spelling/c-sharp.ts'

/** Methods of MigrationBuilder for advice, with the annotations of Npgsql's provider. */
export const efCoreAdvice: AdviceInCode = {
  language: 'csharp',
  sql: (text, isOutside) =>
    `migrationBuilder.Sql(${quotedText(text)}${isOutside ? ', suppressTransaction: true' : ''});`,
  calls: {
    createIndex: ({ name, table, columns, unique, concurrently, ifNotExists, method, where }) => {
      if (ifNotExists) return null
      const [first = '', ...more] = columns
      const args = [
        `name: ${quotedText(name)}`,
        ...ofTable(table),
        more.length === 0 ? `column: ${quotedText(first)}` : `columns: ${textList(columns)}`,
        ...(unique ? ['unique: true'] : []),
        ...(where === null ? [] : [`filter: ${quotedText(where)}`]),
      ]
      const annotations = [
        // Npgsql runs it outside of the transaction without being asked.
        ...(concurrently ? ['    .Annotation("Npgsql:CreatedConcurrently", true)'] : []),
        ...(method === null ? [] : [`    .Annotation("Npgsql:IndexMethod", ${quotedText(method)})`]),
      ]
      return `${[`migrationBuilder.CreateIndex(${args.join(', ')})`, ...annotations].join('\n')};`
    },
    dropIndex: ({ index, table, concurrently, ifExists }) =>
      concurrently || ifExists || table === null
        ? null
        : `migrationBuilder.DropIndex(${[`name: ${quotedText(index.name)}`, ...ofTable(table)].join(', ')});`,
    dropColumn: ({ table, column }) =>
      `migrationBuilder.DropColumn(${[`name: ${quotedText(column)}`, ...ofTable(table)].join(', ')});`,
  },
}

function ofTable({ schema, name }: Name): string[] {
  return [...(schema === null ? [] : [`schema: ${quotedText(schema)}`]), `table: ${quotedText(name)}`]
}
