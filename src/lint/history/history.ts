import type { Written } from '../../code/written.ts'
import type { Change } from '../../migration/change.ts'
import type { Discrepancy } from '../../migration/discrepancy.ts'
import { isMigration, type MigrationInput, type Part } from '../../migration/migration.ts'
import { remarksOf, type ToolRemark } from '../../migration/remark.ts'
import type { Directive } from '../../parse/comment-line.ts'
import { directives } from '../../parse/directive.ts'
import { loadParser, ParserLost } from '../../parse/instance.ts'
import { append } from '../../parse/list.ts'
import { conflictIn, parse } from '../../parse/parse.ts'
import { forgetAnswers } from '../../parse/parser.ts'
import { type Spelling, spellings } from '../../parse/placeholder.ts'
import type { Problem, Script, Source, Statement } from '../../parse/script.ts'
import { coverOf } from '../../parse/sorted.ts'
import { decode } from '../../parse/source.ts'
import type { ExecutedPart, Step } from '../../postgres/step.ts'
import { Run } from '../../postgres/timeline.ts'
import { Budget, TimeOver } from '../budget.ts'
import { internalError } from '../internal-error.ts'
import type { InternalError } from '../report.ts'
import type { Phase } from '../watch.ts'
import { type Beginning, type Left, leftBy, type Questions } from './beginning.ts'
import { gapBeside, gapsIn, withGapBefore, withGaps } from './gaps.ts'
import { withNewerUnread } from './newer-unread.ts'
import { type ProgramRead, perhapsSent, readPrograms, readWritten } from './programs.ts'
import { partsBefore } from './schema.ts'

/** A migration, parsed and run on the model; or a file that belongs to the migrations. */
export interface MigrationFile {
  readonly path: string
  readonly script: Script
  readonly directives: readonly Directive[]
  /** The input that it was read from. */
  readonly input: MigrationInput
  /** Its changes since it was applied. */
  readonly changes: readonly Change[]
  /** Its disagreements with the files that it records, or with the file that records it. */
  readonly discrepancies: readonly Discrepancy[]
  /** The migration system's treatment of the file that its author may not expect. */
  readonly remarks: readonly ToolRemark[]
  /** The effects of each statement; statements in DO blocks come after the block. */
  readonly steps: readonly Step[]
  /** The SQL of a migration in code that was read. The text of the script is that of the file, followed by this SQL. */
  readonly written?: Written
  /** Set when the time for the file was over: it was not linted, and this is its only problem. */
  readonly isGivenUp?: true
}

/** All migrations, understood: the input of `lint` and of the `locks` command. */
export interface History {
  readonly files: readonly MigrationFile[]
  readonly steps: readonly Step[]
  /** Defects of this program because of which a part of the result is missing. */
  readonly internalErrors: readonly InternalError[]
  /** The newer major versions from which on something may be different. Rules that ask for the version add to it. */
  readonly boundaries: Set<number>
}

export interface HistoryOptions {
  /** PostgreSQL major version, one of `supportedVersions`. */
  readonly version: number
  /** See TimelineOptions. */
  readonly otherVersions?: readonly number[]
  /** The server is newer than the parser: what only it knows is not read, instead of refused. */
  readonly isNewer?: boolean
  /** Read suppression comments of other tools too. */
  readonly compat: boolean
  /** Keeps what the files say, which is the same for all versions, from one run to the next. */
  readonly reading?: Reading
  /** The time that each file may take; without it there is no limit. */
  readonly budget?: Budget
  /** What the first files have left: they are not read again. */
  readonly beginning?: { readonly known: Beginning; readonly questions: Questions } | undefined
  /** Is told what the files before this one have left, if that is always the same. */
  readonly before?: { readonly file: number; readonly tell: (left: Left) => void } | undefined
}

/** What was parsed for one version of the server. The model runs it again for the others. */
export interface Reading {
  parsed?: readonly Parsed[]
}

