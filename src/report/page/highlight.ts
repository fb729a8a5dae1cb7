import { tokens } from '../../parse/lexer.ts'
import { reservedWords } from '../../parse/reserved.ts'
import type { Span } from '../../parse/span.ts'
import type { Token } from '../../parse/token.ts'
import { unreservedWords } from '../../parse/unreserved.ts'
import { escaped } from './escape.ts'

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
  const all = tokens(text, span)
  const isKeyword = keywordsIn(all)
  return all.flatMap((token, i) => {
    const body = token.kind === 'string' ? dollarBody(token) : null
    if (!body) return [{ start: token.span[0], end: token.span[1], look: look(token, isKeyword[i] ?? false) }]
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

/**
 * Which of the tokens are keywords of PostgreSQL's parser. Most of these are allowed as names, so they count as keywords where they are
 * in capitals, or are among the first two words of a statement.
 */
function keywordsIn(all: readonly Token[]): boolean[] {
  let before = 0
  return all.map(({ kind, text }) => {
    if (kind === 'comment') return false
    const word = kind === 'word' ? text.toLowerCase() : ''
    const isWritten = text === text.toUpperCase() || before < 2
    before = text === ';' ? 0 : before + 1
    return word !== '' && (reservedWords.has(word) || (unreservedWords.has(word) && isWritten))
  })
}

function look({ kind }: Token, isKeyword: boolean): string | null {
  if (kind === 'word') return isKeyword ? 'k' : null
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
