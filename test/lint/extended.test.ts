import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { completeConfig, registry } from '../../src/index.ts'
import { type Level, levels } from '../../src/lint/config/config.ts'
import type { PartialConfig } from '../../src/lint/config/config-file.ts'
import { merged } from '../../src/lint/config/extended.ts'
import { settings } from '../../src/lint/config/severity.ts'

const over = (...layers: PartialConfig[]) => merged(layers, registry.rules)

test('later configurations win, key by key where keys are names', () => {
  expect(
    over(
      {
        pgVersion: '14',
        ignore: ['a'],
        rules: { 'drop-column': 'off', 'drop-table': 'off' },
        tables: { a: { size: 'small' } },
      },
      {
        ignore: ['b'],
        rules: { 'drop-column': 'error' },
        tables: { b: { size: 'large' } },
        plugins: { acme: './a.js' },
      },
    ),
  ).toEqual({
    pgVersion: '14',
    ignore: ['b'],
    rules: { 'drop-table': 'off', 'drop-column': 'error' },
    tables: { a: { size: 'small' }, b: { size: 'large' } },
    plugins: { acme: './a.js' },
  })
})

test('a severity alone keeps the options; a rule may have had another name', () => {
  const renamed = registry.rules.find(({ formerly }) => formerly?.length)
  const former = renamed?.formerly?.[0] ?? ''
  expect(over({ rules: { 'wide-index': ['error', { a: 1 }] } }, { rules: { 'wide-index': 'note' } }).rules).toEqual({
    'wide-index': ['note', { a: 1 }],
  })
  if (renamed === undefined) return
  expect(over({ rules: { [former]: 'off' } }, { rules: { [renamed.id]: 'error' } }).rules).toEqual({
    [renamed.id]: 'error',
  })
  expect(over({ rules: { [renamed.id]: 'off' } }, { rules: { [former]: 'error' } }).rules).toEqual({
    [former]: 'error',
  })
})

test('for every file, the last configuration that names a rule decides', () => {
  const level = fc.constantFrom<Level>(...levels)
  const rules = fc.dictionary(fc.constantFrom('drop-column', 'drop-table'), level, { noNullPrototype: true })
  const files = fc.constantFrom('**', 'a/**', 'b/**')
  const layer = fc.record(
    { rules, overrides: fc.array(fc.record({ files: files.map(each => [each]), rules }), { maxLength: 2 }) },
    { requiredKeys: [] },
  )
  const decided = (config: PartialConfig, id: string, path: string): string | undefined => {
    const rule = registry.rules.find(each => each.id === id)
    const setting = rule && settings(completeConfig(config))(rule, path)
    return setting?.explicit ? setting.severity : undefined
  }
  fc.assert(
    fc.property(
      fc.array(layer, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('a/1.sql', 'b/1.sql'),
      (layers, path) => {
        for (const id of ['drop-column', 'drop-table']) {
          const expected = layers.map(each => decided(each, id, path)).findLast(each => each !== undefined)
          expect(decided(over(...layers), id, path)).toBe(expected)
        }
      },
    ),
    { numRuns: 300 },
  )
})
