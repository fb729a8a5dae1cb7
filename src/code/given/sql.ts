import type { Span } from '../../parse/span.ts'
import { joined, type Text, textAt } from '../text.ts'

/** SQL with what is put into it: names, texts of the migration, and words that depend on options. */
export type Sql = (words: TemplateStringsArray, ...parts: readonly (Text | string)[]) => Text

/** A template tag for SQL whose words the tool makes up: these words point to this place, usually the name of the call. */
export function sqlAt(at: Span): Sql {
  return (words, ...parts) => {
    // Readers make tens of these for each statement, so words without text add nothing.
    const texts: Text[] = []
    for (const [i, word] of words.entries()) {
      if (word !== '') texts.push(textAt(word, at))
      const part = parts[i] ?? ''
      if (part !== '') texts.push(typeof part === 'string' ? textAt(part, at) : part)
    }
    return joined(texts)
  }
}

/** Texts with a comma between them, or something else that the tool makes up. */
export function listed(texts: readonly Text[], at: Span, between = ', '): Text {
  return joined(texts, textAt(between, at))
}
