import { hasFile, join, textOf, upwards } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import { place } from '../tracking/setting.ts'
import type { TableName } from '../tracking/table-names.ts'
import { flag } from './script.ts'

/** The table that a script names: `-t`, `--migrations-table`, `--migrations-schema`. */
export function namedByScript(tree: Tree, directory: string): Partial<TableName> {
  const manifest = upwards(directory)
    .map(dir => join(dir, 'package.json'))
    .find(path => hasFile(tree, path))
  const text = manifest === undefined ? '' : (textOf(tree, manifest) ?? '')
  return place(flag(text, /(?:--migrations-table[ =]|\s-t )([\w.]+)/), flag(text, /--migrations-schema[ =]([\w.]+)/))
}
