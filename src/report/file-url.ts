import { withoutTrailing } from '../parse/trailing.ts'
import type { Range } from './position.ts'
import { relative } from './relative.ts'

/** Where lines of a file can be read: `https://server/owner/repo/blob/sha/` and the path. Null outside of the repository. */
export function fileUrl(base: string, path: string, { start, end }: Range): string | null {
  const inside = relative(path)
  if (/^(?:\/|[A-Za-z]:|(?:.*\/)?\.\.(?:\/|$))/.test(inside)) return null
  const encoded = inside.split('/').map(encode).join('/')
  const lines = end.line > start.line ? `#L${start.line}-L${end.line}` : `#L${start.line}`
  return `${withoutTrailing(base, '/')}/${encoded}${lines}`
}

/** Also what encodeURIComponent leaves and Markdown would read. */
function encode(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[!'()*~]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The address when it is one of the web and has nothing in it that could end the place it is put into; else null. */
export function webAddress(url: string): string | null {
  return /^https?:\/\/[\w\-.:~/?#@!$+,;=%]+$/.test(url) ? url : null
}
