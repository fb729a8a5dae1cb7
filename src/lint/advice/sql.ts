import { smallest } from '../../parse/list.ts'
import { isWrittenBare, nameParts } from '../../parse/placeholder.ts'
import { reservedWords } from '../../parse/reserved.ts'
import { truncated } from '../../postgres/catalog/name-limit.ts'
import type { Help, HelpPart } from '../help.ts'

/**
 * How rules write about the user's objects. In prose a name is in double quotes: `"users"`. In SQL it is quoted where
 * PostgreSQL needs it: `users`, `"Users"`, `"order"`, `app."user"`.
 */

// A migration may contain anything; a report must not move the cursor or reverse the direction of text (U+202E and the
// like).
const controls = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Most text has no other characters than these, and stays as it is. */
const ordinary = /^[\n\t -~]*$/

/** Text that cannot control a terminal: control and invisible formatting characters are shown as `\u{1b}`. */
export function plain(text: string): string {
  if (ordinary.test(text)) return text
  return text
    .replaceAll('\r\n', '\n')
    .replace(controls, c => (c === '\n' || c === '\t' ? c : `\\u{${c.codePointAt(0)?.toString(16)}}`))
}

/** An identifier as PostgreSQL's own quote_ident() writes it: in quotes only where it would be misread without them. A placeholder stays as it is. */
export function quoteIdentifier(name: string): string {
  if (isWrittenBare(name)) return name
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** A name of the model (`users`, `app.users`), each part quoted for SQL. */
export function quoteName(name: string): string {
  return nameParts(name).map(quoteIdentifier).join('.')
}

/** One identifier for SQL, in which a dot is part of the name: `orders_total_check`. */
export function identifier(name: string): Sql {
  return raw(quoteIdentifier(name))
}

/** Identifiers for SQL, separated by commas. */
export function identifiers(names: readonly string[]): Sql {
  return raw(names.map(quoteIdentifier).join(', '))
}

/** A string constant. */
export function quoteLiteral(value: string): string {
  const quoted = value.replaceAll("'", "''")
  return value.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`
}

/** A name in prose: `"users"`. A very long one is cut. */
export function quoted(name: string): string {
  const text = plain(name).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return `"${text.length > 130 ? `${text.slice(0, 129)}…` : text}"`
}

/** Names in prose: `"a", "b" and "c"`; more than four are counted. */
export function quotedList(names: readonly string[], limit = 4): string {
  return listedAs(names, quoted, limit)
}

/** The same for words of any kind; `and` comes before the last of them. */
export function listed(all: readonly string[], limit = 4, and = ' and '): string {
  return listedAs(all, word => word, limit, and)
}

/** Only those that are shown are put into words: a finding may concern thousands. */
function listedAs(all: readonly string[], shown: (each: string) => string, limit: number, and = ' and '): string {
  const words = (all.length > limit ? all.slice(0, limit - 1) : all).map(shown)
  if (all.length > limit) words.push(`${all.length - limit + 1} more`)
  const last = words.pop() ?? ''
  return words.length === 0 ? last : `${words.join(', ')}${and}${last}`
}

/** Marks lines of SQL among the lines of prose from which `help` is composed. */
export interface Sql {
  readonly sql: string
}

/** SQL, or prose, that is inserted unchanged: text of the user's file, or a part that was composed before. */
export function raw(text: string): Sql {
  return { sql: plain(text) }
}

/** A new name made of others in PostgreSQL's way, and not longer than allowed: `orders_email_key`. */
export function newName(...parts: readonly (string | readonly string[])[]): string {
  const name = parts
    .flat()
    .map(part => nameParts(part).at(-1))
    .join('_')
  return truncated(name)
}

/**
 * Template for one or several statements. A string that is put in is a name (`users`, `app.users`) and gets quoted; what
 * shall stay as it is goes in as `raw(text)`. Common indentation is taken off, so that templates can be indented with the code.
 *
 *     sql`ALTER TABLE ${table.name} VALIDATE CONSTRAINT ${name};`
 */
export function sql(parts: TemplateStringsArray, ...values: readonly (string | number | Sql)[]): Sql {
  let text = parts[0] ?? ''
  values.forEach((value, i) => {
    text += typeof value === 'string' ? quoteName(value) : typeof value === 'number' ? String(value) : value.sql
    text += parts[i + 1] ?? ''
  })
  return raw(dedent(text))
}

/** Template for a message: strings are names and get double quotes; `raw(text)` and numbers stay as they are. */
export function say(parts: TemplateStringsArray, ...values: readonly (string | number | Sql)[]): string {
  let text = parts[0] ?? ''
  values.forEach((value, i) => {
    text += typeof value === 'string' ? quoted(value) : typeof value === 'number' ? String(value) : value.sql
    text += parts[i + 1] ?? ''
  })
  return plain(text).replace(/\s+/g, ' ').trim()
}

/** Empty parts are left out. */
type HelpLine = HelpPart | Sql | null | undefined | false

/**
 * A finding's help: prose, and code to paste. SQL of the templates is code; pieces of code that follow each other are one.
 *
 *     help('Add it NOT VALID first:', sql`ALTER TABLE …;`, later(runner), sql`ALTER TABLE … VALIDATE …;`)
 */
export function help(...lines: readonly (HelpLine | readonly HelpLine[])[]): Help {
  const parts: HelpPart[] = []
  for (const line of lines.flat()) {
    if (!line) continue
    const part = typeof line === 'string' ? line : 'sql' in line ? { code: line.sql, language: 'sql' } : line
    const last = parts.at(-1)
    if (typeof part === 'string') parts.push(plain(part))
    else if (typeof last === 'object' && last.language === part.language) {
      parts[parts.length - 1] = { ...last, code: `${last.code}\n${plain(part.code)}` }
    } else parts.push({ ...part, code: plain(part.code) })
  }
  return parts
}

function dedent(text: string): string {
  const lines = text
    .replace(/^\n/, '')
    .replace(/\n[ \t]*$/, '')
    .split('\n')
  // The first line of a one-line template has no indentation of its own.
  const measured = text.startsWith('\n') ? lines : lines.slice(1)
  const margins = measured.filter(line => line.trim() !== '').map(line => /^ */.exec(line)?.[0].length ?? 0)
  const margin = margins.length === 0 ? 0 : smallest(margins)
  return lines
    .map((line, i) => (i === 0 && !text.startsWith('\n') ? line : line.slice(margin)))
    .join('\n')
    .trim()
}
