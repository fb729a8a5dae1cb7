import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

/** As GitHub renders it, but with all HTML left in. */
export function rendered(text: string): string {
  return micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
}

const ours =
  /^(?:\/?(?:h3|p|hr \/|strong|em|ul|li|table|thead|tbody|tr|th|td|a|code|wbr|pre|details|summary)|details open)$/

/** What a browser would make of it: tags, addresses, and the text without the spaces that have no width. */
export function looked(html: string) {
  const tags = [...html.matchAll(/<([^>]*)>/g)].map(([, tag = '']) => tag)
  // From a row of the table to the details of its finding.
  const isAnchor = (tag: string) => /^a (?:id="|href="#)migrate-lint-[0-9a-f]{16}"$/.test(tag)
  const links = tags.flatMap(tag => (isAnchor(tag) ? [] : (/^a href="([^"]*)"$/.exec(tag)?.[1] ?? [])))
  const odd = tags.filter(
    tag => !ours.test(tag) && !isAnchor(tag) && !/^a href="[^"]*"$|^code class="language-[a-z]+"$/.test(tag),
  )
  return { links, odd, text: decoded(html.replace(/<[^>]*>/g, '')).replaceAll('\u200b', '') }
}

export function decoded(html: string): string {
  return html
    .replace(/&(lt|gt|quot|nbsp);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', nbsp: ' ' })[name] ?? '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&')
}
