import { md5, utf8 } from '../reading/hash.ts'

/** Names that Django and PostgreSQL make up. Sources: django/db/backends/utils.py, django/db/backends/base/schema.py. */

/** Bytes of a name in PostgreSQL (NAMEDATALEN - 1); Django counts characters. */
const longest = 63

/** names_digest */
export function digest(parts: readonly string[], length: number): string {
  return md5(utf8(parts.join(''))).slice(0, length)
}

/** split_identifier: a schema and a name. */
export function splitName(name: string): readonly [schema: string, name: string] {
  const parts = name.split('"."')
  const [schema, own] = parts.length === 2 ? parts : ['', name]
  return [bare(schema ?? ''), bare(own ?? '')]
}

function bare(name: string): string {
  let [from, to] = [0, name.length]
  while (name.charAt(from) === '"') from++
  while (to > from && name.charAt(to - 1) === '"') to--
  return name.slice(from, to)
}

/** quote_name of the PostgreSQL backend, which leaves quoted names as they are. */
export function quote(name: string): string {
  return name.startsWith('"') && name.endsWith('"') ? name : `"${name}"`
}

/** strip_quotes */
export function withoutQuotes(name: string): string {
  return name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name
}

/** truncate_name */
export function truncated(name: string): string {
  const [schema, own] = splitName(name)
  if (own.length <= longest) return name
  return `${schema === '' ? '' : `${schema}"."`}${own.slice(0, longest - 4)}${digest([own], 4)}`
}

/** BaseDatabaseSchemaEditor._create_index_name */
export function indexName(table: string, columns: readonly string[], suffix: string): string {
  const [, own] = splitName(table)
  let end = `${digest([own, ...columns], 8)}${suffix}`
  const all = columns.join('_')
  const whole = `${own}_${all}_${end}`
  if (whole.length <= longest) return whole
  if (end.length > longest / 3) end = end.slice(0, Math.floor(longest / 3))
  const length = Math.floor((longest - end.length) / 2) - 1
  const made = `${own.slice(0, length)}_${all.slice(0, length)}_${end}`
  return /^[_\d]/.test(made) ? `D${made.slice(0, -1)}` : made
}

/** The name that PostgreSQL gives a constraint that has none: makeObjectName of src/backend/commands/indexcmds.c, for names of ASCII. */
export function serverName(table: string, column: string, label: string): string {
  const [, own] = splitName(table)
  const room = longest - label.length - 1 - (column === '' ? 0 : 1)
  let [first, second] = [own.length, column.length]
  while (first + second > room) {
    if (first > second) first--
    else second--
  }
  return [own.slice(0, first), ...(column === '' ? [] : [column.slice(0, second)]), label].join('_')
}
