import type { Span } from '../parse/span.ts'
import type { Text } from './text.ts'

/**
 * The common form of programs in all languages. Each language turns its own tree into it (`src/code/<language>/syntax.ts`), so that one
 * evaluator is enough. Statements are expressions, because in Ruby and Elixir they have a value.
 */
export type Expression =
  | TextExpression
  | PlainExpression
  | NameExpression
  | SelfExpression
  | MemberExpression
  | IndexExpression
  | CallExpression
  | ListExpression
  | RecordExpression
  | FunctionExpression
  | OperationExpression
  | ShortExpression
  | AssignmentExpression
  | BlockExpression
  | ChoiceExpression
  | LoopExpression
  | EachExpression
  | WithExpression
  | TryExpression
  | LeaveExpression
  | DefinitionExpression
  | ClassExpression
  | ImportExpression
  | UnreadExpression

interface Placed {
  /** UTF-16 offsets into the file. */
  readonly at: Span
}

/** A literal text with interpolated expressions. */
export interface TextExpression extends Placed {
  readonly kind: 'text'
  readonly parts: readonly (Text | Expression)[]
}

/** A number, a truth value, or nothing: `null`, `nil`, `None`. */
export interface PlainExpression extends Placed {
  readonly kind: 'plain'
  readonly value: number | boolean | null
}

/** A variable, a constant, a function or a class by its name, without a sigil: `$table` is `table`. */
export interface NameExpression extends Placed {
  readonly kind: 'name'
  readonly name: string
  /** If it is not a variable, it is a call without arguments, as in Ruby. */
  readonly isCall?: true
}

/** `this`, `self`, `$this`. */
export interface SelfExpression extends Placed {
  readonly kind: 'self'
}

/** `a.b`, `a::b`, `a->b`. */
export interface MemberExpression extends Placed {
  readonly kind: 'member'
  readonly of: Expression
  readonly name: string
  readonly nameAt: Span
  /** `a?.b`, `a&.b`: the result is nothing if `a` is nothing. */
  readonly isOptional?: true
}

/** `a[b]` */
export interface IndexExpression extends Placed {
  readonly kind: 'index'
  readonly of: Expression
  readonly by: Expression
}

export interface CallExpression extends Placed {
  readonly kind: 'call'
  readonly callee: Expression
  readonly args: readonly Argument[]
  /** The name that is called. */
  readonly nameAt: Span
  /** A block after the arguments, as in Ruby and Elixir: a function, or an expression that gives one. */
  readonly block?: Expression
  /** Types between angle brackets, as they are written. */
  readonly types?: readonly string[]
  /** `new`: an instance of a class. */
  readonly isNew?: true
}

export interface Argument {
  readonly value: Expression
  /** The name of a named argument. */
  readonly name?: string
  /** All items of a list, or all entries of a record, are arguments: `*list`, `**options`. */
  readonly spread?: 'list' | 'record'
}

export interface ListExpression extends Placed {
  readonly kind: 'list'
  readonly items: readonly Argument[]
}

/** `{ a: 1 }`, `{'a': 1}`, `['a' => 1]`, a list of keywords, an anonymous object. */
export interface RecordExpression extends Placed {
  readonly kind: 'record'
  /** A key of null: all entries of another record. */
  readonly entries: readonly { readonly key: Expression | null; readonly value: Expression }[]
}

export interface FunctionExpression extends Placed {
  readonly kind: 'function'
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: Expression
  /** It returns its last value without `return`. */
  readonly givesLast: boolean
  /** A block of Ruby: `return` in it leaves the function around it, `break` leaves the call that gets it, and a list is spread over its parameters. */
  readonly isBlock?: true
  /** False for functions that keep the `this` of the code around them: blocks, arrows, closures. */
  readonly hasOwnSelf: boolean
  /** The parameter that holds the instance, in languages that name it, as Python and Go. */
  readonly selfName?: string
  /** It belongs to the class and not to its instances. */
  readonly isStatic?: true
}

