import { TooMuch } from './limit.ts'
import type { Value } from './value.ts'

/** More nested values, and more values for a tool, than any migration contains that a person wrote. */
const deepest = 100
const mostAtOnce = 500_000
const mostInAll = 10_000_000

/**
 * Limits the values that readers of tools get, because the readers walk through them without counting. A list may be in another list many
 * times, and so may the lists in it; it counts as often as a reader would walk through it.
 */
export class Weights {
  #inAll = 0

  /** Throws TooMuch when the values are too large, or contain `holder`, the list or object that they are put into. */
  weigh(values: Iterable<Value>, holder?: Value): void {
    let atOnce = 0
    const waiting: (readonly [Iterable<Value>, number])[] = [[values, 1]]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [inside, depth] = next
      for (const value of inside) {
        if (value.kind !== 'list' && value.kind !== 'record') continue
        if (value === holder) throw new TooMuch('a list in it contains itself')
        if (depth > deepest) throw new TooMuch('its values are nested too deeply')
        const size = value.kind === 'list' ? value.items.length : value.entries.size
        atOnce += size
        this.#inAll += size
        if (atOnce > mostAtOnce || this.#inAll > mostInAll) throw new TooMuch('its values are too large')
        if (size > 0) waiting.push([value.kind === 'list' ? value.items : value.entries.values(), depth + 1])
      }
    }
  }
}
