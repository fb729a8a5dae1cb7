import type { Random } from '../random.ts'
import { mutated } from './mutate.ts'
import { oddCharacter, oddName } from './words.ts'

/** A value that nobody expects in its place. */
function oddValue(random: Random): unknown {
  return random.pick<() => unknown>([
    () => oddName(random),
    () => oddCharacter(random),
    () => oddName(random).repeat(random.size(20, 2000)),
    () => random.pick([null, true, false]),
    () => random.pick([0, -1, 1, 1.5, 1e300, 2 ** 53, -0]),
    () => [],
    () => ({}),
    () => [oddValue(random)],
    () => ({ [oddName(random)]: oddValue(random) }),
  ])()
}

/** The value with some of its parts removed, replaced or added. */
export function withOdds(random: Random, value: unknown): unknown {
  if (random.chance(8)) return oddValue(random)
  if (Array.isArray(value)) {
    const items = value.filter(() => random.chance(95)).map(item => withOdds(random, item))
    return random.chance(10) ? [...items, oddValue(random)] : items
  }
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(() => random.chance(97))
  const entries = kept.map(([key, item]): [string, unknown] => [key, withOdds(random, item)])
  // `fromEntries` turns `__proto__` into an own key, as JSON.parse does.
  return Object.fromEntries(random.chance(10) ? [...entries, [oddName(random), oddValue(random)]] : entries)
}

/** The text of a value, often with accidents that such files have. */
export function jsonText(random: Random, value: unknown): string {
  const text = JSON.stringify(value, null, random.pick([0, 2]))
  if (random.chance(70)) return text
  if (random.chance(15)) return `\ufeff${text}`
  if (random.chance(15)) return `${'['.repeat(random.size(60, 5000))}${text}`
  if (random.chance(10)) return text.replace('\n', '\n<<<<<<< HEAD\n')
  return mutated(random, text)
}
