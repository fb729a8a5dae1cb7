import { candidatesOf, deepestImport, largestImported, mostImported } from '../../code/candidates.ts'
import { hasFile, join, parentOf, textOf } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'

/** A path that begins with `./` or `../`, as a text. Not each of them is imported, and this is asked before anything is parsed. */
const relative = /["'](\.{1,2}\/[^"'\\\n]{1,200})["']/g

/**
 * The files of the project that a program in JavaScript or TypeScript may import, and those that these import, by path with their texts, in the
 * order of the imports. Empty for other programs.
 */
export function importedBy(tree: Tree | null, path: string, text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (!tree || !isJavaScript(path)) return found
  let level = [[path, text] as const]
  for (let depth = 0; depth < deepestImport && level.length > 0; depth++) {
    const next: [string, string][] = []
    for (const [own, code] of level) {
      for (const [, name = ''] of code.matchAll(relative)) {
        if (found.size >= mostImported) return found
        const file = fileOf(tree, own, name)
        const content = file === null || found.has(file) || file === path ? null : textOf(tree, file)
        if (file === null || content === null || content.length > largestImported) continue
        found.set(file, content)
        next.push([file, content])
      }
    }
    level = next
  }
  return found
}

export function isJavaScript(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path)
}

/** The first file that an import may mean; null: none, or it is outside of the tree. */
function fileOf(tree: Tree, own: string, name: string): string | null {
  const folder = parentOf(own)
  const up = name.split('/').filter(part => part === '..').length
  if (up > folder.split('/').filter(part => part !== '').length) return null
  return candidatesOf(join(folder, name)).find(candidate => hasFile(tree, candidate)) ?? null
}
