import type { Written } from '../code/written.ts'
import type { Source, Statement } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type { Finding, Fix } from './finding.ts'
import type { MigrationFile } from './history/history.ts'
import { allStatements } from './suppression/directive-scope.ts'

/** For a migration in code, places in its SQL become places in the file that the SQL comes from. */

type Placed = Pick<MigrationFile, 'script' | 'written'>

/** The file as it is. */
export function sourceOf({ script, written }: Placed): Source {
  const { source } = script
  return written ? { path: source.path, text: source.text.slice(0, written.length) } : source
}

/** The place in the file. */
export function placeIn({ written }: Placed, at: Span): Span {
  return written ? written.places.inFile(at) : at
}

/** The statements that were read, without the stand-ins for unread calls. */
export function statementsOf({ script, written }: Placed): readonly Statement[] {
  if (!written) return script.statements
  const opaque = new Set(
    [...written.up, ...written.down].flatMap(({ span, opaque }) => (opaque === undefined ? [] : [span[0]])),
  )
  return script.statements.filter(({ span }) => !opaque.has(span[0]))
}

/** True for code of which nothing was read, although it does something. Code that is known to do nothing was read. */
export function isUnreadCode(file: Pick<MigrationFile, 'input' | 'script' | 'written'>): boolean {
  const { input, written } = file
  if (input.kind !== 'code') return false
  // The script of a file that was not read is not asked for: see `untouched` in src/lint/history/history.ts.
  return !written || (file.script.statements.length > 0 && statementsOf(file).length === 0)
}

/** The script with the places of its calls in the file instead of those in its SQL. */
export function scriptInFile(file: Placed): MigrationFile['script'] {
  const { script, written } = file
  if (!written) return script
  const { places } = written
  const seen = new Set<string>()
  const at = (statement: Statement, span: Span): Statement[] => {
    const key = `${span[0]} ${span[1]}`
    if (seen.has(key)) return []
    seen.add(key)
    const { body: _, ...alone } = statement
    return [{ ...alone, span }]
  }
  const statements = allStatements(script.statements).flatMap(statement => {
    const call = places.messageAt(statement.span[0])?.call
    return [...(call ? at(statement, call) : []), ...at(statement, places.inFile(statement.span))]
  })
  const problems = script.problems.map(problem => ({ ...problem, span: places.inFile(problem.span) }))
  return { ...script, source: sourceOf(file), statements, problems }
}

/** The reason of a finding, after a sentence about what the tool adds to the call, if it adds something. */
export function whyIn({ written }: Placed, { at, why }: Finding): string {
  const note = written?.places.noteAt(at[0])
  return note === undefined ? why : `${note} ${why}`
}

/** A finding where the file shows it. A fix that would change more than a literal is left out. */
export function findingInFile(
  finding: Finding,
  file: Placed,
  writtenAt: (path: string) => Written | undefined,
): Finding {
  const { fix, ...rest } = finding
  const related = finding.related?.map(label => {
    const other = writtenAt(label.path)
    return other ? { ...label, at: other.places.inFile(label.at) } : label
  })
  const { written } = file
  const own = fix && written ? fixInFile(fix, written) : fix
  return { ...rest, at: placeIn(file, finding.at), ...(related && { related }), ...(own && { fix: own }) }
}

function fixInFile(fix: Fix, { places }: Written): Fix | null {
  const edits = fix.edits.map(edit => places.editInFile(edit))
  return edits.every(edit => edit !== null) ? { ...fix, edits } : null
}

/** The SQL of a statement, for reports; null if the file contains it as it is sent, or if it was not read. */
export function generatedSql({ written }: Placed, statement: Statement | undefined): string | null {
  if (!written || !statement) return null
  const message = written.places.messageAt(statement.span[0])
  return message === undefined || message.isInFile ? null : statement.text.trim()
}
