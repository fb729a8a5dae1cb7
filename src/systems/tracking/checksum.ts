/** The text with its byte order mark; null when it is not UTF-8. */
export function textIn(content: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(content)
  } catch {
    return null
  }
}

/** CRC-32 of ISO 3309 in the form of java.util.zip, as a signed integer. */
export function crc32(content: Uint8Array): number {
  let sum = -1
  for (const byte of content) sum = (table[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8)
  return ~sum
}

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

const WORD = 2n ** 64n - 1n

/** SipHash-1-3 with the key 0 (Aumasson and Bernstein; the crate siphasher), as an unsigned integer of 64 bits. */
export function sipHash13(content: Uint8Array): bigint {
  const v = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n] as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  const absorb = (word: bigint) => {
    v[3] ^= word
    round(v)
    v[0] ^= word
  }
  const whole = content.length - (content.length % 8)
  for (let at = 0; at < whole; at += 8) absorb(littleEndian(content.subarray(at, at + 8)))
  absorb((BigInt(content.length & 0xff) << 56n) | littleEndian(content.subarray(whole)))
  v[2] ^= 0xffn
  for (let i = 0; i < 3; i++) round(v)
  return v[0] ^ v[1] ^ v[2] ^ v[3]
}

function round(v: [bigint, bigint, bigint, bigint]): void {
  const add = (a: 0 | 2, b: 1 | 3, shift: bigint, turn: boolean) => {
    v[a] = (v[a] + v[b]) & WORD
    v[b] = rotated(v[b], shift) ^ v[a]
    if (turn) v[a] = rotated(v[a], 32n)
  }
  add(0, 1, 13n, true)
  add(2, 3, 16n, false)
  add(0, 3, 21n, false)
  add(2, 1, 17n, true)
}

function rotated(word: bigint, by: bigint): bigint {
  return ((word << by) | (word >> (64n - by))) & WORD
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n)
}
