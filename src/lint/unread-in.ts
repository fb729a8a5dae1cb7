import { isMigration } from '../migration/migration.ts'
import { headLine } from '../parse/head-line.ts'
import { append } from '../parse/list.ts'
import type { Span } from '../parse/span.ts'
import { unreadInScript } from '../parse/unread.ts'
import type { MigrationFile } from './history/history.ts'
import { isUnreadCode, placeIn } from './places.ts'
import type { Unread } from './unread.ts'

/** The parts of a migration that were not read, in order of place. */
export function unreadIn(file: MigrationFile): Unread[] {
  const { path, script, input, written, isGivenUp } = file
  const { text } = script.source
  if (input.kind === 'aside' && input.runBy !== undefined)
    return [{ path, tool: input.runBy, extent: 'file', at: headLine(text), why: input.why }]
  if (!isMigration(input)) return []
  const known = { path, tool: input.runner.name }
  if (input.kind === 'code' && isUnreadCode(file) && !isGivenUp) {
    // If the language is read, the reason is in the file.
    const [first] = written ? partsIn(file) : []
    const { opaque, language } = input
    return [
      {
        ...known,
        extent: 'migration',
        at: headLine(text),
        ...(first ? { why: first[1] } : { why: opaque, ...(language && { language }) }),
      },
    ]
  }
  if (isGivenUp) {
    const [problem] = script.problems
    return [
      { ...known, extent: 'migration', at: headLine(text), why: problem?.message ?? 'it took too long', isGivenUp },
    ]
  }
  return partsIn(file)
    .map(([at, why]) => ({ ...known, extent: 'part' as const, at: placeIn(file, at), why }))
    .sort((a, b) => a.at[0] - b.at[0])
}

/** The places that were not read, and the reason for each. */
function partsIn({ script, steps, written, input }: MigrationFile): [Span, string][] {
  const parts: [Span, string][] = unreadInScript(script).map(({ kind, span }) => [span, `${kind} is not read`])
  for (const { statement, opaque } of steps) {
    const inside = statement.body?.opaque ?? []
    if (inside.length > 0)
      append(
        parts,
        inside.map(({ span, reason }): [Span, string] => [span, reason]),
      )
    else if (opaque !== null) parts.push([statement.keyword, opaque])
  }
  if (input.kind === 'sql')
    append(
      parts,
      (input.leftOut?.(script.source.text) ?? []).map(({ at, why }): [Span, string] => [at, why]),
    )
  for (const { kind, span, message } of script.problems)
    if (kind === 'beyond-limits' || kind === 'newer-grammar') parts.push([span, message])
  if (written && input.kind === 'code')
    append(
      parts,
      written.doubts[input.down === undefined ? 'up' : 'down'].map(({ at, why }): [Span, string] => [at, why]),
    )
  return parts
}
