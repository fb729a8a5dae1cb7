#!/usr/bin/env node
import { lstatSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { GrammarFiles } from '../code/grammar.ts'
import { ordersHere, thread } from './ahead/thread.ts'
import { keepCompiled } from './cache/compiled.ts'
import { exitCodes } from './exit-code.ts'
import { complaint, Failure, failureOf, reason } from './failure.ts'
import { limitOptimiser } from './optimiser.ts'
import { harmless, tell, tellStack } from './output/stderr.ts'
import { isParserThread, parserInThread } from './parser/thread.ts'
import { type Commands, run } from './program.ts'

/** Each command's code is loaded when the command runs, so that `--help` need not wait for the parser. */
const commands: Commands = {
  lint: async (...typed) => (await parsing(import('./commands/lint.ts'))).lintCommand(...typed),
  locks: async (...typed) => (await parsing(import('./commands/locks.ts'))).locksCommand(...typed),
  history: async (...typed) =>
    typed[1].audit
      ? (await parsing(import('./commands/audit.ts'))).auditCommand(...typed)
      : (await parsing(import('./commands/history.ts'))).historyCommand(...typed),
  status: async (...typed) => (await parsing(import('./commands/status.ts'))).statusCommand(...typed),
  trace: async (...typed) => (await parsing(import('./commands/trace.ts'))).traceCommand(...typed),
  capture: async (...typed) => (await parsing(import('./commands/capture.ts'))).captureCommand(...typed),
  stats: async flags => (await import('./commands/stats.ts')).statsCommand(flags),
  rules: async (...typed) => (await import('./commands/rules.ts')).rulesCommand(...typed),
  newRule: async (...typed) => (await import('./commands/new-rule.ts')).newRuleCommand(...typed),
  init: async flags => (await import('./commands/init.ts')).initCommand(flags),
}

/** The folder beside the built program; from source, that of the last build. */
const grammarFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/grammars' : './grammars', import.meta.url),
)

async function grammars(): Promise<GrammarFiles> {
  const { grammarsIn } = await import('./disk/grammars.ts')
  return grammarsIn(grammarFolder)
}

/** Runs a command that parses SQL. Deeply nested SQL is parsed in a thread, which this program starts a second time. */
async function parsing<Command>(command: Promise<Command>): Promise<Command> {
  limitOptimiser()
  const { loadParser, useLargeStack } = await import('../parse/parser.ts')
  // It is compiled while the rest of the program is loaded. The first command that needs it reports a failure.
  loadParser().catch(() => {})
  useLargeStack(parserInThread(new URL(import.meta.url)))
  const [{ useGrammars, useParsedAhead }, files] = await Promise.all([import('../code/grammar.ts'), grammars()])
  useGrammars(files)
  useParsedAhead(thread(new URL(import.meta.url)))
  return command
}

const args = process.argv.slice(2)

let hasFailed = false

function complain(error: unknown): void {
  hasFailed = true
  process.exitCode = exitCodes.failure
  const debug = args.slice(0, args.indexOf('--') === -1 ? undefined : args.indexOf('--')).includes('--debug')
  const more = failureOf(error) || debug ? '' : ' (run again with --debug for the stack)'
  tell(complaint(error) + more)
  if (debug && error instanceof Error) tellStack(String(error.stack))
}

// `migrate-lint | head`: the reader has seen enough. That is not an error, and the exit code does not change. A report
// that is cut off because the disk is full is an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return
  complain(new Failure(`Cannot write to standard output: ${reason(error)}.`))
})
// There is no way to report this, and trying would never end.
process.stderr.on('error', () => {})
// There is no handler for SIGINT, SIGTERM or SIGHUP: linting is synchronous, and a handler would wait for its end. By
// default, they end the process at once, and shells see 130, 143 or 129. No file is left half written, because all
// files are written next to their place and then renamed.
process.on('uncaughtException', complain)

/**
 * Hooks put the names of committed files on the command line, and a stranger may commit a file called `--baseline=a.sql`. Throws a Failure if
 * a flag is the name of a file as well.
 */
function refuseFlagsOfFiles(): void {
  for (const arg of args) {
    if (arg === '--') return
    if (!/^-./.test(arg) || !lstatSync(arg, { throwIfNoEntry: false })) continue
    const remedy = `write it as ${JSON.stringify(`./${arg}`)}, or put "--" before the names of files`
    throw new Failure(`${JSON.stringify(arg)} is a flag, and there is a file of that name: ${remedy}.`)
  }
}

async function main(): Promise<void> {
  try {
    // The exit code is set, and the process ends by itself, so that a long report is written completely.
    refuseFlagsOfFiles()
    // Neither the source nor a single executable has chunks that Node could keep.
    if (import.meta.url.endsWith('/cli.js') && !args.includes('--no-cache'))
      keepCompiled(fileURLToPath(import.meta.url))
    const code = await run(args, commands, {
      out: text => process.stdout.write(text),
      err: text => process.stderr.write(harmless(text)),
    })
    if (!hasFailed) process.exitCode = code
  } catch (error) {
    complain(error)
  }
}

/** This file is the program, and what its two threads start with. */
async function begin(): Promise<void> {
  const orders = ordersHere()
  if (isParserThread()) (await import('./parser/answer-questions.ts')).answerQuestions()
  else if (orders) (await import('./ahead/parse-programs.ts')).parsePrograms(orders, await grammars())
  else await main()
}

await begin()
