import { closest } from '../../lint/config/closest.ts'

/** The commands that a first word names. */
const commands = [
  'locks',
  'history',
  'status',
  'trace',
  'capture',
  'stats',
  'rules',
  'new-rule',
  'init',
  'help',
  'complete',
]

/** What other linters call what this one does without a command. */
const linting = ['lint', 'check', 'run', 'scan', 'verify', 'validate', 'analyze', 'analyse', 'test']

/** What other programs call what this one does with a flag or with a command of another name. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['explain', 'rules'],
  ['why', 'rules'],
  ['rule', 'rules'],
  ['list', 'rules'],
  ['docs', 'rules'],
  ['fix', '--fix'],
  ['format', '--format'],
  ['diff', '--diff'],
  ['staged', '--staged'],
  ['changed', '--changed'],
  ['version', '--version'],
  ['config', '--print-config'],
  ['baseline', '--update-baseline'],
  ['completion', 'complete'],
  ['replay', 'trace'],
  ['record', 'capture'],
  ['drift', 'status'],
  ['size', 'stats'],
  ['install', 'init'],
  ['setup', 'init'],
])

/** Flags of other linters, and what they are called here. */
const flags: ReadonlyMap<string, string> = new Map([
  ['--json', '--format json'],
  ['--sarif', '--format sarif'],
  ['--reporter', '--format'],
  ['--output-format', '--format'],
  ['--output', '--output-file'],
  ['--exclude', '--rule <id>=off'],
  ['--ignore-rule', '--rule <id>=off'],
  ['--disable', '--rule <id>=off'],
  ['--select', '--only'],
  ['--include', '--only'],
  ['--exclude-path', '"ignore" in the configuration'],
  ['--ignore', '"ignore" in the configuration'],
  ['--stdin-filepath', '--stdin-filename'],
  ['--assume-in-transaction', '--transaction wrapped'],
  ['--base', '--since'],
  ['--diff-base', '--since'],
  ['--postgres-version', '--pg-version'],
  ['--strict', '--preset strict'],
  ['--all', '--preset all'],
  ['--silent', '--quiet'],
  ['--dry-run', '--diff'],
  ['--write', '--fix'],
  ['-c', '--config'],
  ['-r', '--rule'],
  ['-w', '--fix'],
])

/**
 * A sentence for somebody who typed the name of a command that does not exist, where files are named; null: the first word is not
 * such a name, or there is such a file.
 */
export function mistakenCommand([first = '', ...rest]: readonly string[], unmatched: readonly string[]): string | null {
  if (!unmatched.includes(first) || !/^[a-z]+$/.test(first)) return null
  const remedy = (...words: readonly string[]) => ['migrate-lint', ...words, ...rest].join(' ')
  if (linting.includes(first)) return `There is no command "${first}", because linting needs none. Run: ${remedy()}`
  const guess = meanings.get(first) ?? closest(first, commands)
  return guess === null
    ? null
    : `There is neither a file or folder nor a command "${first}". Did you mean: ${remedy(guess)}`
}

/** What a complaint about an unknown flag becomes where the flag is one of another linter. Other complaints stay. */
export function withFlagMeant(complaint: string): string {
  const [before, flag = ''] = complaint.split("'")
  if (before !== 'error: unknown option ') return complaint
  const meant = flags.get(flag)
  return meant === undefined ? complaint : `error: unknown option '${flag}'\n(Did you mean ${meant}?)\n`
}
