/** Comments that are directives to the linter. They are only read here; the engine decides which findings they affect. */
import { type CommentLine, type Directive, directiveKinds, names } from './comment-line.ts'
import { tokens } from './lexer.ts'
import { type PeerReader, readPeer } from './peer-directive.ts'
import type { Comment, Script } from './script.ts'
import { split } from './split.ts'

// The dashes before a reason do not belong to the name.
const OWN = /^(migrate-lint-(?:(?!--\s)[\w-])*)(?:[ \t]*:)?/i

const prefixLength = 'migrate-lint-'.length

/**
 * The directives in a script's comments, those in the bodies of DO blocks included, in order. With `compat` those of
 * other linters are read too.
 */
export function directives(script: Script, options: { compat: boolean }): Directive[] {
  return script.comments.flatMap(comment =>
    lines(script.source.text.slice(comment.span[0], comment.span[1]), comment.span[0]).flatMap(line => {
      const directive = readOwn(line) ?? (options.compat ? readPeer(line, peerContext(script, comment)) : null)
      return directive ? [directive] : []
    }),
  )
}

/**
 * The reasons that a file's comments give for editing it, in order. A comment without a reason allows nothing. This
 * needs no parser.
 */
export function allowedEdits(text: string, isSql: boolean): string[] {
  const found = isSql ? commentsIn(text).flatMap(comment => lines(comment, 0)) : codeLines(text)
  return found.flatMap(line => {
    const directive = readOwn(line)
    return directive?.kind === 'allow-edit' && directive.reason !== null ? [directive.reason] : []
  })
}

/** The comments of SQL with their markers, including those in dollar-quoted bodies. */
function commentsIn(text: string): string[] {
  const { comments, pieces } = split(text)
  const bodies = pieces.flatMap(({ span }) => tokens(text, span)).filter(token => /^\$[^$]*\$/.test(token.text))
  const inside = bodies.flatMap(body => tokens(body.text.replace(/^\$[^$]*\$/, ' ')))
  return [
    ...comments.map(({ span }) => text.slice(span[0], span[1])),
    ...inside.filter(({ kind }) => kind === 'comment').map(comment => comment.text),
  ]
}

/** Lines of a program that begin like a comment, or like a further line of one. */
function codeLines(text: string): CommentLine[] {
  // JavaScript, Go, Java, C# and PHP; Python, Ruby, Elixir and YAML; SQL; XML.
  const found = text.matchAll(/^[ \t]*(?:\/\/|\/?\*|#|--|<!--)([^\r\n]*)/gm)
  return [...found].map(({ 1: line = '' }) => ({
    text: line
      .trim()
      .replace(/^\*\s+/, '')
      .replace(/(?:\*\/|-->)$/, ''),
    start: 0,
  }))
}

/**
 * A block comment may contain a directive on each line, with the customary `*` in the margin. `start` is where the
 * comment begins.
 */
function lines(raw: string, start: number): CommentLine[] {
  // `//` and `#` begin a comment of one line in code.
  const code = /^(?:\/\/+|#+!?)/.exec(raw)?.[0].length ?? 0
  const inner = code > 0 ? raw.slice(code) : raw.startsWith('--') ? raw : raw.replace(/\*\/$/, '')
  const found: CommentLine[] = []
  let from = code
  for (const line of inner.split(/(?<=\n)/)) {
    const margin = /^(?:--+|\/\*+)?[\s*]*/.exec(line)?.[0].length ?? 0
    const content = line.slice(margin).trimEnd()
    if (content !== '') found.push({ text: content, start: start + from + margin })
    from += line.length
  }
  return found
}

function readOwn(line: CommentLine): Directive | null {
  const [start, name] = OWN.exec(line.text) ?? []
  if (start === undefined || name === undefined) return null
  const word = name.slice(prefixLength).toLowerCase()
  const kind = directiveKinds.find(kind => kind === word) ?? 'unknown'
  return {
    kind,
    ...(kind === 'allow-edit' ? allowance(line.text.slice(start.length)) : names(line, start.length)),
    span: [line.start, line.start + line.text.length],
    name,
    tool: null,
  }
}

/** All the following text is the reason, with or without a colon or dashes before it. */
function allowance(rest: string): Pick<Directive, 'rules' | 'ruleSpans' | 'reason'> {
  return {
    rules: [],
    ruleSpans: [],
    reason:
      rest
        .trim()
        .replace(/^(?:--|—)/, '')
        .trim() || null,
  }
}

function peerContext(script: Script, comment: Comment): Parameters<PeerReader>[1] {
  const { text } = script.source
  return {
    heading: script.statements.every(statement => statement.span[0] >= comment.span[1]),
    blankLineAfter: /^[ \t]*\r?\n[ \t]*\r?\n/.test(text.slice(comment.span[1], comment.span[1] + 200)),
  }
}
