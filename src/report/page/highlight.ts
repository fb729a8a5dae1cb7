import { tokens } from '../../parse/lexer.ts'
import type { Span } from '../../parse/span.ts'
import type { Token } from '../../parse/token.ts'
import { escaped } from './escape.ts'

/** The words that show what a migration does. Names of types and columns are not among them. */
const keywords = new Set(
  `ADD ALL ALTER ALWAYS AND AS ASC ATTACH BEGIN BETWEEN BY CASCADE CASE CHECK CLUSTER COLUMN COMMENT COMMIT CONCURRENTLY
  CONSTRAINT COPY CREATE DATABASE DEFAULT DEFERRABLE DELETE DESC DETACH DISABLE DISTINCT DO DOMAIN DROP ELSE ENABLE END
  EXCEPTION EXCLUDE EXECUTE EXISTS EXTENSION FALSE FOR FOREIGN FROM FUNCTION GENERATED GRANT GROUP HAVING IDENTITY IF IN
  INCLUDE INDEX INHERIT INITIALLY INSERT INTO IS JOIN KEY LANGUAGE LEFT LIKE LIMIT LOCAL LOCK LOOP MATERIALIZED MERGE NOT
  NULL OF ON ONLY OR ORDER OWNER PARTITION PRIMARY PROCEDURE REFERENCES REFRESH REINDEX RENAME REPLACE RESTRICT RETURN
  RETURNING RETURNS REVOKE ROLLBACK ROW ROWS SAVEPOINT SCHEMA SELECT SEQUENCE SET STORED TABLE TABLESPACE TEMPORARY THEN TO
  TRANSACTION TRIGGER TRUE TRUNCATE TYPE UNION UNIQUE UPDATE USING VACUUM VALID VALIDATE VALUE VALUES VIEW WHEN WHERE WHILE
  WITH WITHOUT`.split(/\s+/),
)

interface Piece {
  readonly start: number
  readonly end: number
  /** The class of the element around it, or none. */
  readonly look: string | null
}

/** Lines of SQL as HTML, with coloured tokens and the span marked. Each of `lines` is a place in `text`. */
export function highlighted(text: string, lines: readonly Span[], mark: Span): string[] {
  const first = lines[0]?.[0] ?? 0
  const last = lines.at(-1)?.[1] ?? 0
  const pieces = looks(text, [first, last])
  let next = 0
  return lines.map(([start, end]) => {
    while ((pieces[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next++
    let html = ''
    let at = start
    for (let i = next; at < end; i++) {
      const piece = pieces[i]
      const from = Math.min(Math.max(piece?.start ?? end, at), end)
      html += marked(text, [at, from], null, mark)
      if (!piece || from >= end) break
      const to = Math.min(piece.end, end)
      html += marked(text, [from, to], piece.look, mark)
      at = to
    }
    return html.replaceAll('</mark><mark>', '')
  })
}

function looks(text: string, span: Span): Piece[] {
  return tokens(text, span).flatMap(token => {
    const body = token.kind === 'string' ? dollarBody(token) : null
    if (!body) return [{ start: token.span[0], end: token.span[1], look: look(token) }]
    // The text between $$ and $$ is usually code.
    const [start, end] = body
    return [
      { start: token.span[0], end: start, look: 's' },
      ...looks(text, body),
      { start: end, end: token.span[1], look: 's' },
    ]
  })
}

function dollarBody({ text, span }: Token): Span | null {
  const [tag] = /^\$[^$]*\$/.exec(text) ?? []
  if (tag === undefined || text.length < 2 * tag.length || !text.endsWith(tag)) return null
  return [span[0] + tag.length, span[1] - tag.length]
}

function look({ kind, text }: Token): string | null {
  if (kind === 'word') return keywords.has(text.toUpperCase()) ? 'k' : null
  if (kind === 'string') return 's'
  if (kind === 'number' || kind === 'parameter') return 'n'
  if (kind === 'comment' || kind === 'template') return 'c'
  return null
}

/** A piece that may be marked from some place to another. */
function marked(text: string, [start, end]: Span, look: string | null, mark: Span): string {
  const from = Math.min(Math.max(mark[0], start), end)
  const to = Math.min(Math.max(mark[1], from), end)
  const painted = (a: number, b: number) => {
    if (a >= b) return ''
    const html = escaped(text.slice(a, b).replace(/\t/g, '    '))
    return look === null ? html : `<span class="${look}">${html}</span>`
  }
  const inside = painted(from, to)
  return painted(start, from) + (inside === '' ? '' : `<mark>${inside}</mark>`) + painted(to, end)
}
