import { readFileSync } from 'node:fs'
import type { Halt } from './session.ts'

/**
 * Stops a process of the server that this process has started, whose number is `server`. Null where it cannot be seen to be one, as on systems
 * without /proc: SQL has told its number, and migrations that run as a superuser could make it tell any.
 */
export function haltOf(backend: string, server: number): Halt | null {
  const process = Number(backend)
  if (!Number.isSafeInteger(process) || process <= 1 || parentOf(process) !== server) return null
  return { stop: () => signal(process, 'SIGSTOP'), goOn: () => signal(process, 'SIGCONT') }
}

function parentOf(process: number): number | null {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, 'latin1')
    // The name of the program is in parentheses, and may have some of its own; state and parent come after it (proc_pid_stat(5)).
    const [, , parent] = stat.slice(stat.lastIndexOf(')')).split(' ')
    return Number(parent)
  } catch {
    return null
  }
}

/** A process that has ended need not be stopped. */
function signal(number: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(number, name)
  } catch {}
}
