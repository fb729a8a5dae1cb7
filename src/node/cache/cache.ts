import { createHash, type Hash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { FileFacts, Memory } from '../../lint/history/memory.ts'
import { greatest } from '../../parse/list.ts'
import { readRegular } from '../disk/reading.ts'
import { remove, touch, writePrivate } from '../disk/writing.ts'
import { isPrivate } from './place.ts'

/** How much is kept: the files that were used last. */
const mostFiles = 40
const mostBytes = 256 * 1024 * 1024

/** Nothing larger is kept, in bytes: reading it would take longer than finding it out again. */
const largest = 32 * 1024 * 1024

const day = 24 * 60 * 60 * 1000

/** Length of the sum at the beginning of a file, in bytes. */
const sumLength = 32

/** `4999-` (the number of migrations) and a hash of everything that the content depends on: the name is the only key. */
const named = /^(\d{1,9})-[0-9a-f]{64}$/
const draft = /^\.migrate-lint-.*\.tmp$/

/**
 * A memory in files, one for each beginning of a history. The name of a file is the hash of everything that its content depends on, so that
 * runs of other programs, settings and histories never share one. A file appears as a whole. One that is damaged, or cannot be read or written,
 * counts as missing.
 */
export class Cache implements Memory {
  readonly #folder: string
  readonly #program: string

  /** `program`: a name that no other version or build of the program has. */
  constructor(folder: string, program: string) {
    this.#folder = folder
    this.#program = program
  }

  isWorthwhile(files: number, bytes: number): boolean {
    return files >= 50 || bytes >= 50_000
  }

  recall(about: string, files: Iterable<FileFacts>): { readonly count: number; readonly state: unknown } | null {
    try {
      if (!isPrivate(this.#folder)) return null
      const there = new Set(readdirSync(this.#folder))
      const counts = new Set([...there].flatMap(name => Number(named.exec(name)?.[1] ?? [])))
      const most = greatest([...counts], 0)
      const found: { readonly count: number; readonly name: string }[] = []
      const hash = this.#start(about)
      let count = 0
      for (const file of files) {
        if (count === most) break
        add(hash, file)
        count++
        if (!counts.has(count)) continue
        const name = nameOf(count, hash.copy())
        if (there.has(name)) found.push({ count, name })
      }
      for (const { count, name } of found.reverse()) {
        const read = this.#read(name)
        if (read) return { count, state: read.state }
      }
    } catch {
      // Nothing is known then.
    }
    return null
  }

  keep(about: string, files: Iterable<FileFacts>, state: unknown): void {
    try {
      const hash = this.#start(about)
      let count = 0
      for (const file of files) {
        add(hash, file)
        count++
      }
      const content = serialize(state)
      if (content.length > largest) return
      const whole = Buffer.concat([sumOf(content), content])
      writePrivate(this.#folder, nameOf(count, hash), whole, isPrivate)
      this.#limit()
    } catch {
      // The next run finds it out again.
    }
  }

  /** Null for a file that is damaged, or that another run has removed in the meantime. */
  #read(name: string): { readonly state: unknown } | null {
    try {
      const path = join(this.#folder, name)
      const whole = readRegular(path)
      const content = Buffer.from(whole.buffer, whole.byteOffset + sumLength, whole.length - sumLength)
      if (!sumOf(content).equals(whole.subarray(0, sumLength))) return null
      const state: unknown = deserialize(content)
      if (Date.now() - statSync(path).mtimeMs > day) touch(path)
      return { state }
    } catch {
      return null
    }
  }

  /** Removes the files that were used least recently, and drafts that interrupted runs have left. */
  #limit(): void {
    const files = readdirSync(this.#folder)
      .flatMap(name => {
        const path = join(this.#folder, name)
        const stats = statSync(path, { throwIfNoEntry: false })
        const isDraft = draft.test(name)
        return stats?.isFile() && (isDraft || named.test(name))
          ? [{ path, isDraft, size: stats.size, used: stats.mtimeMs }]
          : []
      })
      .sort((a, b) => b.used - a.used)
    let [count, bytes] = [0, 0]
    for (const { path, isDraft, size, used } of files) {
      if (isDraft && Date.now() - used < day) continue
      if (isDraft) {
        remove(path)
        continue
      }
      count++
      bytes += size
      if (count > mostFiles || bytes > mostBytes) remove(path)
    }
  }

  #start(about: string): Hash {
    const hash = createHash('sha256')
    addText(hash, this.#program)
    addText(hash, about)
    return hash
  }
}

function nameOf(count: number, hash: Hash): string {
  return `${count}-${hash.digest('hex')}`
}

function sumOf(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest()
}

/** Each text with its length before it, so that no two lists of texts are the same bytes. */
function addText(hash: Hash, text: string): void {
  hash.update(`${Buffer.byteLength(text)}:`).update(text)
}

function add(hash: Hash, { content, facts }: FileFacts): void {
  const bytes = content === null ? -1 : typeof content === 'string' ? Buffer.byteLength(content) : content.length
  hash.update(`${bytes}:${Buffer.byteLength(facts)}:${facts}`)
  if (content !== null) hash.update(content)
}
