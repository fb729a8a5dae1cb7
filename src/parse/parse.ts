import { locate, verbatim } from './offsets.ts'
import type { Comment, Script, Source } from './script.ts'
import type { Span } from './span.ts'
import { split } from './split.ts'
import { readPiece } from './statements.ts'

/**
 * A file's text → its statements, comments and problems, all in place. `loadParser()` must have resolved before.
 * Never throws: what cannot be parsed is a problem.
 *
 * `regions` (UTF-16 spans, in order, apart from each other) are the pieces of the text that reach the server, each by itself:
 * an end of a region ends a statement too. Of what stands before the first one the comments are kept (directives at the head
 * of a file); the rest, a down section say, is not looked at. Default: the whole text.
 */
export function parse(source: Source, regions: readonly Span[] = [[0, source.text.length]]): Script {
  const head = split(source.text.slice(0, regions[0]?.[0] ?? 0)).comments
  const scripts = regions.map(region => readRegion(source.text, region))
  return {
    source,
    statements: scripts.flatMap(({ statements }) => statements),
    comments: inOrder([...head, ...scripts.flatMap(({ comments }) => comments)]),
    problems: inOrder(scripts.flatMap(({ problems }) => problems)),
    clientCommands: scripts.flatMap(({ clientCommands }) => clientCommands),
  }
}

function readRegion(text: string, [start, end]: Span): Omit<Script, 'source'> {
  const fragment = verbatim(text.slice(start, end), start)
  const found = split(fragment.text)
  const inPlace = <T extends { readonly span: Span }>(items: readonly T[]): T[] =>
    start === 0 ? [...items] : items.map(item => ({ ...item, span: locate(fragment, item.span) }))
  const context = { conditional: false, comments: inPlace(found.comments) }
  const readings = found.pieces.map(piece => readPiece(fragment, piece, context))
  return {
    statements: readings.flatMap(({ statements }) => statements),
    comments: context.comments,
    problems: [...inPlace(found.problems), ...readings.flatMap(({ problems }) => problems)],
    clientCommands: inPlace(found.clientCommands),
  }
}

function inOrder<T extends Pick<Comment, 'span'>>(items: T[]): T[] {
  return items.sort((a, b) => a.span[0] - b.span[0])
}
