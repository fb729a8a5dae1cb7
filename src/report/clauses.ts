import { tokens } from '../parse/lexer.ts'
import { codeLines } from './help-blocks.ts'
import { columnsOf } from './width.ts'

/** Words that begin a clause, before which a long line of SQL may be broken. */
const clauses = new Set(
  (
    'ADD AND CHECK EXECUTE FOREIGN FROM GROUP INCLUDE INNER JOIN LEFT LIMIT ON OR ORDER REFERENCES RETURNING SELECT SET ' +
    'USING VALUES WHERE WITH'
  ).split(' '),
)

/**
 * SQL in lines of at most `width` columns, broken before clauses. Only white space is added, between tokens, so it can be pasted as it
 * is. Text in quotes and comments is not broken, nor is a clause that is too long.
 */
export function brokenAtClauses(sql: string, width: number): string[] {
  if (sql.split('\n').every(line => columnsOf(line) <= width)) return codeLines(sql)
  const all = tokens(sql)
  const places = all.flatMap(({ kind, text, span: [start] }, i) => {
    const word = kind === 'word' ? text.toUpperCase() : ''
    const isClause = clauses.has(word) || (word === 'NOT' && all[i + 1]?.text.toUpperCase() === 'VALID')
    return isClause && i > 0 ? [start] : []
  })
  let from = 0
  const pieces: string[] = []
  for (const line of sql.split('\n')) {
    const to = from + line.length
    const indent = `${/^\s*/.exec(line)?.[0] ?? ''}  `
    const own = places.filter(place => place > from + indent.length - 2 && place < to)
    let start = from
    while (start < to) {
      const prefix = start === from ? '' : indent
      const fits = (end: number) => columnsOf(prefix + sql.slice(start, end).trimEnd()) <= width
      const next = own.filter(place => place > start)
      const end = fits(to) ? to : (next.filter(fits).at(-1) ?? next[0] ?? to)
      pieces.push(prefix + sql.slice(start, end).trimEnd())
      start = end
    }
    if (line === '') pieces.push('')
    from = to + 1
  }
  return codeLines(pieces.join('\n'))
}

/** The same with as many statements in a line as fit. Statements of several lines stay as they are. */
export function brokenAtStatements(sql: string, width: number): string[] {
  const isPlain = tokens(sql).every(({ kind, text }) => kind !== 'comment' && !text.includes('\n'))
  if (!isPlain) return brokenAtClauses(sql, width)
  const lines: string[] = []
  for (const line of codeLines(sql)) {
    const last = lines.at(-1)
    const fits = last?.endsWith(';') && /^\S/.test(line) && columnsOf(`${last} ${line}`) <= width
    if (fits) lines[lines.length - 1] = `${last} ${line}`
    else lines.push(line)
  }
  return brokenAtClauses(lines.join('\n'), width)
}
