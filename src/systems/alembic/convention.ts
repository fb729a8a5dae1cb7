import { joined, plain, type Text, textAt } from '../../code/text.ts'
import type { Span } from '../../parse/span.ts'
import { type Settings, textsOf } from '../reading/program-settings.ts'
import { final, isFinal, type TableName } from './name.ts'

/** Naming conventions of the metadata: sqlalchemy/sql/naming.py. */

export type Named = 'ix' | 'pk' | 'ck' | 'uq' | 'fk'

/** Templates by kind: `ix_%(column_0_label)s`. */
export type Convention = ReadonlyMap<string, string>

/** DEFAULT_NAMING_CONVENTION of sqlalchemy/sql/schema.py. */
export const usual: Convention = new Map([['ix', 'ix_%(column_0_label)s']])

export interface Subject {
  readonly table: TableName
  readonly columns: readonly Text[]
  readonly referred?: { readonly table: TableName; readonly columns: readonly Text[] }
}

/** `_constraint_name_for_table`: the name that a constraint or index gets; null: none. */
export function nameBy(
  convention: Convention,
  kind: Named,
  given: Text | null,
  subject: Subject,
  at: Span,
): Text | null {
  const template = convention.get(kind)
  if (template === undefined || (given && isFinal(given))) return given
  if (given && !template.includes('constraint_name')) return given
  const parts: Text[] = []
  let end = 0
  for (const { index, 0: whole, 1: token = '' } of template.matchAll(/%\((\w+)\)s/g)) {
    const value = tokenOf(token, given, subject, at)
    // The token is a function of the project, or has no value.
    if (value === null) return given
    parts.push(textAt(template.slice(end, index), at), value)
    end = index + whole.length
  }
  return final(joined([...parts, textAt(template.slice(end), at)]))
}

function tokenOf(token: string, given: Text | null, { table, columns, referred }: Subject, at: Span): Text | null {
  if (token === 'table_name') return table.name
  if (token === 'constraint_name') return given
  if (token === 'referred_table_name') return referred?.table.name ?? null
  const [, side, number = '', many, what] = /^(referred_)?column_(\d+)(_?N)?_(name|key|label)$/.exec(token) ?? []
  const own = side === undefined ? columns : (referred?.columns ?? [])
  if (what === undefined) return null
  const write = (column: Text) => (what === 'label' ? labelOf(table, column, at) : column)
  if (many !== undefined) return joined(own.map(write), textAt(many === '_N' ? '_' : '', at))
  const column = own[Number(number)]
  return column ? write(column) : textAt('', at)
}

/** `_ddl_label`: the table and the column. */
function labelOf({ schema, name }: TableName, column: Text, at: Span): Text {
  const before = schema && plain(schema) !== '' ? [textAt(plain(schema).replaceAll('.', '_'), at)] : []
  return joined([...before, name, column], textAt('_', at))
}

/** The convention in a program: `naming_convention`, or an object with such templates that it names like that. Null: it has none. */
export function conventionIn(settings: Settings): Convention | null {
  const isMeant = ['naming_convention', 'NAMING_CONVENTION'].some(name => settings.uses(name))
  for (const { value } of isMeant ? settings.all() : []) {
    if (value.kind !== 'record') continue
    const own = new Map<string, string>()
    for (const [kind, template] of value.entries)
      if (kinds.has(kind)) for (const text of textsOf(template)) own.set(kind, text)
    if ([...own.values()].some(template => template.includes('%('))) return own
  }
  return null
}

const kinds: ReadonlySet<string> = new Set(['ix', 'uq', 'ck', 'fk', 'pk'])
