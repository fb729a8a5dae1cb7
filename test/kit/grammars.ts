import { readFile } from 'node:fs/promises'
import { grammarPath } from '../../scripts/grammars.mjs'
import { useGrammars } from '../../src/code/grammar.ts'

import { loadOnDemand } from './on-demand.ts'

// Tests from source read programs as the built program does, by the grammars that the build copies.
useGrammars(async name => new Uint8Array(await readFile(grammarPath(name))))

// They ask systems directly, where the program would load this first.
await loadOnDemand()
