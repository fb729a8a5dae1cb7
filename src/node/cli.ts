#!/usr/bin/env node
import { exitCodes } from './exit-code.ts'
import { complaint, Failure, failureOf, reason } from './failure.ts'
import { tell, withoutPasswords } from './output/stderr.ts'
import { isParserThread, parserInThread } from './parser/thread.ts'
import { type Commands, run } from './program.ts'

/** Each command's code is loaded when it runs: `--help` need not wait for the parser. */
const commands: Commands = {
  lint: async (...typed) => (await parsing(import('./commands/lint.ts'))).lintCommand(...typed),
  locks: async (...typed) => (await parsing(import('./commands/locks.ts'))).locksCommand(...typed),
  history: async (...typed) =>
    typed[1].audit
      ? (await parsing(import('./commands/audit.ts'))).auditCommand(...typed)
      : (await parsing(import('./commands/history.ts'))).historyCommand(...typed),
  status: async (...typed) => (await parsing(import('./commands/status.ts'))).statusCommand(...typed),
  rules: async (...typed) => (await import('./commands/rules.ts')).rulesCommand(...typed),
  init: async flags => (await import('./commands/init.ts')).initCommand(flags),
}

/** A command that parses SQL. What is nested deeply is parsed by this program in a thread of its own. */
async function parsing<Command>(command: Promise<Command>): Promise<Command> {
  const { useLargeStack } = await import('../parse/parser.ts')
  useLargeStack(parserInThread(new URL(import.meta.url)))
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
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`)
}

// `migrate-lint | head`: the reader has seen enough. That is no error, and the exit code stays what it would have been. A report
// that is cut off because the disk is full is none.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return
  complain(new Failure(`Cannot write to standard output: ${reason(error)}.`))
})
// There is nobody to tell, and to try would never end.
process.stderr.on('error', () => {})
// No handler for SIGINT, SIGTERM or SIGHUP: linting is synchronous, and a handler would wait for its end. By default they end the
// process at once, and shells see 130, 143 or 129. No file is half written then, as all are written beside their place and renamed.
process.on('uncaughtException', complain)

async function main(): Promise<void> {
  try {
    // The exit code is set and the process left to end by itself, so that a long report is written out whole.
    const code = await run(args, commands, {
      out: text => process.stdout.write(text),
      err: text => process.stderr.write(withoutPasswords(text)),
    })
    if (!hasFailed) process.exitCode = code
  } catch (error) {
    complain(error)
  }
}

if (isParserThread()) (await import('./parser/answer-questions.ts')).answerQuestions()
else await main()
