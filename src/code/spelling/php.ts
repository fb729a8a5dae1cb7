/** Values as a program in PHP writes them, for advice. */

/** `'a'`: lines stay lines. */
export function quotedText(text: string): string {
  return `'${text.replace(/[\\']/g, found => `\\${found}`)}'`
}

/** Lines as a document that means nothing but itself: `<<<'SQL'`. */
export function argument(text: string): string {
  const lines = text.split(/\r\n|\r|\n/)
  if (lines.length === 1 || lines.some(line => /^\s*SQL\b/.test(line))) return quotedText(text)
  return `<<<'SQL'\n${text}\nSQL`
}

/** `['a', 'b']` */
export function textList(texts: readonly string[]): string {
  return `[${texts.map(quotedText).join(', ')}]`
}
