import { NotRead } from '../../code/given/not-read.ts'
import { listIn, placeOf } from '../../code/given/value.ts'
import { plain, type Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { sha256, utf8 } from '../reading/hash.ts'
import { nameIn, partsOf, said } from './given.ts'

/** Names that Rails makes: activerecord/lib/active_record/connection_adapters/abstract/schema_statements.rb. */

/** Columns of an index: a list of names, or an expression, which is one text with other characters than letters, digits and underscores. */
export type IndexColumns = { readonly columns: readonly Text[] } | { readonly expression: Text }

export function indexColumnsIn(value: Value | undefined, at: Span): IndexColumns {
  if (value?.kind === 'list')
    return { columns: listIn(value, at, 'the columns').map(each => nameIn(each, placeOf(value, at), 'a column')) }
  const text = nameIn(value, at, 'the column')
  return /\W/.test(plain(text)) && text.pieces.every(piece => piece.unknown === undefined)
    ? { expression: text }
    : { columns: [text] }
}

/** `index_name`. Before Migration[7.1] it may be longer than PostgreSQL allows; Rails then refuses it. */
export function indexName(table: Text, of: IndexColumns, version: number): string {
  const own = said(partsOf(table).own)
  const columns = 'columns' in of ? of.columns.map(said) : [(said(of.expression).match(/\w+/g) ?? []).join('_')]
  return nameOfIndex(own, columns, version)
}

const longest = 62

export function nameOfIndex(table: string, columns: readonly string[], version: number): string {
  const name = `index_${table}_on_${columns.join('_and_')}`
  if (version < 7.1 || utf8(name).length <= longest) return name
  const digest = `_${sha256(utf8(name)).slice(0, 10)}`
  return `${truncated(`idx_on_${columns.join('_')}`, longest - digest.length)}${digest}`
}

/** The longest start of a text, in whole characters, that has at most this many bytes. */
function truncated(text: string, bytes: number): string {
  let [said, left] = ['', bytes]
  for (const sign of text) {
    left -= utf8(sign).length
    if (left < 0) break
    said += sign
  }
  return said
}

/** Throws NotRead for a name that PostgreSQL would cut. */
export function checkedLength(name: string, at: Span): void {
  if (name.length > 63)
    throw new NotRead(`Rails refuses the name of the index, which has ${name.length} characters`, at)
}

function hashed(prefix: string, text: string): string {
  return `${prefix}_rails_${sha256(utf8(text)).slice(0, 10)}`
}

export function keyName(table: string, columns: readonly string[]): string {
  return hashed('fk', `${table}_${columns.join('_and_')}_fk`)
}

export function checkName(table: string, expression: string): string {
  return hashed('chk', `${table}_${expression}_chk`)
}

export function uniqueName(table: string, columns: readonly string[]): string {
  return hashed('uniq', `${table}_${columns.join('_and_')}_unique`)
}

export function exclusionName(table: string, expression: string): string {
  return hashed('excl', `${table}_${expression}_excl`)
}

/** `derive_join_table_name`: a prefix that both share, up to a dot or an underscore, is written once. */
export function joinTableName(first: string, second: string): string {
  const [a = '', b = ''] = [first, second].sort()
  let length = 0
  for (let i = 0; i < Math.min(a.length, b.length) - 1 && a[i] === b[i]; i++)
    if (a[i] === '.' || a[i] === '_') length = i + 1
  return `${a}_${b.slice(length)}`
}
