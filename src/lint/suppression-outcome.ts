import { type Directive, directiveKinds } from '../parse/comment-line.ts'
import type { Span } from '../parse/span.ts'

/** The words that our own comments begin with. */
export const directiveNames = directiveKinds.map(kind => `migrate-lint-${kind}`)

/** A suppression comment, and what came of it. */
export interface Suppression {
  readonly directive: Directive
  /** Names that no rule has. */
  readonly unknown: readonly (NamedRule & { readonly guess: string | null })[]
  /** Names of rules that ran here and found nothing that it could have silenced. */
  readonly unused: readonly NamedRule[]
  /** It names no rule, stands for all, and silenced nothing although no rule was turned off by name. */
  readonly idle: boolean
  readonly reasonMissing: boolean
}

/** A rule's name in a comment. */
export interface NamedRule {
  readonly name: string
  readonly at: Span
}
