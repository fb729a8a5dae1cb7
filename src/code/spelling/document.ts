/** Texts as documents write them, for advice. */

/** The text of an element of XML: where it has marks of XML, in a part that means nothing but itself. */
export function xmlText(text: string): string {
  if (!/[<&]/.test(text)) return text
  return text.includes(']]>') ? xmlAttribute(text) : `<![CDATA[${text}]]>`
}

/** The value of an attribute between double quotes, without them. */
export function xmlAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Lines as a block of YAML, indented by as many spaces; quoted, where a block would end early or lose spaces. */
export function yamlBlock(text: string, indent: number): string {
  // YAML 1.1, which SnakeYAML reads, has more line ends than PostgreSQL.
  if (/[\r\u0085\u2028\u2029]|^\s/.test(text)) {
    return JSON.stringify(text).replace(
      /[\u0085\u2028\u2029]/g,
      end => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  }
  const lines = text.split('\n').map(line => (line === '' ? '' : ' '.repeat(indent) + line))
  return `|-\n${lines.join('\n')}`
}
