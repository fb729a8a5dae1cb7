import { deserialize, serialize } from 'node:v8'
import type { FileFacts, Memory } from '../../../src/lint/history/memory.ts'

/** A memory that keeps everything, as bytes. */
export class WholeMemory implements Memory {
  readonly #kept = new Map<string, Uint8Array>()

  isWorthwhile(): boolean {
    return true
  }

  recall(about: string, files: Iterable<FileFacts>): { count: number; state: unknown } | null {
    const all = [...files]
    for (let count = all.length; count > 0; count--) {
      const content = this.#kept.get(keyOf(about, all.slice(0, count)))
      if (content) return { count, state: deserialize(content) }
    }
    return null
  }

  keep(about: string, files: Iterable<FileFacts>, state: unknown): void {
    this.#kept.set(keyOf(about, [...files]), serialize(state))
  }

  get size(): number {
    return this.#kept.size
  }
}

function keyOf(about: string, files: readonly FileFacts[]): string {
  const readable = files.map(({ content, facts }) => [content && Buffer.from(content as string).toString('hex'), facts])
  return JSON.stringify([about, readable])
}
