import { verbatim } from './offsets.ts'
import type { Comment, Script, Source } from './script.ts'
import { split } from './split.ts'
import { readPiece } from './statements.ts'

/**
 * A file's text → its statements, comments and problems, all in place. `loadParser()` must have resolved before.
 * Never throws: what cannot be parsed is a problem.
 */
export function parse(source: Source): Script {
  const fragment = verbatim(source.text)
  const { pieces, comments, problems, clientCommands } = split(source.text)
  const context = { conditional: false, comments: [...comments] }
  const readings = pieces.map(piece => readPiece(fragment, piece, context))
  return {
    source,
    statements: readings.flatMap(reading => reading.statements),
    comments: inOrder(context.comments),
    problems: inOrder([...problems, ...readings.flatMap(reading => reading.problems)]),
    clientCommands,
  }
}

function inOrder<T extends Pick<Comment, 'span'>>(items: T[]): T[] {
  return items.sort((a, b) => a.span[0] - b.span[0])
}
