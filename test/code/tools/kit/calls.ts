import fc from 'fast-check'

/** What stands for a call of `pgm.func` in generated arguments. */
class Func {
  readonly sql: string

  constructor(sql: string) {
    this.sql = sql
  }
}

export function func(sql: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return sql.map(text => new Func(text))
}

/** An object that has the first entries always and the others now and then. */
export function options(
  always: Record<string, fc.Arbitrary<unknown>>,
  maybe: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<unknown> {
  const sparse = Object.entries(maybe).map(([name, value]) =>
    fc.option(value, { nil: undefined, freq: 2 }).map(each => [name, each] as const),
  )
  return fc
    .tuple(fc.record(always), fc.tuple(...sparse))
    .map(([all, others]) => ({ ...all, ...Object.fromEntries(others.filter(([, each]) => each !== undefined)) }))
}

/** A value as source text of JavaScript. */
export function source(value: unknown): string {
  if (value instanceof Func) return `pgm.func(${JSON.stringify(value.sql)})`
  if (Array.isArray(value)) return `[${value.map(source).join(', ')}]`
  if (typeof value !== 'object' || value === null) return value === undefined ? 'undefined' : JSON.stringify(value)
  const entries = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${source(each)}`)
  return `{ ${entries.join(', ')} }`
}
