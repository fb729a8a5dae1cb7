import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import type { Bounds } from './bounds.ts'

/** The most bytes that a file may have. Far more than any migration, and little enough that no file ends the process. */
export const sizeLimit = 64 * 1024 * 1024

export const tooLarge = 'it is larger than 64 MiB, the most that is read at once'

/**
 * The bytes of a file that may be read. Pipes, sockets, devices and what the system makes up (`/proc`) are never read, nor anything
 * larger than the limit. Throws an Error whose message, or code, is the reason.
 */
export function readWithin(bounds: Bounds, path: string): Uint8Array {
  return readRegular(bounds.real(path))
}

/** The same for a path, absolute, that a person has typed. */
export function readTyped(bounds: Bounds, path: string): Uint8Array {
  return isDescriptor(path) ? readDescriptor(path) : readWithin(bounds, path)
}

/** The same for a path without links. */
export function readRegular(path: string): Uint8Array {
  const before = lstatSync(path)
  check(before)
  // Were it exchanged for a link or a pipe by now, opening it would lead elsewhere, or wait for ever.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = fstatSync(descriptor)
    check(stats)
    if (stats.ino !== before.ino || stats.dev !== before.dev) throw new Error('it was replaced while it was read')
    const bytes = new Uint8Array(stats.size)
    const length = fill(bytes, descriptor)
    // What the system makes up says that it is empty, and is not.
    if (stats.size === 0 && fill(new Uint8Array(1), descriptor) > 0) throw new Error('it is no file on a disk')
    return bytes.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}

/** True for what a shell opens for the program: `<(…)`, and standard input and output by their paths. Only a person can name those. */
export function isDescriptor(path: string): boolean {
  return /^\/(?:dev\/(?:stdin|stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/.test(path)
}

/** All that comes from there. Throws an Error when that is more than the limit. */
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

function whatIs(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a pipe'
  if (stats.isSocket()) return 'a socket'
  return stats.isSymbolicLink() ? 'a link' : 'a device'
}
