import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { GitError } from './error.ts'

/**
 * Checks that an index is complete. git itself reads a truncated index as files without a name (it checks the sum only
 * in `git fsck`). A missing index is complete: nothing was added yet. Throws a GitError.
 */
export function checkIndex(path: string): void {
  let content: Buffer
  try {
    content = readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw new GitError(`${path} cannot be read`)
  }
  // gitformat-index(5): the last bytes are the checksum of everything before them, in the repository's own hash;
  // `index.skipHash` writes zeros.
  const isWhole = (['sha1', 'sha256'] as const).some(algorithm => {
    const sum = createHash(algorithm)
    const end = content.length - (algorithm === 'sha1' ? 20 : 32)
    const written = content.subarray(Math.max(end, 0))
    if (end < 12) return false
    return written.every(byte => byte === 0) || sum.update(content.subarray(0, end)).digest().equals(written)
  })
  if (!isWhole) throw new GitError(`${path} is damaged: "git read-tree HEAD" restores it from the last commit`)
}
