import { cut, joined, plain, type Text, textAt } from '../../code/text.ts'
import { next } from '../../parse/lexer.ts'

/**
 * SQL of a prepared statement as PostgreSQL's JDBC driver sends it: each `?` outside of literals and comments is a parameter, and `??` is the
 * operator `?` (pgjdbc, org.postgresql.core.Parser.parseJdbcSql).
 */
export function withParameters(sql: Text): Text {
  const whole = plain(sql)
  const parts: Text[] = []
  let [end, count] = [0, 0]
  for (let token = next(whole, 0, whole.length); token; token = next(whole, token.end, whole.length)) {
    if (token.kind !== 'operator') continue
    for (let i = token.start; i < token.end; i++) {
      if (whole[i] !== '?') continue
      const place = cut(sql, i, i + 1).pieces[0]?.at ?? [0, 0]
      const isOperator = whole[i + 1] === '?'
      parts.push(cut(sql, end, i), textAt(isOperator ? '?' : `$${++count}`, place))
      if (isOperator) i++
      end = i + 1
    }
  }
  return parts.length === 0 ? sql : joined([...parts, cut(sql, end)])
}
