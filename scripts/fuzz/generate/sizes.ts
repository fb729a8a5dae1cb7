import { nameForms, nameIn, relationKinds } from '../../../src/lint/sizes/statistics.ts'
import type { Random } from '../random.ts'
import { jsonText, withOdds } from './json.ts'
import { oddName } from './words.ts'

const usual = [0, 1, 999, 12_345, 5e6, 48e9, 2 ** 53 - 1]
const odd = [1.7e308, 0.5, -1, null]

/** The text of a file with the sizes of tables, often with a mistake in it. */
export function sizes(random: Random, tables: readonly string[]): string {
  const names = random.chance(80) ? random.pick(nameForms) : oddName(random)
  const form = names === 'sha256' ? names : 'plain'
  const name = () => nameIn(form, `public.${random.chance(85) ? random.pick(tables) : oddName(random)}`)
  const pool = random.pick([usual, usual, [...usual, ...odd], [1.7e308]])
  const figure = () => random.pick(pool)
  const relations = random.some(0, 8, () => ({
    name: name(),
    kind: random.pick(relationKinds),
    bytes: figure(),
    ...(random.chance(80) && { rows: figure() }),
    ...(random.chance(60) && { indexBytes: figure() }),
    ...(random.chance(40) && { writesPerSecond: figure() }),
    ...(random.chance(50) && { partitionOf: name() }),
  }))
  const takenAt = random.pick(['2026-01-01T00:00:00.000Z', '2999-01-01', '(x) 2026', '1e3', oddName(random)])
  const server = random.pick(['16.4', '12', '99', '16beta1', oddName(random)])
  const right = { schemaVersion: 1, takenAt: '2026-01-01T00:00:00.000Z', server: '16.4', names, relations }
  const value = random.chance(60) ? right : { ...right, takenAt, server }
  return jsonText(random, random.chance(70) ? value : withOdds(random, value))
}
