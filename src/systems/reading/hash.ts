import { md5 as md5Of, sha1 as sha1Of } from '@noble/hashes/legacy.js'
import { sha256 as sha256Of, sha384 as sha384Of } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** Digests in lower-case hexadecimal. */
type Digest = (content: Uint8Array) => string

export const md5: Digest = content => bytesToHex(md5Of(content))
export const sha1: Digest = content => bytesToHex(sha1Of(content))
export const sha256: Digest = content => bytesToHex(sha256Of(content))
export const sha384: Digest = content => bytesToHex(sha384Of(content))

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
