import { hole, joined, plain, quoted, replaced, type Text, textAt, unknownIn } from '../../code/text.ts'
import { entry, type Value } from '../../code/value.ts'
import { greatest } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'

/**
 * `:name` and `?` stand for values, which Sequelize writes into the text as literals (src/utils/sql.js, `injectReplacements`). An unknown value is data
 * in any case, so a parameter stands for it, where PostgreSQL knows parameters.
 */
export function withReplacements(sql: Text, values: Value | undefined): Text {
  const whole = plain(sql)
  const changesRows = /^(?:\s|--[^\n]*\n|\()*(?:select|insert|update|delete|with|merge)\b/i.test(whole)
  let count = greatest(
    Array.from(whole.matchAll(/\$(\d{1,4})/g), ([, number]) => Number(number)),
    0,
  )
  const notKnown = (at: Span, why: string) => (changesRows ? textAt(`$${++count}`, at) : hole(at, why))
  const literalOf = (value: Value, at: Span, depth = 0): Text => {
    if (value.kind === 'text') {
      const why = unknownIn(value)
      return why === null ? quoted(value, "'") : notKnown(at, why)
    }
    if (value.kind === 'plain') return textAt(value.value === undefined ? 'NULL' : String(value.value), at)
    if (value.kind === 'list' && !value.isOpen && value.items.length > 0 && depth < 2) {
      const items = joined(
        value.items.map(item => literalOf(item, at, depth + 1)),
        textAt(', ', at),
      )
      return depth === 0 ? items : joined([textAt('(', at), items, textAt(')', at)])
    }
    return notKnown(at, value.kind === 'unknown' ? value.why : 'its value is not known')
  }
  const place = (found: Text): Span => found.pieces[0]?.at ?? [0, 0]
  if (values?.kind === 'record')
    return replaced(sql, /(?<!:):([A-Za-z_]\w*)/g, ([, name = ''], found) => {
      const value = entry(values, name)
      return value === undefined ? found : literalOf(value, place(found))
    })
  if (values?.kind !== 'list') return sql
  let next = 0
  return replaced(sql, /\?/g, (_, found) => {
    const value = values.items[next++]
    return value === undefined ? found : literalOf(value, place(found))
  })
}
