import fc from 'fast-check'

// Calls of builders as people would write them, with rare values: names with dots and quotes, empty texts, all options.

export const table = fc.constantFrom('users', 'Order Items', 'posts', 'userRoles')
export const column = fc.constantFrom('id', 'userId', 'created_at', 'Name', 'order', 'a b')
export const columns = fc.uniqueArray(column, { minLength: 1, maxLength: 3 })
export const text = fc.constantFrom('', 'a', "it's", 'x y', 'NULL', '$1')
export const number = fc.constantFrom(0, 1, -5, 1.5)
export const flag = fc.boolean()
export const act = fc.constantFrom('cascade', 'SET NULL', 'restrict', 'NO ACTION')

export const json = (value: fc.Arbitrary<unknown>) => value.map(each => JSON.stringify(each))
export const q = json(text)
/** An object with some of these entries, written as code. */
export function object(entries: Readonly<Record<string, fc.Arbitrary<string>>>, always: readonly string[] = []) {
  const pairs = Object.entries(entries).map(([name, value]) =>
    fc
      .tuple(always.includes(name) ? fc.constant(true) : flag, value)
      .map(([is, each]) => (is ? [`${name}: ${each}`] : [])),
  )
  return fc.tuple(...pairs).map(all => `{ ${all.flat().join(', ')} }`)
}
export const call = (name: string, ...args: fc.Arbitrary<string>[]) =>
  fc.tuple(...args).map(all => `q.${name}(${all.join(', ')})`)
export const list = (item: fc.Arbitrary<string>) =>
  fc.array(item, { minLength: 1, maxLength: 3 }).map(all => `[${all.join(', ')}]`)
