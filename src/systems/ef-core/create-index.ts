import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { isTrue, listIn } from '../../code/given/value.ts'
import { joined, plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { type Annotations, annotation, isAnnotated, refuseOthers, wordOf } from './annotation.ts'
import { delimited, type Given, namesOf } from './given.ts'
import type { Operation } from './operation.ts'

const known = [
  'Npgsql:CreatedConcurrently',
  'Npgsql:IndexMethod',
  'Npgsql:IndexInclude',
  'Npgsql:NullsDistinct',
  'Npgsql:IndexOperators',
  'Npgsql:IndexNullSortOrder',
  'Npgsql:IndexSortOrder',
  'Npgsql:TsVectorConfig',
  'Relational:Collation',
]

export function isConcurrent({ annotations }: Operation): boolean {
  return isAnnotated(annotations, 'Npgsql:CreatedConcurrently')
}

/** NpgsqlMigrationsSqlGenerator.Generate(CreateIndexOperation). */
export function createIndex(own: Given, { at, nameAt }: Call, operation: Operation): Text {
  const { annotations } = operation
  refuseOthers(annotations, known, at)
  const sql = sqlAt(nameAt)
  const method = wordOf(annotations, 'Npgsql:IndexMethod')
  const words = `CREATE ${own.is('unique') ? 'UNIQUE ' : ''}INDEX ${isConcurrent(operation) ? 'CONCURRENTLY ' : ''}`
  const include = annotation(annotations, 'Npgsql:IndexInclude')
  const included = include ? sql` INCLUDE (${listed(namesOf(include, at), nameAt)})` : ''
  const nulls = annotation(annotations, 'Npgsql:NullsDistinct')
  const distinct = nulls && !isTrue(nulls) ? ' NULLS NOT DISTINCT' : ''
  const filter = own.text('filter')
  const where = filter ? sql` WHERE ${filter}` : ''
  return sql`${words}${own.name('name')} ON ${own.table()}${method ? ` USING ${method}` : ''} (${columnsOf(own, annotations, method, at, nameAt)})${included}${distinct}${where}`
}

function columnsOf(own: Given, annotations: Annotations, method: string | null, at: Span, nameAt: Span): Text {
  const sql = sqlAt(nameAt)
  const names = namesOf(own.get('column') ?? own.get('columns'), at)
  const language = wordOf(annotations, 'Npgsql:TsVectorConfig')
  if (language !== null) {
    const texts = names.map(name => (names.length === 1 ? name : sql`coalesce(${name}, '')`))
    return sql`to_tsvector('${language}', ${listed(texts, nameAt, " || ' ' || ")})`
  }
  const wordsOf = (name: string) => {
    const value = annotation(annotations, name)
    return value ? listIn(value, at, name) : []
  }
  const [operators, nulls, orders, collations] = [
    'Npgsql:IndexOperators',
    'Npgsql:IndexNullSortOrder',
    'Npgsql:IndexSortOrder',
    'Relational:Collation',
  ].map(wordsOf)
  const descending = own.get('descending')
  const isDescending = (i: number): boolean => {
    if (descending === undefined) return word(orders?.[i], at) === 'Descending'
    const all = listIn(descending, at, '`descending`')
    return all.length === 0 || isTrue(all[i])
  }
  const isSorted = method === null || method === 'btree'
  return listed(
    names.map((name, i) => {
      const [collation, operator, order] = [collations, operators, nulls].map(list => word(list?.[i], at))
      const parts = [name]
      if (collation) parts.push(sql` COLLATE ${delimited(textAt(collation, nameAt))}`)
      if (operator) parts.push(sql` ${delimited(textAt(operator, nameAt))}`)
      if (isSorted && isDescending(i)) parts.push(sql` DESC`)
      if (isSorted && (order === 'NullsFirst' || order === 'NullsLast'))
        parts.push(sql` NULLS ${order === 'NullsFirst' ? 'FIRST' : 'LAST'}`)
      return joined(parts)
    }),
    nameAt,
  )
}

function word(value: Value | undefined, at: Span): string {
  if (value === undefined || (value.kind === 'plain' && value.value === null)) return ''
  if (value.kind !== 'text' || unknownIn(value) !== null) throw new NotRead('a word of the index is not known', at)
  return plain(value)
}
