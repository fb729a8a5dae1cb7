import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadParser, parse } from '../../src/parse/index.ts'
import type { Step } from '../../src/postgres/step.ts'
import { Run } from '../../src/postgres/timeline.ts'
import { supportedVersions } from '../../src/postgres/version.ts'
import type { OracleCase } from './kit/oracle.ts'

await loadParser()

const folder = new URL('./cases/', import.meta.url)
const cases = readdirSync(folder)
  .filter(file => file.endsWith('.json'))
  .flatMap(file => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { cases: OracleCase[] }).cases)

const inTransaction = { inTransaction: true, singleMessage: false, spansFiles: false }

function run(parts: readonly ReturnType<typeof parse>[], version: number) {
  const boundaries = new Set<number>()
  const model = new Run({ version, boundaries })
  const steps = parts.flatMap(({ statements }, i) =>
    model.migration(i, [{ statements, execution: inTransaction }], null),
  )
  return { shown: JSON.stringify(steps.map(shownBy), withoutNotNulls), boundaries }
}

/** All that a rule may see of a step, besides the catalog. */
function shownBy({ effects, operations, error, unless, opaque }: Step) {
  // Privileges are changed under the weakest lock since 18, which no finding shows: `quietlySince`.
  const seen = effects.filter(({ because }) => because !== 'its privileges are changed')
  return [seen, operations.map(({ effects: _, ...facts }) => facts), error, unless, opaque]
}

/** From 18 on NOT NULL is a constraint, too: its name alone says more than the column, and `Backend.constraint` asks for it. */
function withoutNotNulls(key: string, value: unknown) {
  if (key !== 'constraints' || !Array.isArray(value)) return value
  return value.filter(({ kind, valid }) => kind !== 'not null' || !valid)
}

// The versions before the oldest that is maintained are asked for by name, and judged one by one unless they are the same.
test('a newer version without a boundary before it does the same in every measured case', () => {
  const wrong: string[] = []
  let alike = 0
  for (const each of cases) {
    const parts = [`CREATE SCHEMA app; SET search_path = app, public; ${each.setup}`, each.sql].map(text =>
      parse({ path: 'case.sql', text }),
    )
    const told = new Map(supportedVersions.map(version => [version, run(parts, version)]))
    for (const [version, { shown, boundaries }] of told)
      for (const newer of supportedVersions.filter(other => other > version)) {
        if ([...boundaries].some(boundary => version < boundary && boundary <= newer)) continue
        alike++
        if (told.get(newer)?.shown !== shown) wrong.push(`${each.id}: ${newer} is not as ${version}`)
      }
  }
  expect(wrong).toEqual([])
  expect(alike).toBeGreaterThan(cases.length * 10)
}, 600_000)
