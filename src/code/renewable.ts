import { type CursorFunctions, cursorFunctions } from './cursor.ts'

/**
 * The memory of tree-sitter. Grammars contain code of their own, and that of Python writes outside of its memory when indentation is deep:
 * then every later program is read wrongly. A copy of the memory from before the first text is restored after a failure.
 */
export class Renewable {
  readonly #memory = new WebAssembly.Memory({ initial: pages, maximum: mostPages })
  #functions: (CursorFunctions & Stack) | null = null
  #kept: { readonly bytes: Uint8Array; readonly stack: number } | null = null

  /** For `Parser.init`: runs the module in this memory. Throws if the bytes are not a module. */
  async options(wasmBinary: Uint8Array): Promise<object> {
    const module = await WebAssembly.compile(wasmBinary)
    const instantiateWasm = (
      imports: unknown,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) => {
      void WebAssembly.instantiate(module, imports).then(instance => {
        this.#functions = isComplete(instance.exports) ? instance.exports : null
        done(instance, module)
      })
    }
    return { wasmMemory: this.#memory, instantiateWasm }
  }

  /** The module's own functions that walk a tree. Throws an Error if the module lacks one of those that are used here. */
  get functions(): CursorFunctions {
    if (!this.#functions) throw new Error('tree-sitter is another one than that of this program')
    return this.#functions
  }

  /** Something has been loaded, so the copy is no longer complete. */
  hasChanged(): void {
    this.#kept = null
  }

  /** Makes the copy, unless there is one. */
  keep(): void {
    if (this.#kept || !this.#functions) return
    const words = new BigUint64Array(this.#memory.buffer)
    let end = words.length
    while (end > 0 && words[end - 1] === 0n) end--
    const bytes = new Uint8Array(this.#memory.buffer).slice(0, end * 8)
    this.#kept = { bytes, stack: this.#functions.emscripten_stack_get_current() }
  }

  /** Restores the memory from the copy. */
  restore(): void {
    if (!this.#kept || !this.#functions) return
    const all = new Uint8Array(this.#memory.buffer)
    all.set(this.#kept.bytes)
    all.fill(0, this.#kept.bytes.length)
    this.#functions._emscripten_stack_restore(this.#kept.stack)
  }
}

/** The sizes that emscripten sets for web-tree-sitter: 32 MB at first, and at most 2 GB. */
const pages = 512
const mostPages = 32_768

/** Exports of the module. */
interface Stack {
  readonly emscripten_stack_get_current: () => number
  readonly _emscripten_stack_restore: (to: number) => void
}

function isComplete(exports: object): exports is CursorFunctions & Stack {
  const names = new Set(Object.keys(exports))
  return ['emscripten_stack_get_current', '_emscripten_stack_restore', ...cursorFunctions].every(name =>
    names.has(name),
  )
}
