import { closest } from '../../lint/config/closest.ts'

/** The commands that a first word names. */
const commands = ['locks', 'history', 'status', 'rules', 'init', 'help', 'complete']

/** What other linters call what this one does without a command. */
const linting = ['lint', 'check', 'run', 'scan', 'verify', 'validate', 'analyze', 'analyse', 'test']

/**
 * A sentence for somebody who typed the name of a command that does not exist, where files are named; null: the first word is not
 * such a name, or there is such a file.
 */
export function mistakenCommand([first = '', ...rest]: readonly string[], unmatched: readonly string[]): string | null {
  if (!unmatched.includes(first) || !/^[a-z]+$/.test(first)) return null
  if (linting.includes(first)) {
    const remedy = ['migrate-lint', ...rest].join(' ')
    return `There is no command "${first}", because linting needs none. Run: ${remedy}`
  }
  const guess = closest(first, commands)
  return guess === null
    ? null
    : `There is neither a file or folder nor a command "${first}". Did you mean: migrate-lint ${[guess, ...rest].join(' ')}`
}
