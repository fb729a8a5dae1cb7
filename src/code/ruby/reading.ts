import type { Span } from '../../parse/span.ts'
import { type Node, named } from '../node.ts'
import type { BlockExpression, Expression, FunctionExpression, Pattern } from '../syntax.ts'

/** How a function is written: a block sees the variables around it; `return` ends a lambda only. */
export interface FunctionWay {
  readonly isBlock: boolean
  readonly isLambda?: boolean
}

/** What the files that read parts of a Ruby program share. */
export interface Reading {
  readonly source: string
  readonly text: (node: Node | undefined) => string
  readonly expression: (node: Node) => Expression
  /** The statements in a node, with its `rescue` and `ensure`. */
  readonly sequence: (node: Node | undefined, at: Node) => Expression
  readonly pattern: (node: Node) => Pattern
  /** A function made of the code between `def`, `do` or `{` and its end. */
  readonly functionOf: (node: Node, way: FunctionWay) => FunctionExpression
  /** The text of the here document with this opening mark; undefined: there is none. */
  readonly documentOf: (beginning: Node) => Node | undefined
  readonly variables: Variables
}

/**
 * Names of variables, as Ruby knows them while it parses: a parameter or a name that was assigned before is a variable; every other
 * name is a call.
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

  /** Reads code that has its own variables; a block also sees those around it. */
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
