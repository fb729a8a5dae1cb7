// The grammars for reading programs, and the code that runs them: WebAssembly from development dependencies whose install scripts never run.
// The package contains only these files, and users install nothing else.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const microsoft = '@vscode/tree-sitter-wasm'

/** By the name that `src/code/grammar.ts` uses: package, file. */
const sources = {
  'tree-sitter': ['web-tree-sitter', 'web-tree-sitter.wasm'],
  elixir: ['tree-sitter-elixir', 'tree-sitter-elixir.wasm'],
  ...Object.fromEntries(
    ['ruby', 'python', 'php', 'c-sharp', 'typescript', 'go', 'java'].map(name => [
      name,
      [microsoft, `wasm/tree-sitter-${name}.wasm`],
    ]),
  ),
}

export const grammarNames = Object.keys(sources)

/** Folders of their packages. */
export const grammarPackages = [...new Set(Object.values(sources).map(([name]) => `node_modules/${name}`))].sort()

/** The absolute path of one of them. */
export function grammarPath(name) {
  const [folder, file] = sources[name]
  return join(root, 'node_modules', folder, file)
}

/** All of them, as files of a folder: `grammars/ruby.wasm`. */
export async function grammarFiles(folder) {
  return Promise.all(
    grammarNames.map(async name => ({
      path: join(folder, 'grammars', `${name}.wasm`),
      contents: await readFile(grammarPath(name)),
    })),
  )
}
