/**
 * Parsers, and modules that read settings, that are loaded when a file needs them. Systems read a tree synchronously. So a reading that
 * needs such a module asks for it, gets null as long as it is not loaded, and runs again as soon as it is. Parts of it that asked for nothing
 * that was missing are `kept`, so that only the others run again.
 */

let isReading = false
const wanted = new Set<() => Promise<unknown>>()
/** How often something that is not loaded was asked for. */
let misses = 0
/** The answers of parts of the current reading, by what they are about; null: there is no reading. */
let answers: Answers | null = null

interface Answers {
  readonly below: WeakMap<object, Answers>
  readonly known: Map<string, unknown>
}

/** Something that is loaded when it is first needed. */
export interface OnDemand<T> {
  /** Null if the reading will run again. Throws an Error outside of `withParsers`, because nobody would load it there. */
  (): T | null
  readonly load: () => Promise<T>
}

/** A parser, or another module. Call this once for each, outside of functions: a reading that runs again must ask for the same. */
export function onDemand<T extends object>(load: () => Promise<T>): OnDemand<T> {
  let loaded: T | null = null
  const fetch = async () => {
    loaded ??= await load()
    return loaded
  }
  const ask = () => {
    if (loaded !== null) return loaded
    if (!isReading) throw new Error('A module is needed where none can be loaded.')
    wanted.add(fetch)
    misses++
    return null
  }
  return Object.assign(ask, { load: fetch })
}

/** More rounds than there are things to load: then a reading asks for something else each time. */
const mostRounds = 100

/**
 * What `read` returns or throws once all parsers that it asks for are loaded. `read` may run several times, so its side effects must be the
 * same each time, and it must not keep results before its last run.
 */
export async function withParsers<T>(read: () => T): Promise<T> {
  const own: Answers = { below: new WeakMap(), known: new Map() }
  for (let round = 1; ; round++) {
    const attempt = attempted(read, own)
    const missing = [...wanted]
    wanted.clear()
    if (missing.length === 0) return attempt()
    if (round > mostRounds) throw new Error('Each reading asks for other modules.')
    await Promise.all(missing.map(load => load()))
  }
}

/** Calls it, and returns a function that returns its answer or throws its error. */
function attempted<T>(read: () => T, own: Answers): () => T {
  isReading = true
  answers = own
  try {
    const answer = read()
    return () => answer
  } catch (error) {
    return () => {
      throw error
    }
  } finally {
    isReading = false
    answers = null
  }
}

/**
 * The answer of a part of a reading. If the reading runs again, the part does so only if it had to do without something. The objects `about`
 * and the key must name everything that the answer depends on, and nobody may change the answer.
 */
export function kept<T>(about: readonly object[], key: string, part: () => T): T {
  if (answers === null) return part()
  let place = answers
  for (const each of about) {
    const next = place.below.get(each) ?? { below: new WeakMap(), known: new Map() }
    place.below.set(each, next)
    place = next
  }
  if (place.known.has(key)) return place.known.get(key) as T
  const before = misses
  const answer = part()
  if (misses === before) place.known.set(key, answer)
  return answer
}
