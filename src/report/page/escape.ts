import { lookUp } from '../../parse/look-up.ts'
import { visible } from '../visible.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** One line of anybody's text, for the content of an element or the value of an attribute. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, character => lookUp(entities, character) ?? character)
}

/** Prose, in which text between backticks is code. */
export function prose(text: string): string {
  const parts = text.trim().split(/(`[^`]+`)/)
  return parts.map((part, i) => (i % 2 === 1 ? code(part.slice(1, -1)) : escaped(part))).join('')
}

export function code(text: string): string {
  return `<code>${escaped(text)}</code>`
}
