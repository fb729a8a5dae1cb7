import type { AdviceInCode, Name } from '../../code/advice.ts'
import { keywords, quotedText, textList } from '../../code/spelling/python.ts'

/** Operations of Alembic for advice. */
export const alembicAdvice: AdviceInCode = {
  language: 'python',
  sql: text => `op.execute(${clause(text)})`,
  // Lines within a string keep their indentation.
  outside: statements =>
    ['with op.get_context().autocommit_block():', ...statements.map(each => `    ${each}`)].join('\n'),
  calls: {
    createIndex: ({ name, table, columns, unique, concurrently, ifNotExists, method, where }) =>
      // `if_not_exists` came with Alembic 1.12.
      ifNotExists || isDotted(table)
        ? null
        : `op.create_index(${quotedText(name)}, ${quotedText(table.name)}, ${textList(columns)}, ${keywords({
            schema: schemaOf(table),
            unique,
            postgresql_using: method && quotedText(method),
            postgresql_where: where && `sa.text(${clause(where)})`,
            postgresql_concurrently: concurrently,
          })})`.replace(', )', ')'),
    dropIndex: ({ index, table, concurrently, ifExists }) =>
      ifExists || isDotted(index)
        ? null
        : `op.drop_index(${[
            quotedText(index.name),
            keywords({
              table_name: table && quotedText(table.name),
              schema: schemaOf(index),
              postgresql_concurrently: concurrently,
            }),
          ]
            .filter(part => part !== '')
            .join(', ')})`,
    addForeignKey: ({ name, table, columns, referenced, referencedColumns, onDelete, onUpdate, notValid }) =>
      referencedColumns.length === 0 || isDotted(table) || isDotted(referenced)
        ? null
        : `op.create_foreign_key(${[
            ...[name, table.name, referenced.name].map(quotedText),
            ...[columns, referencedColumns].map(textList),
            keywords({
              source_schema: schemaOf(table),
              referent_schema: schemaOf(referenced),
              ondelete: onDelete && quotedText(onDelete),
              onupdate: onUpdate && quotedText(onUpdate),
              postgresql_not_valid: notValid,
            }),
          ]
            .filter(part => part !== '')
            .join(', ')})`,
    // A naming convention would change the name.
    addCheck: ({ name, table, condition, notValid }) =>
      isDotted(table)
        ? null
        : `op.create_check_constraint(${[
            `op.f(${quotedText(name)})`,
            quotedText(table.name),
            `sa.text(${clause(condition)})`,
            keywords({ schema: schemaOf(table), postgresql_not_valid: notValid }),
          ]
            .filter(part => part !== '')
            .join(', ')})`,
    dropConstraint: ({ name, table, ifExists }) =>
      ifExists || isDotted(table)
        ? null
        : `op.drop_constraint(${[`op.f(${quotedText(name)})`, ...ofTable(table)].join(', ')})`,
    setNotNull: ({ table, column }) => altered(table, column, 'False'),
    dropNotNull: ({ table, column }) => altered(table, column, 'True'),
    dropColumn: ({ table, column }) =>
      isDotted(table)
        ? null
        : `op.drop_column(${[quotedText(table.name), quotedText(column), ...inSchema(table)].join(', ')})`,
  },
}

/** A string of SQL: a colon before a name would stand for a value. */
function clause(text: string): string {
  return quotedText(text.replace(/(?<![:\w\\]):(?=\w+(?!:))/g, '\\:'))
}

/** SQLAlchemy splits the name of a schema at a dot. */
function isDotted({ schema }: Name): boolean {
  return schema?.includes('.') === true
}

function schemaOf({ schema }: Name): string | null {
  return schema === null ? null : quotedText(schema)
}

function inSchema(name: Name): string[] {
  const schema = schemaOf(name)
  return schema === null ? [] : [`schema=${schema}`]
}

function ofTable(table: Name): string[] {
  return [quotedText(table.name), ...inSchema(table)]
}

function altered(table: Name, column: string, nullable: string): string | null {
  if (isDotted(table)) return null
  const names = [quotedText(table.name), quotedText(column)]
  return `op.alter_column(${[...names, `nullable=${nullable}`, ...inSchema(table)].join(', ')})`
}
