/** The parts that psql keeps for itself and never sends as SQL: meta-commands and the data of COPY … FROM stdin. */
import type { Span } from './span.ts'

export interface MetaCommand {
  readonly span: Span
  /** It sends the statement before it, as a semicolon does: `\g`, `\gexec`, `\;`. */
  readonly sends: boolean
  /** Where the data of `\copy … from stdin` begins. */
  readonly data: number | null
}

// exec_command() in src/bin/psql/command.c: the commands that return PSQL_CMD_SEND.
const SENDS = new Set(['g', 'gx', 'gexec', 'gset', 'gdesc', 'crosstabview', 'watch', ';'])
// These use the whole rest of the line, including `\\` (OT_WHOLE_LINE).
const WHOLE_LINE = new Set(['copy', '!', 'help', 'h', 'sf', 'sv', 'ef', 'ev'])
const ARGUMENT = /\\\\|'(?:[^'\\]|\\.)*'?|"[^"]*"?|`[^`]*`?|[\s\S]/g
const COMMAND = /\\(?:[A-Za-z][\w+]*|[;!?.\\])/y

/** The meta-command whose backslash is at `position`, or null if the text after it is not a command of psql. */
export function metaCommandAt(text: string, position: number): MetaCommand | null {
  COMMAND.lastIndex = position
  const match = COMMAND.exec(text)
  if (!match) return null
  // \copy alone is recognised in any case of letters (pg_strcasecmp in exec_command).
  const name = match[0].slice(1).replace(/^copy$/i, 'copy')
  const afterName = position + match[0].length
  if (name === ';') return { span: [position, afterName], sends: true, data: null }
  if (name === '\\') return { span: [position, afterName], sends: false, data: null }
  const end = argumentsEnd(text, afterName, WHOLE_LINE.has(name))
  const copies = name === 'copy' && /\bfrom\s+stdin\b/i.test(text.slice(afterName, end))
  return { span: [position, end], sends: SENDS.has(name), data: copies ? nextLine(text, end) : null }
}

/** End of the line without its break, or the `\\` that ends the command before it. */
function argumentsEnd(text: string, start: number, wholeLine: boolean): number {
  let from = start
  let end = text.indexOf('\n', from)
  if (end < 0) end = text.length
  if (text[end - 1] === '\r' && end > from) end--
  if (wholeLine) return end
  // Quoted arguments may contain backslashes (psqlscanslash.l).
  for (const [part] of text.slice(from, end).matchAll(ARGUMENT)) {
    if (part === '\\\\') return from + 2
    from += part.length
  }
  return end
}

function nextLine(text: string, position: number): number {
  const lineBreak = text.indexOf('\n', position)
  return lineBreak < 0 ? text.length : lineBreak + 1
}

/** True for the words (lower case, outside parentheses) of a COPY that reads its data from the client. */
export function readsStdin(words: readonly string[]): boolean {
  return words[0] === 'copy' && words.some((word, i) => word === 'from' && words[i + 1] === 'stdin')
}

/** The end of the data that begins at `start`: after the line `\.`; null when there is no such line. */
export function dataBlockEnd(text: string, start: number): number | null {
  const terminator = /^\\\.[ \t]*$/gm
  terminator.lastIndex = start
  const match = terminator.exec(text)
  return match && match.index + match[0].length
}

const COMMANDS = new Set(
  'alter analyze begin comment commit copy create delete do drop grant insert lock reindex revoke rollback select set truncate update vacuum with'.split(
    ' ',
  ),
)

/**
 * The offset of SQL that stands where data is expected: a line begins with a command, and a line ends with a semicolon. It comes first but for
 * comments, or, where the data has no end, after rows and up to the end of the text. Null: there is none.
 */
export function sqlInsteadOfData(text: string, hasEnd: boolean): number | null {
  const lines = text.split('\n')
  const last = lines.findLast(line => line.trim() !== '')?.trim() ?? ''
  const mayFollow = !hasEnd && (last.endsWith(';') || last.startsWith('--'))
  let found: number | null = null
  let [offset, hasRows] = [0, false]
  for (const line of lines) {
    const written = line.trim()
    const isBlank = written === '' || written.startsWith('--')
    if (found === null && !isBlank) {
      // A row with several columns has tabs.
      const isCommand = beginsCommand(written) && (!hasRows || !written.includes('\t'))
      if (isCommand) found = hasRows ? offset : 0
      else if (!mayFollow) return null
      else hasRows = true
    }
    if (found !== null && written.endsWith(';')) return found
    offset += line.length + 1
  }
  return null
}

function beginsCommand(line: string): boolean {
  return COMMANDS.has((/^[a-z]+(?=[\s;])/i.exec(line)?.[0] ?? '').toLowerCase())
}

/** True for such data that has an end, and if there is no data at all. */
export function endsCopyData(data: string): boolean {
  return data.trim() === '' || /^\\\.[ \t]*$/.test(data.split(/[\n\r\u2028\u2029]/).at(-1) ?? '')
}
