import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { isNull, placeOf, recordIn, textIn } from '../../code/given/value.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import type { Call } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { nameIn } from './constraint.ts'
import { type Convention, nameBy } from './convention.ts'
import { clauseIn, clausesIn } from './expression.ts'
import { type Given, givenIn, phraseIn, textsIn } from './given.ts'
import { constraintName, named, path, type TableName } from './name.ts'
import type { Index } from './thing.ts'

export const indexOptions = [
  'unique',
  'info',
  'postgresql_concurrently',
  'postgresql_using',
  'postgresql_ops',
  'postgresql_include',
  'postgresql_nulls_not_distinct',
  'postgresql_with',
  'postgresql_tablespace',
  'postgresql_where',
]

/** `sa.Index`. */
export function indexOf(call: Call): Index {
  const given = givenIn(call, ['name'], indexOptions, { takesRest: true })
  const elements = clausesIn({ kind: 'list', items: [...given.rest], at: call.at }, call.at, 'the columns')
  return { kind: 'index', name: nameIn(given.get('name'), call.at), elements, given }
}

export function createIndex(index: Index, table: TableName, convention: Convention, exists = false): Text {
  const { given, elements } = index
  const { at, nameAt } = given
  const sql = sqlAt(nameAt)
  const ops = given.some('postgresql_ops')
  const classes = ops ? recordIn(ops, at, 'the operator classes').entries : new Map<string, never>()
  const items = elements.map(({ bare, key, isCompound }) => {
    const operator = key === undefined ? undefined : classes.get(key)
    return sql`${isCompound ? sql`(${bare})` : bare}${operator ? sql` ${textIn(operator, at, 'the operator class')}` : ''}`
  })
  const using = given.some('postgresql_using')
  const method = using ? phraseIn(using, nameAt, '`postgresql_using`') : null
  const words = [
    given.is('unique') ? 'UNIQUE ' : '',
    'INDEX ',
    given.is('postgresql_concurrently') ? 'CONCURRENTLY ' : '',
    exists ? 'IF NOT EXISTS ' : '',
  ]
  return sql`CREATE ${words.join('')}${indexName(index, table, convention)} ON ${path(table, nameAt)} ${method ? sql`USING ${textAt(plain(method).toLowerCase(), placeOf(method, nameAt))} ` : ''}(${listed(items, nameAt)})${behind(given)}`
}

/** The clauses after the columns. */
function behind(given: Given): Text {
  const { at, nameAt } = given
  const sql = sqlAt(nameAt)
  const include = given.some('postgresql_include')
  const distinct = given.some('postgresql_nulls_not_distinct')
  const storage = given.some('postgresql_with')
  const tablespace = given.text('postgresql_tablespace', 'the tablespace')
  const where = given.some('postgresql_where')
  const included = include ? textsIn(include, at, 'the columns') : []
  const nulls =
    distinct === undefined ? '' : given.is('postgresql_nulls_not_distinct') ? ' NULLS NOT DISTINCT' : ' NULLS DISTINCT'
  return sql`${included.length > 0 ? sql` INCLUDE (${listed(included.map(named), nameAt)})` : ''}${nulls}${storage ? storageOf(given, 'postgresql_with') : ''}${tablespace ? sql` TABLESPACE ${named(tablespace)}` : ''}${where ? sql` WHERE ${clauseIn(where, at, 'the condition').bare}` : ''}`
}

/** ` WITH (name = value)`. */
export function storageOf(given: Given, option: string): Text {
  const { at, nameAt } = given
  const sql = sqlAt(nameAt)
  const { entries } = recordIn(given.get(option), at, `\`${option}\``)
  const parts = [...entries].map(([name, value]) => {
    if (!/^[\w.]+$/.test(name)) throw new NotRead(`\`${option}\` is not read`, at)
    if (isNull(value)) return textAt(name, nameAt)
    if (value.kind === 'plain') return sql`${name} = ${textAt(String(value.value), value.at)}`
    return sql`${name} = ${textIn(value, at, `\`${option}\``)}`
  })
  return parts.length === 0 ? sql`` : sql` WITH (${listed(parts, nameAt)})`
}

function indexName({ name, elements, given }: Index, table: TableName, convention: Convention): Text {
  const { at, nameAt } = given
  const columns = elements.flatMap(({ key, bare }) => (key === undefined ? [] : [textAt(key, placeOf(bare, nameAt))]))
  const own = nameBy(convention, 'ix', name, { table, columns }, nameAt)
  if (!own) throw new NotRead('the index has no name', at)
  return constraintName(own, at)
}

/** `visit_drop_index`. */
export function dropIndex(name: Text, schema: Text | null, exists: boolean, isConcurrent: boolean, at: Span): Text {
  const words = `${isConcurrent ? 'CONCURRENTLY ' : ''}${exists ? 'IF EXISTS ' : ''}`
  const own = constraintName(name, at)
  const place = schema && plain(schema) !== '' ? sqlAt(at)`${named(schema)}.${own}` : own
  return sqlAt(at)`DROP INDEX ${words}${place}`
}
