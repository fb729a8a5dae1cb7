import { NotRead } from '../../code/given/not-read.ts'
import { isNull } from '../../code/given/value.ts'
import { known, type Value } from '../../code/value.ts'
import { lookUp } from '../../parse/look-up.ts'
import { type Command, changed, without } from './command.ts'

/** Commands and their reversals: activerecord/lib/active_record/migration/command_recorder.rb. Throws NotRead where there is none. */
export function inverseOf(command: Command): Command {
  const inverse = lookUp(inverses, command.name)
  if (!inverse) throw new NotRead(`Rails cannot take \`${command.name}\` back by itself`, command.nameAt)
  return inverse(command)
}

type Inverse = (command: Command) => Command

const named =
  (name: string, ...dropped: string[]): Inverse =>
  command =>
    changed(command, { name, options: without(command.options, dropped) })

/** A command whose reversal needs this many arguments. */
const needing =
  (count: number, what: string, inverse: Inverse): Inverse =>
  command => {
    if (command.args.length < count) throw new NotRead(`Rails needs ${what} to take it back`, command.nameAt)
    return inverse(command)
  }

/** Swaps two arguments. */
const swapped =
  (first: number, second: number): Inverse =>
  command => {
    const args = [...command.args]
    const [a, b] = [args[first], args[second]]
    if (a && b) [args[first], args[second]] = [b, a]
    return changed(command, { args })
  }

/** Swaps the options `from` and `to`. */
const turned: Inverse = command => {
  const [from, to] = [command.options.get('from'), command.options.get('to')]
  if (!from || !to) throw new NotRead('Rails needs `from` and `to` to take it back', command.nameAt)
  return changed(command, { options: new Map([...command.options, ['from', to], ['to', from]]) })
}

const dropped: Inverse = command => {
  const options = without(command.options, ['if_exists'])
  if (command.args.length > 1 || (options.size === 0 && !command.block))
    throw new NotRead('Rails needs the columns of the table to take it back', command.nameAt)
  return changed(command, { name: 'create_table', options })
}

const removedIndex: Inverse = command => {
  const [name, of] = command.args
  const columns = of && !isNull(of) ? of : command.options.get('column')
  if (!name || !columns) throw new NotRead('Rails needs the columns of the index to take it back', command.nameAt)
  return changed(command, {
    name: 'add_index',
    args: [name, columns],
    options: without(command.options, ['column', 'if_exists']),
  })
}

const removedKey: Inverse = command => {
  const [from, to = command.options.get('to_table')] = command.args
  if (!from || !to) throw new NotRead('Rails needs the other table to take it back', command.nameAt)
  return changed(command, {
    name: 'add_foreign_key',
    args: [from, to],
    options: without(command.options, ['to_table', 'if_exists']),
  })
}

const nullChanged: Inverse = command => {
  const [name, column, isNullable, ...rest] = command.args
  if (!name || !column || isNullable?.kind !== 'plain')
    throw new NotRead('it is unknown whether the column may be null', command.nameAt)
  return changed(command, { args: [name, column, known(!isNullable.value, isNullable.at), ...rest] })
}

const enumRenamed: Inverse = command => {
  const [name, second] = command.args
  const to = second ?? command.options.get('to')
  if (!name || !to) throw new NotRead('its name is unknown', command.nameAt)
  return changed(command, { args: [to, name], options: new Map<string, Value>() })
}

/** Scenic reverts a view to the version that the call gives. */
function ofView(name: string, from: string, to: string): Inverse {
  return command => {
    const version = command.options.get(from)
    if (!version) throw new NotRead(`Scenic needs \`${from}\` to take it back`, command.nameAt)
    return changed(command, { name, options: without(command.options, [from, to], { [to]: version }) })
  }
}

const inverses: Readonly<Record<string, Inverse>> = {
  create_table: named('drop_table', 'if_not_exists', 'force'),
  drop_table: dropped,
  create_join_table: named('drop_join_table', 'if_not_exists'),
  drop_join_table: named('create_join_table', 'if_exists'),
  add_column: named('remove_column', 'if_not_exists'),
  remove_column: needing(3, 'the type of the column', named('add_column', 'if_exists')),
  add_columns: command => changed(command, { name: 'remove_columns' }),
  remove_columns: command => {
    if (!command.options.has('type'))
      throw new NotRead('Rails needs the type of the columns to take it back', command.nameAt)
    return changed(command, { name: 'add_columns' })
  },
  add_index: named('remove_index', 'if_not_exists'),
  remove_index: removedIndex,
  add_timestamps: named('remove_timestamps'),
  remove_timestamps: named('add_timestamps'),
  add_reference: named('remove_reference'),
  add_belongs_to: named('remove_reference'),
  remove_reference: named('add_reference'),
  remove_belongs_to: named('add_reference'),
  add_foreign_key: named('remove_foreign_key', 'validate', 'if_not_exists'),
  remove_foreign_key: removedKey,
  add_check_constraint: named('remove_check_constraint', 'validate', 'if_not_exists'),
  remove_check_constraint: needing(2, 'the condition', named('add_check_constraint', 'if_exists')),
  add_unique_constraint: named('remove_unique_constraint'),
  remove_unique_constraint: needing(2, 'the columns', named('add_unique_constraint')),
  add_exclusion_constraint: named('remove_exclusion_constraint'),
  remove_exclusion_constraint: needing(2, 'the expression', named('add_exclusion_constraint')),
  enable_extension: named('disable_extension'),
  disable_extension: named('enable_extension', 'force'),
  create_enum: named('drop_enum'),
  drop_enum: needing(2, 'the values of the enum', named('create_enum')),
  create_schema: named('drop_schema'),
  drop_schema: named('create_schema'),
  create_view: named('drop_view', 'version', 'sql_definition'),
  drop_view: ofView('create_view', 'revert_to_version', 'version'),
  update_view: ofView('update_view', 'revert_to_version', 'version'),
  replace_view: ofView('replace_view', 'revert_to_version', 'version'),
  rename_table: swapped(0, 1),
  rename_column: swapped(1, 2),
  rename_index: swapped(1, 2),
  rename_enum: enumRenamed,
  rename_enum_value: turned,
  change_column_default: turned,
  change_column_comment: turned,
  change_table_comment: turned,
  change_column_null: nullChanged,
}
