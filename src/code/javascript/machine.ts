import type { Span } from '../../parse/span.ts'
import type { Node } from '../node.ts'
import type { Offered } from '../offered.ts'
import type { Run } from '../run.ts'
import type { Callable, Scope, Value } from '../value.ts'

/** Where a statement leads: on to the next one, or out of what is around it. */
export type Flow =
  | { readonly kind: 'on' }
  | { readonly kind: 'break' | 'continue' | 'throw' }
  | { readonly kind: 'return'; readonly value: Value }
  /** It may have left, under an unknown condition. */
  | { readonly kind: 'perhaps'; readonly value: Value | null }

export const on: Flow = { kind: 'on' }

/** The reader of expressions and statements, as the parts of the evaluator see each other. */
export interface Machine {
  readonly run: Run
  readonly text: string
  /** Packages that the tool's reader knows, by name. */
  readonly modules: Offered
  /** The value of a module that is a file of the project; null: it is unknown. */
  readonly neighbour: (name: string, at: Span) => Value | null
  evaluate(node: Node, scope: Scope): Value
  execute(node: Node, scope: Scope): Flow
  /** Statements in order, in a scope of their own. */
  block(nodes: readonly Node[], scope: Scope): Flow
  /** Calls a value. */
  call(callee: Value, args: readonly Value[], way: CallWay): Value
  /** A property of a value. */
  member(of: Value, name: string, at: Span): Value
  /** Assigns a value to the names of a pattern. */
  bind(pattern: Node, value: Value, scope: Scope): void
  /** Gives a name another value. */
  assign(scope: Scope, name: string, value: Value): void
  /** A function or class of the file. */
  callable(node: Node, scope: Scope): Callable
  /**
   * Reads works of which each may run or not. Each of them begins with the names as they were, and names that one of them assigns
   * have an unknown value afterwards.
   */
  perhaps(why: string, works: readonly (() => void)[], at: Span): void
  /** Whether two values are the same, by `===`; null: unknown. */
  equal(left: Value, right: Value, at: Span): boolean | null
  /** The source of a node. */
  source(node: Node): string
}

/** How a call is written. */
export interface CallWay {
  readonly at: Span
  readonly nameAt: Span
  readonly argsAt: readonly Span[]
  readonly self?: Value
}
