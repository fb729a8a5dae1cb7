import type { InputFile, MigrationInput } from '../../migration/migration.ts'
import { ParserLost } from '../../parse/instance.ts'
import { lookUp } from '../../parse/look-up.ts'
import { parse } from '../../parse/parse.ts'
import type { Problem, Script, StatementKind } from '../../parse/script.ts'
import { coverOf, placeOf } from '../../parse/sorted.ts'
import { decode } from '../../parse/source.ts'
import { unreadInScript } from '../../parse/unread.ts'
import type { ExecutedPart, Gap } from '../../postgres/step.ts'

/** Statements that change nothing that could make a later statement fail. */
const harmless: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'CommentStmt',
  'DeleteStmt',
  'GrantRoleStmt',
  'GrantStmt',
  'InsertStmt',
  'NotifyStmt',
  'RefreshMatViewStmt',
  'TransactionStmt',
  'UpdateStmt',
  'VacuumStmt',
  'VariableSetStmt',
])

/** A file beside the migrations that is larger is not read. */
const largest = 1_000_000

/** Problems after which it is not known what a file does, each with a noun for the unread part. */
const notRead: Partial<Record<Problem['kind'], string>> = {
  'conflict-marks': 'one side of a merge conflict',
  'copy-without-end': 'what follows a COPY without an end',
  'syntax-error': 'SQL that does not parse',
  unterminated: 'SQL without an end',
  'not-text': 'a file that is not text',
  'nul-character': 'SQL after a NUL character',
  'beyond-limits': 'SQL beyond the limits',
  'newer-grammar': 'SQL of a newer PostgreSQL',
}

const decides = 'it is not known what \\if of psql decides'
const connects = 'it is not known to which database \\connect of psql leads'
const ends = 'psql runs nothing after \\quit'
const discards = '\\reset of psql discards a statement'

/** Commands of psql (its page in the documentation) after which statements that are written do not all run here, each with the reason. */
const notFollowed: Readonly<Record<string, string>> = {
  '\\if': decides,
  '\\elif': decides,
  '\\else': decides,
  '\\endif': decides,
  '\\c': connects,
  '\\connect': connects,
  '\\q': ends,
  '\\quit': ends,
  '\\r': discards,
  '\\reset': discards,
  '\\gdesc': '\\gdesc of psql describes a statement and does not run it',
  '\\parse': '\\parse of psql prepares a statement and does not run it',
}

/**
 * The places of a script after which its effects are not known, in order of place. `problems`: those of its text and of the bodies in
 * it, in any order.
 */
export function gapsIn(
  script: Pick<Script, 'source' | 'statements' | 'clientCommands'>,
  problems: readonly Problem[],
): Gap[] {
  // A template in a statement that parses stands for a name or a value.
  const read = script.statements.filter(({ body }) => body === undefined)
  const isInside = coverOf(read.map(({ span: [start, end] }) => [start + 1, end]))
  const parts = unreadInScript({ ...script, comments: [], problems: [] }).filter(({ span: [at] }) => !isInside(at))
  const { clientCommands } = script
  return [
    ...parts.map(({ kind, span }) => ({ at: span[0], why: `${kind} is not read` })),
    ...clientCommands.flatMap(({ kind, text, span }) => {
      const [command = ''] = /^\\\w*/.exec(text) ?? []
      const why = kind === 'psql' ? lookUp(notFollowed, command) : undefined
      if (why === undefined) return []
      const database = why === connects ? databaseIn(text.slice(command.length)) : undefined
      return [{ at: span[0], why, ...(database !== undefined && { database }) }]
    }),
    ...problems.flatMap(({ kind, span }) => {
      const what = notRead[kind]
      return what === undefined ? [] : [{ at: span[0], why: `${what} is not read` }]
    }),
  ].sort((a, b) => a.at - b.at)
}

/**
 * The database that arguments of `\connect` lead to, as they write it; null: it is unknown. Undefined: the same one as before, for a
 * user who may see other tables.
 */
function databaseIn(written: string): string | null | undefined {
  const [first = '-', ...others] = written.split(/\s+/).filter(word => word !== '' && word !== '\\\\')
  const isHere = others.slice(1).every(word => word === '-')
  if (first === '-') return isHere ? undefined : null
  // Variables, commands of the shell, quotes, options and addresses are not read.
  return isHere && /^\w+$/.test(first) ? first : null
}

/** The parts, each with the gaps in it; those outside of all parts are left out. */
export function withGaps(
  parts: readonly ExecutedPart[],
  spans: readonly (readonly [number, number])[],
  gaps: readonly Gap[],
): ExecutedPart[] {
  if (gaps.length === 0) return [...parts]
  return parts.map((part, i) => {
    const [start, end] = spans[i] ?? [0, 0]
    const own = gaps.slice(
      placeOf(gaps, ({ at }) => at >= start),
      placeOf(gaps, ({ at }) => at > end),
    )
    return own.length === 0 ? part : { ...part, gaps: own }
  })
}

/** The parts of a migration with a gap before the first of them. */
export function withGapBefore([first, ...rest]: readonly ExecutedPart[], gap: Gap): ExecutedPart[] {
  return first ? [{ ...first, gaps: [gap, ...(first.gaps ?? [])] }, ...rest] : []
}

/**
 * A gap before every migration: a file beside them that the tool runs at other times, and that may change what migrations rely on. Null:
 * there is none.
 */
export function gapBeside(migrations: readonly MigrationInput[]): Gap | null {
  for (const input of migrations) {
    if (input.kind === 'aside' && input.runsBetween && !isHarmless(input))
      return { at: -1, why: `${input.path} is not read` }
  }
  return null
}

function isHarmless({ path, content }: InputFile): boolean {
  if (content.length > largest) return false
  const { source, problems } = decode(path, typeof content === 'string' ? new TextEncoder().encode(content) : content)
  try {
    const script = parse(source)
    const gaps = gapsIn(script, [...problems, ...script.problems])
    return gaps.length === 0 && script.statements.every(({ kind }) => harmless.has(kind))
  } catch (error) {
    if (error instanceof ParserLost) return false
    throw error
  }
}
