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

/** Lines as a block of YAML, indented by as many spaces. */
export function yamlBlock(text: string, indent: number): string {
  const lines = text.split('\n').map(line => (line === '' ? '' : ' '.repeat(indent) + line))
  return `|-\n${lines.join('\n')}`
}
