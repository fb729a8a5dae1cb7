import { isMigration, type MigrationInput } from '../../migration/migration.ts'
import type { Problem } from '../../parse/script.ts'
import { decode } from '../../parse/source.ts'
import { restoredCatalog } from '../../postgres/catalog/saved.ts'
import { nothingDone } from '../../postgres/timeline.ts'
import { type Beginning, type Left, Questions } from './beginning.ts'
import type { HistoryOptions } from './history.ts'

/**
 * What earlier runs have found out about the beginning of a history: only the model's state after it. If a rule asks for more, such as a
 * statement of that beginning, the run starts again without a memory, so that a memory never changes a report.
 */
export interface Memory {
  /** True if reading this many files, of this many bytes in all, takes longer than keeping what they leave. */
  isWorthwhile(files: number, bytes: number): boolean
  /**
   * What is known about the longest beginning of these files; null: nothing. `about`: the facts that all files have in common. Returns what
   * `keep` was given, or an equal structure.
   */
  recall(about: string, files: Iterable<FileFacts>): { readonly count: number; readonly state: unknown } | null
  /** Remembers the state after all of these files: plain objects, arrays, maps and sets, as a structured clone keeps them. */
  keep(about: string, files: Iterable<FileFacts>, state: unknown): void
}

/** All that decides what the model makes of a file. */
export interface FileFacts {
  /** Null if the content makes no difference. */
  readonly content: Uint8Array | string | null
  readonly facts: string
}

type Versions = Pick<HistoryOptions, 'version' | 'otherVersions' | 'isNewer'>

/**
 * Calls `attempt` with what is known about the files before the first one that is reported on, and again without it if it turns out that
 * more of them is needed. `count`: how many these files are.
 */
export async function fromMemory<Result>(
  migrations: readonly MigrationInput[],
  count: number,
  versions: Versions,
  memory: Memory | undefined,
  attempt: (past: Pick<HistoryOptions, 'beginning' | 'before'>) => Promise<Result>,
): Promise<Result> {
  if (count === 0) return attempt({})
  const { known, before } =
    count === migrations.length
      ? { known: nothing(count), before: undefined }
      : memory && canBeRemembered(migrations)
        ? whatIsKnown(migrations, count, versions, memory)
        : { known: null, before: undefined }
  if (!known) return attempt({ before })
  const questions = new Questions()
  try {
    const result = await attempt({ beginning: { known, questions }, before })
    if (!questions.isAsked) return result
  } catch (error) {
    if (!questions.isAsked) throw error
  }
  return attempt({})
}

/** Where no file is reported on, it does not matter what they leave. */
function nothing(count: number): Beginning {
  return { count, standing: nothingDone, spelling: new Map(), boundaries: new Set() }
}

function whatIsKnown(
  migrations: readonly MigrationInput[],
  count: number,
  versions: Versions,
  memory: Memory,
): { readonly known: Beginning | null; readonly before: HistoryOptions['before'] } {
  const about = aboutAll(migrations, versions)
  const earlier = migrations.slice(0, count)
  const known = recalled(memory, about, earlier)
  const fresh = earlier.slice(known?.count ?? 0)
  const bytes = fresh.reduce((sum, { content }) => sum + content.length, 0)
  if (fresh.length === 0 || !memory.isWorthwhile(fresh.length, bytes)) return { known, before: undefined }
  return { known, before: { file: count, tell: left => memory.keep(about, factsOf(earlier), left) } }
}

/** The longest beginning of these files that the memory knows; null: none. */
function recalled(memory: Memory, about: string, files: readonly MigrationInput[]): Beginning | null {
  const found = memory.recall(about, factsOf(files))
  if (!found) return null
  const { catalog, others, spelling, boundaries } = found.state as Left
  return { count: found.count, standing: { ...others, catalog: restoredCatalog(catalog) }, spelling, boundaries }
}

/**
 * True if each of these files always has the same effect on the model. A program may load others, and remembers what it saw. What a file shows of
 * the schema depends on all migrations.
 */
function canBeRemembered(files: readonly MigrationInput[]): boolean {
  return files.every(file => {
    if (file.kind === 'schema' || (file.kind === 'code' && file.reader !== undefined)) return false
    return Object.entries(file).every(([name, value]) => typeof value !== 'function' || ofText.has(name))
  })
}

/** The facts that decide what the model makes of all files: `gapBeside` looks at files that run between migrations. */
function aboutAll(
  migrations: readonly MigrationInput[],
  { version, otherVersions = [], isNewer = false }: Versions,
): string {
  const between = migrations.flatMap(file =>
    file.kind === 'aside' && file.runsBetween ? [[file.path, read(file)]] : [],
  )
  return JSON.stringify([version, otherVersions, isNewer, between])
}

function textOf(file: MigrationInput): string {
  return read(file).text
}

/** The text, and what of the bytes it does not show. */
function read({ path, content }: MigrationInput): { readonly text: string; readonly problems: readonly Problem[] } {
  if (typeof content === 'string') return { text: content, problems: [] }
  const { source, problems } = decode(path, content)
  return { text: source.text, problems }
}

/** The functions of a file. Their results for its text are among its facts. */
const ofText: ReadonlySet<string> = new Set(['parts', 'leftOut', 'remarks'])

/** Fields that the model does not see, and the content, which is apart from the facts. */
const unimportant: ReadonlySet<string> = new Set(['content', 'runner', 'changes', 'discrepancies'])

function* factsOf(files: readonly MigrationInput[]): Generator<FileFacts> {
  for (const file of files) {
    const { kind, path, content } = file
    if (!isMigration(file)) {
      yield { content: null, facts: JSON.stringify([kind, path]) }
      continue
    }
    const own = Object.entries(file).filter(([name]) => !unimportant.has(name))
    const text = own.some(([, value]) => typeof value === 'function') ? textOf(file) : ''
    const facts = own.map(([name, value]) => [name, typeof value === 'function' ? value(text) : value])
    yield { content, facts: JSON.stringify([typeof content, facts]) }
  }
}
