/**
 * What a migration in another language than SQL has: the name of the language, and the clause for people that is made of
 * it, `it is written in Ruby`.
 */
export function writtenIn(language: string): { readonly opaque: string; readonly language: string } {
  return { opaque: `it is written in ${language}`, language }
}
