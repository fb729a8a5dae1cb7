import { visible } from '../../report/visible.ts'

/** Complaints repeat what was typed, and CI systems keep them, so the passwords in addresses are removed. */
function withoutPasswords(text: string): string {
  return text.replace(/\S+/g, withoutPassword).replace(/([?&]password=)[^\s&]*/gi, '$1…')
}

/** `scheme://user:password@host` → `scheme://user:…@host`, up to the last `@` of the word. */
function withoutPassword(word: string): string {
  const at = word.lastIndexOf('@')
  for (let scheme = word.indexOf('://'); scheme >= 0; scheme = word.indexOf('://', scheme + 3)) {
    const colon = word.indexOf(':', scheme + 3)
    if (colon < 0 || colon > at) return word
    const isUser = !/[@/]/.test(word.slice(scheme + 3, colon))
    if (isUser && /[a-z0-9+.-]/i.test(word[scheme - 1] ?? '')) return `${word.slice(0, colon + 1)}…${word.slice(at)}`
  }
  return word
}

/** Lines without passwords, and without anything that acts on a terminal. */
export function harmless(text: string): string {
  return withoutPasswords(text)
    .split('\n')
    .map(line => visible(line))
    .join('\n')
}

/** Shows the stack of an error, whose message may repeat text of anybody. */
export function tellStack(stack: string): void {
  process.stderr.write(`${harmless(stack)}\n`)
}

/**
 * Shows the user something that is not part of the report. Names of files and text from files are shown without
 * anything that acts on a terminal.
 */
export function tell(message: string): void {
  const [first = '', ...rest] = harmless(message).split('\n')
  process.stderr.write(`${[`migrate-lint: ${first}`, ...rest.map(line => `  ${line}`)].join('\n')}\n`)
}
