import { isUtf8 } from 'node:buffer'
import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'

/** Paths with `/` on every system. */
export function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

/** True for a result of `relative` that does not climb out. */
export function isInside(path: string): boolean {
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

/**
 * The real path behind symbolic links, also if the file itself is missing because it was deleted or exists only in a
 * commit.
 */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path))
  }
}

/**
 * A name as the system gives it. Bytes that are not UTF-8 become surrogates without a partner, as in Python (PEP 383),
 * so that two such names stay different. No file can be opened by such a name: see `isBadName`.
 */
export function decodedName(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString()
  return Array.from(bytes, byte => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('')
}

/** The reason why a file is not read if its name is not UTF-8, as a clause. */
export const badName = 'its name is not UTF-8'

export function isBadName(path: string): boolean {
  return /\p{Cs}/u.test(path)
}
