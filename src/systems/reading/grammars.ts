import type { GrammarFiles } from '../../code/grammar.ts'
import type { Grammar } from '../../code/language.ts'
import { onDemand } from './on-demand.ts'

interface Loading {
  /** Another place may have a grammar that this one does not have. */
  readonly from: GrammarFiles | null
  readonly ask: () => { readonly isThere: boolean } | null
}

const loadings = new Map<Grammar, Loading>()

/** True if the grammar is loaded. Asks for it within a reading, which then runs again. `src/code/grammar.ts` itself is loaded on demand, too. */
export function isLoaded(
  { loadGrammar, grammarsFrom }: Pick<typeof import('../../code/grammar.ts'), 'loadGrammar' | 'grammarsFrom'>,
  grammar: Grammar,
): boolean {
  const from = grammarsFrom()
  const known = loadings.get(grammar)
  const loading =
    known?.from === from
      ? known
      : { from, ask: onDemand(async () => ({ isThere: await loadGrammar(grammar).catch(() => false) })) }
  loadings.set(grammar, loading)
  return loading.ask()?.isThere === true
}
