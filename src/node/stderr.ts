import { visible } from '../report/visible.ts'

/** What is typed is repeated in complaints, and continuous integration keeps them: addresses lose their passwords. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)\S*@/gi, '$1…@').replace(/([?&]password=)[^\s&]*/gi, '$1…')
}

/**
 * Tells the person at the keyboard something that is not part of the report. Names of files and text from them are shown
 * without anything that acts on a terminal.
 */
export function tell(message: string): void {
  const [first = '', ...rest] = withoutPasswords(message)
    .split('\n')
    .map(line => visible(line))
  process.stderr.write(`${[`migrate-lint: ${first}`, ...rest.map(line => `  ${line}`)].join('\n')}\n`)
}
