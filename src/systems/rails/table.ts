import { NotRead } from '../../code/given/not-read.ts'
import { isNull, placeOf, textIn } from '../../code/given/value.ts'
import { cut, plain, type Text } from '../../code/text.ts'
import { known, type Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import { commentOf } from './column.ts'
import { changed, without } from './command.ts'
import { Draft } from './draft.ts'
import type { Operation } from './given.ts'
import { column, commas, Given, isSet, namesIn, partsOf, said, table } from './given.ts'
import { renamedIndexes } from './index-of.ts'
import { joinTableName } from './name.ts'

/** Options of `create_table`; the last ones are for other databases. */
const known_ = [
  ...[
    'id',
    'primary_key',
    'force',
    'temporary',
    'if_not_exists',
    'options',
    'as',
    'comment',
    'limit',
    'default',
    'precision',
  ],
  ...['charset', 'collation', 'null'],
]

const create: Operation = given => {
  make(given, given.name(0, 'the table'), () => {})
  return undefined
}

/** `create_table`: the table, then its indexes, then its comments. `before` adds columns before the block does. */
function make(given: Given, name: Text, before: (draft: Draft) => void): void {
  const { sql, session, at, command } = given
  for (const [option, value] of command.options)
    if (!known_.includes(option) && given.version >= 7.1)
      throw new NotRead(`Rails has no option \`${option}\` of a table`, placeOf(value, at))
  const draft = new Draft(session, name)
  const source = given.text('as')
  setKey(given, draft, source !== undefined)
  before(draft)
  if (command.block) session.run.invoke(command.block, [draft.host()], command.at)
  const quoted = table(name, at)
  const statements: Text[] = []
  const force = given.option('force')
  if (force && isSet(force, at)) {
    const isCascade = force.kind === 'text' && plain(force) === 'cascade'
    statements.push(sql`DROP TABLE IF EXISTS ${quoted}${isCascade ? ' CASCADE' : ''}`)
    session.catalog.drop(plain(name))
  }
  const exists = given.is('if_not_exists')
  const wasThere = exists && session.catalog.table(plain(name)) !== undefined
  if (!wasThere)
    Object.assign(session.catalog.make(plain(name), { isWhole: !source, sequenceOf: draft.sequence }), {
      columns: new Map(draft.types),
    })
  const body = draft.body(given)
  const options = given.text('options')
  const tail = options && plain(options) !== '' ? sql` ${options}` : options ? sql` ` : sql``
  const words = `${given.is('temporary') ? ' TEMPORARY' : ''} TABLE ${exists ? 'IF NOT EXISTS ' : ''}`
  statements.push(sql`CREATE${words}${quoted} ${body ?? ''}${tail}${source ? sql` AS ${source}` : ''}`)
  append(statements, exists ? draft.indexes().map(each => ifAbsent(given, each)) : draft.indexes())
  const comment = command.options.get('comment')
  if (comment && !isNull(comment)) statements.push(sql`COMMENT ON TABLE ${quoted} IS ${commentOf(given, comment)}`)
  session.together(given, [...statements, ...draft.comments])
}

/** With `if_not_exists`, its indexes get IF NOT EXISTS, too. */
function ifAbsent(given: Given, index: Text): Text {
  const [start] = /^CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?/.exec(plain(index)) ?? ['']
  if (start === '' || plain(index).startsWith('IF NOT EXISTS', start.length)) return index
  return given.sql`${cut(index, 0, start.length)}IF NOT EXISTS ${cut(index, start.length)}`
}

/** `set_primary_key` */
function setKey(given: Given, draft: Draft, isCopied: boolean): void {
  const { command, version, at } = given
  const id = command.options.get('id')
  if (isCopied || (id?.kind === 'plain' && id.value === false)) return
  const name = given.option('primary_key')
  if (name?.kind === 'list') return draft.keys(given, namesIn(name, at, 'the key'))
  if (name?.kind === 'plain' && name.value === false) return
  let options = without(new Map(), [])
  for (const each of ['limit', 'default', 'precision']) {
    const value = command.options.get(each)
    if (value) options.set(each, value)
  }
  let type: Value | undefined = id && !isNull(id) && !(id.kind === 'plain' && id.value === true) ? id : undefined
  if (id?.kind === 'record') {
    if (id.isOpen) throw new NotRead('some of its options are unknown', id.at)
    type = id.entries.get('type')
    options = new Map([...options, ...without(id.entries, ['type'])])
  }
  // Until Migration[5.0] a key has four bytes, and a key with a given type is automatic, too.
  const isGiven = type?.kind === 'text' && /^(?:integer|bigint)$/.test(plain(type))
  if (version <= 5 && isGiven && !options.has('default')) options.set('default', known(null, at))
  draft.primaryKey(given, name ? textIn(name, at, 'the key') : given.words('id'), type, options)
}

const createJoin: Operation = given => {
  const { at } = given
  const [first, second] = [given.name(0, 'the table'), given.name(1, 'the other table')]
  const own = given.option('column_options')
  if (own && own.kind !== 'record') throw new NotRead('its options are not known', placeOf(own, at))
  const columnOptions = new Map<string, Value>([
    ['null', known(false, at)],
    ['index', known(false, at)],
    ...(given.version <= 5 ? [['type', given.words('integer')] as const] : []),
    ...(own?.entries ?? []),
  ])
  const options = without(given.command.options, ['column_options', 'table_name'], { id: known(false, at) })
  const table_ = given.text('table_name') ?? given.words(joinTableName(said(first), said(second)))
  const joins = new Given(given.session, changed(given.command, { options }))
  make(joins, table_, draft => {
    for (const each of [first, second])
      draft.reference(joins, given.words(given.singular(said(partsOf(each).own))), columnOptions)
  })
  return undefined
}

const dropJoin: Operation = given => {
  const [first, second] = [given.name(0, 'the table'), given.name(1, 'the other table')]
  drop(given, [given.text('table_name') ?? given.words(joinTableName(said(first), said(second)))])
  return undefined
}

function drop(given: Given, names: readonly Text[]): void {
  const exists = given.is('if_exists') ? ' IF EXISTS' : ''
  const force = given.text('force')
  const cascade = force && plain(force) === 'cascade' ? ' CASCADE' : ''
  const list = commas(
    names.map(name => table(name, given.at)),
    given.at,
  )
  given.send(given.sql`DROP TABLE${exists} ${list}${cascade}`)
  for (const name of names) given.session.catalog.drop(plain(name))
}

const dropTable: Operation = given => {
  drop(
    given,
    given.command.args.flatMap(each => namesIn(each, given.at, 'the table')),
  )
  return undefined
}

/** `rename_table`: also renames the key, the sequence and the indexes that Rails named. */
const rename: Operation = given => {
  const { sql, session, at } = given
  const [from, to] = [given.name(0, 'the table'), given.name(1, 'the new name')]
  given.send(sql`ALTER TABLE ${table(from, at)} RENAME TO ${table(to, at)}`)
  const found = session.catalog.table(plain(from))
  session.catalog.rename(plain(from), plain(to))
  const key = found?.isWhole ? found.sequenceOf : 'id'
  const [old, now] = [said(partsOf(from).own), said(partsOf(to).own)]
  const renames = () => {
    given.send(sql`ALTER INDEX "${old.slice(0, 58)}_pkey" RENAME TO "${now.slice(0, 58)}_pkey"`)
    const tail = `_${key}_seq`
    const short = (name: string) => name.slice(0, 63 - tail.length) + tail
    given.send(sql`ALTER TABLE "public"."${short(old)}" RENAME TO "${short(now)}"`)
  }
  if (found?.isWhole && key !== null) renames()
  // It is unknown whether the table has a key with a sequence.
  else if (!found?.isWhole) session.run.perhaps(renames)
  for (const each of renamedIndexes(given, from, to)) given.send(each)
  return undefined
}

const commentTable: Operation = given => {
  const { options, args } = given.command
  const value = options.has('from') && options.has('to') ? options.get('to') : args[1]
  const name = given.name(0, 'the table')
  given.send(
    given.sql`COMMENT ON TABLE ${table(name, given.at)} IS ${commentOf(given, value ?? known(null, given.at))}`,
  )
  return undefined
}

const commentColumn: Operation = given => {
  const { options, args } = given.command
  const value = options.has('from') && options.has('to') ? options.get('to') : args[2]
  const place = given.sql`${table(given.name(0, 'the table'), given.at)}.${column(given.name(1, 'the column'))}`
  given.send(given.sql`COMMENT ON COLUMN ${place} IS ${commentOf(given, value ?? known(null, given.at))}`)
  return undefined
}

export const tables: Readonly<Record<string, Operation>> = {
  create_table: create,
  create_join_table: createJoin,
  drop_table: dropTable,
  drop_join_table: dropJoin,
  rename_table: rename,
  change_table_comment: commentTable,
  change_column_comment: commentColumn,
}
