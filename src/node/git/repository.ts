import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { sizeLimit, tooLarge } from '../disk/reading.ts'
import { GitError } from './error.ts'
import { Git, nulSeparated } from './git.ts'
import { checkIndex } from './staged-index.ts'

/** A file of a commit or of the index. */
export interface GitFile {
  /** Six octal digits: `100644`; `120000` is a symbolic link. */
  readonly mode: string
  /** Hexadecimal, of 40 or 64 digits. */
  readonly oid: string
}

/** Files by path from the root of the repository, with `/`. */
export type GitFiles = ReadonlyMap<string, GitFile>

/** A git repository with a work tree. It calls git as rarely as possible and remembers the answers. */
export class Repository {
  readonly git: Git
  /** Of the work tree, absolute. */
  readonly root: string
  readonly isShallow: boolean
  private readonly blobsByOid = new Map<string, Uint8Array>()
  private readonly largeBlobs = new Set<string>()
  private readonly commitsByName = new Map<string, string>()
  private readonly filesByCommit = new Map<string, GitFiles>()
  private knownIndex: GitFiles | null = null
  private knownDirty: ReadonlySet<string> | null = null

  constructor(git: Git) {
    this.git = git
    this.root = git.place.root
    this.isShallow = existsSync(join(git.place.commonDir, 'shallow'))
  }

  /** The repository that contains a directory. Throws a GitError if no repository can be read. */
  static at(directory: string): Repository {
    return new Repository(Git.at(directory))
  }

