import type { Directive } from '../../parse/comment-line.ts'
import type { Script, Statement } from '../../parse/script.ts'
import { placeOf } from '../../parse/sorted.ts'
import { contains, type Span } from '../../parse/span.ts'

/**
 * Finds the region in which a directive applies: to findings that start there. Null for a directive that silences
 * nothing itself (`enable`). Made once per file, because generated files have thousands of statements and of comments.
 *
 * @param targets everything that directives can apply to, in order: see `targets`
 */
export function regions(text: string, targets: readonly Span[]): (directive: Directive) => Span | null {
  const places = placesIn(targets)
  const lineStarts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
  const lines = new Map<number, Span>()
  const lineAt = (offset: number): Span => {
    const from = lineStarts[placeOf(lineStarts, start => start > offset) - 1] ?? 0
    const known = lines.get(from) ?? line(lineEnd(text, from), places)
    lines.set(from, known)
    return known
  }
  return directive => {
    const [start, end] = directive.span
    switch (directive.kind) {
      case 'enable':
      case 'allow-edit':
      case 'unknown':
        return null
      case 'disable-file':
        return [0, text.length]
      case 'disable':
        return [end, text.length]
      case 'disable-line':
        return lineAt(start)
      case 'disable-next-statement':
        return statementAt([start, end], places)
    }
  }
}

function lineEnd(text: string, from: number): Span {
  const newline = text.indexOf('\n', from)
  return [from, newline === -1 ? text.length : newline]
}

/** Spans in order, with a quick way to those around a place. */
interface Places {
  readonly spans: readonly Span[]
  /** For each span, the last one before it that ends later. */
  readonly outer: readonly number[]
}

function placesIn(spans: readonly Span[]): Places {
  const outer: number[] = []
  for (const [i, span] of spans.entries()) {
    let at = i - 1
    while (at >= 0 && (spans[at]?.[1] ?? 0) <= span[1]) at = outer[at] ?? -1
    outer.push(at)
  }
  return { spans, outer }
}

/** The indexes of all spans before `next` that end at `end` or later, the last first. */
function* endingFrom({ spans, outer }: Places, next: number, end: number): Generator<number> {
  for (let at = next - 1; at >= 0; ) {
    if ((spans[at]?.[1] ?? 0) >= end) yield at--
    else at = outer[at] ?? -1
  }
}

/** The statement around the comment, or the next one. In a DO block: the next statement in the block. */
function statementAt([start, end]: Span, places: Places): Span | null {
  const { spans } = places
  const before = placeOf(spans, span => span[0] >= start)
  const [first] = endingFrom(places, before, end)
  const around = first === undefined ? undefined : spans[first]
  const next = spans[placeOf(spans, span => span[0] >= end)]
  // In code, the last calls of a chain can be a statement of their own, which ends after the one around the comment.
  const isInside = next !== undefined && (!around || next[0] < around[1])
  return (isInside ? next : around) ?? null
}

/** A comment's line, and every statement that begins, ends or continues on it. */
function line(own: Span, places: Places): Span {
  const { spans } = places
  const after = placeOf(spans, span => span[0] > own[1])
  const touching = [...endingFrom(places, after, own[0])].reverse().map(at => spans[at] ?? own)
  // Of a DO block and a statement in it, the comment applies to the statement.
  const inner = touching.filter((span, i) => {
    for (let next = i + 1; (touching[next]?.[0] ?? Infinity) < span[1]; next++) {
      const [start, end] = touching[next] ?? span
      if (span[0] < start && end < span[1]) return false
    }
    return true
  })
  return inner.reduce<Span>((all, span) => [Math.min(all[0], span[0]), Math.max(all[1], span[1])], own)
}

/**
 * Everything that directives can apply to, in order, outer before inner: statements, those in DO blocks, and broken
 * ones.
 */
export function targets(script: Script): Span[] {
  const spans = script.problems.map(problem => problem.span)
  for (const statement of allStatements(script.statements)) spans.push(statement.span)
  return spans.sort((a, b) => a[0] - b[0] || b[1] - a[1])
}

/** Statements of a file together with those in the bodies of DO blocks, each body after its block. */
export function allStatements(statements: readonly Statement[]): Statement[] {
  return statements.flatMap(statement => [statement, ...allStatements(statement.body?.statements ?? [])])
}

/** Finds the smallest statement that a place lies in. Made once per file, because files can have many of both. */
export function statementFinder(script: Script): (offset: number) => Statement | undefined {
  const statements = allStatements(script.statements)
  const outermost = new Set(script.statements)
  return offset => {
    // The last one that begins before the place or, if that one ends before it too, one that contains it.
    let [low, high] = [0, statements.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((statements[middle]?.span[0] ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    for (let i = low - 1; i >= 0; i--) {
      const statement = statements[i]
      if (statement && contains(statement.span, offset)) return statement
      if (statement && outermost.has(statement)) return undefined
    }
    return undefined
  }
}
