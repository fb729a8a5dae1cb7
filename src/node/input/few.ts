/** How many notices of one origin are shown. A stranger can cause any number: of includes that lead nowhere, for example. */
const most = 50

/** More than the longest path of a file system, but a notice can name thousands of them. */
const longest = 5000

/** The first notices of one origin, none of them endless, and the number of the others. */
export function few(notices: readonly string[]): string[] {
  const rest = notices.length - most
  const shown = (rest > 1 ? notices.slice(0, most) : notices).map(notice =>
    notice.length > longest ? `${notice.slice(0, longest)}…` : notice,
  )
  return rest > 1 ? [...shown, `There are ${rest} more notices like the last one.`] : shown
}

/** How many names of one sentence are shown. */
const mostNames = 20

/** Names in quotes for a sentence, and the number of those that are too many for it. */
export function quotedFew(names: readonly string[]): string {
  const rest = names.length - mostNames
  const shown = (rest > 1 ? names.slice(0, mostNames) : names).map(name => `"${name}"`)
  return [...shown, ...(rest > 1 ? [`and ${rest} more`] : [])].join(', ')
}
