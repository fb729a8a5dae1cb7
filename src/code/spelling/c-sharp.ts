/** Values as a program in C# writes them, for advice. */

/** `"a"`, and `@"…"` where there are quotes, backslashes or lines in it. */
export function quotedText(text: string): string {
  return /["\\\n\r]/.test(text) ? `@"${text.replaceAll('"', '""')}"` : `"${text}"`
}

/** `new[] { "a", "b" }` */
export function textList(texts: readonly string[]): string {
  return `new[] { ${texts.map(quotedText).join(', ')} }`
}
