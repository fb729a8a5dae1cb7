import { type BigIntStats, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { isInside, realPath } from '../disk/path.ts'
import { readRegular } from '../disk/reading.ts'
import { GitError } from './error.ts'

/** Where a repository is. All paths are absolute. */
export interface GitPlace {
  /** The folder that git calls GIT_DIR. */
  readonly gitDir: string
  /** The folder that all work trees share: objects, references, configuration. */
  readonly commonDir: string
  /** Of the work tree. */
  readonly root: string
  /** An index other than that of the work tree, and the place of its objects: git gives both to hooks. */
  readonly index: string | null
  readonly objects: string | null
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Finds the repository that contains a directory, as git does, with one exception that a stranger could commit: a
 * folder that looks like a repository counts only if its name is `.git`, which git never commits. GIT_DIR and related
 * variables count, because git sets them for hooks; they may be relative to the directory in which the program was
 * started. Throws a GitError if there is no repository.
 */
export function placeOf(directory: string, env: Environment = process.env): GitPlace {
  const started = process.cwd()
  const here = env.GIT_DIR || env.GIT_INDEX_FILE || env.GIT_WORK_TREE ? find(started, env) : null
  const given = env.GIT_DIR ? resolve(started, env.GIT_DIR) : null
  const found =
    given === null ? find(directory, env) : here && isSame(here.gitDir, given) ? here : { gitDir: given, root: started }
  if (found === null)
    throw new GitError('not a git repository (or any of the parent directories): .git', 'no-repository')
  const isHere = given !== null || (here !== null && isSame(here.gitDir, found.gitDir))
  const root = realPath(isHere && env.GIT_WORK_TREE ? resolve(started, env.GIT_WORK_TREE) : found.root)
  return {
    gitDir: realPath(found.gitDir),
    commonDir: commonDirOf(realPath(found.gitDir)),
    root,
    index: isHere && env.GIT_INDEX_FILE ? resolve(root, env.GIT_INDEX_FILE) : null,
    objects: isHere && env.GIT_OBJECT_DIRECTORY ? resolve(root, env.GIT_OBJECT_DIRECTORY) : null,
  }
}

interface Found {
  readonly gitDir: string
  readonly root: string
}

function find(directory: string, env: Environment): Found | null {
  const ceilings = (env.GIT_CEILING_DIRECTORIES ?? '').split(delimiter).filter(isAbsolute).map(realPath)
  for (let folder = realPath(directory); ; folder = dirname(folder)) {
    const gitDir = gitDirIn(folder)
    if (gitDir !== null && !isCommitted(gitDir, folder)) return { gitDir, root: folder }
    if (dirname(folder) === folder || ceilings.includes(dirname(folder))) return null
  }
}

/**
 * The repository that a folder's `.git` is or names; null if there is no `.git`. Throws a GitError if it is damaged.
 */
function gitDirIn(folder: string): string | null {
  const path = join(folder, '.git')
  const stats = statusOf(path)
  if (stats?.isDirectory()) {
    if (isRepository(path)) return path
    // Like git, this ignores an empty folder of that name.
    const parts = ['HEAD', 'objects', 'refs'].filter(part => statusOf(join(path, part)) === null)
    if (parts.length < 3) throw new GitError(`${path} is damaged: it has no ${parts.join(' and no ')}`)
    return null
  }
  if (!stats?.isFile()) return null
  const text = stats.size > 100_000n ? '' : (textOf(path) ?? '')
  const [, target] = /^gitdir: ([^\n\r]+)[\n\r]*$/.exec(text) ?? []
  if (target === undefined) throw new GitError(`${path} does not name a repository`)
  const gitDir = resolve(folder, target)
  if (!isRepository(gitDir)) throw new GitError(`${path} names ${gitDir}, which is not a repository`)
  return gitDir
}

/**
 * True for a folder that a commit may have brought: it lies in the work tree that names it, or in one around it, and
 * not below a `.git`. Submodules and other work trees lie below one.
 */
function isCommitted(gitDir: string, folder: string): boolean {
  const target = realPath(gitDir)
  for (let around = folder; ; around = dirname(around)) {
    const isWorkTree = around === folder || statusOf(join(around, '.git')) !== null
    const within = relative(around, target)
    if (isWorkTree && isInside(within) && !within.split(/[\\/]/).includes('.git')) return true
    if (dirname(around) === around) return false
  }
}

/** Decides as git does (setup.c, is_git_directory). */
function isRepository(gitDir: string): boolean {
  const common = commonDirOf(gitDir)
  return [join(gitDir, 'HEAD'), join(common, 'objects'), join(common, 'refs')].every(path => statusOf(path) !== null)
}

/** The folder of an additional work tree names the folder that has the rest. */
function commonDirOf(gitDir: string): string {
  const text = textOf(join(gitDir, 'commondir'))
  return text === null ? gitDir : resolve(gitDir, text.trim())
}

/** Null for what cannot be read, or is not a file. */
function textOf(path: string): string | null {
  try {
    return new TextDecoder().decode(readRegular(realPath(path)))
  } catch {
    return null
  }
}

/** True if two paths lead to the same place, however they are spelled. */
export function isSame(a: string, b: string): boolean {
  const [one, other] = [statusOf(a), statusOf(b)]
  return realPath(a) === realPath(b) || (one !== null && one.ino === other?.ino && one.dev === other.dev)
}

function statusOf(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true })
  } catch {
    return null
  }
}
