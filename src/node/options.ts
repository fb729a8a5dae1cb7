import { type Command, InvalidArgumentError, Option } from 'commander'
import { closest } from '../lint/config/closest.ts'
import { failOnValues } from '../lint/config/config.ts'
import { orList } from '../lint/config/or-list.ts'
import { transactionModes } from '../migration/transaction-mode.ts'

/** The flags that several commands have, and how the values of flags are read. */

export function debugging(command: Command): Command {
  return command.option('--debug', 'print stack traces')
}

export function reading(command: Command): Command {
  return command
    .optionsGroup('Input:')
    .option('--config <file>', 'use this configuration file')
    .option('--no-config', 'do not use a configuration file')
    .option('--pg-version <version>', 'PostgreSQL version the migrations run on, for instance 16, or 14,17 for both')
    .option('--system <id>', 'the migration system, for instance prisma (default: detected from the files)')
    .addOption(chosen('--transaction <mode>', 'how plain SQL files are run', transactionModes))
    .option('--stdin-filename <path>', 'path that standard input is treated as having')
    .option('--no-error-on-unmatched-pattern', 'do not fail if no migrations are found')
}

export function writing(command: Command, formats: readonly string[]): Command {
  const reported = command
    .optionsGroup('Output:')
    .addOption(
      new Option('-f, --format <name[=path]>', `${orList(formats)}, and where to write it (repeatable)`).argParser(
        list,
      ),
    )
    .option('-o, --output-file <path>', 'write the report to this file')
  return looks(reported)
}

export function codeScanning(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--sarif-category <name>',
        'keep the results of several runs on one repository apart (sarif)',
      ).argParser(category),
    )
    .option('--sarif-include-suppressed', 'also list suppressed findings (sarif); GitHub shows them as open')
}

export function detail(command: Command): Command {
  return command
    .option('--notes', 'print notes in full instead of summing them up')
    .option('--verbose', 'explain a rule at each of its findings instead of once')
}

export function looks(command: Command): Command {
  return command
    .option('--color', 'use colours')
    .option('--no-color', 'do not use colours')
    .option('--ascii', 'draw with ASCII characters only')
}

export function list(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

export function commaList(value: string, before: readonly string[] = []): readonly string[] {
  const ids = value.split(',').map(id => id.trim())
  if (ids.includes('')) throw new InvalidArgumentError('Name one or more rules, separated by commas.')
  return [...before, ...ids]
}

function category(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It must not be empty.')
  return value
}

export function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 0 or more.')
  return Number(value)
}

export function allowEdit(): Option {
  return new Option('--allow-edit <glob>', 'allow edits of these applied migrations (repeatable)').argParser(list)
}

export function failOn(): Option {
  return chosen('--fail-on <severity>', 'exit with 1 for findings of this severity or higher', failOnValues)
}

export function databaseUrl(): Option {
  return new Option(
    '--database-url <url>',
    'the database: postgres://user@host/name (default: the environment variable DATABASE_URL)',
  )
}

export function requireHistory(): Option {
  return new Option('--require-history', 'fail with exit code 2 if git cannot show which migrations are applied')
}

/** A flag with one of these values. A wrong value is answered with the one that was probably meant. */
export function chosen(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values).argParser(oneOf(values))
}

function oneOf(values: readonly string[]): (value: string) => string {
  return value => {
    if (values.includes(value)) return value
    const guess = values.find(each => value !== '' && each.startsWith(value)) ?? closest(value, values)
    throw new InvalidArgumentError(
      `${guess === null ? '' : `Did you mean "${guess}"? `}Allowed choices are ${values.join(', ')}.`,
    )
  }
}
