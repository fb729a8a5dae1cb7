import { positionsIn } from '../position.ts'
import { visibleJson } from '../visible.ts'
import type { TraceReporter } from './trace.ts'
import { totals } from './words.ts'

/** For programs; the shape is in schema/report.json. */
export const traceJson: TraceReporter = ({ server, files, failures, earlierNotRun, notTakenBack }) => {
  const statements = files.flatMap(({ source, statements, takenBack }) => {
    const positions = positionsIn(source)
    return statements.map(({ span, text, transaction, notSent, seen, differences, changes }) => ({
      path: source.path,
      ...positions.range(span),
      sql: text,
      ...(takenBack && { takesBack: takenBack.migration }),
      transaction,
      ...(notSent !== null && { notSent }),
      ...(seen && {
        milliseconds: Math.round(seen.milliseconds * 1000) / 1000,
        ...(seen.refused && { refused: seen.refused }),
        locksSeen: seen.locksSeen,
        waits: seen.waits,
        relations: seen.relations.flatMap(({ isTaken, isOwn, oid: _, meant: __, ...each }) =>
          isOwn ? [] : { ...each, taken: isTaken },
        ),
      }),
      differences,
      ...(changes && { changes }),
    }))
  })
  const takenBack = files.flatMap(({ source, takenBack }) => (takenBack ? { path: source.path, ...takenBack } : []))
  const summary = { ...totals(files), earlierNotRun, failed: failures.length }
  return `${visibleJson({ schemaVersion: 1, server, statements, failures, takenBack, notTakenBack, summary }, 2)}\n`
}
