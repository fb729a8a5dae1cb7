import type { Span } from '../parse/span.ts'

/**
 * The migration system's treatment of a file that its author may not expect. The system states the fact, and a rule
 * reports it. All texts are for people.
 */
export type Remark = { /** UTF-16 offsets in the decoded text. */ readonly at: Span } & RemarkFact

type RemarkFact =
  /** The system stops at this file: `it has no line "-- migrate:down"`. */
  | { readonly kind: 'refused'; readonly why: string; readonly help: string }
  /** The system silently skips this migration where others are applied already. */
  | { readonly kind: 'skipped'; readonly why: string; readonly help: string }
  /**
   * A comment asks for no transaction in a place where the system does not see it. The text says where and how the
   * system reads it: `at the very start of the file`.
   */
  | { readonly kind: 'ignored-opt-out'; readonly marker: string; readonly expected: string }
  /** Its opt-out also decides about the transaction of other migrations. `does` ends a sentence. */
  | { readonly kind: 'opt-out-for-all'; readonly does: string; readonly help: string }
  /**
   * It is run without a transaction of the system, but sent in one piece. If that has several statements, it is a
   * transaction too.
   */
  | { readonly kind: 'one-message' }
  /** The down part runs together with the migration. */
  | { readonly kind: 'down-in-up'; readonly help: string }
  /** A file next to the migration removes its transaction because a setting is missing in it. */
  | { readonly kind: 'unsaid-transaction'; readonly file: string; readonly key: string }
  /** The system cuts its statements apart in the middle of this string or body. */
  | {
      readonly kind: 'cut-body'
      readonly help: string
      /** The whole string or body, in UTF-16 offsets. Only its first half is sent, and PostgreSQL refuses that. */
      readonly whole: Span
    }
  /** Work that runs CONCURRENTLY waits for a transaction that the system itself keeps open meanwhile. */
  | { readonly kind: 'own-lock'; readonly setting: string; readonly certain: boolean }
  /** The system adds CASCADE to what it drops by itself: `RemoveField and DeleteModel`. */
  | { readonly kind: 'always-cascade'; readonly calls: string }

/** A remark, with the tool that causes it, for people: `dbmate`. */
export type ToolRemark = Remark & { readonly tool: string }

export type RemarkKind = Remark['kind']

/** The remarks of one kind. */
export function remarksOf<R extends Remark, K extends RemarkKind>(
  remarks: readonly R[],
  kind: K,
): Extract<R, { kind: K }>[] {
  return remarks.filter((remark): remark is Extract<R, { kind: K }> => remark.kind === kind)
}
