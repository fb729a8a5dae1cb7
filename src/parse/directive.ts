/** Comments that speak to the linter. Which findings they reach is for the engine; here they are only read. */
import { type PeerReader, readPeer } from './peer-directive.ts'
import type { Comment, Script } from './script.ts'
import type { Span } from './span.ts'

export type DirectiveKind =
  | 'disable-next-statement'
  | 'disable-line'
  | 'disable'
  | 'enable'
  | 'disable-file'
  | 'allow-edit'

export interface Directive {
  /** `unknown`: it begins like one of ours and is none, so somebody believes in it: it silences nothing and must be reported. */
  readonly kind: DirectiveKind | 'unknown'
  /** Names of rules as written; none means all. */
  readonly rules: readonly string[]
  /** Where each of the names stands. */
  readonly ruleSpans: readonly Span[]
  /** What follows ` -- `. */
  readonly reason: string | null
  /** The directive itself, without the comment's markers. */
  readonly span: Span
  /** The word it begins with, as written: `migrate-lint-disable-line`. */
  readonly name: string
  /** Whose directive it is, for instance `squawk`; null when it is ours. */
  readonly tool: string | null
}

const OWN = /^migrate-lint-[\w-]*/i

const KINDS: ReadonlySet<string> = new Set<DirectiveKind>([
  'disable-next-statement',
  'disable-line',
  'disable',
  'enable',
  'disable-file',
  'allow-edit',
])

/**
 * The directives in a script's comments, those in the bodies of DO blocks included, in order. With `compat` those of
 * other linters are read too.
 */
export function directives(script: Script, options: { compat: boolean }): Directive[] {
  return script.comments.flatMap(comment =>
    lines(script.source.text, comment).flatMap(line => {
      const directive = readOwn(line) ?? (options.compat ? readPeer(line, peerContext(script, comment)) : null)
      return directive ? [directive] : []
    }),
  )
}

/** A line of a comment without markers and margins. */
export interface CommentLine {
  readonly text: string
  readonly start: number
}

/** A block comment may hold a directive on each line, with the customary `*` at the margin. */
function lines(text: string, comment: Comment): CommentLine[] {
  const raw = text.slice(comment.span[0], comment.span[1])
  const inner = raw.startsWith('--') ? raw : raw.replace(/\*\/$/, '')
  const found: CommentLine[] = []
  let from = 0
  for (const line of inner.split(/(?<=\n)/)) {
    const margin = /^(?:--+|\/\*+)?[\s*]*/.exec(line)?.[0].length ?? 0
    const content = line.slice(margin).trimEnd()
    if (content !== '') found.push({ text: content, start: comment.span[0] + from + margin })
    from += line.length
  }
  return found
}

function readOwn(line: CommentLine): Directive | null {
  const name = OWN.exec(line.text)?.[0]
  if (!name) return null
  const kind = name.slice('migrate-lint-'.length)
  return {
    kind: KINDS.has(kind) ? (kind as DirectiveKind) : 'unknown',
    ...names(line, name.length),
    span: [line.start, line.start + line.text.length],
    name,
    tool: null,
  }
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

function peerContext(script: Script, comment: Comment): Parameters<PeerReader>[1] {
  const { text } = script.source
  return {
    heading: script.statements.every(statement => statement.span[0] >= comment.span[1]),
    blankLineAfter: /^[ \t]*\r?\n[ \t]*\r?\n/.test(text.slice(comment.span[1], comment.span[1] + 200)),
  }
}
