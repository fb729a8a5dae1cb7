/** Longer than any type that people write there. In UTF-16 units. */
const longest = 2000

/**
 * The text of a program in which blanks replace the types of tagged templates: sql<number>`…`. The grammar would take these types for
 * comparisons, or for types of the expression before them. Everything else keeps its place.
 */
export function withoutTypesOfTemplates(text: string): string {
  const parts: string[] = []
  let start = 0
  for (let end = text.indexOf('>`'); end >= 0; end = text.indexOf('>`', end + 2)) {
    const open = opening(text, end, start)
    if (open === null) continue
    parts.push(text.slice(start, open), blank(text.slice(open, end + 1)))
    start = end + 1
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(start)
}

/** Where the types that end here begin, which is right after a name. Null: there are none. */
function opening(text: string, end: number, start: number): number | null {
  let depth = 0
  for (let i = end; i >= start && i > end - longest; i--) {
    const each = text.charAt(i)
    if (each === "'" || each === '"') {
      const first = text.lastIndexOf(each, i - 1)
      if (first < start || text.slice(first, i).includes('\n')) return null
      i = first
      continue
    }
    // `=>` of the type of a function.
    if (each === '>' && text.charAt(i - 1) === '=' && depth > 0) {
      i--
      continue
    }
    if (!ofTypes.test(each) || (/[&|]/.test(each) && text.charAt(i - 1) === each)) return null
    if (each === '>') depth++
    if (each === '<') depth--
    if (depth === 0) return i > 0 && /[\w$]/.test(text.charAt(i - 1)) ? i : null
  }
  return null
}

/** The characters that types are made of. Comparisons have others, or `&&` and `||`. */
const ofTypes = /[\w\s$.,:;?|&<>()[\]{}-]/

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ')
}
