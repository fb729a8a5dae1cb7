import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { failOnValues, levels, presets } from '../lint/config/config.ts'
import { orList } from '../lint/config/or-list.ts'
import { tool } from '../lint/tool.ts'
import { transactionModes } from '../migration/transaction-mode.ts'
import { formatNames, tableFormats } from '../report/formats.ts'
import { exitCodes } from './exit-code.ts'
import type { HistoryFlags, InitFlags, LintFlags, ReadFlags, RulesFlags, StatusFlags, WriteFlags } from './flags.ts'

/** Each command takes what was typed and returns the exit code. */
export interface Commands {
  lint(paths: readonly string[], flags: LintFlags): Promise<number>
  locks(paths: readonly string[], flags: ReadFlags & WriteFlags): Promise<number>
  history(paths: readonly string[], flags: HistoryFlags): Promise<number>
  status(paths: readonly string[], flags: StatusFlags): Promise<number>
  rules(id: string | undefined, flags: RulesFlags): Promise<number>
  init(flags: InitFlags): Promise<number>
}

/** Where commander prints help and complaints. */
export interface Streams {
  out(text: string): void
  err(text: string): void
}

/** Reads the command line and runs the command it names. Returns the exit code; what a command throws passes through. */
export async function run(args: readonly string[], commands: Commands, streams: Streams): Promise<number> {
  const outcome: { code: number } = { code: exitCodes.ok }
  const program = new Command('migrate-lint')
    .description('Finds what is unsafe in PostgreSQL migrations, before they run.')
    .version(tool.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({ writeOut: streams.out, writeErr: streams.err })
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .helpCommand(false)
  describeLint(program).action(async (paths: string[], flags: LintFlags) => {
    outcome.code = await commands.lint(paths, flags)
  })
  const locks = describeLocks(program).action(async (paths: string[]) => {
    outcome.code = await commands.locks(paths, ownFlags(locks))
  })
  const history = describeHistory(program).action(async (paths: string[]) => {
    outcome.code = await commands.history(paths, ownFlags(history))
  })
  const status = describeStatus(program).action(async (paths: string[]) => {
    outcome.code = await commands.status(paths, ownFlags(status))
  })
  const rules = describeRules(program).action(async (id: string | undefined) => {
    outcome.code = await commands.rules(id, ownFlags(rules))
  })
  const init = describeInit(program).action(async () => {
    outcome.code = await commands.init(ownFlags(init))
  })

  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    // commander prints its complaint itself, and would exit with 1. Help and version are "errors" with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.failure
    throw error
  }
  return outcome.code
}

function describeLint(program: Command): Command {
  program.option('--print-config', 'print the configuration that would be used, and stop')
  reading(debugging(program))
    .argument('[paths...]', 'files, directories or globs; "-" reads standard input (default: the configured paths)')
    .optionsGroup('What is reported (everything is read):')
    .option('--changed', 'only migrations that this branch changes')
    .option('--since <ref>', 'only migrations that changed since this branch, tag or commit')
    .option('--staged', "only what is staged, as it is in git's index")
    .optionsGroup('What is found, and what it means:')
    .addOption(new Option('--preset <name>', 'which rules are on').choices(presets))
    .addOption(new Option('--rule <id=severity>', `set a rule to ${orList(levels)} (repeatable)`).argParser(list))
    .addOption(
      new Option('--only <ids>', 'run only these rules, separated by commas (repeatable)').argParser(commaList),
    )
    .addOption(allowEdit())
    .option('--require-history', 'it is an error when git cannot tell what is applied')
    .option('--down', 'lint what takes migrations back as well; nothing in it is more than a warning')
    .addOption(new Option('--fail-on <severity>', 'least severity that makes the exit code 1').choices(failOnValues))
    .option('--exit-zero', 'the same as --fail-on never')
    .on('option:exit-zero', () => program.setOptionValueWithSource('failOn', 'never', 'cli'))
    .addOption(new Option('--max-warnings <n>', 'exit code 1 when there are more warnings').argParser(count))
    .optionsGroup('What is fixed:')
    .addOption(new Option('--fix', 'fix in the files what can be fixed safely').conflicts([...unfixable, 'diff']))
    .addOption(
      new Option('--diff', 'print that as a patch instead, for "git apply"').conflicts([
        ...unfixable,
        'format',
        'outputFile',
      ]),
    )
    .option('--fix-applied', 'in migrations that are applied, too')
    .option('--exit-non-zero-on-fix', 'exit code 1 when something was fixed')
    .optionsGroup('What is accepted already:')
    .option('--baseline <file>', 'findings that this file counts are suppressed; only what exceeds them is told')
    .option('--no-baseline', 'tell those of the configured baseline as well')
    .addOption(
      new Option('--update-baseline', 'accept all that is found now').conflicts(['pruneBaseline', 'passOnUnpruned']),
    )
    .option('--prune-baseline', 'take out of it what is found no more')
    .option('--pass-on-unpruned', 'it is no failure when the baseline counts what is found no more')
  return codeScanning(writing(program, formatNames))
    .option('--quiet', 'print errors only')
    .option('--notes', 'print notes in full instead of summing them up')
    .addHelpText('after', lintExamples)
}

