import { isPlain, type SavedCatalog, savedCatalog } from '../../postgres/catalog/saved.ts'
import type { Step } from '../../postgres/step.ts'
import type { Standing } from '../../postgres/timeline.ts'

/** What the first files of a history have left. */
export interface Beginning {
  /** The number of these files. */
  readonly count: number
  readonly standing: Standing
  /** The spellings of placeholders: see `spellings`. */
  readonly spelling: ReadonlyMap<string, string>
  /** See `History.boundaries`. */
  readonly boundaries: ReadonlySet<number>
}

/** The same as plain data, which later files no longer change. */
export interface Left {
  readonly catalog: SavedCatalog
  readonly others: Omit<Standing, 'catalog'>
  readonly spelling: ReadonlyMap<string, string>
  readonly boundaries: ReadonlySet<number>
}

/** What files leave. Null if the next file may run in their transaction (`standing` is null then), or if something in it cannot be saved. */
export function leftBy(
  standing: Standing | null,
  spelling: ReadonlyMap<string, string>,
  boundaries: ReadonlySet<number>,
): Left | null {
  if (!standing) return null
  const { catalog, ...others } = standing
  const saved = savedCatalog(catalog)
  return saved && isPlain(others) ? { catalog: saved, others, spelling, boundaries: new Set(boundaries) } : null
}

/** Thrown when code asks for more of the beginning of a history than what it has left. */
class Forgotten extends Error {
  override name = 'Forgotten'
}

/** Whether anybody has asked for what was not remembered. */
export class Questions {
  #isAsked = false

  get isAsked(): boolean {
    return this.#isAsked
  }

  /** Ends the work of the code that asks, by throwing. */
  readonly ask = (): never => {
    this.#isAsked = true
    throw new Forgotten('an earlier run has read this file')
  }

  /** The list of all steps, of which the first ones are missing. */
  guarded(steps: readonly Step[], missing: number): readonly Step[] {
    const { ask } = this
    return new Proxy(steps, {
      get(target, key, receiver) {
        if (typeof key === 'string' && /^\d+$/.test(key) && Number(key) < missing) ask()
        return Reflect.get(target, key, receiver)
      },
      has(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key) && Number(key) < missing) ask()
        return Reflect.has(target, key)
      },
      ownKeys: () => ask(),
    })
  }
}
