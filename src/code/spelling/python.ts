/** Values as a program in Python writes them, for advice. */

/** `"a"`, `'say "a"'`, and lines between three quotes. */
export function quotedText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\r', '\\r')
  if (text.includes('\n')) return `"""${escaped.replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"')}"""`
  if (text.includes('"') && !text.includes("'")) return `'${escaped}'`
  return `"${escaped.replaceAll('"', '\\"')}"`
}

/** `["a", "b"]` */
export function textList(texts: readonly string[]): string {
  return `[${texts.map(quotedText).join(', ')}]`
}

/** `name="x", unique=True`, without what is null or false; False itself is given as a text. */
export function keywords(entries: Readonly<Record<string, string | boolean | null>>): string {
  const given = Object.entries(entries).filter(([, value]) => value !== null && value !== false)
  return given.map(([name, value]) => `${name}=${value === true ? 'True' : value}`).join(', ')
}
