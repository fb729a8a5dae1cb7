/** The text with what stands between `<!-- name:start -->` and `<!-- name:end -->` replaced. Throws when that is nowhere. */
export function betweenMarkers(text: string, name: string, content: string): string {
  const place = new RegExp(`(<!-- ${name}:start -->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`)
  if (!place.test(text)) throw new Error(`there is no place for "${name}"`)
  return text.replace(place, (_, start: string, end: string) => start + content + end)
}
