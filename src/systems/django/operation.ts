import { NotRead } from '../../code/given/not-read.ts'
import { placeOf } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import type { Editor } from './editor.ts'
import { isList, isMade, isUnknown, type Kept, keep, type Made } from './kept.ts'
import type { ObjectHere } from './object.ts'
import type { State } from './state.ts'

/** One operation with its arguments. The functions throw NotRead where an argument is unknown. */
export class Operation {
  readonly call: Call
  readonly #values: ReadonlyMap<string, Value>

  constructor({ args, named, call }: ObjectHere, names: readonly string[]) {
    this.call = call
    this.#values = new Map([
      ...args.flatMap((value, i): [string, Value][] => {
        const name = names[i]
        return name === undefined ? [] : [[name, value]]
      }),
      ...named,
    ])
  }

  value(name: string): Value | undefined {
    return this.#values.get(name)
  }

  kept(name: string): Kept | undefined {
    const value = this.value(name)
    return value && keep(value)
  }

  /** A required name. */
  text(name: string): string {
    const found = this.kept(name)
    if (typeof found === 'string') return found
    throw new NotRead(isUnknown(found) ? found.why : `\`${name}\` is not known`, this.at(name))
  }

  made(name: string): Made {
    const found = this.kept(name)
    if (isMade(found)) return found
    throw new NotRead(isUnknown(found) ? found.why : `\`${name}\` is not known`, this.at(name))
  }

  list(name: string): readonly Kept[] {
    const found = this.kept(name)
    if (found === undefined || found === null) return []
    if (isList(found)) return found
    throw new NotRead(isUnknown(found) ? found.why : `\`${name}\` is not a list`, this.at(name))
  }

  at(name: string): Span | undefined {
    return placeOf(this.value(name), undefined)
  }
}

/** The context of an operation. */
export interface Context {
  /** The label of the app of the migration. */
  readonly app: string
  /** The migration has a transaction. */
  readonly isAtomic: boolean
  readonly editor: Editor
  readonly run: Run
  /** Runs operations within another one, and returns the state after them. */
  readonly inside: (operations: readonly Value[], direction: 'up' | 'down', from: State) => State
  /** Runs a function of the migration. */
  readonly code: (code: Value | undefined, operation: Operation) => void
}

/** A class of operations. */
export interface OperationClass {
  /** The names of its positional arguments, in order. */
  readonly names: readonly string[]
  /** state_forwards. Left out: it does not change the state. */
  readonly state?: (operation: Operation, app: string, state: State) => State
  /** database_forwards: `from` is the state before it, `to` the one after it. */
  readonly up?: (operation: Operation, context: Context, from: State, to: State) => void
  /** database_backwards: `from` is the state after it, `to` the one before it. */
  readonly down?: (operation: Operation, context: Context, from: State, to: State) => void
  /** Whether it can be reverted; left out: it can. */
  readonly isReversible?: (operation: Operation) => boolean
}
