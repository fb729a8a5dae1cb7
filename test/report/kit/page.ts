import { expect } from 'vitest'

const voids = new Set(['meta', 'input'])

/** The page's elements, each of which has to be closed, and the text between them. Style and script are left out. */
export function parsed(page: string): { tags: string[]; text: string } {
  const body = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
  const tags: string[] = []
  const open: string[] = []
  let text = ''
  let at = 0
  for (const { index, 0: tag, 1: end, 2: name = '', 3: closed } of body.matchAll(
    /<(\/?)([a-z][a-z0-9]*)(?: [a-z-]+(?:="[^"<>]*")?)*(\/?)>|<!doctype html>/gi,
  )) {
    text += body.slice(at, index)
    at = index + tag.length
    if (name === '') continue
    tags.push(tag)
    if (end) expect(name).toBe(open.pop())
    else if (!voids.has(name) && !closed) open.push(name)
  }
  expect(open).toEqual([])
  text += body.slice(at)
  // Whatever is not one of the tags above is text, and escaped.
  expect(text).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/)
  return { tags, text: decoded(text) }
}

export function decoded(text: string): string {
  const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => characters[name] ?? '')
}
