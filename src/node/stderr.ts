import { visible } from '../report/visible.ts'

/**
 * Tells the person at the keyboard something that is not part of the report. Names of files and text from them are shown
 * without anything that acts on a terminal.
 */
export function tell(message: string): void {
  const [first = '', ...rest] = message.split('\n').map(line => visible(line))
  process.stderr.write(`${[`migrate-lint: ${first}`, ...rest.map(line => `  ${line}`)].join('\n')}\n`)
}
