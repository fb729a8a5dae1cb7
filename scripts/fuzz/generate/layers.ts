import type { Random } from '../random.ts'
import { configText } from './config.ts'
import { jsonText, withOdds } from './json.ts'
import type { Files } from './project.ts'
import { oddName } from './words.ts'

const places = ['migrate-lint.config.json', 'base.json', 'a/b.jsonc', 'node_modules/acme/package.json', 'code.mjs']
const named = [
  'recommended',
  'strict',
  './base.json',
  '../base.json',
  './a/b.jsonc',
  'acme',
  './code.mjs',
  '../../../etc/passwd',
]

/** Configurations that build on each other and name plugins: the first is the one of the run. */
export function layers(random: Random): Files {
  const code = () => (random.chance(85) ? random.pick(['./code.mjs', 'acme', './gone.mjs']) : oddName(random))
  const name = () => (random.chance(85) ? random.pick(named) : oddName(random))
  const prefix = () => (random.chance(90) ? random.pick(['acme', 'a-b', 'constructor']) : oddName(random))
  const layer = () => ({
    ...own(random),
    ...(random.chance(40) && { extends: random.chance(50) ? name() : random.some(0, 4, name) }),
    ...(random.chance(40) && { plugins: Object.fromEntries(random.some(0, 3, () => [prefix(), code()])) }),
    ...(random.chance(30) && { rules: Object.fromEntries(random.some(0, 3, () => [`${prefix()}/x`, 'warning'])) }),
  })
  const text = (value: unknown) =>
    random.chance(60) ? JSON.stringify(value) : jsonText(random, random.chance(80) ? value : withOdds(random, value))
  return new Map(
    places.map(path => {
      const value = layer()
      return [path, text(path.endsWith('package.json') ? { 'migrate-lint': value, main: code() } : value)]
    }),
  )
}

/** The keys of a usual configuration; none if its text has a mistake. */
function own(random: Random): object {
  if (random.chance(70)) return {}
  try {
    const value: unknown = JSON.parse(configText(random))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {}
  }
}
