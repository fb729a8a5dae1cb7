import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appended, firstOf } from '../../src/postgres/catalog/appended.ts'

test('the first item of a kind is the one that a plain search finds, in whatever order lists grow and are asked', () => {
  const step = fc.record({ of: fc.nat(), item: fc.nat(5), isAsked: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const isOne = (item: { readonly value: number }) => item.value === 0
      const first = firstOf(isOne)
      const lists: (readonly { readonly value: number }[])[] = [[]]
      for (const { of, item, isAsked } of steps) {
        const list = lists[of % lists.length] ?? []
        if (isAsked) expect(first(list)).toBe(list.find(isOne))
        lists.push(appended(list, { value: item }))
      }
      for (const list of lists) expect(first(list)).toBe(list.find(isOne))
    }),
  )
})

test('what was searched in vain is not searched again', () => {
  let count = 0
  const first = firstOf(() => {
    count++
    return false
  })
  let list: readonly number[] = []
  for (let i = 0; i < 1_000; i++) {
    list = appended(list, i)
    first(list)
  }
  expect(count).toBe(1_000)
})
