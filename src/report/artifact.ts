/** A file in SARIF: percent-encoded (RFC 3986), relative to the repository's root unless its path is absolute. */
export interface ArtifactLocation {
  readonly uri: string
  readonly uriBaseId?: '%SRCROOT%'
}

export function artifactLocation(path: string): ArtifactLocation {
  const uri = path.replaceAll('\\', '/').split('/').map(encodeSegment).join('/')
  if (uri.startsWith('/')) return { uri: `file://${uri.replace(/^\/+/, '/')}` }
  if (/^[A-Za-z]%3A\//.test(uri)) return { uri: `file:///${uri.replace('%3A', ':')}` }
  return { uri: uri.replace(/^(?:\.\/)+/, '').replaceAll(/\/(?:\.?\/)+/g, '/'), uriBaseId: '%SRCROOT%' }
}

/** encodeURI keeps delimiters, but in a file's name they are not delimiters. A surrogate without a partner has no encoding. */
function encodeSegment(segment: string): string {
  return encodeURI(segment.replace(/\p{Cs}/gu, '\ufffd')).replace(/[#?:]/g, encodeURIComponent)
}
