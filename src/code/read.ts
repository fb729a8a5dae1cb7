import type { Span } from '../parse/span.ts'
import type { Unparsed } from './ahead.ts'
import type { Beside } from './beside.ts'
import { cSharp } from './c-sharp/language.ts'
import { readable } from './c-sharp/verbatim.ts'
import { elixir } from './elixir/language.ts'
import type { Language } from './evaluator/machine.ts'
import { readProgram } from './evaluator/program.ts'
import { go } from './go/language.ts'
import { ParserFailed, parseAhead, programOf } from './grammar.ts'
import { java } from './java/language.ts'
import { readJavaScript } from './javascript/migration.ts'
import { withoutTypesOfTemplates } from './javascript/type-arguments.ts'
import { type Grammar, grammarOf } from './language.ts'
import { TooMuch } from './limit.ts'
import type { Program } from './node.ts'
import { php } from './php/language.ts'
import { isIndentedTooOften } from './python/indent.ts'
import { python } from './python/language.ts'
import type { CodeReader, Direction, DocumentReader, MigrationReader, ProgramReader } from './reader.ts'
import { ruby } from './ruby/language.ts'
import { Run } from './run.ts'
import type { Expression } from './syntax.ts'
import { type Written, written } from './written.ts'

/** Languages other than JavaScript and TypeScript, by their grammars. */
const languages: ReadonlyMap<Grammar, Language> = new Map([
  ['c-sharp', cSharp],
  ['php', php],
  ['python', python],
  ['go', go],
  ['java', java],
  ['ruby', ruby],
  ['elixir', elixir],
])

/** The largest program that is read, in UTF-16 units. Migrations have a few thousand. */
const largest = 5_000_000

/**
 * The SQL that a program's tool would send, or a clause that says why the program could not be read. `loadGrammar` must have loaded its
 * grammar. Reading calls `check` from time to time; an exception of `check` reaches the caller.
 * `beside`: where it is, and the files of SQL that it may load. Without `takesBack`, the way back is not read: nobody asks for it.
 */
export function readCode(
  path: string,
  text: string,
  reader: MigrationReader,
  check: () => void,
  beside: Beside | null = null,
  takesBack = true,
): Written | { readonly unread: string } {
  if (text.length > largest) return { unread: 'it is too large' }
  const asked: Asked = { reader, check, beside, directions: takesBack ? ['up', 'down'] : ['up'] }
  return 'read' in reader ? readDocument(path, text, reader, asked) : readByGrammar(path, text, reader, asked)
}

interface Asked {
  readonly reader: MigrationReader
  readonly check: () => void
  readonly beside: Beside | null
  readonly directions: readonly Direction[]
}

function readDocument(path: string, text: string, reader: DocumentReader, asked: Asked): Result {
  return readWays(text, { ...asked, beside: null }, reader.comments(path, text), (run, direction) =>
    reader.read(path, text, run, direction),
  )
}

function readByGrammar(path: string, text: string, reader: CodeReader | ProgramReader, asked: Asked): Result {
  const found = unparsed(path, text)
  if ('unread' in found) return found
  const language = languages.get(found.grammar)
  const program = parsed(found, asked.check)
  if (program === 'failed') return { unread: 'the parser of its language fails on it' }
  if (!program) return { unread: 'there is no grammar to read it by' }
  let syntax: Expression | undefined
  return readWays(text, asked, program.comments, (run, direction) => {
    for (const at of program.broken.slice(0, 20)) run.unread(at, `line ${lineOf(text, at[0])} could not be parsed`)
    if (!('start' in reader)) return readJavaScript(program, text, reader, run, direction)
    if (!language) return 'its tool reads no programs in its language'
    syntax ??= language.syntaxOf(program, text)
    return readProgram(syntax, language, reader, run, direction)
  })
}

/** Announces programs that `readCode` will be asked for, so that others may parse them meanwhile. */
export function announce(programs: readonly { readonly path: string; readonly text: string }[]): void {
  parseAhead(
    programs.flatMap(({ path, text }) => {
      const found = text.length > largest ? null : unparsed(path, text)
      return found && 'grammar' in found ? [found] : []
    }),
  )
}

/** The program as its grammar gets it, or a clause that says why none does. */
function unparsed(path: string, text: string): Unparsed | { readonly unread: string } {
  const grammar = grammarOf(path)
  if (!grammar || !(languages.has(grammar) || grammar === 'typescript'))
    return { unread: 'its language is not read yet' }
  if (grammar === 'python' && isIndentedTooOften(text)) return { unread: 'its lines are indented too deeply' }
  return { grammar, text: asGrammarHasIt(grammar, text) }
}

function parsed({ grammar, text }: Unparsed, check: () => void): Program | null | 'failed' {
  try {
    return programOf(grammar, text, check)
  } catch (error) {
    if (error instanceof ParserFailed) return 'failed'
    throw error
  }
}

/** A text of the same length and meaning, without what the grammar of the language lacks. */
function asGrammarHasIt(grammar: Grammar, text: string): string {
  if (grammar === 'typescript') return withoutTypesOfTemplates(text)
  return grammar === 'c-sharp' ? readable(text) : text
}

type Result = Written | { readonly unread: string }

/** `read` fills a run with what one direction does, or returns why that is unknown. */
function readWays(
  text: string,
  { reader: { names, advice }, check, beside, directions }: Asked,
  comments: readonly Span[],
  read: (run: Run, direction: Direction) => string | null,
): Result {
  const runs: Record<Direction, Run> = { up: new Run(check, names, beside), down: new Run(check, names, beside) }
  for (const direction of directions) {
    const run = runs[direction]
    try {
      const why = read(run, direction)
      // Not every migration can be reverted.
      if (why !== null && direction === 'up') return { unread: why }
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error
      run.giveUp(firstLine(text), error.message)
    }
  }
  return { ...written(text, runs.up, runs.down, comments), ...(advice && { advice }) }
}

function firstLine(text: string): Span {
  const start = Math.max(0, text.search(/\S/))
  const length = text.slice(start).search(/\r|\n/)
  return [start, length < 0 ? text.length : start + length]
}

function lineOf(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}
