import type { Beside } from '../../code/beside.ts'
import { encodingProblem, hasFile, textOf } from './files.ts'
import type { Tree } from './tree.ts'

/** What a migration in code may load: files of the tree, which are of the project or of the commit that is read. */
export function besideIn(tree: Tree, path: string): Beside {
  return {
    path,
    textOf: other => (hasFile(tree, other) ? textOf(tree, other) : null),
    problemOf: other => encodingProblem(tree, other),
  }
}
