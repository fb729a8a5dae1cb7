import type { Span } from '../../parse/span.ts'
import { type Node, named } from '../node.ts'
import type { BlockExpression, Expression, FunctionExpression, Pattern } from '../syntax.ts'

/** How a function is written: a block sees the variables around it, and a lambda is one that `return` ends. */
export interface FunctionWay {
  readonly isBlock: boolean
  readonly isLambda?: boolean
}

/** A program that is being read, as the parts of the syntax see it. */
export interface Reading {
  readonly source: string
  readonly text: (node: Node | undefined) => string
  readonly expression: (node: Node) => Expression
  /** What stands in a node, one after another, with its `rescue` and `ensure`. */
  readonly sequence: (node: Node | undefined, at: Node) => Expression
  readonly pattern: (node: Node) => Pattern
  /** A function of what is written between `def`, `do` or `{` and its end. */
  readonly functionOf: (node: Node, way: FunctionWay) => FunctionExpression
  /** The text of a document that is announced here; undefined: there is none. */
  readonly documentOf: (beginning: Node) => Node | undefined
  readonly variables: Variables
}

/**
 * Names of variables, as Ruby knows them while it parses: a name that was given a value before, or is a parameter, is a variable, and
 * every other one is a call.
 */
export class Variables {
  #scopes: { readonly names: Set<string>; readonly seesOuter: boolean }[] = [{ names: new Set(), seesOuter: false }]

  has(name: string): boolean {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const scope = this.#scopes[i]
      if (scope?.names.has(name)) return true
      if (!scope?.seesOuter) return false
    }
    return false
  }

  add(name: string): void {
    this.#scopes.at(-1)?.names.add(name)
  }

  /** Reads what has variables of its own; a block sees those around it. */
  within<T>(seesOuter: boolean, work: () => T): T {
    this.#scopes.push({ names: new Set(), seesOuter })
    try {
      return work()
    } finally {
      this.#scopes.pop()
    }
  }
}

export function none(at: Span): Expression {
  return { kind: 'plain', value: null, at }
}

export function unread({ expression }: Reading, why: string, node: Node, inside = named(node)): Expression {
  return { kind: 'unread', why, inside: inside.map(expression), at: node.span }
}

export function blockOf(body: readonly Expression[], at: Span): BlockExpression {
  return { kind: 'block', body, at }
}

/** A function of the language itself, by its name. */
export function callOf(name: string, args: readonly Expression[], at: Span): Expression {
  return { kind: 'call', callee: { kind: 'name', name, at }, args: args.map(value => ({ value })), nameAt: at, at }
}

/** A method of a value that is written as an operator. */
export function methodOf(of: Expression, name: string, args: readonly Expression[], at: Span): Expression {
  return {
    kind: 'call',
    callee: { kind: 'member', of, name, nameAt: at, at },
    args: args.map(value => ({ value })),
    nameAt: at,
    at,
  }
}
