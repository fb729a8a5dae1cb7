/** Values as a program in Java writes them, for advice. */

/** `"a"`, with a part for each line: text blocks came with Java 15. */
export function quotedText(text: string): string {
  return text
    .split(/(?<=\n)/)
    .map(
      line =>
        `"${line
          .replace(/[\\"]/g, found => `\\${found}`)
          .replaceAll('\r', '\\r')
          .replaceAll('\n', '\\n')}"`,
    )
    .join('\n    + ')
}
