/**
 * Walks over parse trees without recursion: `a || b || …` is as deep as it has operators, PostgreSQL accepts thousands
 * of them, and a browser's stack is short.
 */

/**
 * Every entry of a tree that is an object or a list, each before its content: its key ('' for the items of a list) and
 * its value. `enter` returns false to skip the content.
 */
export function descend(root: unknown, enter: (key: string, value: object) => boolean, rootKey = ''): void {
  if (typeof root !== 'object' || root === null) return
  const keys: string[] = [rootKey]
  const values: object[] = [root]
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    if (!enter(keys.pop() as string, value)) continue
    const first = values.length
    if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) {
        const part: unknown = value[i]
        if (typeof part !== 'object' || part === null) continue
        keys.push('')
        values.push(part)
      }
      continue
    }
    // A tree has millions of entries in a long history, so no list of them is made.
    for (const key in value) {
      const part = value[key as keyof typeof value] as unknown
      if (typeof part !== 'object' || part === null) continue
      keys.push(key)
      values.push(part)
    }
    turnRound(keys, first)
    turnRound(values, first)
  }
}

/** Puts the items from `first` on in the opposite order. */
function turnRound(list: unknown[], first: number): void {
  for (let low = first, high = list.length - 1; low < high; low++, high--) {
    const item = list[low]
    list[low] = list[high]
    list[high] = item
  }
}

/** A copy of a tree in which the result of `replace` for an object stands in its place. */
export function copied(root: unknown, replace: (fields: Record<string, unknown>) => object | null): unknown {
  const top = { root }
  const waiting: [container: Record<string, unknown>, key: string, value: unknown][] = [[top, 'root', root]]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [container, key, value] = next
    if (typeof value !== 'object' || value === null) continue
    const other = Array.isArray(value) ? null : replace(value as Record<string, unknown>)
    const copy = other ?? (Array.isArray(value) ? [...value] : { ...value })
    container[key] = copy
    if (other) continue
    for (const [name, inner] of Object.entries(copy)) waiting.push([copy as Record<string, unknown>, name, inner])
  }
  return top.root
}

/** A tree as text, different for different trees, without the fields that `leaveOut` names. */
export function serialised(root: unknown, leaveOut: (field: string) => boolean): string {
  const parts: string[] = []
  const waiting: { readonly text: string }[] | unknown[] = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (value instanceof Mark) parts.push(value.text)
    else if (typeof value !== 'object' || value === null) parts.push(JSON.stringify(value) ?? 'null', ',')
    else if (Array.isArray(value)) {
      waiting.push(new Mark(']'))
      for (let i = value.length - 1; i >= 0; i--) waiting.push(value[i])
      parts.push('[')
    } else {
      waiting.push(new Mark('}'))
      for (const [name, part] of Object.entries(value).reverse()) {
        if (!leaveOut(name) && part !== undefined) waiting.push(part, new Mark(`${JSON.stringify(name)}:`))
      }
      parts.push('{')
    }
  }
  return parts.join('')
}

class Mark {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/**
 * A computation that is written as a recursion, with `yield` before each call of itself and a cast of the result:
 *
 *     function* depth(node: Node): Recursion<number> {
 *       return 1 + ((yield depth(node.child)) as number)
 *     }
 */
export type Recursion<Result> = Generator<Recursion<unknown>, Result, unknown>

/** The result of a recursion. */
export function resultOf<Result>(recursion: Recursion<Result>): Result {
  const callers: Recursion<unknown>[] = []
  let current: Recursion<unknown> = recursion
  let result: unknown
  for (;;) {
    const { done, value } = current.next(result)
    if (!done) {
      callers.push(current)
      current = value
      result = undefined
      continue
    }
    result = value
    const caller = callers.pop()
    if (!caller) return result as Result
    current = caller
  }
}
