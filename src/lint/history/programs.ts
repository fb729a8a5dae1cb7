import type { MigrationReader, ReaderToLoad } from '../../code/reader.ts'
import type { Written, WrittenPart } from '../../code/written.ts'
import type { CodeMigration, InputFile, MigrationInput, Part } from '../../migration/migration.ts'
import type { Directive } from '../../parse/comment-line.ts'
import { directives } from '../../parse/directive.ts'
import { conflictIn, parse } from '../../parse/parse.ts'
import type { Spelling } from '../../parse/placeholder.ts'
import type { Problem, Script, Statement } from '../../parse/script.ts'
import { coverOf } from '../../parse/sorted.ts'
import { decode } from '../../parse/source.ts'
import type { Span } from '../../parse/span.ts'
import type { ExecutedPart } from '../../postgres/step.ts'
import { type Budget, TimeOver } from '../budget.ts'
import { internalError } from '../internal-error.ts'
import type { InternalError } from '../report.ts'
import { gapsIn, withGaps } from './gaps.ts'

/** The result of reading a migration in code: its SQL, the reason why there is none (a clause), or that its time was over. */
export type ProgramRead = Written | { readonly unread: string } | { readonly isGivenUp: true }

/** Reads the migrations in code for which there is a reader. Without such migrations, nothing is loaded. */
export async function readPrograms(
  migrations: readonly MigrationInput[],
  budget: Budget,
  internalErrors: InternalError[],
): Promise<ReadonlyMap<MigrationInput, ProgramRead>> {
  const found = new Map<MigrationInput, ProgramRead>()
  const programs = migrations.filter(isReadable)
  if (programs.length === 0) return found
  const [{ readCode }, { loadGrammar }, { grammarOf }] = await Promise.all([
    import('../../code/read.ts'),
    import('../../code/grammar.ts'),
    import('../../code/language.ts'),
  ])
  const readers = await loadedReaders(programs, internalErrors)
  const loaded = new Set<string>()
  const inLanguages = programs.filter(({ reader }) => isOfLanguage(readers.get(reader)))
  for (const grammar of new Set(inLanguages.map(({ path }) => grammarOf(path))))
    if (grammar !== null && (await isLoaded(() => loadGrammar(grammar), internalErrors))) loaded.add(grammar)
  // The part that takes a migration back is in the same file, which is read once.
  const takenBack = new Set(programs.filter(({ down }) => down !== undefined).map(({ path }) => path))
  const byReader = new Map<MigrationReader, Map<string, ProgramRead>>()
  const asking = budget.asking()
  asking.each(
    'read',
    programs.filter(({ path, reader }) => {
      const own = readers.get(reader)
      return own !== undefined && (!isOfLanguage(own) || loaded.has(grammarOf(path) ?? ''))
    }),
    ({ content }) => content.length,
    migration => {
      const { path, content, beside } = migration
      const reader = readers.get(migration.reader)
      if (!reader) return
      const byFile = byReader.get(reader) ?? new Map<string, ProgramRead>()
      byReader.set(reader, byFile)
      const known = byFile.get(path)
      if (known) return void found.set(migration, known)
      const text = typeof content === 'string' ? content : decode(path, content).source.text
      const takesBack = takenBack.has(path)
      const read = guarded(() => readCode(path, text, reader, asking.check, beside, takesBack), path, internalErrors)
      byFile.set(path, read)
      found.set(migration, read)
    },
    migration => void found.set(migration, { isGivenUp: true }),
  )
  return found
}

type Readable = InputFile & CodeMigration & Required<Pick<CodeMigration, 'reader'>>

function isReadable(migration: MigrationInput): migration is Readable {
  return migration.kind === 'code' && migration.reader !== undefined
}

/** The readers of these migrations. They remember earlier migrations, so each history gets readers of its own. */
async function loadedReaders(
  programs: readonly Readable[],
  internalErrors: InternalError[],
): Promise<ReadonlyMap<ReaderToLoad, MigrationReader>> {
  const found = new Map<ReaderToLoad, MigrationReader>()
  const ofHistory = new Map<MigrationReader, MigrationReader>()
  for (const { path, reader } of programs) {
    if (found.has(reader)) continue
    try {
      const loaded = await reader.load()
      const own = ofHistory.get(loaded) ?? ('ofHistory' in loaded ? loaded.ofHistory?.() : undefined) ?? loaded
      ofHistory.set(loaded, own)
      found.set(reader, own)
    } catch (error) {
      internalErrors.push(internalError('reader', path, 1, error))
    }
  }
  return found
}

/** A document needs no grammar. */
function isOfLanguage(reader: MigrationReader | undefined): boolean {
  return reader !== undefined && !('read' in reader)
}

/** Programs are not read by a grammar that cannot be loaded; everything else is. */
async function isLoaded(load: () => Promise<boolean>, internalErrors: InternalError[]): Promise<boolean> {
  try {
    return await load()
  } catch (error) {
    internalErrors.push(internalError('grammar', '', 1, error))
    return false
  }
}

function guarded(work: () => ProgramRead, path: string, internalErrors: InternalError[]): ProgramRead {
  try {
    return work()
  } catch (error) {
    if (error instanceof TimeOver) throw error
    internalErrors.push(internalError('reader', path, 1, error))
    return { unread: 'migrate-lint itself failed on it' }
  }
}

