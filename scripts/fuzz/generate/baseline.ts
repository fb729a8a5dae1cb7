import { registry } from '../../../src/index.ts'
import type { Random } from '../random.ts'
import { jsonText, withOdds } from './json.ts'
import { oddName } from './words.ts'

/** In the text of a baseline: the rule and the statement of the finding of that number, which are known when the migrations are linted. */
export const placeholder = /<(rule|statement) (\d+)>/g

/** The text of a baseline, with placeholders, so that some of what it accepts is really found. */
export function baseline(random: Random, paths: readonly string[]): string {
  const path = () => (random.chance(80) ? random.pick(paths) : oddName(random))
  const rule = () =>
    random.pick([() => `<rule ${random.between(0, 5)}>`, () => random.pick(registry.rules).id, () => oddName(random)])()
  const statement = () =>
    random.chance(60) ? `${random.chance(10) ? 'down:' : ''}<statement ${random.between(0, 5)}>` : oddName(random)
  const count = () => random.pick([1, 1, 1, 2, 3, 1000, 2 ** 53 - 1])
  const some = <T>(key: () => string, value: () => T) => Object.fromEntries(random.some(0, 3, () => [key(), value()]))
  const findings = some(path, () => some(rule, () => some(statement, count)))
  const value = { version: 1, findings }
  return jsonText(random, random.chance(70) ? value : withOdds(random, value))
}
