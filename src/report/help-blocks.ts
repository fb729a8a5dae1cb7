import type { Help } from '../lint/help.ts'

/** A piece of a remedy: a paragraph, a list's item, or code to copy. */
export type HelpBlock =
  | { readonly kind: 'prose' | 'item'; readonly text: string }
  | { readonly kind: 'code'; readonly lines: readonly string[]; readonly language: string }

/** A finding's help, line by line; blank lines of prose are left out. */
export function helpBlocks(help: Help): HelpBlock[] {
  return help.flatMap((part): HelpBlock[] => {
    if (typeof part === 'object') return [{ kind: 'code', lines: codeLines(part.code), language: part.language }]
    return part.split(lineEnds).flatMap(line => {
      const [bullet, text] = bulletOf(line)
      return text === '' ? [] : { kind: bullet === '' ? 'prose' : 'item', text }
    })
  })
}

/** The lines of prose and code, for reports that show them as they are. */
export const lineEnds = /\r\n|\r|\n/

/** Lines of code without tabs, whose width would depend on the program that shows them. */
export function codeLines(code: string): string[] {
  return code.split(lineEnds).map(line => line.trimEnd().replace(/\t/g, '    '))
}

/** `  - a` → `- `, `a`; a line that is not a list item has no bullet. */
export function bulletOf(line: string): [bullet: string, text: string] {
  const content = line.trim()
  const bullet = /^(?:[-*]|\d+\.) /.exec(content)?.[0] ?? ''
  return [bullet, content.slice(bullet.length).trim()]
}
