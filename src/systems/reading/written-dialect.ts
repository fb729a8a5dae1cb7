import { foreignSyntax } from '../../parse/foreign-syntax.ts'
import { isForOther } from './dialect.ts'
import { baseName, textOf } from './files.ts'
import type { Tree } from './tree.ts'

/**
 * The database according to other sources; if they say nothing, according to the SQL of the first files. Where some files are for another
 * database by their names, the others count.
 */
export function orSyntax(
  said: { readonly dialect?: string },
  tree: Tree,
  paths: readonly string[],
): { readonly dialect?: string } {
  if (said.dialect !== undefined) return said
  const own = paths.filter(path => !isForOther(baseName(path)))
  for (const path of (own.length > 0 ? own : paths).slice(0, 10)) {
    const dialect = foreignSyntax(textOf(tree, path) ?? '')
    if (dialect !== undefined) return { dialect }
  }
  return {}
}
