import type { MessagePort } from 'node:worker_threads'
import type { Unparsed } from '../../code/ahead.ts'
import type { Packed } from '../../code/copy.ts'
import { type GrammarFiles, loadGrammar, packedOf, useGrammars } from '../../code/grammar.ts'
import { type Answer, type Order, states } from './thread.ts'

/** Milliseconds that a program may take. What takes longer is left to the main thread, which holds it to the limit of the run. */
const longest = 500

/** The work of the thread that `thread` starts. */
export function parsePrograms(orders: MessagePort, grammars: GrammarFiles): void {
  useGrammars(grammars)
  orders.on('message', async ({ list, programs, state }: Order) => {
    for (const grammar of new Set(programs.map(each => each.grammar))) await loadGrammar(grammar)
    for (const [index, program] of programs.entries()) {
      if (Atomics.compareExchange(state, index, states.open, states.begun) !== states.open) continue
      const tree = treeOf(program)
      orders.postMessage({ list, index, tree } satisfies Answer, tree ? [tree.nodes.buffer] : [])
      Atomics.store(state, index, states.parsed)
      Atomics.notify(state, index)
    }
  })
}

/** Null if anything keeps it from being parsed here: that is found out again, and told, where it is read. */
function treeOf({ grammar, text }: Unparsed): Packed | null {
  const end = performance.now() + longest
  try {
    return packedOf(grammar, text, () => {
      if (performance.now() > end) throw new Error('This takes too long.')
    })
  } catch {
    return null
  }
}
