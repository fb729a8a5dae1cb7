import { Command, CommanderError, Option } from 'commander'
import { levels, presets, unreadValues } from '../lint/config/config.ts'
import { orList } from '../lint/config/or-list.ts'
import { tool } from '../lint/tool.ts'
import { formatNames, tableFormats, traceFormats } from '../report/formats.ts'
import {
  captureExamples,
  historyExamples,
  initExamples,
  lintExamples,
  locksExamples,
  statusExamples,
  traceExamples,
} from './examples.ts'
import { exitCodes } from './exit-code.ts'
import type {
  CaptureFlags,
  HistoryFlags,
  InitFlags,
  LintFlags,
  LocksFlags,
  NewRuleFlags,
  RulesFlags,
  StatsFlags,
  StatusFlags,
  TraceFlags,
} from './flags.ts'
import { withFlagMeant } from './input/mistaken-command.ts'
import {
  allowEdit,
  chosen,
  codeScanning,
  commaList,
  count,
  databaseUrl,
  debugging,
  detail,
  failOn,
  list,
  looks,
  reading,
  requireHistory,
  writing,
} from './options.ts'

/** Each command takes what was typed and returns the exit code. */
export interface Commands {
  lint(paths: readonly string[], flags: LintFlags): Promise<number>
  locks(paths: readonly string[], flags: LocksFlags): Promise<number>
  history(paths: readonly string[], flags: HistoryFlags): Promise<number>
  status(paths: readonly string[], flags: StatusFlags): Promise<number>
  trace(paths: readonly string[], flags: TraceFlags): Promise<number>
  capture(command: readonly string[], flags: CaptureFlags): Promise<number>
  stats(flags: StatsFlags): Promise<number>
  rules(id: string | undefined, flags: RulesFlags): Promise<number>
  newRule(id: string, flags: NewRuleFlags): Promise<number>
  init(flags: InitFlags): Promise<number>
}

/** Where commander prints help and complaints. */
export interface Streams {
  out(text: string): void
  err(text: string): void
}

/**
 * Reads the command line and runs the command it names. Returns the exit code. Whatever a command throws passes
 * through.
 */
