import type { EditKind } from '../../migration/change.ts'

/** What a commit did to a migration that an earlier commit had added. */
export interface PastChange {
  /** The full object name. */
  readonly commit: string
  /** Of the author, `2026-03-01`. */
  readonly date: string
  /** The path in the tree at that time. */
  readonly path: string
  readonly kind: 'edited' | 'renamed' | 'deleted'
  readonly edit: EditKind | null
  /** The previous name. */
  readonly from: string | null
}

export interface Event {
  readonly commit: string
  readonly date: string
  readonly status: string
  /** Null if there was, or is, no file. */
  readonly before: string | null
  readonly after: string | null
  /** Path in the repository. */
  readonly path: string
}
