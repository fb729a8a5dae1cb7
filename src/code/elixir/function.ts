import type { Span } from '../../parse/span.ts'
import type { Expression, FunctionExpression, Parameter, Pattern } from '../syntax.ts'

/** A function has several clauses; a call runs the first one that matches its arguments. */

/** What an argument must look like. */
export interface Shape {
  readonly pattern: Pattern
  readonly otherwise?: Expression
  /** Null: any argument matches. */
  readonly fits: ((given: Expression) => Expression) | null
}

export interface Clause {
  readonly name: string
  readonly shapes: readonly Shape[]
  readonly guard?: Expression
  readonly body: Expression
  readonly at: Span
}

/** A function made of these clauses, which all take the same number of arguments. */
export function functionOf(clauses: readonly Clause[], name: string, at: Span): FunctionExpression {
  const [first] = clauses
  const isSimple =
    clauses.length === 1 && !first?.guard && first?.shapes.every(({ fits }) => fits === null || fits === unsure)
  const common = { kind: 'function', name, givesLast: true, hasOwnSelf: false, at } as const
  if (first && isSimple) return { ...common, parameters: first.shapes.map(parameterOf), body: first.body }
  const count = clauses.reduce((most, { shapes }) => Math.max(most, shapes.length), 0)
  const given = Array.from({ length: count }, (_, i): Expression => ({ kind: 'name', name: `argument ${i}`, at }))
  const parameters = given.map((_, i): Parameter => {
    const otherwise = clauses.find(({ shapes }) => shapes[i]?.otherwise)?.shapes[i]?.otherwise
    return { pattern: { kind: 'name', name: `argument ${i}` }, ...(otherwise && { otherwise }) }
  })
  return { ...common, parameters, body: chosen(clauses, given, at) }
}

function parameterOf({ pattern, otherwise }: Shape): Parameter {
  return { pattern, ...(otherwise && { otherwise }) }
}

/** It is unknown whether an argument matches. */
export const unsure: NonNullable<Shape['fits']> = given => ({
  kind: 'unread',
  why: 'it is unknown whether the pattern matches',
  inside: [],
  at: given.at,
})

/** The first clause that matches what is given. If none does, the program fails: what the last one may not match, it does. */
export function chosen(clauses: readonly Clause[], given: readonly Expression[], at: Span): Expression {
  return clauses.reduceRight<Expression>(
    (no, clause, place) => {
      const isLast = place === clauses.length - 1
      const tests: Expression[] = clause.shapes.flatMap(({ fits }, i) => {
        const value = given[i]
        return fits && value && !(isLast && fits === unsure) ? [fits(value)] : []
      })
      const binding = clause.shapes.flatMap(({ pattern }, i): Expression[] => {
        const value = given[i]
        return value ? [{ kind: 'assignment', to: pattern, value, isDeclaration: true, at: clause.at }] : []
      })
      if (clause.guard) tests.push({ kind: 'block', body: [...binding, clause.guard], at: clause.at })
      const yes: Expression = { kind: 'block', body: [...binding, clause.body], at: clause.at }
      if (tests.length === 0) return yes
      const test = tests.reduce((left, right) => ({ kind: 'short', operator: 'and', left, right, at: clause.at }))
      return { kind: 'choice', test, yes, no, at: clause.at }
    },
    { kind: 'leave', how: 'throw', at },
  )
}

/** Functions have their own names, which no variable hides. */
export function asFunction(name: string): string {
  return `${name}()`
}
