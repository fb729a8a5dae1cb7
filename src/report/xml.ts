import { lookUp } from '../parse/look-up.ts'
import { visible } from './visible.ts'

type Attributes = Readonly<Record<string, string | number>>

/** The first line of an XML document. */
export const declaration = '<?xml version="1.0" encoding="UTF-8"?>'

/** An element as lines, its children indented by two spaces. Values and text may be anything. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string[] {
  const tag = `${name}${attributeList(attributes)}`
  return children.length === 0 ? [`<${tag}/>`] : [`<${tag}>`, ...children.map(line => `  ${line}`), `</${name}>`]
}

/** An element with text of several lines, which must not be indented: each line of the text is one line. */
export function textElement(name: string, attributes: Attributes, lines: readonly string[]): string {
  const text = lines.map(escaped).join('\n')
  return `<${name}${attributeList(attributes)}>${text}</${name}>`
}

function attributeList(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no way to write control characters, and knows no U+FFFE and U+FFFF: they are shown by a symbol. */
function escaped(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, character => lookUp(entities, character) ?? character)
}
