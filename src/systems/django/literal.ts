import { isList, isRecord, type Kept } from './kept.ts'

/** Values as psycopg writes them into statements (psycopg.sql.quote, on the side of the client). */

/** A string. With a backslash it becomes an E'…' string, as libpq's PQescapeLiteral writes it. */
export function stringLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''")
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`
}

/** A number, a truth value, a string, or nothing; null for anything else. */
export function plainLiteral(value: Kept): string | null {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return stringLiteral(value)
  // psycopg puts a space before a negative number, which makes no difference here.
  if (typeof value === 'number') return String(value)
  return typeof value === 'boolean' ? String(value) : null
}

/** json.dumps of Python; null where a part of it is unknown. */
export function jsonOf(value: Kept): string | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return JSON.stringify(value)
  // Python escapes all characters outside of ASCII.
  if (typeof value === 'string')
    return JSON.stringify(value).replace(/[^\0-~]/g, each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
  if (isList(value)) {
    const items = value.map(jsonOf)
    return items.includes(null) ? null : `[${items.join(', ')}]`
  }
  if (!isRecord(value)) return null
  const entries = [...value.entries].map(([name, item]) => [jsonOf(name), jsonOf(item)])
  return entries.some(([, item]) => item === null) ? null : `{${entries.map(each => each.join(': ')).join(', ')}}`
}
