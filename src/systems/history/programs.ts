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

/** The migrations before a file, where it depends on these what it sends, and the tree that has the files of SQL that it loads. */
export interface Around {
  readonly earlier: readonly File[]
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
 * known.
 */
export function readProgram(file: File, { earlier, tree }: Around): ReadProgram | null {
  const code = library()
  const grammar = code?.grammarOf(file.path) ?? null
  // The reading is done again when the library is there.
  if (!code || grammar === null || !isLoaded(code, grammar)) return null
  const { text } = decode(file.path, file.content).source
  const words = () => guarded(check => wordsOf(code, grammar, text, check))
  const reader = file.reader?.now()
  if (!reader || 'read' in reader) return { sent: null, words }
  const sent = guarded(check => {
    const own = rememberingReader(code, file, reader, earlier, check)
    const read = code.readCode(file.path, text, own, check, tree && besideIn(tree, file.path))
    return 'unread' in read ? null : read
  })
  return { sent, words }
}

/** True for a reader whose calls depend on earlier migrations. */
export function dependsOnHistory(reader: ReaderToLoad | undefined): boolean {
  const loaded = reader?.now()
  return loaded !== null && loaded !== undefined && 'ofHistory' in loaded
}

/** A reader that has seen the earlier migrations, where it remembers them. */
function rememberingReader(
  { readCode, grammarOf }: Library,
  file: File,
  reader: MigrationReader,
  earlier: readonly File[],
  check: () => void,
): MigrationReader {
  const own = 'ofHistory' in reader ? reader.ofHistory?.() : undefined
  if (!own) return reader
  for (const { path, content, reader: other } of earlier)
    if (other === file.reader && grammarOf(path) !== null) readCode(path, decode(path, content).source.text, own, check)
  return own
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
