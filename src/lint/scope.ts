import type { Directive } from '../parse/directive.ts'
import type { Script, Statement } from '../parse/script.ts'
import { contains, type Span } from '../parse/span.ts'

/** Where a directive looks: at findings that start in its region. Null for one that silences nothing itself (`enable`). */
export function region(directive: Directive, text: string, targets: readonly Span[]): Span | null {
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
      return line(text, start, targets)
    case 'disable-next-statement':
      return statementAt([start, end], targets)
  }
}

/** The statement around the comment, or the next one. In a DO block: the next one in there. */
function statementAt([start, end]: Span, spans: readonly Span[]): Span | null {
  const around = spans.findLast(span => span[0] < start && end <= span[1])
  const next = spans.find(span => span[0] >= end && (!around || span[1] <= around[1]))
  return next ?? around ?? null
}

/** The comment's line, and every statement that begins, ends or goes on there. */
function line(text: string, offset: number, spans: readonly Span[]): Span {
  const from = text.lastIndexOf('\n', offset - 1) + 1
  const newline = text.indexOf('\n', offset)
  const own: Span = [from, newline === -1 ? text.length : newline]
  const touching = spans.filter(span => span[0] <= own[1] && span[1] >= own[0])
  // Of a DO block and a statement in it, the comment speaks of the statement.
  const inner = touching.filter(
    span => !touching.some(other => other !== span && span[0] < other[0] && other[1] < span[1]),
  )
  return inner.reduce<Span>((all, span) => [Math.min(all[0], span[0]), Math.max(all[1], span[1])], own)
}

/** Everything that directives can speak of, in order, outer before inner: statements, those in DO blocks, and broken ones. */
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
    // The last that begins before the place; if it ends before it too, one that it is in.
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

/** The first line that says something: where a finding about a whole file is shown. */
export function headLine(text: string): Span {
  const start = text.search(/\S/)
  if (start < 0) return [0, 0]
  const newline = text.slice(start).search(/\r|\n/)
  return [start, newline < 0 ? text.length : start + newline]
}
