import { stringsIn } from './comment.ts'
import { join, parentOf, textOf } from './files.ts'
import type { Tree } from './tree.ts'

/**
 * The path that a program of settings must mean, because it is the only one in its texts that passes the test; null: none or several do. Such a program
 * does not have to be parsed.
 */
export function onlyNamed(tree: Tree, file: string, test: (path: string) => boolean): string | null {
  const words = stringsIn(textOf(tree, file) ?? '', file).filter(word => /^[\w./@-]{1,200}$/.test(word))
  const paths = new Set(words.map(word => join(parentOf(file), word)))
  const found = [...paths].filter(path => path !== parentOf(file) && test(path))
  return found.length === 1 && found[0] !== undefined ? found[0] : null
}
