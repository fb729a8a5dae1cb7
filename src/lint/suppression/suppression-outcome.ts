import { type Directive, directiveKinds } from '../../parse/comment-line.ts'
import type { Span } from '../../parse/span.ts'

/** The words with which our own comments begin. */
export const directiveNames = directiveKinds.map(kind => `migrate-lint-${kind}`)

/** A suppression comment, and what it did. */
export interface Suppression {
  readonly directive: Directive
  /** Names that no rule has. */
  readonly unknown: readonly (NamedRule & { readonly guess: string | null })[]
  /** Names of rules that ran here and found nothing that the comment could have silenced. */
  readonly unused: readonly NamedRule[]
  /** It names no rule, so it applies to all, and silenced nothing although no rule was turned off by name. */
  readonly idle: boolean
  readonly reasonMissing: boolean
}

/** A rule's name in a comment. */
export interface NamedRule {
  readonly name: string
  readonly at: Span
}
