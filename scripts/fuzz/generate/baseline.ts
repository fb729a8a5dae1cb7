import { registry } from '../../../src/index.ts'
import type { Random } from '../random.ts'
import { jsonText, withOdds } from './json.ts'
import { oddName } from './words.ts'

/** A placeholder in the text of a baseline for facts about the finding with that number, which linting fills in. */
export const placeholder = /<(path|rule|statement) (\d+)>/g

/** The text of a baseline with placeholders, so that many of its entries match real findings. */
export function baseline(random: Random, paths: readonly string[]): string {
  const findings: Record<string, Record<string, Record<string, number>>> = {}
  for (let left = random.between(0, 6); left > 0; left--) {
    const number = random.between(0, 5)
    const other = (usual: string, others: readonly string[]) =>
      random.chance(85) ? usual : random.chance(50) ? random.pick(others) : oddName(random)
    const path = other(`<path ${number}>`, paths)
    const rule = other(
      `<rule ${number}>`,
      registry.rules.map(({ id }) => id),
    )
    const statement = other(`<statement ${number}>`, [`down:<statement ${number}>`, 'a'.repeat(16)])
    const byRule = own(findings, path, {})
    own(own(byRule, rule, {}), statement, random.pick([1, 1, 1, 2, 3, 1000, 2 ** 53 - 1]))
  }
  const value = { version: 1, findings }
  return jsonText(random, random.chance(70) ? value : withOdds(random, value))
}

/** The value of the object's own key, also if that is `__proto__`. A missing key gets the given value. */
function own<T>(object: Record<string, T>, key: string, value: T): T {
  const known = Object.getOwnPropertyDescriptor(object, key)
  if (known) return known.value as T
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  return value
}
