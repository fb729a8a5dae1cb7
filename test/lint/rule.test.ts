import { expect, test } from 'vitest'
import { defineRule } from '../../src/lint/rule.ts'

// That these do not compile is what is tested: `tsc` fails where one of them does.
test('a rule is of one kind: what a rule of another kind declares does not compile beside it', () => {
  const described = { title: 'A rule', why: 'It hurts.', severity: 'error', category: 'schema' } as const
  const says = () => undefined
  const kinds = [
    defineRule({ ...described, on: ['select'], check: says }),
    defineRule({ ...described, checkStep: says }),
    defineRule({ ...described, checkMigration: says }),
    defineRule({ ...described, checkSuppressions: says }),
    // @ts-expect-error: two checks, one of which would never run.
    defineRule({ ...described, on: ['select'], check: says, checkStep: says }),
    // @ts-expect-error: two checks, one of which would never run.
    defineRule({ ...described, checkStep: says, checkMigration: says }),
    // @ts-expect-error: two checks, one of which would never run.
    defineRule({ ...described, checkMigration: says, checkSuppressions: says }),
    // @ts-expect-error: the kinds of operations that nothing looks at.
    defineRule({ ...described, on: ['select'], checkStep: says }),
    // @ts-expect-error: a check of operations that names none to look at.
    defineRule({ ...described, check: says }),
    // @ts-expect-error: nothing that it looks at.
    defineRule({ ...described }),
  ]
  expect(kinds).toHaveLength(10)
})
