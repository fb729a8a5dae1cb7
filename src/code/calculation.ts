import type { Value } from './value.ts'

/** The operators that compare by order. */
export const orders: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])

/** Whether two values are in the order that an operator of `orders` asks for. */
export function isOrdered<T extends string | number>(operator: string, a: T, b: T): boolean {
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}

/** Operators of two numbers. */
export const arithmetic: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a: number, b: number) => a + b],
  ['-', (a: number, b: number) => a - b],
  ['*', (a: number, b: number) => a * b],
  ['/', (a: number, b: number) => a / b],
  ['%', (a: number, b: number) => a % b],
  ['**', (a: number, b: number) => a ** b],
])

/** A clause that says why the result of an operator is not known. */
export function whyNotCalculated(left: Value, right: Value): string {
  if (left.kind === 'unknown') return left.why
  return right.kind === 'unknown' ? right.why : 'its value is calculated'
}
