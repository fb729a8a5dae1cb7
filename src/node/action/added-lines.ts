import type { Repository } from '../git/repository.ts'

/** True for lines that a change adds. Paths are those of the repository; lines are counted from 1. */
export type AddedLines = (path: string, line: number) => boolean

/**
 * The lines that a commit lacks. `head` is another commit; without it, the files on disk are compared. Each changed
 * file costs one call of git, when it is asked for.
 */
export function addedSince(repository: Repository, base: string, head: string | undefined): AddedLines {
  const before = repository.files(base)
  const changed = repository.changedSince(base, head)
  const known = new Map<string, readonly Lines[]>()
  return (path, line) => {
    if (!changed.has(path)) return false
    // In a new file, all lines are new.
    if (!before.has(path)) return true
    const added = known.get(path) ?? hunks(repository, base, head, path)
    known.set(path, added)
    return added.some(({ first, count }) => first <= line && line < first + count)
  }
}

interface Lines {
  readonly first: number
  readonly count: number
}

function hunks(repository: Repository, base: string, head: string | undefined, path: string): Lines[] {
  const options = ['--unified=0', '--no-color', '--no-renames', '--ignore-submodules']
  const commits = head === undefined ? [base] : [base, head]
  const diff = repository.git.run(['diff', ...options, ...commits, '--', `:(top,literal)${path}`]).toString()
  return Array.from(diff.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm), ([, first, count = '1']) => ({
    first: Number(first),
    count: Number(count),
  }))
}