/** The problems; those in pieces that are sent under a condition say so. */
export function perhapsSent(
  problems: readonly Problem[],
  pieces: readonly Pick<Part, 'span' | 'isConditional'>[],
): readonly Problem[] {
  const spans = pieces.filter(({ isConditional }) => isConditional).map(({ span }) => span)
  if (spans.length === 0) return problems
  const isInside = coverOf(spans)
  return problems.map(each => (isInside(each.span[0]) ? { ...each, conditional: true } : each))
}

interface WrittenScript {
  readonly script: Script
  readonly parts: readonly ExecutedPart[]
  readonly directives: readonly Directive[]
}

/**
 * Parses the SQL of a migration in code. Offsets are into the text of `Written`; those of directives are into the file. Throws what
 * `parse` throws.
 */
export function readWritten(
  { path, content, execution, down }: InputFile & CodeMigration,
  program: Written,
  options: { readonly compat: boolean },
  check: () => void,
  spelling: Spelling,
): WrittenScript {
  const pieces = down === undefined ? program.up : program.down
  const source = { path, text: program.text }
  // The code is not SQL, and must not be read as such.
  const text = ' '.repeat(program.length) + program.text.slice(program.length)
  const parsed = parse({ path, text }, pieces, check, spelling)
  const byPiece = new Map(pieces.map(piece => [piece, [] as Statement[]]))
  // If a part of the SQL is unknown, its errors may come from the stand-in. The report says that this SQL is not read.
  const guessed = pieces.filter(({ span }) => program.places.hasUnknown(span))
  const isGuessed = new Set(guessed)
  let at = 0
  for (const statement of parsed.statements) {
    while (at + 1 < pieces.length && (pieces[at + 1]?.span[0] ?? 0) <= statement.span[0]) at++
    const piece = pieces[at]
    if (piece) byPiece.get(piece)?.push(asSent(statement, piece, isGuessed.has(piece) ? program.places : null))
  }
  const statements = [...byPiece.values()].flat()
  const problems = perhapsSent(
    parsed.problems.filter(({ span: [at] }) => !guessed.some(({ span }) => span[0] <= at && at <= span[1])),
    pieces,
  )
  const marks = conflictIn(program.text.slice(0, program.length))
  const script = {
    ...parsed,
    source,
    statements,
    problems: [...lostBytes(path, content, program), ...marks, ...problems],
  }
  const inSql = directives(script, options).map(each => inFile(each, program))
  const comments = program.comments.map(span => ({ span, text: program.text.slice(span[0], span[1]) }))
  // Other tools read comments of SQL alone.
  const inCode = directives({ ...script, comments }, { compat: false })
  const executed: ExecutedPart[] = pieces.map(piece => ({
    // Each call sends one message.
    execution: { ...(piece.execution ?? execution), singleMessage: true },
    ...(piece.apart && { apart: piece.apart }),
    statements: byPiece.get(piece) ?? [],
  }))
  const parts = withGaps(
    executed,
    pieces.map(({ span }) => span),
    gapsIn({ ...script, source: { path, text } }, parsed.problems),
  )
  // A migration has a transaction even if it sends nothing.
  if (parts.length === 0) parts.push({ execution, statements: [] })
  return { script, parts, directives: [...inCode, ...inSql].sort((a, b) => a.span[0] - b.span[0]) }
}

/** Bytes of the program that are not text, if SQL depends on them. Its first lines may name another encoding, in which they are. */
function lostBytes(path: string, content: InputFile['content'], program: Written): Problem[] {
  const isSent = program.text.includes('\ufffd', program.length)
  if (typeof content === 'string' || !isSent || namedEncoding.test(program.text.slice(0, 500))) return []
  return decode(path, content).problems
}

const namedEncoding = /coding\s?[:=]\s?["']?(?!utf-?8)[\w-]/i

function inFile(directive: Directive, { places }: Written): Directive {
  const place = (span: Span) => places.inFile(span)
  return { ...directive, span: place(directive.span), ruleSpans: directive.ruleSpans.map(place) }
}

/** A statement as its call sends it: possibly under a condition, or with unknown effects. */
function asSent(
  given: Statement,
  { isConditional, opaque, onlyRows, constraint }: WrittenPart,
  guessed: Written['places'] | null,
): Statement {
  const statement = guessed ? withoutProblems(given, guessed) : given
  const conditional = isConditional ? { conditional: true } : {}
  if (opaque === undefined) return { ...statement, ...conditional, ...(constraint && { constraint }) }
  const body = {
    statements: [],
    opaque: [{ span: statement.span, reason: opaque, ...(onlyRows && { onlyRows }) }],
    problems: [],
  }
  return { ...statement, ...conditional, body }
}

/** Without the errors in the bodies of functions and of DO blocks, and without unread parts of these that are unread for their unknown part. */
function withoutProblems({ routineProblems: _, body, ...statement }: Statement, places: Written['places']): Statement {
  if (!body) return statement
  const statements = body.statements.map(each => withoutProblems(each, places))
  const opaque = body.opaque.filter(({ span }) => !places.hasUnknown(span))
  return { ...statement, body: { statements, opaque, problems: [] } }
}
