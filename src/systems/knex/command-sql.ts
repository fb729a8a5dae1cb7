import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isNone, isNull, isTrue, optionsIn } from '../../code/given/value.ts'
import { changed, joined, ofKind, type Text, textAt } from '../../code/text.ts'
import { entry, type Value } from '../../code/value.ts'
import type { Command, Foreign } from './column.ts'
import { verbatim } from './given.ts'
import { madeName, nameOf, namesOf, wrapped } from './name.ts'
import { predicateOf } from './query.ts'

/** The table that commands are for. */
export interface CommandContext {
  /** Its quoted name, with its schema. */
  readonly full: Text
  readonly raw: Text
  readonly schema: Text | null
  readonly isCreated: boolean
  /** The number of checks without a name so far. */
  checks: number
}

/** The SQL of a command of a table (lib/dialects/postgres/schema/pg-tablecompiler.js); null: it sends nothing. */
export function commandSql(command: Command, table: CommandContext): Text | null {
  const compile = commands.get(command.method)
  if (!compile) throw new NotRead('this command is not read')
  return compile(command, table)
}

type Compile = (command: Command, table: CommandContext) => Text | null

const commands: ReadonlyMap<string, Compile> = new Map<string, Compile>([
  ['index', index],
  ['unique', unique],
  ['primary', (command, table) => (table.isCreated ? null : primary(command, table))],
  ['foreign', foreign],
  ['check', check],
  ['renameColumn', renameColumn],
  ['setNullable', (command, table) => ofColumn(command, table, 'drop not null')],
  ['dropNullable', (command, table) => ofColumn(command, table, 'set not null')],
  ['dropColumn', dropColumns],
  ['dropColumns', dropColumns],
  ['dropChecks', dropChecks],
  ['dropIndex', dropIndex],
  ['dropPrimary', (command, table) => dropPrimary(command, table, '')],
  ['dropPrimaryIfExists', (command, table) => dropPrimary(command, table, 'if exists ')],
  ['dropUnique', (command, table) => dropMade(command, table, 'unique', '')],
  ['dropUniqueIfExists', (command, table) => dropMade(command, table, 'unique', 'if exists ')],
  ['dropForeign', (command, table) => dropMade(command, table, 'foreign', '')],
  ['dropForeignIfExists', (command, table) => dropMade(command, table, 'foreign', 'if exists ')],
])

function argument({ call: { args, argsAt, nameAt } }: Command, i: number) {
  return { value: args[i], at: argsAt[i] ?? nameAt }
}

/** The given name, or the one that Knex makes. */
function given(value: Value | undefined, at: Command['call']['at'], otherwise: () => Text): Text {
  if (value === undefined) return otherwise()
  if (value.kind === 'unknown') return nameOf(value, at)
  return isTrue(value) ? nameOf(value, at) : otherwise()
}

function index(command: Command, table: CommandContext): Text {
  const words = sqlAt(command.call.nameAt)
  const [columns, name, options] = [argument(command, 0), argument(command, 1), argument(command, 2)]
  const made = () => madeName('index', table.raw, columns.value, columns.at)
  const own = given(name.value, name.at, made)
  const named = optionsIn(options.value)
  const engine = options.value?.kind === 'text' ? options.value : entry(named, 'storageEngineIndexType')
  const kind = entry(named, 'indexType')
  const isUnique =
    kind?.kind === 'text' &&
    kind.pieces
      .map(({ text }) => text)
      .join('')
      .toLowerCase() === 'unique'
  const using = engine && isTrue(engine) ? words` using ${verbatim(engine, options.at)}` : words``
  const where = predicateOf(entry(named, 'predicate'), options.at)
  const start = isUnique ? 'create unique index' : 'create index'
  return words`${start} ${own} on ${table.full}${using} (${namesOf(columns.value, columns.at)})${where}`
}

function unique(command: Command, table: CommandContext): Text {
  const words = sqlAt(command.call.nameAt)
  const [columns, second] = [argument(command, 0), argument(command, 1)]
  const options = second.value?.kind === 'record' ? optionsIn(second.value) : undefined
  const deferrable = entry(options, 'deferrable')
  const predicate = entry(options, 'predicate')
  const wanted = entry(options, 'useConstraint')
  const isDeferred = deferrable !== undefined && isTrue(deferrable)
  const isConstraint = wanted === undefined ? isDeferred || predicate === undefined : isTrue(wanted)
  if (isConstraint ? predicate && isTrue(predicate) : isDeferred) throw new NotRead('Knex refuses it')
  const name = options ? entry(options, 'indexName') : second.value
  const own = given(name, second.at, () => madeName('unique', table.raw, columns.value, columns.at))
  const names = namesOf(columns.value, columns.at)
  if (!isConstraint)
    return words`create unique index ${own} on ${table.full} (${names})${predicateOf(predicate, second.at)}`
  const end = deferral(deferrable, second.at, command)
  return words`alter table ${table.full} add constraint ${own} unique (${names})${end}`
}

function deferral(value: Value | undefined, at: Command['call']['at'], { call }: Command): Text {
  if (value === undefined || !isTrue(value)) return textAt('', at)
  return sqlAt(call.nameAt)` deferrable initially ${verbatim(value, at)}`
}

