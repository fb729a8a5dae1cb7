import { loadGrammar } from '../../../src/code/grammar.ts'
import { grammarOf } from '../../../src/code/language.ts'
import { readCode } from '../../../src/code/read.ts'
import type { Direction, MigrationReader } from '../../../src/code/reader.ts'

/** What a migration in code sends, as a test writes it down. */
export interface SentByCode {
  /** Each message, and the text of the call that it comes from. */
  readonly sql: readonly string[]
  /** The unread places: their texts, and the reasons. */
  readonly unread: readonly string[]
  /** Places that decide in an unknown way whether the rest runs. */
  readonly doubts: readonly string[]
}

/** Reads a migration with the reader of its tool. Throws if it could not be read at all. */
export async function sent(
  reader: MigrationReader,
  text: string,
  direction: Direction = 'up',
  path = '1.ts',
): Promise<SentByCode> {
  return (await sentBothWays(reader, text, path))[direction]()
}

/** What a migration sends up and down, of one reading: a reader that remembers what earlier migrations made sees it once. */
export async function sentBothWays(
  reader: MigrationReader,
  text: string,
  path: string,
): Promise<Readonly<Record<Direction, () => SentByCode>>> {
  const grammar = grammarOf(path)
  if (grammar) await loadGrammar(grammar)
  const read = readCode(path, text, reader, () => {})
  if ('unread' in read) throw new Error(read.unread)
  const place = (at: readonly [number, number]) => text.slice(at[0], at[1])
  const of = (direction: Direction): SentByCode => {
    const parts = read[direction]
    return {
      sql: parts.flatMap(({ opaque, span }) => (opaque === undefined ? [read.text.slice(span[0], span[1])] : [])),
      unread: parts.flatMap(({ opaque, call }) => (opaque === undefined ? [] : [`${place(call)}: ${opaque}`])),
      doubts: read.doubts[direction].map(({ at, why }) => `${place(at)}: ${why}`),
    }
  }
  return { up: () => of('up'), down: () => of('down') }
}
