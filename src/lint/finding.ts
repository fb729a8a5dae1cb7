import type { Severity } from '../migration/severity.ts'
import type { Span } from '../parse/span.ts'
import type { Effect } from '../postgres/effect.ts'
import type { Removed } from './code-use/removed.ts'
import type { Help } from './help.ts'

/** Another place that the reader needs to see, possibly in another file. */
export interface Label {
  readonly path: string
  readonly at: Span
  /** A clause: `the lock is taken here`. */
  readonly message: string
}

/** An edit of the file's text. */
export interface Edit {
  readonly at: Span
  /** Replacement text; an empty span means insertion. */
  readonly insert: string
}

export interface Fix {
  /** An imperative: `Build the index concurrently`. */
  readonly title: string
  /** `safe` fixes keep the outcome of the migration the same; the others need a person's judgement. */
  readonly safety: 'safe' | 'unsafe'
  readonly edits: readonly Edit[]
}

/** One thing a person should know, whatever found it: a lock, a broken client, a syntax error, an unused suppression. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly at: Span
  /** The consequence in operator's words, with the user's names: `Building "x" blocks writes to "t" until it is done.` */
  readonly message: string
  /** The reason, one or two sentences. */
  readonly why: string
  /** The remedy: prose, and code that can be pasted. */
  readonly help: Help
  readonly effects?: readonly Effect[]
  /** What its statement works on, if that is not what the effects say. */
  readonly works?: readonly Effect[]
  /** What other statements work on while its locks are held. Null: unknown. */
  readonly worksUnderLocks?: readonly Effect[] | null
  readonly related?: readonly Label[]
  readonly fix?: Fix
  /** The names that it takes away from code, or whose meaning it changes. */
  readonly removes?: readonly Removed[]
  /** True when the message says besides that later statements work while its relations are locked. */
  readonly goesOn?: true
}