export interface Parameter {
  readonly pattern: Pattern
  /** The name that it may be given by. */
  readonly name?: string
  readonly otherwise?: Expression
  /** It takes all remaining arguments by place or by name, or the block after them. */
  readonly rest?: 'list' | 'record' | 'block'
}

/** The target of an assignment or a parameter. */
export type Pattern =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Pattern[]; readonly rest?: number }
  | { readonly kind: 'place'; readonly place: MemberExpression | IndexExpression }
  | { readonly kind: 'nothing' }

/** An operator and what it is used on. */
export interface OperationExpression extends Placed {
  readonly kind: 'operation'
  readonly operator: Operator
  readonly of: readonly Expression[]
}

/**
 * The meaning of operators in any language: `is` is equality without conversion, `join` puts texts one after another,
 * `in` asks whether the left one is an item, a name or a part of the right one.
 */
export type Operator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | 'join'
  | 'is'
  | 'is not'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'not'

/** `a && b`, `a || b`, `a ?? b`: the right side is read only when it counts. */
export interface ShortExpression extends Placed {
  readonly kind: 'short'
  readonly operator: 'and' | 'or' | 'otherwise'
  readonly left: Expression
  readonly right: Expression
}

export interface AssignmentExpression extends Placed {
  readonly kind: 'assignment'
  readonly to: Pattern
  readonly value: Expression
  /** It makes a new variable in the innermost scope, even if an outer scope has one with this name. */
  readonly isDeclaration?: true
}

/** Expressions in order. Its value is that of the last one. */
export interface BlockExpression extends Placed {
  readonly kind: 'block'
  readonly body: readonly Expression[]
}

/** `if`, `unless`, `case`, `a ? b : c`. */
export interface ChoiceExpression extends Placed {
  readonly kind: 'choice'
  readonly test: Expression
  readonly yes: Expression
  readonly no?: Expression
}

/** `while`. */
export interface LoopExpression extends Placed {
  readonly kind: 'loop'
  /** Undefined: the loop has no condition. */
  readonly test?: Expression
  readonly body: Expression
  /** What comes after each round. */
  readonly step?: Expression
  readonly isTestedAfter?: true
}

/** `for (const item of list)`. With two patterns, the first takes keys: `foreach ($list as $key => $item)`. */
export interface EachExpression extends Placed {
  readonly kind: 'each'
  readonly of: Expression
  readonly key?: Pattern
  readonly item: Pattern
  readonly body: Expression
  /** It collects the values of its body into a list, or into a record, for which each value is a list of name and value. */
  readonly collects?: 'list' | 'record'
}

/** `with a as b:` and `using (var b = a)`: the value is closed after the body. */
export interface WithExpression extends Placed {
  readonly kind: 'with'
  readonly value: Expression
  readonly as?: Pattern
  readonly body: Expression
}

export interface TryExpression extends Placed {
  readonly kind: 'try'
  readonly body: Expression
  /** What runs when something fails. */
  readonly handlers: readonly Expression[]
  /** What runs in any case. */
  readonly last?: Expression
}

/** `return`, `break`, `continue`, `throw`. */
export interface LeaveExpression extends Placed {
  readonly kind: 'leave'
  readonly how: 'return' | 'break' | 'continue' | 'throw'
  readonly value?: Expression
}

/** A function with a name: it is known before the first statement around it runs. */
export interface DefinitionExpression extends Placed {
  readonly kind: 'definition'
  readonly definition: FunctionExpression
}

/** A class or a module. */
export interface ClassExpression extends Placed {
  readonly kind: 'class'
  readonly name: string
  readonly nameAt: Span
  readonly bases: readonly Expression[]
  /** Its definitions, constants, and everything else in it. */
  readonly body: readonly Expression[]
}

/** Something of another file under a name: `from module import member as name`, `use App\Models\User`. The name `*` stands for all names. */
export interface ImportExpression extends Placed {
  readonly kind: 'import'
  readonly module: string
  /** Undefined: the module itself. */
  readonly member?: string
  readonly name: string
}

/** Code that is not read, and a clause that says why. The expressions inside of it may run. */
export interface UnreadExpression extends Placed {
  readonly kind: 'unread'
  readonly why: string
  readonly inside: readonly Expression[]
}