export async function run(args: readonly string[], commands: Commands, streams: Streams): Promise<number> {
  const outcome: { code: number } = { code: exitCodes.ok }
  const program = new Command('migrate-lint')
    .description('Finds unsafe statements in PostgreSQL migrations before they run.')
    .version(tool.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({
      writeOut: streams.out,
      writeErr: streams.err,
      outputError: (complaint, write) => write(withFlagMeant(complaint)),
    })
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .helpCommand('help [command]', 'print the help of a command')
    // -V is what most programs of Node have.
    .addOption(new Option('-V').hideHelp())
    .on('option:V', () => {
      streams.out(`${tool.version}\n`)
      throw new CommanderError(exitCodes.ok, 'commander.version', tool.version)
    })
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
  const trace = describeTrace(program).action(async (paths: string[]) => {
    outcome.code = await commands.trace(paths, ownFlags(trace))
  })
  const capture = describeCapture(program).action(async (command: string[]) => {
    outcome.code = await commands.capture(command, ownFlags(capture))
  })
  const stats = describeStats(program).action(async () => {
    outcome.code = await commands.stats(ownFlags(stats))
  })
  const rules = describeRules(program).action(async (id: string | undefined) => {
    outcome.code = await commands.rules(id, ownFlags(rules))
  })
  const newRule = describeNewRule(program).action(async (id: string) => {
    outcome.code = await commands.newRule(id, ownFlags(newRule))
  })
  const init = describeInit(program).action(async () => {
    outcome.code = await commands.init(ownFlags(init))
  })

  try {
    if (args[0] === 'complete') (await import('./completion.ts')).addCompletion(program)
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    // commander prints its complaint itself, and would exit with 1. Help and version are "errors" with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.failure
    throw error
  }
  return outcome.code
}

function describeLint(program: Command): Command {
  program.option('--print-config', 'print the configuration that would be used, then exit')
  program.addOption(
    new Option('--timing', 'print on standard error how long each part of the run, rule and file takes').conflicts([
      'fix',
      'diff',
    ]),
  )
  reading(debugging(program))
    .argument('[paths...]', 'files, directories or globs; "-" reads standard input (default: the configured paths)')
    .optionsGroup('Which migrations are reported on (all of them are read):')
    .option('--changed', 'only migrations that this branch changes')
    .option('--since <ref>', 'only migrations that changed since this branch, tag or commit')
    .option('--staged', "only migrations that are staged, as they are in git's index")
    .option('--no-cache', 'read all migrations again, whatever earlier runs know about them')
    .optionsGroup('Rules and exit code:')
    .addOption(chosen('--preset <name>', 'the set of rules to start from', presets))
    .addOption(new Option('--rule <id=severity>', `set a rule to ${orList(levels)} (repeatable)`).argParser(list))
    .addOption(
      new Option('--only <ids>', 'run only these rules, separated by commas (repeatable)').argParser(commaList),
    )
    .addOption(allowEdit())
    .addOption(requireHistory())
    .option('--plugins', "load the configuration's plugins, which runs code of this repository")
    .option('--no-plugins', 'lint without the rules of plugins')
    .option('--down', 'lint down migrations as well; findings in them are warnings at most')
    .addOption(failOn())
    .option('--exit-zero', 'the same as --fail-on never')
    .on('option:exit-zero', () => program.setOptionValueWithSource('failOn', 'never', 'cli'))
    .addOption(new Option('--max-warnings <n>', 'exit with 1 if there are more warnings than this').argParser(count))
    .addOption(
      chosen(
        '--unread <word>',
        'exit with 2 never, if no migration could be read, or if any was not (default: report)',
        unreadValues,
      ),
    )
    .optionsGroup('Fixing:')
    .addOption(new Option('--fix', 'apply safe fixes to the files').conflicts([...unfixable, 'diff']))
    .addOption(
      new Option('--diff', 'print the fixes as a patch for "git apply" instead').conflicts([
        ...unfixable,
        'format',
        'outputFile',
      ]),
    )
    .option('--fix-applied', 'also fix migrations that are applied already')
    .option('--exit-non-zero-on-fix', 'exit with 1 if anything was fixed')
    .optionsGroup('Baseline:')
    .option('--baseline <file>', 'suppress the findings recorded in this file; report only new ones')
    .option('--no-baseline', 'ignore the configured baseline and report everything')
    .addOption(
      new Option('--update-baseline', 'record all current findings in the baseline').conflicts([
        'pruneBaseline',
        'passOnUnpruned',
      ]),
    )
    .option('--prune-baseline', 'remove findings that no longer occur from the baseline')
    .option('--pass-on-unpruned', 'do not fail on findings in the baseline that no longer occur')
  return detail(codeScanning(writing(program, formatNames)).option('-q, --quiet', 'print errors only')).addHelpText(
    'after',
    lintExamples,
  )
}

function describeLocks(program: Command): Command {
  const locks = program
    .command('locks')
    .description('print which locks each statement takes, what they block, and how much work it does')
  reading(debugging(locks)).argument('[paths...]', 'as for linting')
  return writing(locks, tableFormats)
    .option('--all', 'also statements that lock nothing')
    .addHelpText('after', locksExamples)
}

function describeHistory(program: Command): Command {
  const history = program
    .command('history')
    .description(
      'find applied migrations that were edited, renamed or deleted, new ones out of order, and checksums that do not match',
    )
  reading(debugging(history))
    .argument('[paths...]', 'as for linting')
    .optionsGroup('Comparison:')
    .option('--audit', 'go through all commits and list every change to a migration after it was added')
    .option(
      '--since <ref>',
      'compare with this branch, tag or commit (default: the base that CI names, or the main branch)',
    )
    .option('--staged', "compare the files in git's index instead of those on disk")
    .addOption(allowEdit())
    .addOption(requireHistory())
    .addOption(failOn())
  return detail(codeScanning(writing(history, formatNames))).addHelpText('after', historyExamples)
}

function describeStatus(program: Command): Command {
  const status = program
    .command('status')
    .description('compare the migrations with those that a database has recorded as applied; never writes')
  reading(debugging(status))
    .argument('[paths...]', 'as for linting')
    .optionsGroup('Comparison:')
    .addOption(databaseUrl())
    .option(
      '--tracking-table <name>',
      'the table in which the system records migrations; if you name its schema, too, its owner is trusted',
    )
    .option('--fail-on-pending', 'exit with 1 if any migration is still to be applied')
  return writing(status, tableFormats).addHelpText('after', statusExamples)
}

function describeTrace(program: Command): Command {
  const trace = program
    .command('trace')
    .description('run the migrations on a real PostgreSQL and print what each statement locked, rewrote and took')
  reading(debugging(trace))
    .argument('[paths...]', 'as for linting; the migrations before them run as well')
    .optionsGroup('Server:')
    .addOption(
      new Option(
        '--server [folder]',
        'a PostgreSQL of this machine, started for the trace (default: PGlite, in this process)',
      ).conflicts('databaseUrl'),
    )
    .option('--superuser', 'with --server: let migrations reach files and programs of this machine')
    .option('--database-url <url>', 'a server for tests: a new database is created there, and dropped at the end')
    .option('--in-use', 'with --database-url: go on even if the server looks like one that is in use')
    .option('--setup <file>', 'SQL to run first: the roles, extensions and tables that your servers have anyway')
    .addOption(
      new Option(
        '--rows <n>',
        'fill tables with this many rows before the migrations that are printed, or as the statistics say: stats',
      ).argParser(text => (text === 'stats' ? text : count(text))),
    )
    .addOption(
      new Option('--timeout <seconds>', 'stop at a statement that takes longer (default: 600)').argParser(count),
    )
    .option('--down', 'then take these migrations back, and compare the database with the one before them')
    .optionsGroup('Result:')
    .option('--catalog', 'print what each statement changes in the catalog')
    .option('--check', 'exit with 1 if the server does something else than linting predicts')
  return writing(trace, traceFormats).addHelpText('after', traceExamples)
}

function describeCapture(program: Command): Command {
  const capture = program
    .command('capture')
    .description('run your own migrate command on an empty PostgreSQL, and lint exactly what it sends')
    .argument('[command...]', 'the command, after --')
    .optionsGroup('Server:')
    .addOption(
      new Option(
        '--server [folder]',
        'a PostgreSQL of this machine, started for the command (default: PGlite)',
      ).conflicts('databaseUrl'),
    )
    .option('--superuser', 'with --server: let the command reach files and programs of this machine by SQL')
    .option('--database-url <url>', 'a server for tests: a new database is created there, and dropped at the end')
    .option('--in-use', 'with --database-url: go on even if the server looks like one that is in use')
    .addOption(new Option('--timeout <seconds>', 'end the command after this time (default: 600)').argParser(count))
    .optionsGroup('Input:')
    .option('--config <file>', 'use this configuration file')
    .option('--no-config', 'do not use a configuration file')
    .option('--plugins', "load the configuration's plugins, which runs code of this repository")
    .option('--no-plugins', 'lint without the rules of plugins')
    .optionsGroup('Result:')
    .option('--save <file.json>', 'keep what was sent in this file, which migrate-lint lints later')
    .addOption(new Option('--last <n>', 'report on the last n migrations only').argParser(count).conflicts('check'))
    .addOption(
      new Option(
        '--check',
        'compare what is sent with what reading the migrations here says, and exit with 1 if it differs (text, json)',
      ).conflicts('failOn'),
    )
    .addOption(failOn())
  return codeScanning(writing(debugging(capture), formatNames)).addHelpText('after', captureExamples)
}

function describeStats(program: Command): Command {
  return debugging(
    program
      .command('stats')
      .description('print how large the tables of a database are, for migrate-lint-stats.json; never writes to it'),
  )
    .addOption(databaseUrl())
    .option('--hash-names', 'write hashes instead of the names of tables')
    .option('-o, --output-file <path>', 'write the file here instead of to standard output')
}

function describeRules(program: Command): Command {
  const rules = program.command('rules').description('list the rules, or explain one')
  return looks(
    debugging(rules)
      .addOption(chosen('-f, --format <name>', 'text, or json for programs', ['text', 'json']))
      .option('--plugins', "also the rules of the configuration's plugins, which runs code of this repository"),
  ).argument('[id]', 'a rule to explain')
}

function describeNewRule(program: Command): Command {
  return debugging(program.command('new-rule').description('write a rule of your own, with a page and a test'))
    .argument('<id>', 'what it is called, such as table-name')
    .requiredOption('--plugin <folder>', 'the folder of the plugin, which is made if it is missing')
}

function describeInit(program: Command): Command {
  return debugging(program.command('init').description('write a commented migrate-lint.config.jsonc'))
    .option('--start-after-latest', 'report only on migrations that are added from now on, not on existing ones')
    .addHelpText('after', initExamples)
}

/** Files that are staged are not what is on disk, and a baseline is written for what is left after fixing. */
const unfixable = ['staged', 'updateBaseline', 'pruneBaseline', 'stdinFilename']

/**
 * The flags of a subcommand, and those typed before its name (`migrate-lint --no-color locks`). A flag that the
 * subcommand does not have is an error; it is never silently ignored.
 */
function ownFlags<Flags extends object>(command: Command): Flags {
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
