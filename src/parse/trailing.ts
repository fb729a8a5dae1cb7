/** The text without this ending, however often it is repeated. */
export function withoutTrailing(text: string, ending: string): string {
  let end = text.length
  while (ending !== '' && text.endsWith(ending, end)) end -= ending.length
  return text.slice(0, end)
}
