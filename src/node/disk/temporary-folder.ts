import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder that only its owner may enter. */
export interface TemporaryFolder {
  readonly path: string
  /** Makes a folder in it and returns its path. */
  folder(name: string): string
  /** Writes a file that only the owner may read and returns its path. */
  put(name: string, content: string): string
  /** Removes it and what is in it. */
  remove(): void
  /** The same, as far as nobody is writing there. */
  tryToRemove(): void
}

/** `owner`: the number of the user and group to whom everything belongs, which only root may give away; null: the user who runs this. */
export function temporaryFolder(owner: number | null): TemporaryFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'migrate-lint-')))
  const handOver = (made: string): string => {
    if (owner !== null) chownSync(made, owner, owner)
    return made
  }
  handOver(path)
  const remove = () => rmSync(path, { recursive: true, force: true })
  return {
    path,
    folder: name => {
      mkdirSync(join(path, name), { mode: 0o700 })
      return handOver(join(path, name))
    },
    put: (name, content) => {
      writeFileSync(join(path, name), content, { mode: 0o600, flag: 'wx' })
      return handOver(join(path, name))
    },
    remove,
    tryToRemove: () => {
      try {
        remove()
      } catch {
        // Somebody else has to do it.
      }
    },
  }
}
