import type { Beside } from '../../code/beside.ts'
import type { Grammar } from '../../code/language.ts'
import type { MigrationReader, ReaderToLoad } from '../../code/reader.ts'
import type { Written } from '../../code/written.ts'
import { decode } from '../../parse/source.ts'
import type { Span } from '../../parse/span.ts'
import { besideIn } from '../reading/beside.ts'
import { isLoaded } from '../reading/grammars.ts'
import { onDemand } from '../reading/on-demand.ts'
import type { Tree } from '../reading/tree.ts'
import type { Migration } from '../system.ts'

/** A part of a program that matters, and its place. */
export interface Word {
  readonly text: string
  readonly at: Span
}

/** A migration in code, as far as it is known what it does. */
export interface ReadProgram {
  /** Null: it is not read at all. */
  readonly sent: Written | null
  /** All of it but comments, white space and where its lines end; null: there is no grammar that reads it. */
  readonly words: () => readonly Word[] | null
}

type File = Pick<Migration, 'path' | 'content' | 'reader'>

/**
 * All migrations of a file's project in their order, where it depends on the earlier ones what the file sends, and the tree that has the files
 * of SQL that it loads.
 */
export interface Around {
  readonly all: readonly File[]
  readonly tree: Tree | null
}

const library = onDemand(async () => {
  const [{ readCode }, grammar, { grammarOf }] = await Promise.all([
    import('../../code/read.ts'),
    import('../../code/grammar.ts'),
    import('../../code/language.ts'),
  ])
  return { readCode, grammarOf, ...grammar }
})
type Library = NonNullable<ReturnType<typeof library>>

/** Milliseconds after which a program counts as one that is not read. */
const longest = 10_000

/**
 * What a program sends. It is read again each time, and must be asked within `withParsers`, which loads what it needs. Null: nothing of it is
 * known. Where earlier migrations matter, ask for the programs of a project in its order: then each of them is read once.
 */
export function readProgram(file: File, { all, tree }: Around): ReadProgram | null {
  const code = library()
  const grammar = code?.grammarOf(file.path) ?? null
  // The reading is done again when the library is there.
  if (!code || grammar === null || !isLoaded(code, grammar)) return null
  const { text } = decode(file.path, file.content).source
  const words = () => guarded(check => wordsOf(code, grammar, text, check))
  const reader = file.reader?.now()
  if (!reader || 'read' in reader) return { sent: null, words }
  const beside = tree && besideIn(tree, file.path)
  const made = 'ofHistory' in reader ? reader.ofHistory?.() : undefined
  const place = all.indexOf(file)
  const memory =
    made && file.reader && place >= 0
      ? memoryOf(code, all, place, file.reader, made)
      : { reader: made ?? reader, seen: 0, hasFailed: false }
  const sent = read(code, memory, file.path, text, beside)
  memory.seen++
  return { sent, words }
}

/** True for a reader whose calls depend on earlier migrations. */
export function dependsOnHistory(reader: ReaderToLoad | undefined): boolean {
  const loaded = reader?.now()
  return loaded !== null && loaded !== undefined && 'ofHistory' in loaded
}

/** A reader that remembers migrations, and how many of a project's it has seen. Once it fails on one, what it remembers is unknown. */
interface Memory {
  readonly reader: MigrationReader
  seen: number
  hasFailed: boolean
}

const memories = new WeakMap<readonly File[], Map<ReaderToLoad, Memory>>()

/** What has seen all migrations before a place, or failed on one of them. It goes on from where it was, so that each of them is read once. */
function memoryOf(
  code: Library,
  all: readonly File[],
  place: number,
  asked: ReaderToLoad,
  made: MigrationReader,
): Memory {
  const ofProject = memories.get(all) ?? new Map<ReaderToLoad, Memory>()
  memories.set(all, ofProject)
  const known = ofProject.get(asked)
  const memory = known && known.seen <= place ? known : { reader: made, seen: 0, hasFailed: false }
  ofProject.set(asked, memory)
  for (; memory.seen < place && !memory.hasFailed; memory.seen++) {
    const { path, content, reader } = all[memory.seen] as File
    if (reader === asked && code.grammarOf(path) !== null)
      read(code, memory, path, decode(path, content).source.text, null)
  }
  return memory
}

/** Null where the reader, which remembers the program from now on, fails on it or on one before it. */
function read(code: Library, memory: Memory, path: string, text: string, beside: Beside | null): Written | null {
  if (memory.hasFailed) return null
  const found = guarded(check => code.readCode(path, text, memory.reader, check, beside))
  memory.hasFailed = found === null
  return found && !('unread' in found) ? found : null
}

/** What `work` returns; null where it takes too long or fails, because then nothing is known. */
function guarded<T>(work: (check: () => void) => T): T | null {
  const end = Date.now() + longest
  try {
    return work(() => {
      if (Date.now() > end) throw new Error('It takes too long.')
    })
  } catch {
    return null
  }
}

/** Texts have white space that matters. */
const verbatim = /string|template|heredoc|nowdoc|char|regex|sigil|quoted|interpolat|text|raw/

/** Words and what holds them together: in some languages white space alone says what belongs to what. */
function wordsOf({ programOf }: Library, grammar: Grammar, text: string, check: () => void): readonly Word[] | null {
  const program = programOf(grammar, text, check)
  if (!program || program.broken.length > 0) return null
  const words: Word[] = []
  const waiting: (typeof program.root | Span)[] = [program.root]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (!('kind' in next)) {
      words.push({ text: '', at: next })
      continue
    }
    const { kind, span, children } = next
    if (kind.endsWith('comment')) continue
    if (children.length === 0 || verbatim.test(kind)) {
      const own = text.slice(span[0], span[1]).replace(/\r\n?/g, '\n')
      if (own.trim() !== '') words.push({ text: own, at: span })
      continue
    }
    words.push({ text: `(${kind}`, at: span })
    waiting.push([span[1], span[1]])
    for (const child of [...children].reverse()) waiting.push(child)
  }
  return words
}
