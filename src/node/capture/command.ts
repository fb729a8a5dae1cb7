import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { Failure, reason } from '../failure.ts'
import { watchOverGroup } from '../server/watchdog.ts'

/** Milliseconds that a command has after it was asked to end. */
const grace = 5000

/**
 * Runs a command that a person has typed, with its output as it is, and resolves with its exit code as shells give it. Ctrl-C reaches the
 * command, and this program waits for its end. After `seconds`, the command is ended. What it has started ends with it then, and when this
 * process is killed. Rejects with a Failure if it cannot be started.
 */
export function runCommand(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  seconds: number,
): Promise<number> {
  const [program = '', ...args] = command
  const hasGroup = process.platform !== 'win32'
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...environment },
      // What it prints is not the report.
      stdio: ['inherit', 2, 'inherit'],
      // A group of its own: npx, npm and shells do not pass signals on to what they start.
      detached: hasGroup,
    })
    const sendAway = hasGroup && child.pid !== undefined ? watchOverGroup(child.pid) : () => {}
    const passOn = (signal: NodeJS.Signals) => {
      try {
        if (hasGroup && child.pid !== undefined) process.kill(-child.pid, signal)
        else child.kill(signal)
      } catch {
        // It has ended.
      }
    }
    let last: NodeJS.Timeout | undefined
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.on(signal, passOn)
    const late = setTimeout(() => {
      passOn('SIGTERM')
      last = setTimeout(() => passOn('SIGKILL'), grace)
    }, seconds * 1000)
    const over = (wasEnded: boolean) => {
      clearTimeout(late)
      clearTimeout(last)
      // The command is gone; what it has started may be not.
      if (wasEnded) passOn('SIGKILL')
      sendAway()
      for (const signal of signals) process.off(signal, passOn)
    }
    child.once('error', error => {
      over(false)
      reject(new Failure(`The command "${program}" cannot be started: ${reason(error)}.`))
    })
    child.once('exit', (code, signal) => {
      over(signal !== null || last !== undefined)
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
