import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8 at the code that it first makes of the parser's WebAssembly. Otherwise its optimising compiler works on one huge function of the
 * parser: on Node 24 that takes 500 MB and longer than to parse 5 MB of SQL with the first code. Call it before the parser is loaded.
 * Both flags are needed, because each turns off one of two ways to the optimising compiler. They exist in Node 20 to 25.
 */
export function keepBaselineCode(): void {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}
