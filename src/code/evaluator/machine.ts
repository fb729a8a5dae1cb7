import type { Span } from '../../parse/span.ts'
import type { Program } from '../node.ts'
import type { Run } from '../run.ts'
import type { ClassExpression, Expression, FunctionExpression, Pattern } from '../syntax.ts'
import type { Callable, Plain, Scope, Value } from '../value.ts'

/** What evaluates expressions, as its parts and the methods of a language's own values see it. */
export interface Machine {
  readonly run: Run
  readonly language: Language
  /** How often a function may have returned under a condition: what follows in it is done or not. */
  readonly returns: number
  /** What the tool offers by name, and what files of its packages hold. */
  readonly globals: ReadonlyMap<string, Value>
  readonly modules: ReadonlyMap<string, Value>
  evaluate(expression: Expression, scope: Scope): Value
  call(callee: Value, invocation: Invocation): Value
  /** A property of a value. */
  member(of: Value, name: string, at: Span): Value
  /** What a name stands for; undefined: it is not known. */
  lookUp(scope: Scope, name: string, at: Span): Value | undefined
  /** What a name is that neither the file nor the tool says anything of. */
  unresolved(name: string, at: Span): Value
  bind(pattern: Pattern, value: Value, scope: Scope, isDeclaration?: boolean): void
  callable(definition: FunctionExpression | ClassExpression, scope: Scope): Callable
  /** An instance of a class of the file. */
  instance(of: Callable, invocation: Invocation): Value
  /**
   * Does work that may be done or not: names that it gives other values are not known afterwards. Each of the works begins with the
   * names as they were.
   */
  perhaps(why: string, works: readonly (() => void)[], at: Span): void
  /** A value as it is put into a text. */
  asText(value: Value, at: Span, name?: string): Extract<Value, { kind: 'text' }>
}

/** A call with its arguments evaluated. */
export interface Invocation {
  readonly args: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly at: Span
  readonly nameAt: Span
  readonly argsAt: readonly Span[]
  readonly block?: Value
  readonly types?: readonly string[]
  readonly self?: Value
}

/** What a method of a language's own values gives. */
export type Method<Of extends Value = Value> = (of: Of, invocation: Invocation, machine: Machine) => Value

/** What is particular to a language. */
export interface Language {
  /** The program as expressions; its value is a block. */
  readonly syntaxOf: (program: Program, text: string) => Expression
  /** Whether a value counts as true; null: that is not known. */
  readonly truth: (value: Value) => boolean | null
  /** A number, a truth value or nothing as it is put into a text. */
  readonly written: (value: Plain['value']) => string
  /** A name that nothing in the file gives a value may belong to `self`. */
  readonly impliesSelf: boolean
  /** The method of a class that makes an instance: `__init__`. */
  readonly constructorOf: (className: string) => string
  /** The member of a class that makes instances of it, where it is one: `new`. */
  readonly maker?: string
  /** Whether something of another file is a class, by its name: calling it only makes an instance. */
  readonly isClass?: (name: string) => boolean
  /** Functions and classes that the language has by itself. */
  readonly globals: ReadonlyMap<string, Value>
  /** What a name is that neither the file nor the tool says anything of. */
  readonly unresolved: (name: string, at: Span) => Value
  /** What something is that is taken from a file or package that the tool's reader does not know. */
  readonly imported: (module: string, member: string | undefined, at: Span) => Value
  /** A method of a text, a list, a record or a number; undefined: it is not looked into. */
  readonly methodOf: (of: Value, name: string) => Method | undefined
}

/** Thrown to leave what is around: a loop, a function, the program. */
export class Leaving {
  readonly how: 'return' | 'break' | 'continue' | 'throw'
  readonly value: Value
  constructor(how: Leaving['how'], value: Value) {
    this.how = how
    this.value = value
  }
}
