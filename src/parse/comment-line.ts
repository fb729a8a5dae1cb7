import type { Span } from './span.ts'

/** The words that our own comments can use, each after `migrate-lint-`. */
export const directiveKinds = [
  'disable-next-statement',
  'disable-line',
  'disable',
  'enable',
  'disable-file',
  'allow-edit',
] as const

export type DirectiveKind = (typeof directiveKinds)[number]

export interface Directive {
  /**
   * `unknown`: it begins like one of our directives but is not one. Its author relies on it, although it silences
   * nothing, so it must be reported.
   */
  readonly kind: DirectiveKind | 'unknown'
  /** Names of rules as they are written; an empty list means all rules. An `allow-edit` does not name rules. */
  readonly rules: readonly string[]
  /** The places of the names. */
  readonly ruleSpans: readonly Span[]
  /** The text after ` -- `, or the words of an `allow-edit`. */
  readonly reason: string | null
  /** The directive itself, without the comment's markers. */
  readonly span: Span
  /** The word it begins with, as written: `migrate-lint-disable-line`. */
  readonly name: string
  /** The tool of the directive, for instance `squawk`; null when it is ours. */
  readonly tool: string | null
}

/** A line of a comment without markers and margins. */
export interface CommentLine {
  readonly text: string
  readonly start: number
}

/** `rule, rule -- reason`, from `offset` in the line on. */
export function names(line: CommentLine, offset: number): Pick<Directive, 'rules' | 'ruleSpans' | 'reason'> {
  const rest = line.text.slice(offset)
  const [, list = '', reason = ''] = /^(.*?)(?:(?:^|\s)(?:--|—)(.*))?$/s.exec(rest) ?? []
  const words = [...list.matchAll(/[^\s,]+/g)]
  const start = line.start + offset
  return {
    rules: words.map(word => word[0]),
    ruleSpans: words.map((word): Span => [start + word.index, start + word.index + word[0].length]),
    reason: reason.trim() || null,
  }
}
