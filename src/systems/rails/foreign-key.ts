import { NotRead } from '../../code/given/not-read.ts'
import { isNull, placeOf } from '../../code/given/value.ts'
import { joined, ofKind, plain, type Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { KeyOf } from './catalog.ts'
import type { Operation } from './given.ts'
import { column, commas, type Given, isSet, nameIn, namesIn, partsOf, said, table } from './given.ts'
import { keyName } from './name.ts'

type Options = ReadonlyMap<string, Value>

/** `foreign_key_column_for`: the singular of the table, and `_id`. */
function defaultColumn(given: Given, to: Text, key = 'id'): string {
  return `${given.singular(said(partsOf(to).own))}_${key}`
}

interface Key {
  /** `CONSTRAINT … FOREIGN KEY …`, as written in CREATE TABLE. */
  readonly sql: Text
  /** The additional end for a key that ALTER TABLE adds. */
  readonly more: Text
  readonly columns: readonly Text[]
}

/** `visit_ForeignKeyDefinition` */
export function keySql(given: Given, from: Text, to: Text, options: Options): Key {
  const { sql, at } = given
  const value = (name: string) => {
    const found = options.get(name)
    return found && !isNull(found) ? found : undefined
  }
  const keys = value('primary_key') ? namesIn(value('primary_key'), at, 'the key') : [given.words('id')]
  const own = value('column')
  const columns = own
    ? namesIn(own, at, 'the column')
    : keys.length > 1
      ? keys.map(key => given.words(defaultColumn(given, to, said(key))))
      : [given.words(defaultColumn(given, to))]
  const name = value('name')
    ? nameIn(value('name'), at, 'the name')
    : given.words(keyName(said(from), columns.map(said)))
  const [onDelete, onUpdate] = [
    action(given, 'DELETE', value('on_delete')),
    action(given, 'UPDATE', value('on_update')),
  ]
  const deferrable = deferred(given, value('deferrable'))
  const list = (texts: readonly Text[]) => commas(texts.map(column), at)
  const made = joined([
    sql`CONSTRAINT ${column(name)} FOREIGN KEY (${list(columns)}) REFERENCES ${table(to, at)} (${list(keys)})`,
    ...(onDelete ? [sql` ${onDelete}`] : []),
    ...(onUpdate ? [sql` ${onUpdate}`] : []),
    ...(deferrable ? [sql` ${deferrable}`] : []),
  ])
  // Until Rails 8.0, ALTER TABLE … ADD contains it twice.
  const again = deferrable && given.session.settings.rails < 8 ? sql` ${deferrable}` : sql``
  const validate = value('validate')
  const isValid = !validate || isSet(validate, at)
  given.session.catalog.known(plain(from)).keys.push({ name: plain(name), to: plain(to), columns: columns.map(plain) })
  return { sql: made, more: isValid ? again : sql`${again} NOT VALID`, columns }
}

function action(given: Given, on: string, value: Value | undefined): Text | null {
  if (!value) return null
  const said_ = plain(nameIn(value, given.at, 'the action'))
  const words = { nullify: 'SET NULL', cascade: 'CASCADE', restrict: 'RESTRICT' }
  if (said_ === 'nullify' || said_ === 'cascade' || said_ === 'restrict') return given.sql`ON ${on} ${words[said_]}`
  throw new NotRead('Rails does not know this action', placeOf(value, given.at))
}

/** `DEFERRABLE INITIALLY …`; before Migration[7.1], `true` is `:immediate`. */
export function deferred(given: Given, value: Value | undefined): Text | null {
  if (!value || !isSet(value, given.at)) return null
  if (value.kind === 'plain' && given.version < 7.1) return given.sql`DEFERRABLE INITIALLY IMMEDIATE`
  const how = value.kind === 'text' ? plain(value) : ''
  if (how === 'deferred' || how === 'immediate') return given.sql`DEFERRABLE INITIALLY ${how.toUpperCase()}`
  throw new NotRead('Rails does not know this way to defer', placeOf(value, given.at))
}

export function addKey(given: Given, from: Text, to: Text, options: Options): void {
  const { sql, session, at } = given
  const exists = options.get('if_not_exists')
  const isThere =
    exists && isSet(exists, at)
      ? session.catalog.has(plain(from), () => foundKey(given, from, to, options) !== undefined)
      : false
  if (isThere) return
  const { sql: made, more } = keySql(given, from, to, options)
  const statement = sql`ALTER TABLE ${table(from, at)} ADD ${made}${more}`
  if (exists && isSet(exists, at) && !session.catalog.isWhole(plain(from)))
    session.run.perhaps(() => given.send(statement))
  else given.send(statement)
}

const add: Operation = given => {
  addKey(given, given.name(0, 'the table'), given.name(1, 'the other table'), given.command.options)
  return undefined
}

/** The key that a call means, by its name, its column or its referenced table. */
function foundKey(given: Given, from: Text, to: Text | undefined, options: Options): KeyOf | undefined {
  const keys = given.session.catalog.table(plain(from))?.keys ?? []
  const own = options.get('column')
  const columns = own && !isNull(own) ? namesIn(own, given.at, 'the column').map(said) : null
  const same = (key: KeyOf, wanted: readonly string[]) => key.columns.join('\0') === wanted.join('\0')
  const ofTable = to ? keys.filter(key => key.to === said(to)) : keys
  if (columns) return ofTable.find(key => same(key, columns))
  return to ? (ofTable.find(key => same(key, [defaultColumn(given, to)])) ?? ofTable[0]) : undefined
}

function nameOf(given: Given, from: Text, to: Text | undefined, options: Options): Text {
  const own = options.get('name')
  if (own && !isNull(own)) return nameIn(own, given.at, 'the name')
  const found = foundKey(given, from, to, options)
  if (found) return given.words(found.name)
  const columns = options.get('column')
  const names =
    columns && !isNull(columns)
      ? namesIn(columns, given.at, 'the column').map(said)
      : to
        ? [defaultColumn(given, to)]
        : null
  if (!names) throw new NotRead('the call identifies no key', given.at)
  return given.words(keyName(said(from), names))
}

export function removeKey(given: Given, from: Text, to: Text | undefined, options: Options): void {
  const { sql, session, at } = given
  const name = nameOf(given, from, to, options)
  const exists = options.get('if_exists')
  const isThere =
    exists && isSet(exists, at)
      ? session.catalog.has(plain(from), ({ keys }) => keys.some(key => key.name === plain(name)))
      : true
  if (isThere === false) return
  const words = isThere ? 'DROP CONSTRAINT' : 'DROP CONSTRAINT IF EXISTS'
  given.send(ofKind(sql`ALTER TABLE ${table(from, at)} ${words} ${column(name)}`, 'foreign key'))
  const keys = session.catalog.table(plain(from))?.keys
  const i = keys?.findIndex(key => key.name === plain(name)) ?? -1
  if (i >= 0) keys?.splice(i, 1)
}

function otherTable(given: Given): Text | undefined {
  const value = given.arg(1) ?? given.option('to_table')
  return value && nameIn(value, given.at, 'the other table')
}

const remove: Operation = given => {
  removeKey(given, given.name(0, 'the table'), otherTable(given), given.command.options)
  return undefined
}

const validate: Operation = given => {
  const from = given.name(0, 'the table')
  const name = nameOf(given, from, otherTable(given), given.command.options)
  given.send(given.sql`ALTER TABLE ${table(from, given.at)} VALIDATE CONSTRAINT ${column(name)}`)
  return undefined
}

export const foreignKeys: Readonly<Record<string, Operation>> = {
  add_foreign_key: add,
  remove_foreign_key: remove,
  validate_foreign_key: validate,
}
