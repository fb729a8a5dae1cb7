import { withoutTrailing } from '../parse/trailing.ts'
import type { Range } from './position.ts'
import { relative } from './relative.ts'

/** The address of lines of a file: `https://server/owner/repo/blob/sha/` and the path. Null outside of the repository. */
export function fileUrl(base: string, path: string, { start, end }: Range): string | null {
  const inside = relative(path)
  if (/^(?:\/|[A-Za-z]:|(?:.*\/)?\.\.(?:\/|$))/.test(inside)) return null
  const encoded = inside.split('/').map(encode).join('/')
  const lines = end.line > start.line ? `#L${start.line}-L${end.line}` : `#L${start.line}`
  return `${withoutTrailing(base, '/')}/${encoded}${lines}`
}

/** Also the characters that encodeURIComponent leaves and Markdown would interpret. */
function encode(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[!'()*~]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The address if it is a web address and contains nothing that could end the place where it is inserted; otherwise null. */
export function webAddress(url: string): string | null {
  return /^https?:\/\/[\w\-.:~/?#@!$+,;=%]+$/.test(url) ? url : null
}