/** `constraint "t_pkey" primary key ("id")`, which CREATE TABLE contains as well. */
export function primaryKey(command: Command, raw: Text): Text {
  const words = sqlAt(command.call.nameAt)
  const [columns, second] = [argument(command, 0), argument(command, 1)]
  const options = second.value?.kind === 'record' ? optionsIn(second.value) : undefined
  const name = options ? entry(options, 'constraintName') : second.value
  const own = given(name, second.at, () => wrapped(joined([raw, textAt('_pkey', command.call.nameAt)])))
  const end = deferral(entry(options, 'deferrable'), second.at, command)
  return words`constraint ${own} primary key (${namesOf(columns.value, columns.at)})${end}`
}

function primary(command: Command, table: CommandContext): Text {
  return sqlAt(command.call.nameAt)`alter table ${table.full} add ${primaryKey(command, table.raw)}`
}

function foreign({ call, foreign: key }: Command, table: CommandContext): Text | null {
  if (!key?.inTable || !key.references) return null
  const words = sqlAt(call.nameAt)
  const own = given(key.keyName, call.nameAt, () => madeName('foreign', table.raw, key.column, key.columnAt))
  const columns = namesOf(key.column, key.columnAt)
  const others = namesOf(key.references.value, key.references.at)
  const other = nameOf(key.inTable.value, key.inTable.at)
  const start = words`alter table ${table.full} add constraint ${own} foreign key (${columns})`
  return words`${start} references ${other} (${others})${action(key, 'onUpdate', words)}${action(key, 'onDelete', words)}${deferred(key, words)}`
}

type Words = ReturnType<typeof sqlAt>

function action(key: Foreign, name: 'onUpdate' | 'onDelete', words: Words): Text {
  const own = key[name]
  if (!own || !isTrue(own.value)) return words``
  const text = verbatim(own.value, own.at)
  return name === 'onUpdate' ? words` on update ${text}` : words` on delete ${text}`
}

function deferred({ deferrable }: Foreign, words: Words): Text {
  if (!deferrable || !isTrue(deferrable.value)) return words``
  const text = verbatim(deferrable.value, deferrable.at)
  return words` deferrable initially ${changed(text, each => each.toLowerCase())} `
}

function check(command: Command, table: CommandContext): Text {
  const words = sqlAt(command.call.nameAt)
  const [predicate, name] = [argument(command, 0), argument(command, 2)]
  const isNamed = !isNone(name.value) && isTrue(name.value)
  const own = isNamed ? verbatim(name.value, name.at) : words`${table.full}_${String(++table.checks)}`
  return words`alter table ${table.full} add constraint ${own} check(${verbatim(predicate.value, predicate.at)})`
}

function renameColumn(command: Command, { full }: CommandContext): Text {
  const [from, to] = [argument(command, 0), argument(command, 1)]
  const names = [nameOf(from.value, from.at), nameOf(to.value, to.at)] as const
  return sqlAt(command.call.nameAt)`alter table ${full} rename ${names[0]} to ${names[1]}`
}

function ofColumn(command: Command, { full }: CommandContext, words: string): Text {
  const { value, at } = argument(command, 0)
  return sqlAt(command.call.nameAt)`alter table ${full} alter column ${nameOf(value, at)} ${words}`
}

function dropColumns({ call: { args, argsAt, nameAt } }: Command, { full }: CommandContext): Text {
  const words = sqlAt(nameAt)
  const [first] = args
  if (first?.kind === 'list' && first.isOpen) throw new NotRead('part of the list is unknown')
  const names =
    first?.kind === 'list'
      ? first.items.map(item => nameOf(item, argsAt[0] ?? nameAt))
      : args.map((arg, i) => nameOf(arg, argsAt[i] ?? nameAt))
  const drops = names.map(name => words`drop column ${name}`)
  return words`alter table ${full} ${joined(drops, textAt(', ', nameAt))}`
}

/** Of several names outside of a list, Knex drops only the first. */
function dropChecks(command: Command, { full }: CommandContext): Text | null {
  const { value, at } = argument(command, 0)
  if (isNone(value)) return null
  const words = sqlAt(command.call.nameAt)
  if (value.kind === 'list' && value.isOpen) throw new NotRead('part of the list is unknown')
  const names = value.kind === 'list' ? value.items : [value]
  const drops = names.map(name => ofKind(words`drop constraint ${verbatim(name, at)}`, 'check'))
  return words`alter table ${full} ${joined(drops, textAt(', ', at))}`
}

function dropIndex(command: Command, table: CommandContext): Text {
  const [columns, name] = [argument(command, 0), argument(command, 1)]
  const own = given(name.value, name.at, () => madeName('index', table.raw, columns.value, columns.at))
  const words = sqlAt(command.call.nameAt)
  return table.schema === null ? words`drop index ${own}` : words`drop index ${wrapped(table.schema)}.${own}`
}

function dropMade(command: Command, table: CommandContext, kind: 'unique' | 'foreign', ifExists: string): Text {
  const [columns, name] = [argument(command, 0), argument(command, 1)]
  const own = given(name.value, name.at, () => madeName(kind, table.raw, columns.value, columns.at))
  const sql = sqlAt(command.call.nameAt)`alter table ${table.full} drop constraint ${ifExists}${own}`
  return ofKind(sql, kind === 'foreign' ? 'foreign key' : kind)
}

function dropPrimary(command: Command, table: CommandContext, ifExists: string): Text {
  const name = argument(command, 0)
  const { nameAt } = command.call
  const isGiven = !isNone(name.value) && !isNull(name.value)
  const made = () => wrapped(joined([table.raw, textAt('_pkey', nameAt)]))
  const own = isGiven ? given(name.value, name.at, made) : made()
  return ofKind(sqlAt(nameAt)`alter table ${table.full} drop constraint ${ifExists}${own}`, 'primary key')
}
