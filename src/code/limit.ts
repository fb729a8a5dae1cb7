/** Thrown when a program needs more steps, text or values than the reader allows. */
export class TooMuch extends Error {
  override name = 'TooMuch'
}

/** More pieces, characters and items than any migration that a person wrote has. Pieces have a limit because texts are copied when they grow. */
const mostPieces = 30_000
const mostCharacters = 8_000_000
const mostItems = 100_000

/** The same pieces of a text. Throws TooMuch when there are too many. */
export function boundedPieces<Piece extends { readonly text: string }>(pieces: readonly Piece[]): readonly Piece[] {
  let length = 0
  for (const { text } of pieces) length += text.length
  if (pieces.length > mostPieces || length > mostCharacters) throw new TooMuch('a text in it is too long')
  return pieces
}

/** The same parts of a text. Callers check after each part, because a long text may be split into millions. */
export function boundedParts<Part>(parts: Part[]): Part[] {
  if (parts.length > 2 * mostPieces) throw new TooMuch('a text in it has too many parts')
  return parts
}

/** The same items of a list. Throws TooMuch when there are too many. */
export function boundedItems<Item>(items: Item[]): Item[] {
  if (items.length > mostItems) throw new TooMuch('a list in it is too long')
  return items
}
