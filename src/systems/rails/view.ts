import { NotRead } from '../../code/given/not-read.ts'
import { placeOf } from '../../code/given/value.ts'
import { type Text, textAt } from '../../code/text.ts'
import { type Given, type Operation, said, table } from './given.ts'
import { isOption, numberOf } from './type.ts'

/** Views of the gem Scenic: lib/scenic/statements.rb. Their SQL is in files of the project. */

/** The SQL of a view: its own, or the file of this version, `db/views/name_v01.sql`. */
function definition(given: Given, name: Text, otherwise: number | null): Text {
  const own = given.text('sql_definition')
  if (own) return own
  const version = numberOf(given.command.options, 'version', given.at) ?? otherwise
  if (version === null) throw new NotRead('the call has no version of the view', given.at)
  const path = `db/views/${said(name).replaceAll('.', '_')}_v${String(version).padStart(2, '0')}.sql`
  const text = given.session.settings.file(path)
  if (text === null) throw new NotRead(`there is no file \`${path}\``, placeOf(name, given.at))
  return textAt(text.trim().replace(/;$/, ''), given.at)
}

const isMaterialized = (given: Given): boolean => isOption(given.command.options, 'materialized', given.at)

function withoutData(given: Given): string {
  const value = given.option('materialized')
  const isEmpty = value?.kind === 'record' && isOption(value.entries, 'no_data', given.at)
  return isEmpty ? ' WITH NO DATA' : ''
}

function make(given: Given, name: Text, sql: Text): void {
  const words = isMaterialized(given) ? 'MATERIALIZED VIEW' : 'VIEW'
  given.send(given.sql`CREATE ${words} ${table(name, given.at)} AS ${sql}${withoutData(given)};`)
}

function drop(given: Given, name: Text): void {
  const words = isMaterialized(given) ? 'MATERIALIZED VIEW' : 'VIEW'
  given.send(given.sql`DROP ${words} ${table(name, given.at)};`)
}

const create: Operation = given => {
  const name = given.name(0, 'the view')
  make(given, name, definition(given, name, 1))
  return undefined
}

const dropped: Operation = given => {
  drop(given, given.name(0, 'the view'))
  return undefined
}

/** Drops the view and creates it again, which fails if other objects depend on it. */
const update: Operation = given => {
  const name = given.name(0, 'the view')
  const value = given.option('materialized')
  const sideBySide = value?.kind === 'record' && isOption(value.entries, 'side_by_side', given.at)
  if (sideBySide) throw new NotRead('it creates another view beside it, with the same indexes', given.at)
  const sql = definition(given, name, null)
  drop(given, name)
  make(given, name, sql)
  // Scenic creates the indexes of a materialized view again, and asks the database for them.
  if (isMaterialized(given))
    given.session.run.unread(given.command.at, 'it creates the indexes of the view again, as they are in the database')
  return undefined
}

const replace: Operation = given => {
  const name = given.name(0, 'the view')
  if (isMaterialized(given)) throw new NotRead('Scenic cannot replace a materialized view', given.at)
  given.send(given.sql`CREATE OR REPLACE VIEW ${table(name, given.at)} AS ${definition(given, name, null)};`)
  return undefined
}

export const views: Readonly<Record<string, Operation>> = {
  create_view: create,
  drop_view: dropped,
  update_view: update,
  replace_view: replace,
}
