import type { Span } from '../../parse/span.ts'
import type { Program } from '../node.ts'
import type { Offered } from '../offered.ts'
import type { Run } from '../run.ts'
import type { ClassExpression, Expression, FunctionExpression, Pattern } from '../syntax.ts'
import type { Callable, Plain, Scope, Value } from '../value.ts'

/** The evaluator, as its parts and the methods of a language's own values see it. */
export interface Machine {
  readonly run: Run
  readonly language: Language
  /** How often a function may have returned under a condition; after that, the rest of it may not run. */
  readonly returns: number
  /** The values that the tool offers by name, and those of its packages. */
  readonly globals: Offered
  readonly modules: Offered
  evaluate(expression: Expression, scope: Scope): Value
  call(callee: Value, invocation: Invocation): Value
  /** A property of a value. */
  member(of: Value, name: string, at: Span): Value
  /** The value of a name; undefined: unknown. */
  lookUp(scope: Scope, name: string, at: Span): Value | undefined
  /** The value of a name that neither the file nor the tool defines. */
  unresolved(name: string, at: Span): Value
  bind(pattern: Pattern, value: Value, scope: Scope, isDeclaration?: boolean): void
  callable(definition: FunctionExpression | ClassExpression, scope: Scope): Callable
  /** An instance of a class of the file. */
  instance(of: Callable, invocation: Invocation): Value
  /**
   * Reads works of which each may run or not. Each of them begins with the names as they were, and names that one of them assigns
   * have an unknown value afterwards.
   */
  perhaps(why: string, works: readonly (() => void)[], at: Span): void
  /** A value as text, where it is put into a text. */
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

/** A method of a language's own values. */
export type Method<Of extends Value = Value> = (of: Of, invocation: Invocation, machine: Machine) => Value

/** What is particular to a language. */
export interface Language {
  /** The program as expressions; its value is a block. */
  readonly syntaxOf: (program: Program, text: string) => Expression
  /** Whether a value counts as true; null: unknown. */
  readonly truth: (value: Value) => boolean | null
  /** A number, a truth value or nothing as it is put into a text. */
  readonly written: (value: Plain['value']) => string
  /** A name that the file does not assign may belong to `self`. */
  readonly impliesSelf: boolean
  /** The method of a class that makes an instance: `__init__`. */
  readonly constructorOf: (className: string) => string
  /** The member of a class that makes its instances, in languages that have one: `new`. */
  readonly maker?: string
  /** Whether something of another file is a class, judged by its name: calling a class only makes an instance. */
  readonly isClass?: (name: string) => boolean
  /** Functions and classes that the language has by itself. */
  readonly globals: ReadonlyMap<string, Value>
  /** How a program reads files and finds out where it is: names that are always there, and modules. */
  readonly files?: (run: Run) => FilesOfLanguage
  /** The value of a name that neither the file nor the tool defines. */
  readonly unresolved: (name: string, at: Span) => Value
  /** The value of something from a file or package that the tool's reader does not know. */
  readonly imported: (module: string, member: string | undefined, at: Span) => Value
  /** A method of a text, a list, a record or a number; undefined: it is not read. */
  readonly methodOf: (of: Value, name: string) => Method | undefined
}

export interface FilesOfLanguage {
  readonly globals: Offered
  readonly modules?: Offered
}

/** Thrown to leave a loop, a function or the program. */
export class Leaving {
  readonly how: 'return' | 'break' | 'continue' | 'throw'
  readonly value: Value
  constructor(how: Leaving['how'], value: Value) {
    this.how = how
    this.value = value
  }
}
