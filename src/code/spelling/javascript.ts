/** Values as a program in JavaScript writes them, for advice. */

/** `'a'`, and `"it's"`. */
export function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\']/g, found => (found === '\\' || found === quote ? `\\${found}` : found))
  return quote + escaped.replaceAll('\r', '\\r').replaceAll('\n', '\\n') + quote
}

/** A template without places in it: lines stay lines. */
export function template(text: string): string {
  return `\`${text.replace(/\\|`|\$(?=\{)/g, found => `\\${found}`)}\``
}

/** `['a', 'b']` */
export function textList(texts: readonly string[]): string {
  return `[${texts.map(quotedText).join(', ')}]`
}

/** `{ name: 'x', unique: true }`, without what is null or false. */
export function options(entries: Readonly<Record<string, string | boolean | null>>): string {
  const given = Object.entries(entries).filter(([, value]) => value !== null && value !== false)
  return `{ ${given.map(([name, value]) => `${name}: ${value}`).join(', ')} }`
}
