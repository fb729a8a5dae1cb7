import { greatest } from '../parse/list.ts'
import { webAddress } from './file-url.ts'
import { visible } from './visible.ts'

/**
 * One line of anybody's text as Markdown that shows it and does nothing else: no markup, no HTML, no link, no mention.
 * Text between backticks is code, as the rules mean it.
 */
export function prose(text: string): string {
  const parts = visible(text.trim()).split(/(`[^`]+`)/)
  const inline = parts.map((part, i) => (i % 2 === 1 ? code(part.slice(1, -1)) : plain(part))).join('')
  // Characters that would begin a list, or underline a heading.
  return inline.replace(/^[-+=]|(?<=^\d+)[.)]/, entity)
}

/** Code within a line. An HTML element, because a code span has no way to hold `\|` in a table. */
export function code(text: string): string {
  return text === '' ? '' : `<code>${plain(visible(text))}</code>`
}

/**
 * The path of a file and the text after it, which may break after each `/` and `_`: otherwise it would take all the
 * room in a table.
 */
export function breakablePath(text: string): string {
  return text === ''
    ? ''
    : `<code>${visible(text)
        .split(/(?<=[/_])(?=.)/s)
        .map(plain)
        .join('<wbr>')}</code>`
}

/** A link, or only the text if there is no address. `label` is Markdown. */
export function link(label: string, url: string | null): string {
  const address = url === null ? null : webAddress(url)
  return address === null ? label : `[${label}](${address})`
}

/** A block of code as people may see it. Its fence is longer than any run of backticks in it. */
export function fenced(lines: readonly string[], language: string): string[] {
  return fence(
    lines.map(line => visible(line.replace(/\t/g, '    '))),
    language,
  )
}

/** The same for the unchanged lines. */
export function fence(lines: readonly string[], language: string): string[] {
  const longest = greatest(
    lines.map(line => longestRun(line)),
    2,
  )
  const mark = '`'.repeat(longest + 1)
  return [mark + language, ...lines, mark]
}

function longestRun(line: string): number {
  return (line.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
}

/**
 * Entities never act as markup (CommonMark, "Entity and numeric character references"), so every character that could
 * is written as one. A zero-width space keeps GitHub from reading mentions, issues and addresses in the text.
 */
function plain(text: string): string {
  return text
    .replace(/[&\\`*[\]<>|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, entity)
    .replace(/(?<!&)#/g, '&#35;&#8203;')
    .replace(/@/g, '@&#8203;')
    .replace(/:(?=\/\/)|www(?=\.)|gh(?=-\d)/gi, '$&&#8203;')
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`
}
