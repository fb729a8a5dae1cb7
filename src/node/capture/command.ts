import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { Failure, reason } from '../failure.ts'

/**
 * Runs a command that a person has typed, with its output as it is, and resolves with its exit code as shells give it. Ctrl-C reaches the
 * command, and this program waits for its end. After `seconds`, the command is ended. Rejects with a Failure if it cannot be started.
 */
export function runCommand(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  seconds: number,
): Promise<number> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    // What it prints is not the report.
    const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['inherit', 2, 'inherit'] })
    const passOn = (signal: NodeJS.Signals) => void child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.on(signal, passOn)
    const late = setTimeout(() => child.kill('SIGTERM'), seconds * 1000)
    const over = () => {
      clearTimeout(late)
      for (const signal of signals) process.off(signal, passOn)
    }
    child.once('error', error => {
      over()
      reject(new Failure(`The command "${program}" cannot be started: ${reason(error)}.`))
    })
    child.once('exit', (code, signal) => {
      over()
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