  /** The commit that a name stands for, or null. A name never begins with a dash. */
  commit(ref: string): string | null {
    if (ref === '' || ref.startsWith('-')) return null
    const known = this.commitsByName.get(ref)
    if (known !== undefined) return known
    const commit = this.git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]) || null
    if (commit !== null) this.commitsByName.set(ref, commit)
    return commit
  }

  /** Runs `git fetch`, see `Git.fetch`. Names of branches may stand for other commits afterwards. */
  fetch(args: readonly string[], authorization: Parameters<Git['fetch']>[1]): void {
    this.commitsByName.clear()
    this.git.fetch(args, authorization)
  }

  /** The commit that is checked out; null if the branch has no commit yet. Throws a GitError if it cannot be read. */
  head(): string | null {
    const commit = this.commit('HEAD')
    if (commit !== null) return commit
    const branch = this.git.ask(['symbolic-ref', '--quiet', 'HEAD'])
    if (branch === null) throw new GitError(`the commit that HEAD names cannot be read in ${this.git.place.gitDir}`)
    // This command reports damage in general, and leaves out a branch that is damaged.
    this.git.run(['for-each-ref', '--count=1', branch])
    const isNamed = this.git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', branch]) !== null
    if (isNamed || existsSync(join(this.git.place.commonDir, branch))) {
      throw new GitError(`the last commit of ${branch} cannot be read in ${this.git.place.gitDir}`)
    }
    return null
  }

  /** The tree of a repository before its first commit. git knows it without having it as an object. */
  emptyTree(): string {
    return this.git.run(['hash-object', '-t', 'tree', '--stdin']).toString().trim()
  }

  /** The parents as the commit object names them, even where a shallow clone ends. */
  parents(commit: string): string[] {
    const text = this.git.run(['cat-file', 'commit', commit]).toString()
    const [head = ''] = text.split('\n\n')
    return head.split('\n').flatMap(line => /^parent ([0-9a-f]+)$/.exec(line)?.[1] ?? [])
  }

  /** The last commit that two commits have in common; null: there is none, or a shallow clone ends before it. */
  mergeBase(a: string, b: string): string | null {
    return a === b ? a : this.git.ask(['merge-base', '--end-of-options', a, b]) || null
  }

  /** The files of a commit, or of a tree. */
  files(commit: string): GitFiles {
    const known = this.filesByCommit.get(commit)
    if (known) return known
    const files = new Map<string, GitFile>()
    for (const line of nulSeparated(this.git.run(['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit]))) {
      const [, mode = '', type, oid = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t([\s\S]*)$/.exec(line) ?? []
      if (type === 'blob') files.set(path, { mode, oid })
    }
    this.filesByCommit.set(commit, files)
    return files
  }

  /**
   * The index: the files that would be committed. For a path in conflict, our side. Throws a GitError if the index is
   * damaged.
   */
  index(): GitFiles {
    if (this.knownIndex) return this.knownIndex
    const { gitDir, index } = this.git.place
    checkIndex(index ?? join(gitDir, 'index'))
    const files = new Map<string, GitFile>()
    for (const line of nulSeparated(this.git.run(['ls-files', '-s', '-z', '--full-name', '--', ':/']))) {
      const [, mode = '', oid = '', stage, path = ''] = /^(\d+) ([0-9a-f]+) (\d)\t([\s\S]*)$/.exec(line) ?? []
      if (mode !== '160000' && (stage === '0' || stage === '2')) files.set(path, { mode, oid })
    }
    this.knownIndex = files
    return files
  }

  /** Paths whose file on disk differs from the index, as git finds out by its stat data and through its filters. */
  dirty(): ReadonlySet<string> {
    this.knownDirty ??= this.differing([])
    return this.knownDirty
  }

  /** Paths in which the index differs from a commit, or a tree. */
  staged(commit: string): ReadonlySet<string> {
    return this.differing(['--cached', commit])
  }

  /**
   * The paths in which a commit differs from another commit, or, without `head`, from the work tree, including files
   * that git does not know yet and does not ignore.
   */
  changedSince(commit: string, head?: string): ReadonlySet<string> {
    if (head !== undefined) return this.differing([commit, head])
    return new Set([...this.differing([commit]), ...this.untracked()])
  }

  private differing(what: readonly string[]): Set<string> {
    const options = ['--raw', '-z', '--no-renames', '--no-relative', '--ignore-submodules']
    const words = nulSeparated(this.git.run(['diff', ...options, ...what, '--', ':/']))
    return new Set(words.filter((_, i) => i % 2 === 1))
  }

  private untracked(): string[] {
    return nulSeparated(this.git.run(['ls-files', '-o', '-z', '--exclude-standard', '--full-name', '--', ':/']))
  }

  /**
   * Reads these blobs with few processes, unless they are known already. Of a blob that is larger than a file may be,
   * only its size is remembered.
   */
  fetchBlobs(oids: readonly string[]): void {
    const wanted = [...new Set(oids)].filter(oid => !this.blobsByOid.has(oid) && !this.largeBlobs.has(oid))
    if (wanted.length === 0) return
    let [batch, bytes]: [string[], number] = [[], 0]
    for (const line of this.git
      .run(['cat-file', '--batch-check'], `${wanted.join('\n')}\n`)
      .toString()
      .split('\n')) {
      const [oid = '', type, size] = line.split(' ')
      if (type !== 'blob') continue
      if (Number(size) > sizeLimit) {
        this.largeBlobs.add(oid)
        continue
      }
      // The whole output of one process is kept in memory.
      if (bytes + Number(size) > sizeLimit) {
        this.readBlobs(batch)
        ;[batch, bytes] = [[], 0]
      }
      batch.push(oid)
      bytes += Number(size)
    }
    this.readBlobs(batch)
  }

  private readBlobs(oids: readonly string[]): void {
    if (oids.length === 0) return
    const output = this.git.run(['cat-file', '--batch'], `${oids.join('\n')}\n`)
    for (let at = 0; at < output.length; ) {
      const newline = output.indexOf(0x0a, at)
      const [oid = '', type, size] = output.subarray(at, newline).toString().split(' ')
      at = newline + 1
      if (type !== 'blob') continue
      const end = at + Number(size)
      this.blobsByOid.set(oid, new Uint8Array(output.subarray(at, end)))
      at = end + 1
    }
  }

  /** True for a blob that is larger than a file may be (`sizeLimit`). */
  isTooLarge(oid: string): boolean {
    this.fetchBlobs([oid])
    return this.largeBlobs.has(oid)
  }

  /** Throws a GitError if the object is missing (a partial clone without its server) or too large. */
  blob(oid: string): Uint8Array {
    if (this.isTooLarge(oid)) throw new GitError(tooLarge)
    const content = this.blobsByOid.get(oid)
    if (!content) throw new GitError(`git does not have the object ${oid}`)
    return content
  }
}
