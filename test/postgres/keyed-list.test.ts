import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appended } from '../../src/postgres/catalog/appended.ts'
import { KeyedList } from '../../src/postgres/catalog/keyed-list.ts'

interface Item {
  readonly name: string
}

const name = fc.integer({ min: 0, max: 40 }).map(number => `c${number}`)

/** The lists that a statement may make of an earlier one. Several may be made of the same list, as after ROLLBACK. */
const change = fc.record({
  of: fc.nat(),
  kind: fc.constantFrom('append' as const, 'append' as const, 'append' as const, 'replace' as const, 'remove' as const),
  at: fc.nat(),
  name,
})

test('a list that was made of another one can be searched like any list', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), changes => {
      const keyed = new KeyedList<Item>(item => item.name)
      const lists: (readonly Item[])[] = [Array.from({ length: 5 }, (_, i) => ({ name: `c${i}` }))]
      for (const { of, kind, at, name } of changes) {
        const before = lists[of % lists.length] ?? []
        // After some searches the list gets an index.
        for (let i = 0; i < 20; i++) keyed.find(before, name)
        const after =
          kind === 'append'
            ? at % 2 === 0
              ? [...before, { name }]
              : appended(before, { name })
            : kind === 'remove'
              ? before.toSpliced(at % (before.length + 1), 1)
              : before.map((item, i) => (i === at % (before.length + 1) ? { name } : item))
        keyed.replaced(before, after)
        lists.push(after)
      }
      for (const list of lists) {
        for (let i = 0; i <= 40; i++) {
          const key = `c${i}`
          expect(keyed.find(list, key)).toBe(list.find(item => item.name === key))
        }
        const free = keyed.firstFree(list, 'c', attempt => `c${attempt}`)
        expect(free).toBe(
          Array.from({ length: 42 }, (_, i) => `c${i}`).find(each => !list.some(item => item.name === each)),
        )
      }
    }),
    { numRuns: 60 },
  )
})