/** Decodes and parses the migrations and runs them on the model of PostgreSQL. Throws on no input. */
export async function readHistory(migrations: readonly MigrationInput[], options: HistoryOptions): Promise<History> {
  const internalErrors: InternalError[] = []
  const budget = options.budget ?? new Budget(null, null)
  const { beginning, before: told } = options
  const boundaries = new Set(beginning?.known.boundaries)
  const first = beginning?.known.count ?? 0
  const fresh = migrations.slice(first)
  const parsed: Parsed[] = []
  const written = new Map(beginning?.known.spelling)
  const spelling = spellings(written)
  let spelled: Beginning['spelling'] = new Map()
  // A file that shows the schema is read as the migration that it is not.
  const readAs = fresh.map(input =>
    input.kind === 'schema' ? { path: input.path, content: input.content, ...input.as } : input,
  )
  // The memory of earlier runs also has what the spellings were in the middle of reading.
  const reading = beginning || told ? {} : (options.reading ?? {})
  if (reading.parsed) append(parsed, reading.parsed)
  else {
    const programs = await readPrograms(readAs, budget, internalErrors)
    await inTurn(
      budget,
      'read',
      readAs,
      ({ content }) => content.length,
      (migration, i) => {
        if (first + i === told?.file) spelled = new Map(written)
        parsed[i] = parsedMigration(migration, programs.get(migration), options, budget, internalErrors, spelling)
      },
      (migration, i) => {
        parsed[i] = { ...known(migration), ...givenUp(textOf(migration), budget.message), parts: [] }
      },
    )
    reading.parsed = [...parsed]
  }
  const beside = gapBeside(migrations)
  const before = (parts: readonly ExecutedPart[]) => (beside ? withGapBefore(parts, beside) : parts)
  const run = new Run({
    version: options.version,
    otherVersions: options.otherVersions ?? [],
    boundaries,
    check: budget.check,
    ...(beginning && { start: beginning.known.standing }),
    onDefect: ({ migration, statement, error }) => {
      const { path = '', script, written } = parsed[migration - first] ?? {}
      const [start] = written?.places.inFile(statement.span) ?? statement.span
      const line = (script?.source.text.slice(0, start).match(/\r\n|\r|\n/g)?.length ?? 0) + 1
      internalErrors.push(internalError(`model (${statement.kind})`, path, line, error))
    },
  })
  const steps: (readonly Step[])[] = []
  const left: { saved: Left | null } = { saved: null }
  await inTurn(
    budget,
    'model',
    parsed,
    ({ script }) => script.source.text.length,
    (file, i) => {
      const { parts, input, written, isGivenUp } = file
      const schema = fresh[i]
      // What later files add must not be in it.
      if (first + i === told?.file) left.saved = leftBy(run.standing, spelled, boundaries)
      if (schema?.kind === 'schema') {
        run.start(
          partsBefore(
            schema,
            file,
            parsed.filter(each => each !== file),
          ),
          schema.shows === 'before' ? null : `${schema.path} shows another state`,
        )
        steps[i] = []
        return
      }
      const opaque = input.kind === 'code' && !written ? input.opaque : null
      steps[i] = run.migration(first + i, before(parts), isGivenUp ? budget.message : opaque)
    },
    (file, i) => {
      steps[i] = fresh[i]?.kind === 'schema' ? [] : run.migration(first + i, [], budget.message)
      parsed[i] = { ...file, ...givenUp(file.script.source, budget.message) }
    },
  )
  const files = parsed.map(({ parts: _, ...file }, i) => {
    const input = fresh[i]
    if (input?.kind === 'schema') return { ...known(input), ...nothingIn(input), steps: [] }
    return { steps: steps[i] ?? [], ...file }
  })
  const isSure = internalErrors.length === 0 && !files.some(file => 'isGivenUp' in file)
  if (told && left.saved && isSure) told.tell(left.saved)
  if (!beginning) return { files, steps: run.steps, internalErrors, boundaries }
  const { questions } = beginning
  const unread = migrations.slice(0, first).map(input => untouched(input, questions.ask))
  return {
    files: [...unread, ...files],
    steps: questions.guarded(run.steps, beginning.known.standing.steps),
    internalErrors,
    boundaries,
  }
}

/** A file of the beginning: only its place in the history is known. */
function untouched(input: MigrationInput, ask: () => never): MigrationFile {
  return {
    ...known(input),
    get script() {
      return ask()
    },
    get directives() {
      return ask()
    },
    get remarks() {
      return ask()
    },
    get steps() {
      return ask()
    },
  }
}

type Parsed = Omit<MigrationFile, 'steps'> & { readonly parts: readonly ExecutedPart[] }

/** Reads the files one after another. A file in which the parser was lost is started again with a new parser. */
async function inTurn<File extends { readonly path: string }>(
  budget: Budget,
  phase: Phase,
  files: readonly File[],
  sizeOf: (file: File) => number,
  work: (file: File, index: number) => void,
  over: (file: File, index: number) => void,
): Promise<void> {
  const turn = { next: 0 }
  while (turn.next < files.length) {
    await loadParser()
    try {
      budget.each(phase, files, sizeOf, work, over, turn)
    } catch (error) {
      if (!(error instanceof ParserLost)) throw error
    }
  }
  forgetAnswers()
}

