import { join } from 'node:path'
import type { GrammarFiles } from '../../code/grammar.ts'
import { readRegular } from './reading.ts'

/** The grammars in a folder of this program: `ruby.wasm`, and `tree-sitter.wasm`, which runs them. */
export function grammarsIn(folder: string): GrammarFiles {
  return async name => {
    try {
      return readRegular(join(folder, `${name}.wasm`))
    } catch {
      return null
    }
  }
}
