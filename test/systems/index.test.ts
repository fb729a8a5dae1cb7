import { expect, test } from 'vitest'
import { systemIds } from '../../src/migration/system-id.ts'
import { systemOf, systems } from '../../src/systems/index.ts'

test('every id belongs to its own system, and other texts are not ids', () => {
  expect(systems.map(({ id }) => id)).toEqual(systemIds)
  for (const id of systemIds)
    expect(systemOf(id)?.id, `put the system "${id}" beside its id in src/systems/index.ts`).toBe(id)
  expect(['auto', 'constructor', '__proto__', ''].map(systemOf)).toEqual([undefined, undefined, undefined, undefined])
})
