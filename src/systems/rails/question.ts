import { plain, unknownIn } from '../../code/text.ts'
import { known, unknown, type Value } from '../../code/value.ts'
import type { IndexOf, TableOf } from './catalog.ts'
import type { Given, Operation } from './given.ts'
import { indexColumnsIn } from './name.ts'

/** Questions of a migration to the database, answered from the results of earlier migrations where these are known. */

function answered(given: Given, is: boolean | null): Value {
  return is === null ? unknown('it asks the database', given.command.at) : known(is, given.command.at)
}

function plainOf(value: Value | undefined): string | null {
  return value?.kind === 'text' && unknownIn(value) === null ? plain(value) : null
}

/** `of`: whether a table has it; null: the call does not name the object. */
function asksTable(of: (table: TableOf, given: Given) => boolean | null): Operation {
  return given => {
    const name = plainOf(given.command.args[0])
    const { catalog } = given.session
    const found = name === null ? undefined : catalog.table(name)
    if (name === null || !found || of(found, given) === null) return answered(given, null)
    return answered(
      given,
      catalog.has(name, table => of(table, given) === true),
    )
  }
}

/** An index by its name, or by its columns. */
function hasIndex({ indexes }: TableOf, given: Given): boolean | null {
  const [, of] = given.command.args
  const name = plainOf(given.command.options.get('name'))
  const hasColumns = of && !(of.kind === 'plain' && (of.value ?? null) === null)
  if (!hasColumns) return name === null ? null : indexes.some(index => index.name === name)
  if (of.kind !== 'text' && of.kind !== 'list') return null
  const what = indexColumnsIn(of, given.at)
  if ('columns' in what && what.columns.some(each => unknownIn(each) !== null)) return null
  const wanted = JSON.stringify('columns' in what ? what.columns.map(plain) : plain(what.expression))
  const same = (index: IndexOf) => JSON.stringify(index.columns) === wanted && (name === null || index.name === name)
  return indexes.some(same)
}

function hasColumn({ columns }: TableOf, given: Given): boolean | null {
  const name = plainOf(given.command.args[1])
  // A column of another type is a different one.
  const isThere = name !== null && columns.has(name)
  if (name === null) return null
  return isThere && (given.command.args.length > 2 || given.command.options.size > 0) ? null : isThere
}

function hasKey({ keys }: TableOf, given: Given): boolean | null {
  const to = plainOf(given.command.args[1] ?? given.command.options.get('to_table'))
  const [column, name] = ['column', 'name'].map(each => plainOf(given.command.options.get(each)))
  if (to === null && column === null && name === null) return null
  return keys.some(
    key =>
      (to === null || key.to === to) &&
      (column === null || key.columns.join() === column) &&
      (name === null || key.name === name),
  )
}

function hasConstraint({ constraints }: TableOf, given: Given): boolean | null {
  const name = plainOf(given.command.options.get('name'))
  return name === null ? null : constraints.has(name)
}

const hasTable = asksTable(({ isWhole }) => (isWhole ? true : null))

export const questions: Readonly<Record<string, Operation>> = {
  'table_exists?': hasTable,
  'data_source_exists?': hasTable,
  'column_exists?': asksTable(hasColumn),
  'index_exists?': asksTable(hasIndex),
  'index_name_exists?': asksTable(({ indexes }, given) => {
    const name = plainOf(given.command.args[1])
    return name === null ? null : indexes.some(index => index.name === name)
  }),
  'foreign_key_exists?': asksTable(hasKey),
  'check_constraint_exists?': asksTable(hasConstraint),
  ...Object.fromEntries(
    [
      'view_exists?',
      'extension_enabled?',
      'extension_available?',
      'schema_exists?',
      'unique_constraint_exists?',
      'exclusion_constraint_exists?',
    ].map(name => [name, (given: Given) => answered(given, null)]),
  ),
}
