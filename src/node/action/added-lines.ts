import type { Repository } from '../git/repository.ts'

/** Tells lines that a change adds. Paths are those of the repository, lines are counted from 1. */
export type AddedLines = (path: string, line: number) => boolean

/** Lines that a commit lacks. `head`: another commit; without it, what is on disk. Each changed file costs git one question, when it is asked for. */
export function addedSince(repository: Repository, base: string, head: string | undefined): AddedLines {
  const before = repository.files(base)
  const changed = repository.changedSince(base, head)
  const known = new Map<string, readonly Lines[]>()
  return (path, line) => {
    if (!changed.has(path)) return false
    // A file that is new is new from its first line to its last.
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
