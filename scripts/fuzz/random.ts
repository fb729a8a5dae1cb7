import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Repeatable chance: the same seed draws the same numbers. */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed)
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return uniformInt(this.#generator, low, high)
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.between(1, 100) <= percent
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.between(0, list.length - 1)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  /** Between `low` and `high` things, each drawn by itself. */
  some<T>(low: number, high: number, draw: () => T): T[] {
    return Array.from({ length: this.between(low, high) }, draw)
  }

  /** A size that is mostly small and seldom large, because code that breaks at 3 also breaks at 3,000, but not the other way round. */
  size(small: number, large: number): number {
    return this.chance(98)
      ? this.between(1, small)
      : this.between(small, this.chance(90) ? Math.min(small * 8, large) : large)
  }
}

/** The chance of one input of a run. It depends only on the run's seed and the input's number. */
export function randomOf(seed: number, number: number): Random {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ number
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return new Random(mixed ^ (mixed >>> 16))
}
