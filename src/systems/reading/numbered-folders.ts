import { baseName, join, namesIn, parentOf } from './files.ts'
import { compareNatural, isNumbered } from './order.ts'
import type { Tree } from './tree.ts'

/**
 * The numbered folders of a folder that form one history together, in order: `85`, `86`; `v1`, `V2`. Empty if fewer than two have
 * migrations, or if each has its own history: numbered shards or services have files with the same names.
 */
export function numberedFolders(tree: Tree, directory: string, counts: (folder: string) => boolean): readonly string[] {
  const folders = namesIn(tree, directory, 'directory')
    .filter(isNumbered)
    .sort(compareNatural)
    .map(name => join(directory, name))
    .filter(counts)
  return folders.length > 1 && !areSeveralHistories(tree, folders) ? folders : []
}

/** The folder that a numbered one is a part of; null if it has its own history. */
export function wholeOfNumbered(tree: Tree, directory: string, counts: (folder: string) => boolean): string | null {
  if (directory === '' || !isNumbered(baseName(directory))) return null
  const whole = parentOf(directory)
  return numberedFolders(tree, whole, counts).includes(directory) ? whole : null
}

/** Two of them share more than half of the names of their numbered files. Names that every migration has (`up.sql`) do not count. */
function areSeveralHistories(tree: Tree, folders: readonly string[]): boolean {
  const seen = new Map<string, number>()
  let most = 0
  for (const folder of folders) {
    const names = namesIn(tree, folder).filter(name => isNumbered(name) && /\.sql$/i.test(name))
    const before = new Map<number, number>()
    for (const name of names) {
      const at = seen.get(name)
      if (at !== undefined) before.set(at, (before.get(at) ?? 0) + 1)
    }
    for (const [at, shared] of before) {
      const other = namesIn(tree, folders[at] ?? '').filter(name => isNumbered(name) && /\.sql$/i.test(name)).length
      most = Math.max(most, shared / Math.min(names.length, other))
    }
    for (const name of names) if (!seen.has(name)) seen.set(name, folders.indexOf(folder))
  }
  return most > 0.5
}
