import { foreignSyntax } from '../../parse/foreign-syntax.ts'
import { textOf } from './files.ts'
import type { Tree } from './tree.ts'

/** The database according to other sources; if they say nothing, according to the SQL of the first files. */
export function orSyntax(
  said: { readonly dialect?: string },
  tree: Tree,
  paths: readonly string[],
): { readonly dialect?: string } {
  if (said.dialect !== undefined) return said
  for (const path of paths.slice(0, 10)) {
    const dialect = foreignSyntax(textOf(tree, path) ?? '')
    if (dialect !== undefined) return { dialect }
  }
  return {}
}
