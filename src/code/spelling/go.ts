/** Values as a program in Go writes them, for advice. */

/** Between backquotes, in which nothing means anything else; with escapes where the text has backquotes itself. */
export function quotedText(text: string): string {
  if (!/[`\r]/.test(text)) return `\`${text}\``
  const escaped = text.replace(/[\\"]/g, found => `\\${found}`)
  return `"${escaped.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`
}
