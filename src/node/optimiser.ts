import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's optimising compiler from working longer than its code can save in a run of some seconds. Call it before the parser is loaded, and
 * only in a process of our own: the flags hold for all code in it. `docs/performance.md` has the figures. V8 reports flags that it does not
 * know, so that each must exist in all versions of Node that reach it.
 */
export function limitOptimiser(): void {
  // On Node 24 it would take 500 MB for one huge function of the parser's WebAssembly, and longer than to parse 5 MB of SQL with the first
  // code. Each flag turns off one of two ways to it.
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
  // Most of its time goes into functions with all that they call written into them: V8 allows 920.
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=300')
  // Node 20 starts it three times as early as this.
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=400000')
}