function describeLocks(program: Command): Command {
  const locks = program
    .command('locks')
    .description('print what each statement locks, what that blocks, and what work it does')
  reading(debugging(locks)).argument('[paths...]', 'as for linting')
  return writing(locks, tableFormats).addHelpText('after', locksExamples)
}

function describeHistory(program: Command): Command {
  const history = program
    .command('history')
    .description(
      'find applied migrations that were edited, renamed or deleted, new ones out of order, and sums that do not hold',
    )
  reading(debugging(history))
    .argument('[paths...]', 'as for linting')
    .optionsGroup('What is compared:')
    .option('--audit', 'each commit with those before it: what was ever done to migrations after they were added')
    .option('--since <ref>', 'with this branch, tag or commit (default: what CI says, or the main branch)')
    .option('--staged', "what is in git's index, not what is on disk")
    .addOption(allowEdit())
    .option('--require-history', 'it is an error when git cannot tell what is applied')
    .addOption(new Option('--fail-on <severity>', 'least severity that makes the exit code 1').choices(failOnValues))
  return codeScanning(writing(history, formatNames))
    .option('--notes', 'print notes in full instead of summing them up')
    .addHelpText('after', historyExamples)
}

function describeStatus(program: Command): Command {
  const status = program
    .command('status')
    .description('compare the migrations with what a database has recorded as applied; only reads')
  reading(debugging(status))
    .argument('[paths...]', 'as for linting')
    .optionsGroup('What is compared:')
    .option(
      '--database-url <url>',
      'the database: postgres://user@host/name (default: DATABASE_URL of the environment)',
    )
    .option(
      '--tracking-table <name>',
      "the system's table; with its schema, whoever owns it is trusted (default: its own configuration or name)",
    )
    .option('--fail-on-pending', 'exit code 1 when something is yet to be applied')
  return writing(status, tableFormats).addHelpText('after', statusExamples)
}

function allowEdit(): Option {
  return new Option('--allow-edit <glob>', 'these applied migrations may be edited (repeatable)').argParser(list)
}

function describeRules(program: Command): Command {
  const rules = program.command('rules').description('list the rules, or explain one')
  return looks(debugging(rules)).argument('[id]', 'a rule to explain')
}

function describeInit(program: Command): Command {
  return debugging(program.command('init').description('write a commented migrate-lint.config.jsonc'))
    .option('--start-after-latest', 'report on migrations to come only, and not on those that are there')
    .addHelpText('after', initExamples)
}

/** What is staged is not on disk; a baseline is about what is left. */
const unfixable = ['staged', 'updateBaseline', 'pruneBaseline', 'stdinFilename']

/**
 * The flags of a subcommand, and those typed before its name (`migrate-lint --no-color locks`). One that the subcommand
 * does not have is a mistake, and not silently nothing.
 */
function ownFlags<Flags extends ReadFlags & WriteFlags & InitFlags>(command: Command): Flags {
  const own = command.opts()
  const earlier = new Map<string, unknown>()
  const typed = (from: Command, name: string) => from.getOptionValueSource(name) === 'cli'
  for (const [name, value] of Object.entries(command.parent?.opts() ?? {})) {
    if (!command.parent || !typed(command.parent, name) || typed(command, name)) continue
    const option = command.parent.options.find(each => each.attributeName() === name)
    if (!command.options.some(each => each.attributeName() === name)) {
      command.error(`error: option '${option?.long ?? name}' does not belong to the command '${command.name()}'`)
    }
    earlier.set(name, value)
  }
  return { ...own, ...Object.fromEntries(earlier) } as Flags
}

