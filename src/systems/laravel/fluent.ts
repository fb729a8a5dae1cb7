import { NotRead, told } from '../../code/given/not-read.ts'
import { functionOf } from '../../code/host.ts'
import { cut, plain, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Host, known, nothing, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { attribute, type Column } from './attribute.ts'
import { type Blueprint, described, madeIndexName } from './blueprint.ts'
import type { Command } from './command.ts'
import { given, listOf } from './given.ts'
import { plural } from './plural.ts'
import { since } from './settings.ts'

/** Attributes that change the SQL of a column. If one cannot be read, neither can the column. */
const ofColumn = new Set(
  (
    'nullable default autoIncrement change collation comment from startingValue generatedAs always index primary unique fulltext ' +
    'fullText spatialIndex vectorIndex storedAs virtualAs useCurrent using isGeometry projection'
  ).split(' '),
)

/** Attributes without a meaning on PostgreSQL. */
const silentOfColumn = new Set(
  'after before first unsigned charset invisible useCurrentOnUpdate instant lock'.split(' '),
)

const ofCommand = new Set(
  'algorithm language deferrable initiallyImmediate nullsNotDistinct online operatorClass references on onDelete onUpdate notValid'.split(
    ' ',
  ),
)

/** ForeignKeyDefinition */
const actions: ReadonlyMap<string, readonly [string, string]> = new Map(
  ['Delete', 'Update'].flatMap(event =>
    (
      [
        ['cascade', 'cascade'],
        ['restrict', 'restrict'],
        ['null', 'set null'],
        ['noAction', 'no action'],
      ] as const
    ).map(([name, action]) => [`${name}On${event}`, [`on${event}`, action]] as const),
  ),
)

/** The value of a call without an argument (Fluent::__call). */
function saidBy({ args: [value], named, at }: Call): Value {
  return value ?? [...(named?.values() ?? [])][0] ?? known(true, at)
}

/** A column with chained modifiers. */
export function columnHost(blueprint: Blueprint, column: Column, isForeign: boolean): Host {
  const own: Host = {
    kind: 'host',
    name: 'the column',
    get: member => {
      if (isForeign && member === 'constrained')
        return functionOf(member, call =>
          foreignOf(blueprint, column, () => constrained(blueprint, column, call), call),
        )
      if (isForeign && member === 'references')
        return functionOf(member, call =>
          foreignOf(
            blueprint,
            column,
            () => {
              const { get } = given(call, ['column', 'indexName'])
              return references(blueprint, column, get('column'), get('indexName'), call)
            },
            call,
          ),
        )
      const isRead = ofColumn.has(member)
      const isNothing = silentOfColumn.has(member) || /^(?:constrained|references|on|onDelete|onUpdate)$/.test(member)
      // Unknown attributes have no effect, unless the project adds them as macros, which exist since Laravel 11.
      const isOther = !since(blueprint.settings, [11, 0])
      if (!isRead && !isNothing && !isOther && !actions.has(member)) return undefined
      return functionOf(member, call => {
        column.at = wider(column.at, call.at)
        // A modifier under a condition may not apply.
        if (isRead && blueprint.run.conditions > column.conditions)
          blueprint.run.unread(call.at, 'it is called under an unknown condition')
        else if (isRead) column.attributes.set(member, saidBy(call))
        return own
      })
    },
  }
  return own
}

function wider(one: Span, other: Span): Span {
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])]
}

function foreignOf(blueprint: Blueprint, column: Column, make: () => Command, call: Call): Value {
  column.at = wider(column.at, call.at)
  const command = told(blueprint.run, call.at, make)
  if (!command) return commandHost(null)
  blueprint.commands.push(command)
  described(blueprint)
  return commandHost(command)
}

/** ForeignIdColumnDefinition::constrained: the table is the plural of the name, without the suffix for the key. */
function constrained(blueprint: Blueprint, column: Column, call: Call): Command {
  const { get } = given(call, ['table', 'column', 'indexName'])
  const key = get('column') ?? attribute(column, 'referencesModelColumn') ?? textAt('id', call.nameAt)
  const table = get('table') ?? attribute(column, 'table') ?? pluralOf(column, key, call)
  const command = references(blueprint, column, key, get('indexName'), call)
  command.attributes.set('on', table)
  return command
}

function pluralOf(column: Column, key: Value, { nameAt, at }: Call): Value {
  if (key.kind !== 'text' || unknownIn(key) !== null || unknownIn(column.name) !== null)
    throw new NotRead('the referenced table is unknown', at)
  const name = plain(column.name)
  const end = name.lastIndexOf(`_${plain(key)}`)
  const stem = plain(cut(column.name, 0, end < 0 ? name.length : end))
  return textAt(plural(stem), nameAt)
}

function references(
  blueprint: Blueprint,
  column: Column,
  key: Value | undefined,
  name: Value | undefined,
  call: Call,
): Command {
  const command = newCommand(blueprint, 'foreign', call, [column.name], name)
  command.attributes.set('references', key ?? nothing(call.at))
  return command
}

/** A command about columns. Without a given name, Laravel makes one for the index (Blueprint::indexCommand). */
export function newCommand(
  { run, ...blueprint }: Blueprint,
  name: string,
  { at, nameAt }: Call,
  columns: Value | readonly Value[] | undefined,
  index?: Value,
  type = name,
): Command {
  const all = Array.isArray(columns) ? (columns as readonly Value[]) : listOf(columns as Value | undefined, at)
  if (index && index.kind !== 'text') throw new NotRead('the name of the index is not a text', at)
  return {
    name,
    at,
    nameAt,
    conditions: run.conditions,
    attributes: new Map(),
    columns: all,
    index: index && plain(index) !== '' ? index : madeIndexName({ run, ...blueprint }, type, all, nameAt),
  }
}

/** A command with chained modifiers; null: it was reported as unread. */
export function commandHost(command: Command | null): Host {
  const own: Host = {
    kind: 'host',
    name: 'the definition',
    get: member => {
      const action = actions.get(member)
      if (!action && !ofCommand.has(member)) return member === 'lock' ? functionOf(member, () => own) : undefined
      return functionOf(member, call => {
        if (!command) return own
        command.at = wider(command.at, call.at)
        if (action) command.attributes.set(action[0], textAt(action[1], call.nameAt))
        else command.attributes.set(member, saidBy(call))
        return own
      })
    },
  }
  return own
}
