import type { Corpus } from '../corpus.ts'
import type { Random } from '../random.ts'
import { unicode, valid } from './sql.ts'

/** Bytes in another encoding than they claim, in none, or cut in the middle of a character. */
export function bytes(random: Random, corpus: Corpus): Uint8Array {
  const text = random.chance(50) ? valid(random, corpus) : unicode(random, corpus)
  const encoded = random.pick<() => Uint8Array>([
    () => Buffer.from(text, 'latin1'),
    () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    () => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]),
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]), Buffer.from(text)]),
    () => Buffer.from(text).map(byte => (random.chance(3) ? random.between(0, 255) : byte)),
    () => Uint8Array.from({ length: random.between(0, 300) }, () => random.between(0, 255)),
    () => Buffer.concat([Buffer.from(text), Buffer.from([0xf0, 0x9f, 0x98])]),
    () => Buffer.concat([Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(text)]),
    () => Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]),
    () => new Uint8Array(random.between(0, 200)),
  ])()
  // A plain array of bytes, so that two inputs never share the memory of Node's pool.
  return Uint8Array.from(random.chance(70) ? encoded : encoded.subarray(0, random.between(0, encoded.length)))
}
