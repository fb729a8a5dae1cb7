/** The text with a new part between `<!-- name:start -->` and `<!-- name:end -->`. Throws if it lacks these marks. */
export function betweenMarkers(text: string, name: string, content: string): string {
  const place = new RegExp(`(<!-- ${name}:start -->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`)
  if (!place.test(text)) throw new Error(`there is no place for "${name}"`)
  return text.replace(place, (_, start: string, end: string) => start + content + end)
}
