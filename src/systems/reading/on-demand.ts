/**
 * Parsers that are loaded when a file needs them. What systems read of a tree they read without waiting, so a reading that needs
 * such a parser asks for it, is told that it is not there yet, and is done again as soon as it is.
 */

let isReading = false
const wanted = new Set<() => Promise<void>>()

/**
 * A parser, loaded by the first reading that asks for it. The function that this returns gives null where the reading will be done
 * again, and throws an Error outside of `withParsers`, as nobody would then load it.
 */
export function onDemand<T extends object>(load: () => Promise<T>): () => T | null {
  let loaded: T | null = null
  const fetch = async () => {
    loaded = await load()
  }
  return () => {
    if (loaded !== null) return loaded
    if (!isReading) throw new Error('A parser is asked for where none can be loaded.')
    wanted.add(fetch)
    return null
  }
}

/**
 * What `read` returns or throws once all parsers that it asks for are there. It may be called several times, so what it does besides
 * has to be the same each time. Until it is done, it must not keep what it found out.
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

/** Calls it, and gives back what returns its answer or throws its error. */
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
