/** Comments that speak to the linter. Which findings they reach is for the engine; here they are only read. */
import type { CommentLine, Directive, DirectiveKind } from './comment-line.ts'
import { names } from './comment-line.ts'
import { type PeerReader, readPeer } from './peer-directive.ts'
import type { Comment, Script } from './script.ts'

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

function peerContext(script: Script, comment: Comment): Parameters<PeerReader>[1] {
  const { text } = script.source
  return {
    heading: script.statements.every(statement => statement.span[0] >= comment.span[1]),
    blankLineAfter: /^[ \t]*\r?\n[ \t]*\r?\n/.test(text.slice(comment.span[1], comment.span[1] + 200)),
  }
}
