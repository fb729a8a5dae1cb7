/** Caches the results of the function for the last texts: every folder asks for the settings of the same folders above it. */
export function lately<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  let characters = 0
  return text => {
    const before = known.get(text)
    if (before !== undefined) return before
    const now = answer(text)
    if (known.size >= most || characters + text.length > mostCharacters) {
      known.clear()
      characters = 0
    }
    known.set(text, now)
    characters += text.length
    return now
  }
}

/** Enough for the settings of one project, but not for all texts of a program that keeps running. */
const most = 32

/** The result for a text may be many times as large as the text. */
const mostCharacters = 10_000_000