function debugging(command: Command): Command {
  return command.option('--debug', 'print stack traces')
}

function reading(command: Command): Command {
  return command
    .optionsGroup('What is read:')
    .option('--config <file>', 'use this configuration file')
    .option('--no-config', 'use no configuration file')
    .option('--pg-version <version>', 'PostgreSQL version the migrations run on, for instance 16')
    .option('--system <id>', 'the migration system, for instance prisma (default: what the files tell)')
    .addOption(new Option('--transaction <mode>', 'how plain SQL files are run').choices(transactionModes))
    .option('--stdin-filename <path>', 'name and place of what is read from standard input')
    .option('--no-error-on-unmatched-pattern', 'finding no migrations is no error')
}

function writing(command: Command, formats: readonly string[]): Command {
  const reported = command
    .optionsGroup('How it is reported:')
    .addOption(
      new Option('-f, --format <name[=path]>', `${orList(formats)}, and where to write it (repeatable)`).argParser(
        list,
      ),
    )
    .option('-o, --output-file <path>', 'write the report to this file')
  return looks(reported)
}

function codeScanning(command: Command): Command {
  return command
    .addOption(
      new Option('--sarif-category <name>', 'tells two runs over one repository apart, in sarif').argParser(category),
    )
    .option('--sarif-include-suppressed', 'list what is suppressed in sarif as well; GitHub shows that as open')
}

function looks(command: Command): Command {
  return command
    .option('--color', 'use colours')
    .option('--no-color', 'use no colours')
    .option('--ascii', 'draw with ASCII characters only')
}

function list(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function commaList(value: string, before: readonly string[] = []): readonly string[] {
  const ids = value.split(',').map(id => id.trim())
  if (ids.includes('')) throw new InvalidArgumentError('Name one or more rules, separated by commas.')
  return [...before, ...ids]
}

function category(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It must not be empty.')
  return value
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 0 or more.')
  return Number(value)
}

const lintExamples = `
Examples:
  migrate-lint                      find the project's migrations and lint them
  migrate-lint db/migrations        lint a folder
  migrate-lint db/0042_*.sql        report on these; the others are read as well
  migrate-lint --pg-version 17 --preset strict
  migrate-lint --diff | git apply   fix what can be fixed safely; --fix does it at once
  migrate-lint -f text -f sarif=report.sarif
  migrate-lint --stdin-filename db/0042_x.sql - < draft.sql
  migrate-lint rules drop-column    explain a rule

Exit codes:
  0  nothing at or above --fail-on (default: error)
  1  findings
  2  usage, configuration, files: the tool could not do its work`

const historyExamples = `
Examples:
  migrate-lint history                        what this branch does to migrations that the main branch has
  migrate-lint history --since v1.4           and to those of the last release
  migrate-lint history --audit                what was done to migrations in the past
  migrate-lint history --staged               in a pre-commit hook
  migrate-lint history --require-history      in CI: exit code 2 when there is nothing to compare with`

const statusExamples = `
Examples:
  DATABASE_URL=postgres://app@db.example/shop migrate-lint status
  migrate-lint status --database-url 'postgres://app@db.example/shop?sslmode=verify-full' db/migrations
  migrate-lint status --tracking-table tools.flyway_history
  migrate-lint status --fail-on-pending -f json -o status.json

The password may be left out of the address: PGPASSWORD and ~/.pgpass are read, as are PGHOST, PGUSER, PGSSLMODE and their like.

Exit codes:
  0  all that is applied is as it is on disk; migrations may be pending
  1  something was edited, is missing, failed, or is out of order so that the tool stops or skips it
  2  the database could not be asked, or the files not read`

const initExamples = `
It asks no questions. Without --start-after-latest the newest migration is written down as a comment.`

const locksExamples = `
Examples:
  migrate-lint locks db/migrations/0042_orders_email.sql
  migrate-lint locks -f json db/migrations`