function parsedMigration(
  migration: MigrationInput,
  program: ProgramRead | undefined,
  { compat, isNewer }: HistoryOptions,
  budget: Budget,
  internalErrors: InternalError[],
  spelling: Spelling,
): Parsed {
  const guard = <T>(part: string, work: () => T, otherwise: T): T => {
    try {
      return work()
    } catch (error) {
      if (error instanceof ParserLost || error instanceof TimeOver) throw error
      internalErrors.push(internalError(part, migration.path, 1, error))
      return otherwise
    }
  }
  if (program && 'isGivenUp' in program)
    return { ...known(migration), ...givenUp(textOf(migration), budget.message), parts: [] }
  const unread = { script: { source: textOf(migration), ...empty }, parts: [] }
  const remarks = guard('system', () => remarksOn(migration, unread.script.source.text), [])
  if (program && 'text' in program && migration.kind === 'code') {
    const read = guard('parser', () => readWritten(migration, program, { compat }, budget.check, spelling), null)
    if (read) return { ...known(migration), ...(isNewer ? withNewerUnread(read) : read), written: program, remarks }
  }
  const asRead = guard('parser', () => read(migration, budget.check, spelling), unread)
  const { script, parts } = isNewer ? withNewerUnread(asRead) : asRead
  const found = guard('directives', () => directives(script, { compat }), [])
  const input =
    program && 'unread' in program && migration.kind === 'code' ? unreadFor(program.unread, migration) : migration
  return { script, parts, directives: found, remarks, ...known(input) }
}

type CodeInput = Extract<MigrationInput, { readonly kind: 'code' }>

/** Its language is no longer the reason why it is not read. */
function unreadFor(opaque: string, { language: _, ...migration }: CodeInput): CodeInput {
  return { ...migration, opaque }
}

/** The facts about a file before it is read. */
function known(input: MigrationInput) {
  const { path, changes = [], discrepancies = [] } = input
  return { path, input, changes, discrepancies }
}

function remarksOn(input: MigrationInput, text: string): ToolRemark[] {
  if (!isMigration(input)) return []
  return (input.remarks?.(text) ?? []).map(remark => ({ ...remark, tool: input.runner.name }))
}

/** The rest of a file whose time is over: only the fact that it was not linted. */
export function givenUp(
  source: Source,
  message: string,
): Pick<MigrationFile, 'script' | 'directives' | 'remarks' | 'isGivenUp'> {
  const end = source.text.search(/\r|\n|$/)
  return {
    script: { ...empty, source, problems: [{ kind: 'beyond-limits', message, span: [0, end] }] },
    directives: [],
    remarks: [],
    isGivenUp: true,
  }
}

function read(
  migration: MigrationInput,
  check: () => void,
  spelling: Spelling,
): { script: Script; parts: ExecutedPart[] } {
  const { path, content } = migration
  const { source, problems } = decode(path, typeof content === 'string' ? new TextEncoder().encode(content) : content)
  if (!isMigration(migration)) return { script: { ...empty, source }, parts: [] }
  const { execution } = migration
  // Code runs in its transaction as SQL does. Nothing else is known about what it does there.
  if (migration.kind === 'code')
    return { script: { ...empty, source, problems: conflictIn(source.text) }, parts: [{ execution, statements: [] }] }
  const pieces: readonly Part[] = migration.parts?.(source.text) ?? [{ span: [0, source.text.length] }]
  const cut = remarksOf(migration.remarks?.(source.text) ?? [], 'cut-body')
  const whole = parse(source, pieces, check, spelling)
  // The server refuses the first half of a body that is cut apart. The rest of it is not a statement, and never runs.
  const isRest = ({ span: [start] }: Statement) => cut.some(({ whole: [from, end] }) => from < start && start < end)
  const sent = cut.length === 0 ? whole.statements : whole.statements.filter(each => !isRest(each))
  const script = { ...whole, statements: underConditions(sent, pieces) }
  const all = [...problems, ...perhapsSent(script.problems, pieces), ...inBodies(script.statements)]
  const executed = pieces.map(({ span, execution: own, apart }) => ({
    execution: own ?? execution,
    ...(apart && { apart }),
    statements: script.statements.filter(
      ({ span: [start] }) => span[0] <= start && start < Math.max(span[1], span[0] + 1),
    ),
  }))
  const parts = withGaps(
    executed,
    pieces.map(({ span }) => span),
    gapsIn(script, all),
  )
  return { script: { ...script, problems: all }, parts }
}

/** Statements of pieces that the runner may leave out may not run. */
function underConditions(statements: readonly Statement[], pieces: readonly Part[]): readonly Statement[] {
  if (pieces.every(({ isConditional }) => !isConditional)) return statements
  const isInside = coverOf(pieces.filter(({ isConditional }) => isConditional).map(({ span }) => span))
  return statements.map(each => (isInside(each.span[0]) ? { ...each, conditional: true } : each))
}

/** The content of a file in which nothing is reported. */
function nothingIn(input: MigrationInput): Pick<MigrationFile, 'script' | 'directives' | 'remarks'> {
  return { script: { ...empty, source: textOf(input) }, directives: [], remarks: [] }
}

const empty = { statements: [], comments: [], problems: [], clientCommands: [] } as const

/** The syntax errors inside DO blocks, for instance in an EXECUTE'd literal. */
function inBodies(statements: readonly Statement[]): Problem[] {
  return statements.flatMap(({ body }) => (body ? [...body.problems, ...inBodies(body.statements)] : []))
}

function textOf({ path, content }: MigrationInput): Source {
  return typeof content === 'string' ? { path, text: content } : decode(path, content).source
}
