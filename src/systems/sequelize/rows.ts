import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isTrue, listIn, optionsIn, placeOf, recordIn } from '../../code/given/value.ts'
import { hole, joined, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, known, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { identifier, quotedTable, tableIn } from './name.ts'
import { escaped, expressionIn, given } from './value.ts'
import { afterWord, conditions } from './where.ts'

/** Rows: `bulkInsertQuery`, `updateQuery` and `deleteQuery` of the query generators. */

export function bulkInsert({ args: [named, rows, third], at, nameAt }: Call): Text[] {
  const sql = sqlAt(nameAt)
  const options = optionsIn(third, at)
  for (const name of ['updateOnDuplicate', 'returning'])
    if (given(options, name)) throw new NotRead(`\`${name}\` is not read`, placeOf(entry(options, name), at))
  const all = listIn(rows, at, 'the rows').map(row => recordIn(row, at, 'a row'))
  const columns = [...new Set(all.flatMap(row => [...row.entries.keys()]))]
  if (all.length === 0) throw new NotRead('there are no rows', at)
  const tuples = all.map(row => {
    const values = columns.map(column => written(row.entries.get(column) ?? known(undefined, row.at), at))
    return sqlAt(row.at)`(${joined(values, textAt(',', row.at))})`
  })
  const names = columns.map(column => identifier(textAt(column, nameAt), nameAt))
  const conflict = isTrue(entry(options, 'ignoreDuplicates'), at) ? ' ON CONFLICT DO NOTHING' : ''
  const list = joined(names, textAt(',', nameAt))
  return [
    sql`INSERT INTO ${quotedTable(tableIn(named, at), nameAt)} (${list}) VALUES ${joined(tuples, textAt(',', nameAt))}${textAt(conflict, nameAt)};`,
  ]
}

/** The rest of the statement is known even if a value is unknown. */
function written(value: Value, at: Span): Text {
  if (value.kind !== 'unknown') return escaped(value, at)
  return sqlAt(value.at)`'${hole(value.at, value.why, value.name)}'`
}

/** Sequelize sends its values as parameters. */
export function bulkUpdate({ args: [named, values, where, fourth], at, nameAt }: Call): Text[] {
  const sql = sqlAt(nameAt)
  const options = optionsIn(fourth, at)
  if (given(options, 'returning')) throw new NotRead('`returning` is not read', at)
  let count = 0
  const parameter = (value: Value) => expressionIn(value) ?? textAt(`$${++count}`, placeOf(value, at))
  const sets = [...recordIn(values, at, 'the values').entries].map(([name, value]) => {
    const place = placeOf(value, at)
    return sqlAt(place)`${identifier(textAt(name, place), place)}=${parameter(value)}`
  })
  const condition = afterWord('WHERE', conditions(where, at, parameter), nameAt)
  if (sets.length === 0) throw new NotRead('there are no values', at)
  return [sql`UPDATE ${quotedTable(tableIn(named, at), nameAt)} SET ${joined(sets, textAt(',', nameAt))}${condition}`]
}

export function bulkDelete({ args: [named, where, third], at, nameAt }: Call): Text[] {
  const sql = sqlAt(nameAt)
  const options = optionsIn(third, at)
  const table = quotedTable(tableIn(named, at), nameAt)
  const truncate = entry(options, 'truncate')
  if (truncate?.kind === 'plain' && truncate.value === true) {
    const words = [
      isTrue(entry(options, 'restartIdentity'), at) ? ' RESTART IDENTITY' : '',
      isTrue(entry(options, 'cascade'), at) ? ' CASCADE' : '',
    ]
    return [sql`TRUNCATE ${table}${textAt(words.join(''), nameAt)}`]
  }
  if (given(options, 'limit')) throw new NotRead('`limit` is not read', at)
  return [sql`DELETE FROM ${table}${afterWord('WHERE', conditions(where, at), nameAt)}`]
}
