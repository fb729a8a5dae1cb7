import fc from 'fast-check'
import { expect, test } from 'vitest'
import { completeConfig, type PartialConfig, registry } from '../../src/index.ts'
import { settings } from '../../src/lint/config/severity.ts'

const folders = ['a', 'b', 'c']
const rules = registry.rules.filter(({ id }, i) => i % 20 === 0 || id === 'blocking-index-build')
const level = fc.constantFrom('error' as const, 'warning' as const, 'note' as const, 'off' as const)
const byRule = fc.dictionary(fc.constantFrom(...rules.map(({ id }) => id)), level, { noNullPrototype: true })
const override = fc.record({
  files: fc.subarray(
    folders.map(folder => `${folder}/**`),
    { minLength: 1 },
  ),
  rules: byRule,
})

test('how a rule is set for a file does not depend on what was asked before', () => {
  const config: fc.Arbitrary<PartialConfig> = fc.record({
    rules: byRule,
    overrides: fc.array(override, { maxLength: 4 }),
  })
  const question = fc.record({
    rule: fc.constantFrom(...rules),
    path: fc.constantFrom(...folders.map(f => `${f}/1.sql`), ''),
  })
  fc.assert(
    fc.property(config, fc.array(question, { maxLength: 12 }), (given, questions) => {
      const complete = completeConfig(given)
      const set = settings(complete)
      for (const { rule, path } of questions) {
        expect(set(rule, path)).toEqual(settings({ ...complete })(rule, path))
        // The later and the more special one wins.
        const all = [complete, ...complete.overrides.filter(({ files }) => files.includes(`${path.slice(0, 1)}/**`))]
        const last = all.map(each => each.rules?.[rule.id]).findLast(setting => setting !== undefined)
        if (last !== undefined) expect(set(rule, path)).toMatchObject({ severity: last, explicit: true })
      }
    }),
  )
})
