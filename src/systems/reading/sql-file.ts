import { hasFile, join, parentOf, upwards } from './files.ts'
import type { Tree } from './tree.ts'

/** Files of SQL that a migration in JavaScript or TypeScript reads, in the order in which it names them. */
export interface SqlFiles {
  readonly up: readonly string[]
  readonly down: readonly string[]
}

/**
 * The `.sql` files that the code names and that exist: `path.join(__dirname, 'sqls', 'x-up.sql')`,
 * `readFileSync('./x.sql')`. Files named after the start of `down` take the migration back.
 */
export function sqlFilesOf(tree: Tree, path: string, code: string): SqlFiles {
  const found = { up: [] as string[], down: [] as string[] }
  const halves = [...code.matchAll(/\b(up|down)\b\s*(?:=|\(|:)/g)].map(({ index, 1: name }) => ({ index, name }))
  for (const literal of code.matchAll(/(['"`])((?:(?!\1)[^\\\n])+\.sql)\1/g)) {
    const last = literal[2] ?? ''
    const call = code.slice(code.lastIndexOf('(', literal.index) + 1, literal.index)
    const before = [...call.matchAll(/(['"`])((?:(?!\1)[^\\\n])*)\1/g)].map(([, , part = '']) => part)
    const name = [...before, last].join('/').replace(/\$\{[^{}]*\}/g, '')
    const file = upwards(parentOf(path))
      .map(dir => join(dir, name))
      .find(candidate => hasFile(tree, candidate))
    const half =
      halves.findLast(({ index }) => index < literal.index)?.name ?? (/\b(down|undo)\b/i.test(last) ? 'down' : 'up')
    if (file !== undefined) found[half === 'down' ? 'down' : 'up'].push(file)
  }
  return found
}
