import { isNull } from '../../code/given/value.ts'
import { plain, textAt } from '../../code/text.ts'
import { known, type Value } from '../../code/value.ts'
import { type Command, changed, without } from './command.ts'

/**
 * The gem safe-pg-migrations sends other statements for some methods of Rails, without a transaction: lib/safe-pg-migrations/plugins/
 * statement_insurer.rb and its folder. Its timeouts are those that it has without configuration.
 */

/** SQL, or a method as Rails runs it. */
type Step = string | Command

const lockTimeout = "SET lock_timeout TO '4950ms'"

/** Statements around each migration. What they restore at the end is the server's setting. */
export const around: readonly [before: string, after: string] = [lockTimeout, 'RESET lock_timeout']

/** What the gem makes of a call; null: Rails' method as it is. `version`: the major version of the gem. */
export function safely(command: Command, version: number): readonly Step[] | null {
  const { name, args, options } = command
  switch (name) {
    case 'add_index':
      return withoutTimeouts(isDefault(options.get('algorithm')) ? reduced(command) : concurrent(command))
    case 'remove_index':
      return withoutTimeouts(options.has('algorithm') && version > 1 ? command : concurrent(command))
    case 'add_foreign_key': {
      if (options.has('validate')) return short(command)
      const own = new Map([...options].filter(([key]) => key === 'name' || key === 'column'))
      const validated = { name: 'validate_foreign_key', args: own.size > 0 ? args.slice(0, 1) : args, options: own }
      return [...short(notValid(command)), ...unlimited(changed(command, validated))]
    }
    case 'add_check_constraint': {
      if (version < 2 || options.has('validate')) return null
      const validated = { name: 'validate_check_constraint', options: withName(options) }
      return [...short(notValid(command)), ...unlimited(changed(command, validated))]
    }
    case 'change_column_null':
      return version < 2 || !isTightened(command) ? short(command) : proven(command, version)
    case 'change_column':
      return short(command)
    default:
      return null
  }
}

/** A constraint proves that there are no NULLs before the column refuses them. */
function proven(command: Command, version: number): Step[] {
  const [table, column] = command.args
  if (!table || column?.kind !== 'text') return short(command)
  const condition = textAt(`${plain(column)} IS NOT NULL`, command.nameAt)
  const constraint = (name: string) => changed(command, { name, args: [table, condition], options: new Map() })
  return [
    ...(safely(constraint('add_check_constraint'), version) ?? []),
    ...short(command),
    constraint('remove_check_constraint'),
  ]
}

/** `change_column_null :t, :c, false` without a value for the rows that have none. */
function isTightened({ args: [, , isNullable, value] }: Command): boolean {
  return isNullable?.kind === 'plain' && isNullable.value === false && (value === undefined || isNull(value))
}

function isDefault(value: Value | undefined): boolean {
  return value?.kind === 'text' ? plain(value) === 'default' : value !== undefined && isNull(value)
}

function reduced(command: Command): Command {
  return changed(command, { options: without(command.options, ['algorithm']) })
}

function concurrent(command: Command): Command {
  const algorithm = textAt('concurrently', command.nameAt)
  return changed(command, { options: without(command.options, [], { algorithm }) })
}

function notValid(command: Command): Command {
  return changed(command, { options: without(command.options, [], { validate: known(false, command.nameAt) }) })
}

function withName(options: ReadonlyMap<string, Value>): Map<string, Value> {
  return new Map([...options].filter(([key]) => key === 'name'))
}

function short(command: Command): Step[] {
  return ["SET statement_timeout TO '5s'", command, 'RESET statement_timeout']
}

function unlimited(command: Command): Step[] {
  return ['SET statement_timeout TO 0', command, 'RESET statement_timeout']
}

function withoutTimeouts(command: Command): Step[] {
  return ['SET statement_timeout TO 0', 'SET lock_timeout TO 0', command, lockTimeout, 'RESET statement_timeout']
}
