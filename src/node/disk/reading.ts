import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import type { Bounds } from './bounds.ts'

/** The most bytes that a file may have. No migration comes near it, and no file of this size exhausts the memory. */
export const sizeLimit = 64 * 1024 * 1024

export const tooLarge = 'it is larger than 64 MiB, the most that is read at once'

/**
 * The bytes of a file that may be read. Pipes, sockets, devices and files that the system invents (`/proc`) are never
 * read, and nothing larger than the limit. Throws an Error whose message, or code, is the reason.
 */
export function readWithin(bounds: Bounds, path: string): Uint8Array {
  return readRegular(bounds.real(path))
}

/** The same for an absolute path that a person has typed. */
export function readTyped(bounds: Bounds, path: string): Uint8Array {
  return isDescriptor(path) ? readDescriptor(path) : readWithin(bounds, path)
}

/** The same for a path without links. `before`: its status, if the caller has it already. */
export function readRegular(path: string, before: Stats = lstatSync(path)): Uint8Array {
  check(before)
  // If it were replaced by a link or a pipe in the meantime, opening it would lead elsewhere, or wait forever.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = fstatSync(descriptor)
    check(stats)
    if (stats.ino !== before.ino || stats.dev !== before.dev) throw new Error('it was replaced while it was read')
    const bytes = new Uint8Array(stats.size)
    const length = fill(bytes, descriptor)
    // Files that the system invents claim to be empty, but are not.
    if (stats.size === 0 && fill(new Uint8Array(1), descriptor) > 0) throw new Error('it is not a file on a disk')
    return bytes.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * True for files that a shell opens for the program: `<(…)`, and standard input and output by their paths. Only a
 * person can name those.
 */
export function isDescriptor(path: string): boolean {
  return /^\/(?:dev\/(?:stdin|stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/.test(path)
}

/** Everything that can be read there. Throws an Error if that is more than the limit. */
export function readDescriptor(path: string): Uint8Array {
  const descriptor = openSync(path, constants.O_RDONLY)
  try {
    const parts: Uint8Array[] = []
    for (let size = 0; ; ) {
      const part = new Uint8Array(65_536)
      const length = readSync(descriptor, part)
      if (length === 0) return Buffer.concat(parts)
      parts.push(part.subarray(0, length))
      size += length
      if (size > sizeLimit) throw new Error(tooLarge)
    }
  } finally {
    closeSync(descriptor)
  }
}

function fill(bytes: Uint8Array, descriptor: number): number {
  let length = 0
  while (length < bytes.length) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, null)
    if (read === 0) break
    length += read
  }
  return length
}

function check(stats: Stats): void {
  if (stats.isFile()) {
    if (stats.size > sizeLimit) throw new Error(tooLarge)
    return
  }
  throw new Error(`it is ${whatIs(stats)}`)
}

/** What something is that is not a file, for people: `a pipe`. */
export function whatIs(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a pipe'
  if (stats.isSocket()) return 'a socket'
  return stats.isSymbolicLink() ? 'a link' : 'a device'
}
