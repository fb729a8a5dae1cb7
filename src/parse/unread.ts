import { endsCopyData } from './client.ts'
import { next } from './lexer.ts'
import { append } from './list.ts'
import type { Script } from './script.ts'
import type { Span } from './span.ts'
import { split } from './split.ts'
import { isControl, referenceIn } from './template.ts'

/** A piece of a file that is not read as SQL although it may contain some. */
export interface UnreadPart {
  /** Pieces of one kind are left unread for the same reason: `a template in {# … #}`. */
  readonly kind: string
  /** UTF-16 offsets. */
  readonly span: Span
}

/** How deeply nested strings in dollar quotes are read: a function, and the text that it EXECUTEs. */
const deepest = 3

/**
 * The parts of a file that remain unread if only these regions are read; the regions are in order and do not overlap.
 * `known`: regions that are not read but that the migration system uses, such as the ones that take the migration back.
 * In order.
 */
export function unreadParts(text: string, regions: readonly Span[], known: readonly Span[] = []): UnreadPart[] {
  const found: UnreadPart[] = []
  const used = [...regions, ...known].sort((a, b) => a[0] - b[0])
  let from = 0
  for (const [start, end] of [...used, [text.length, text.length] as const]) {
    if (start > from && holdsSql(text.slice(from, start))) {
      found.push({ kind: 'text outside of what runs', span: [from, start] })
    }
    from = Math.max(from, end)
  }
  for (const [start, end] of regions) append(found, inRegion(text.slice(0, end), start))
  return found.sort((a, b) => a.span[0] - b.span[0])
}

/** True for text that has more than comments and white space. */
export function holdsSql(text: string): boolean {
  const { pieces, problems, clientCommands } = split(text)
  return pieces.length > 0 || problems.length > 0 || clientCommands.length > 0
}

/** The parts of a script that are not read as SQL, in order. */
export function unreadInScript({ source, statements, clientCommands }: Script): UnreadPart[] {
  const spans = statements.map(({ span }) => span)
  return among(source.text, spans, clientCommands).sort((a, b) => a.span[0] - b.span[0])
}

function inRegion(text: string, start: number): UnreadPart[] {
  const { pieces, clientCommands } = split(text.slice(start))
  const moved = ([from, to]: Span): Span => [start + from, start + to]
  return among(
    text,
    pieces.map(({ span }) => moved(span)),
    clientCommands.map(command => ({ ...command, span: moved(command.span) })),
  )
}

function among(text: string, pieces: readonly Span[], clientCommands: Script['clientCommands']): UnreadPart[] {
  const found = clientCommands.flatMap(command => {
    const kind = kindOf(command)
    return kind === null ? [] : [{ kind, span: command.span }]
  })
  const taken = new Set(clientCommands.map(({ span }) => span[0]))
  // Every template has one of these.
  const hasTemplates = /[{%]/.test(text)
  for (const span of pieces) {
    // A template in place of a statement may stand for any statement.
    if (/^(?::[\w"{]|[$#]?\{|<%)/.test(text.slice(span[0], span[0] + 2))) found.push({ kind: standIn, span })
    else if (hasTemplates)
      append(
        found,
        templatesIn(text, span, deepest).filter(part => !taken.has(part.span[0])),
      )
  }
  return found
}

const standIn = 'a name in place of a statement'

/** The reason why a command that is not for the server may hide statements that run; null: it does not. */
function kindOf({ kind, text }: Script['clientCommands'][number]): string | null {
  if (kind === 'template') return templateKind(text) ?? (isControl(text) ? null : standIn)
  if (kind === 'copy-data') return endsCopyData(text) ? null : 'data of a COPY that no line "\\." ends'
  const [name = ''] = /^\\[^\s\\]*/.exec(text) ?? []
  const isRunning = /^\\(?:i|ir|include|include_relative|!|gexec|o|out|w|write|e|edit)$/.test(name)
  // A value of several words may be SQL. A program runs in backquotes, and after a |.
  const isSetting = name === '\\set' && text.trim().split(/\s+/).length > 3
  const starts = /[`|]/.test(text) || (/^\\copy$/i.test(name) && /\bprogram\b/i.test(text))
  return isRunning || isSetting || starts ? `${name} of psql` : null
}

function templatesIn(text: string, [start, end]: Span, levels: number): UnreadPart[] {
  const found: UnreadPart[] = []
  for (let lexeme = next(text, start, end); lexeme; lexeme = next(text, lexeme.end, end)) {
    const part = text.slice(lexeme.start, lexeme.end)
    const kind = lexeme.kind === 'template' ? templateKind(part) : null
    if (kind !== null) found.push({ kind, span: [lexeme.start, lexeme.end] })
    const quote = lexeme.kind === 'string' && levels > 0 ? /^\$[^$]*\$/.exec(part)?.[0] : undefined
    if (quote !== undefined) {
      append(found, templatesIn(text, [lexeme.start + quote.length, lexeme.end - quote.length], levels - 1))
    }
  }
  return found
}

/** A plain name in a template hides nothing; anything more may be SQL. */
function templateKind(text: string): string | null {
  const { open, close, isName } = referenceIn(text)
  return isName ? null : `a template in ${open} … ${close}`
}
