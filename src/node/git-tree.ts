import { realpathSync } from 'node:fs'
import { posix, relative, resolve } from 'node:path'
import type { Entry, Tree } from '../systems/tree.ts'
import { isInside, slashes, type WorkingTree } from './files.ts'
import type { GitFile, GitFiles, Repository } from './repository.ts'

/** The files of a commit. Those that are as on disk are read there: only what differs costs git a blob. */
export function commitTree(repository: Repository, commit: string, working: WorkingTree): Tree {
  return gitTree(repository, repository.files(commit), working)
}

/** Tells paths at which two commits have something else, be it behind links of their own. */
export function changedBetween(repository: Repository, base: string, head: string): (path: string) => boolean {
  const [before, after] = [base, head].map(commit => withLinks(repository.files(commit), repository))
  return path => before?.get(path)?.oid !== after?.get(path)?.oid
}

/** The files as they would be committed now. */
export function indexTree(repository: Repository, working: WorkingTree): Tree {
  return gitTree(repository, repository.index(), working)
}

function gitTree(repository: Repository, tracked: GitFiles, working: WorkingTree): Tree {
  const files = withLinks(tracked, repository)
  const index = repository.index()
  const dirty = repository.dirty()
  const isOnDisk = (path: string, { oid, mode }: GitFile) =>
    mode !== link && index.get(path)?.oid === oid && index.get(path)?.mode !== link && !dirty.has(path)
  const differing = [...files].filter(([path, file]) => !isOnDisk(path, file))
  const named = pathsFrom(working, repository.root)
  const directories = directoriesOf(files.keys())
  return {
    list: dir => {
      const path = named(dir)
      return path === null ? [] : (directories.get(path) ?? [])
    },
    read: asked => {
      const path = named(asked) ?? ''
      const file = files.get(path)
      if (!file) throw new Error('no such file or directory')
      if (isOnDisk(path, file)) return working.read(asked)
      // All of its kind at once: who reads one migration reads the others.
      const ending = posix.extname(path)
      repository.fetchBlobs(differing.flatMap(([other, { oid }]) => (posix.extname(other) === ending ? [oid] : [])))
      return repository.blob(file.oid)
    },
  }
}

/** Paths of the working tree → paths of the repository; null for what lies outside. */
export function pathsFrom(working: WorkingTree, root: string): (path: string) => string | null {
  const base = realpathSync(working.root)
  return path => {
    const within = relative(root, resolve(base, path))
    return isInside(within) ? slashes(within) : null
  }
}

const link = '120000'

/** Symbolic links stand for what they lead to, within the repository; those that lead elsewhere are left out. */
function withLinks(files: GitFiles, repository: Repository): GitFiles {
  const links = [...files].filter(([, { mode }]) => mode === link)
  if (links.length === 0) return files
  repository.fetchBlobs(links.map(([, { oid }]) => oid))
  const all = new Map([...files].filter(([, { mode }]) => mode !== link))
  for (const [path, { oid }] of links) {
    const target = posix.join(posix.dirname(path), Buffer.from(repository.blob(oid)).toString())
    const file = files.get(target)
    // The target's content may be what is on disk, but the path is the link's: its mode says so.
    if (file && file.mode !== link) all.set(path, { ...file, mode: link })
    if (file || path.startsWith(`${target}/`) || target === '.') continue
    for (const [below, found] of files) {
      if (below.startsWith(`${target}/`) && found.mode !== link) {
        all.set(`${path}${below.slice(target.length)}`, { ...found, mode: link })
      }
    }
  }
  return all
}

function directoriesOf(paths: Iterable<string>): Map<string, Entry[]> {
  const directories = new Map<string, Map<string, Entry>>()
  const add = (directory: string, name: string, kind: Entry['kind']): boolean => {
    const entries = directories.get(directory) ?? new Map<string, Entry>()
    directories.set(directory, entries)
    if (entries.has(name)) return false
    entries.set(name, { name, kind })
    return true
  }
  for (const path of paths) {
    let kind: Entry['kind'] = 'file'
    for (let below = path; ; ) {
      const slash = below.lastIndexOf('/')
      const isNew = add(below.slice(0, Math.max(slash, 0)), below.slice(slash + 1), kind)
      if (slash === -1 || !isNew) break
      below = below.slice(0, slash)
      kind = 'directory'
    }
  }
  return new Map([...directories].map(([directory, entries]) => [directory, [...entries.values()]]))
}
