/**
 * Parsers, and modules that read settings, that are loaded when a file needs them. Systems read a tree synchronously. So a reading that
 * needs such a module asks for it, gets null as long as it is not loaded, and runs again as soon as it is.
 */

let isReading = false
const wanted = new Set<() => Promise<void>>()

/**
 * A parser, loaded by the first reading that asks for it. The returned function gives null if the reading will run again, and throws an
 * Error outside of `withParsers`, because nobody would load the parser there.
 */
export function onDemand<T extends object>(load: () => Promise<T>): () => T | null {
  let loaded: T | null = null
  const fetch = async () => {
    loaded = await load()
  }
  return () => {
    if (loaded !== null) return loaded
    if (!isReading) throw new Error('A module is needed where none can be loaded.')
    wanted.add(fetch)
    return null
  }
}

/**
 * What `read` returns or throws once all parsers that it asks for are loaded. `read` may run several times, so its side effects must be the
 * same each time, and it must not keep results before its last run.
 */
export async function withParsers<T>(read: () => T): Promise<T> {
  for (;;) {
    const attempt = attempted(read)
    const missing = [...wanted]
    wanted.clear()
    if (missing.length === 0) return attempt()
    await Promise.all(missing.map(load => load()))
  }
}

/** Calls it, and returns a function that returns its answer or throws its error. */
function attempted<T>(read: () => T): () => T {
  isReading = true
  try {
    const answer = read()
    return () => answer
  } catch (error) {
    return () => {
      throw error
    }
  } finally {
    isReading = false
  }
}
