import type { Span } from '../parse/span.ts'
import type { Severity } from './severity.ts'

/**
 * The part that an edit changed, the gravest first: statements (their text, order, transaction); what takes the
 * migration back; comments, white space and the case of letters; line ends and the byte order mark.
 */
export const editKinds = ['statements', 'down', 'comments', 'line-ends'] as const
export type EditKind = (typeof editKinds)[number]

/**
 * The change of a migration that is applied already, as far as git shows it. The comparison states the fact and the
 * migration system's reaction to it; a rule reports it.
 */
export type Change = ChangeFact & {
  /** UTF-16 offsets in the present text; for a missing migration, in its former text. */
  readonly at: Span
  readonly outcome: Outcome
  /** The branch or commit that has it applied, for people: `origin/main`. */
  readonly base: string
  /** Set when it restores a former text of the base: the change that it undoes. */
  readonly undoes?: Undone
  /** The reason why the change is allowed, for people; null: it is not. */
  readonly allowed: string | null
}

/** A commit that changed an applied migration. */
export interface Undone {
  /** The beginning of its object name. */
  readonly commit: string
  /** The author's date: `2026-03-01`. */
  readonly date: string
}

export type ChangeFact =
  /** `file`: the file that was edited, if it is not the migration itself but its down migration. */
  | { readonly kind: 'edited'; readonly edit: EditKind; readonly file: string | null }
  /** `file`: the journal that gives it another time than the one with which it was applied. Milliseconds since 1970. */
  | { readonly kind: 'restamped'; readonly file: string; readonly was: number; readonly now: number }
  /** `file`: the journal that puts it at another place among the applied migrations. */
  | { readonly kind: 'reordered'; readonly file: string }
  /** `edit`: what was edited at the same time. `isFreed`: another applied migration has the version that it had. */
  | { readonly kind: 'renamed'; readonly from: string; readonly edit: EditKind | null; readonly isFreed: boolean }
  /** `others`: paths of other missing migrations that have no finding of their own. */
  | { readonly kind: 'deleted'; readonly others: readonly string[]; readonly isFreed: boolean }
  /** Many migrations are missing, and this one came in their place. */
  | { readonly kind: 'squashed'; readonly gone: readonly string[] }
  /** It is new, and sorted before these migrations, which are applied. */
  | { readonly kind: 'late'; readonly before: readonly string[] }
  /** It is new, and another migration has its version. */
  | { readonly kind: 'duplicate'; readonly version: string; readonly other: string }
  /** It is new, and never runs. `why`: a clause for people. */
  | { readonly kind: 'unlisted'; readonly why: string }

/** The migration system's reaction to the change. */
export interface Outcome {
  readonly severity: Severity
  /** A clause that begins with the tool: `Flyway refuses to migrate because the checksum differs`. */
  readonly what: string
}

export type ChangeKind = Change['kind']

/** The changes of one kind. */
export function changesOf<K extends ChangeKind>(changes: readonly Change[], kind: K): Extract<Change, { kind: K }>[] {
  return changes.filter((change): change is Extract<Change, { kind: K }> => change.kind === kind)
}

/** The rules that report changes: anything that allows an edit allows these. */
export const changeRules: Readonly<Record<ChangeKind, string>> = {
  edited: 'edited-migration',
  restamped: 'edited-migration',
  reordered: 'edited-migration',
  renamed: 'renamed-migration',
  deleted: 'deleted-migration',
  squashed: 'history-squashed',
  late: 'out-of-order-migration',
  duplicate: 'duplicate-version',
  unlisted: 'unlisted-migration',
}

/**
 * All rules of the `history` command: those, and the rules about files that record migrations and about branches to be
 * joined, which need no git.
 */
export const historyRules: readonly string[] = [
  ...new Set(Object.values(changeRules)),
  'integrity-file-stale',
  'several-heads',
]

/**
 * A comment silences these rules only by their names. A comment for all rules was written about the statements, and
 * would hide every later edit of the file. The same holds for comments of other linters.
 */
export const answeredByName: ReadonlySet<string> = new Set([...historyRules, 'skipped-by-journal'])
