/** The text without any repetition of this ending. */
export function withoutTrailing(text: string, ending: string): string {
  let end = text.length
  while (ending !== '' && text.endsWith(ending, end)) end -= ending.length
  return text.slice(0, end)
}
