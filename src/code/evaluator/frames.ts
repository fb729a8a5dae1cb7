import type { FunctionExpression } from '../syntax.ts'
import type { Value } from '../value.ts'

/** The deepest nesting of calls that is read: well below what the stack allows. */
const deepestCall = 40
/** The deepest recursion of one function, as for a list in a list. */
const deepestRecursion = 5

/** A function that is being evaluated. */
export interface Frame {
  /** Values that it may have returned early. */
  readonly returned: Value[]
  readonly isBlock: boolean
  /** A block may have ended the function around it, so the rest of that function may not run. */
  mayLeave: boolean
}

/** The functions that are being evaluated, and the program around them. */
export class Frames {
  readonly #all: Frame[] = [{ returned: [], isBlock: false, mayLeave: false }]
  /** How often each function is being called, and those that called themselves too often. */
  readonly #active = new Map<FunctionExpression, number>()
  readonly #cut = new Set<FunctionExpression>()

  get innermost(): Frame | undefined {
    return this.#all.at(-1)
  }

  /** Whether as many functions are being evaluated as the stack allows. */
  get isFull(): boolean {
    return this.#all.length > deepestCall
  }

  /** Whether a function has called itself so often that another call of it is cut off. This is remembered until it ends. */
  cuts(definition: FunctionExpression): boolean {
    if ((this.#active.get(definition) ?? 0) < deepestRecursion) return false
    this.#cut.add(definition)
    return true
  }

  enter(definition: FunctionExpression): Frame {
    this.#active.set(definition, (this.#active.get(definition) ?? 0) + 1)
    const frame: Frame = { returned: [], isBlock: definition.isBlock === true, mayLeave: false }
    this.#all.push(frame)
    return frame
  }

  /** Ends the innermost function. Returns whether this was the first call of it, and a call inside of it was cut off. */
  leave(definition: FunctionExpression): boolean {
    this.#all.pop()
    const active = (this.#active.get(definition) ?? 1) - 1
    this.#active.set(definition, active)
    return active === 0 && this.#cut.delete(definition)
  }
}
