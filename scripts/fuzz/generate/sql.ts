import type { Corpus } from '../corpus.ts'
import type { Random } from '../random.ts'
import { mutated } from './mutate.ts'
import { oddCharacter, oddName, pieces, token } from './words.ts'

export type TextOf = (random: Random, corpus: Corpus) => string

/** A migration as somebody may have written it. */
export const valid: TextOf = (random, { scripts, statements }) =>
  random.chance(50) ? random.pick(scripts) : random.some(1, 4, () => `${random.pick(statements)};\n`).join('')

/** Beginnings of statements with the ends of others. */
export const splice: TextOf = (random, { statements }) => {
  const parts = random.some(2, 4, () => {
    const words = pieces(random.pick(statements))
    const from = random.chance(50) ? 0 : random.between(0, words.length)
    return words.slice(from, random.between(from, words.length)).join('')
  })
  return parts.join(random.pick([' ', ' ', '\n', ';\n', '; ', ', ', ' AS ', ' WITH ', '']))
}

export const truncated: TextOf = (random, corpus) => {
  const text = valid(random, corpus)
  const end = random.between(0, text.length)
  return random.chance(80) ? text.slice(0, end) : text.slice(end)
}

export const changed: TextOf = (random, corpus) => mutated(random, valid(random, corpus))

export const soup: TextOf = random =>
  random.some(0, 40, () => token(random)).join(random.pick([' ', ' ', ' ', '\n', '']))

/** Characters of every class: in names, strings, comments and between words. */
export const unicode: TextOf = (random, corpus) => {
  const words = pieces(valid(random, corpus))
  for (let left = random.between(1, 6); left > 0; left--) {
    const at = random.between(0, words.length - 1)
    const word = words[at] ?? ''
    const odd = random.some(1, 3, () => oddCharacter(random)).join('')
    words[at] = random.pick([
      `${odd}${word}`,
      `${word}${odd}`,
      ` "${word.trim()}${odd}"`,
      ` '${odd}'`,
      ` /*${odd}*/ ${word}`,
      ` --${odd}\n${word}`,
    ])
  }
  return words.join('')
}

/** The names of a valid migration, changed to odd ones wherever they stand. */
export const names: TextOf = (random, corpus) => {
  const text = valid(random, corpus)
  const words = [...new Set(text.match(/\b[a-z_][a-z0-9_]*\b/g) ?? [])]
  let result = text
  for (const word of random.some(1, 4, () => random.pick(words.length > 0 ? words : ['a']))) {
    const name = oddName(random)
    const written = /^[A-Za-z_]\w*$/.test(name) && random.chance(60) ? name : `"${name.replaceAll('"', '""')}"`
    result = result.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), () => written)
  }
  return result
}
