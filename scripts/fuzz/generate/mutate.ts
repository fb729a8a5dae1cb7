import type { Random } from '../random.ts'
import { oddCharacter, oddName, pieces, token } from './words.ts'

type Mutation = (random: Random, text: string) => string

const cut = (random: Random, text: string): [string, string] => {
  const at = random.between(0, text.length)
  return [text.slice(0, at), text.slice(at)]
}

/** Small accidents that can befall any text. */
const mutations: readonly Mutation[] = [
  (random, text) => cut(random, text)[0],
  (random, text) => cut(random, text)[1],
  (random, text) => cut(random, text).join(oddCharacter(random)),
  (random, text) => cut(random, text).join(token(random)),
  (random, text) => cut(random, text).join(` ${token(random)} `),
  (random, text) => cut(random, text).join(oddName(random)),
  (random, text) => {
    const [before, after] = cut(random, text)
    return before + after.slice(random.between(1, 20))
  },
  (random, text) => {
    const [before, after] = cut(random, text)
    const piece = after.slice(0, random.between(1, 40))
    return before + piece.repeat(random.size(3, 40)) + after
  },
  (random, text) => {
    const words = pieces(text)
    if (words.length < 2) return text
    const [from, to] = [random.between(0, words.length - 1), random.between(0, words.length - 1)]
    ;[words[from], words[to]] = [words[to] ?? '', words[from] ?? '']
    return words.join('')
  },
  (random, text) => {
    const words = pieces(text)
    words.splice(random.between(0, words.length), 1)
    return words.join('')
  },
  (_, text) => text.replaceAll('\n', '\r\n'),
  (_, text) => text.replaceAll('\n', ' '),
  (_, text) => text.toUpperCase(),
]

/** The text after a few of them. */
export function mutated(random: Random, text: string): string {
  let result = text
  for (let left = random.between(1, 4); left > 0; left--) result = random.pick(mutations)(random, result)
  return result.slice(0, 20_000)
}
