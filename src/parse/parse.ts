import { allowance } from './body.ts'
import { blanked, conflictMarks } from './conflict-marks.ts'
import { jsonString } from './json-string.ts'
import { locate, verbatim } from './offsets.ts'
import { type Spelling, spellings } from './placeholder.ts'
import type { Comment, Problem, Script, Source } from './script.ts'
import type { Span } from './span.ts'
import { split } from './split.ts'
import { type Context, readPiece } from './statements.ts'

/** A piece of a file's text that reaches the server by itself. */
export interface Region {
  /** UTF-16 offsets. */
  readonly span: Span
  /** The notation of the SQL in the file, if it is not written as it is: the inside of a JSON string. */
  readonly notation?: 'json'
}

/**
 * A file's text → its statements, comments and problems, all in place. `loadParser()` must have resolved before.
 * Throws ParserLost when that has to be done again, and whatever `check` throws, which is called before each statement. It throws nothing
 * else: text that cannot be parsed is a problem.
 *
 * `regions` (in order, apart from each other) are the pieces of the text that reach the server, each by itself:
 * the end of a region also ends a statement. Of the text before the first region only the comments are kept (directives at the head
 * of a file). Other text outside of the regions, such as a down section, is not read. Default: the whole text.
 *
 * Files whose placeholders mean the same share one `spelling`.
 */
export function parse(
  source: Source,
  regions: readonly Region[] = [{ span: [0, source.text.length] }],
  check: () => void = () => {},
  spelling: Spelling = spellings(),
): Script {
  const marks = conflictMarks(source.text)
  const text = blanked(source.text, marks)
  const head = split(text.slice(0, regions[0]?.notation ? 0 : (regions[0]?.span[0] ?? 0))).comments
  const nested = allowance(text)
  const scripts = regions.map(region => readRegion(text, region, check, spelling, nested))
  return {
    source,
    statements: scripts.flatMap(({ statements }) => statements),
    comments: inOrder([...head, ...scripts.flatMap(({ comments }) => comments)]),
    problems: inOrder([...conflict(source.text, marks), ...scripts.flatMap(({ problems }) => problems)]),
    clientCommands: scripts.flatMap(({ clientCommands }) => clientCommands),
  }
}

/** The problem of a merge conflict in a text that is not SQL; none if there is no conflict. */
export function conflictIn(text: string): Problem[] {
  return conflict(text, conflictMarks(text))
}

/** One problem for all marks of a merge conflict. The text between them is read, on both sides. */
function conflict(text: string, marks: readonly Span[]): Problem[] {
  const [first] = marks
  if (!first) return []
  let [line, from] = [1, 0]
  const lines = marks.map(([start]) => {
    for (let at = text.indexOf('\n', from); at >= 0 && at < start; at = text.indexOf('\n', from)) {
      line++
      from = at + 1
    }
    return line
  })
  const shown = lines.length > 4 ? `${lines.slice(0, 3).join(', ')} … ${lines.at(-1)}` : lines.join(', ')
  return [{ kind: 'conflict-marks', message: `on lines ${shown}`, span: [first[0], first[0] + 7] }]
}

function readRegion(
  text: string,
  { span, notation }: Region,
  check: () => void,
  spelling: Spelling,
  nested: Context['nested'],
): Omit<Script, 'source'> {
  const [start, end] = span
  const fragment = notation === 'json' ? jsonString(text, span) : verbatim(text.slice(start, end), start)
  const found = split(fragment.text)
  const inPlace = <T extends { readonly span: Span }>(items: readonly T[]): T[] =>
    start === 0 ? [...items] : items.map(item => ({ ...item, span: locate(fragment, item.span) }))
  const context = { conditional: false, comments: inPlace(found.comments), spelling, depth: 0, nested }
  const readings = found.pieces.map(piece => {
    check()
    return readPiece(fragment, piece, context)
  })
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
