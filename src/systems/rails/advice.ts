import type { AdviceInCode, Name } from '../../code/advice.ts'
import { argument, options, quotedText, symbol, symbols } from '../../code/spelling/ruby.ts'

/** Methods of Active Record's migrations for advice, in a version of Rails. strong_migrations names the same ones. */
export function railsAdvice(rails: number): AdviceInCode {
  const since = (version: number) => rails >= version
  return {
    language: 'ruby',
    unused: ({ column }) =>
      since(5)
        ? {
            how: 'In its model, let Rails ignore the column:',
            code: `self.ignored_columns += [${quotedText(column)}]`,
          }
        : null,
    sql: text => `execute ${argument(text)}`,
    calls: {
      createIndex: ({ name, table, columns, unique, concurrently, ifNotExists, method, where }) => {
        // Another name of a column would count as an expression.
        if (columns.some(column => /\W/.test(column)) || (ifNotExists && !since(6.1))) return null
        return call('add_index', table, [
          symbols(columns),
          options({
            name: quotedText(name),
            unique,
            where: where && quotedText(where),
            using: method && symbol(method),
            if_not_exists: ifNotExists,
            algorithm: concurrently && ':concurrently',
          }),
        ])
      },
      dropIndex: ({ index: { name }, table, concurrently, ifExists }) =>
        table === null || ifExists
          ? null
          : call('remove_index', table, [
              options({ name: quotedText(name), algorithm: concurrently && ':concurrently' }),
            ]),
      addForeignKey: key => {
        const { name, table, columns, referenced, referencedColumns, onDelete, onUpdate, notValid } = key
        const to = named(referenced)
        const [deletes, updates] = [onDelete, onUpdate].map(action => (action === null ? null : actions.get(action)))
        // Without the option, the referenced column is `id`.
        const isSaid = referencedColumns.length === columns.length && (columns.length === 1 || since(7.1))
        if (!isSaid || to === null || deletes === undefined || updates === undefined || !since(5.2)) return null
        return call('add_foreign_key', table, [
          to,
          options({
            column: symbols(columns),
            primary_key: referencedColumns.join() === 'id' ? null : symbols(referencedColumns),
            name: quotedText(name),
            on_delete: deletes,
            on_update: updates,
            validate: notValid && 'false',
          }),
        ])
      },
      addCheck: ({ name, table, condition, notValid }) =>
        // Rails does not quote this name.
        since(6.1) && /^[a-z_][a-z0-9_]*$/.test(name)
          ? call('add_check_constraint', table, [
              quotedText(condition),
              options({ name: quotedText(name), validate: notValid && 'false' }),
            ])
          : null,
      addUniqueByIndex: ({ name, table, index }) =>
        since(7.1)
          ? call('add_unique_constraint', table, [options({ name: quotedText(name), using_index: quotedText(index) })])
          : null,
      validateConstraint: ({ name, table, of }) => {
        if (of === 'check' && since(6.1)) return call('validate_check_constraint', table, [`name: ${quotedText(name)}`])
        if (!since(5.2)) return null
        return of === 'foreign key'
          ? call('validate_foreign_key', table, [`name: ${quotedText(name)}`])
          : call('validate_constraint', table, [quotedText(name)])
      },
      setNotNull: ({ table, column }) => call('change_column_null', table, [symbol(column), 'false']),
      dropNotNull: ({ table, column }) => call('change_column_null', table, [symbol(column), 'true']),
      dropColumn: ({ table, column }) => call('remove_column', table, [symbol(column)]),
    },
  }
}

/** A call about a table; null where the table's name would mean something else. */
function call(name: string, table: Name, args: readonly string[]): string | null {
  const of = named(table)
  return of === null ? null : `${name} ${[of, ...args].join(', ')}`
}

function named({ schema, name }: Name): string | null {
  if (/[."]/.test(`${schema ?? ''}${name}`)) return null
  return schema === null ? symbol(name) : quotedText(`${schema}.${name}`)
}

/** Rails has no SET DEFAULT. */
const actions: ReadonlyMap<string, string> = new Map([
  ['CASCADE', ':cascade'],
  ['SET NULL', ':nullify'],
  ['RESTRICT', ':restrict'],
])
