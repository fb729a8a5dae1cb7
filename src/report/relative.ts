/** The path without the `./` that people may have typed: programs compare it with the paths in a diff. */
export function relative(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '')
}

/** Text that every decoder of UTF-8 and JSON accepts: surrogates without a partner are replaced. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd')
}
