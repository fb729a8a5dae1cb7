import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { append } from '../../parse/list.ts'
import { isInside, realPath } from './path.ts'

/** A folder under the name that was given, and the real folder in which everything below it must lie. */
interface Bound {
  readonly folder: string
  readonly real: string
  /** The kind of folder, for people. */
  readonly what: 'repository' | 'folder'
}

/** Thrown for a path that leads to a place where nothing may be read. The message is the reason, a clause. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError'
  /** The first part of the path that leads out: a link, or the path itself. Absolute. */
  readonly place: string

  constructor(place: string, message: string) {
    super(message)
    this.place = place
  }
}

/**
 * Decides where files may be read. The links of a repository may come from a stranger, and what is read is shown. So a
 * link may lead anywhere in its repository except into `.git`, which holds tokens. Where there is no repository, it may
 * lead anywhere in the folder that was asked for.
 */
export class Bounds {
  private readonly all: Bound[]

  /** The bounds for a folder that only the user can have named. */
  constructor(folder: string) {
    const root = resolve(folder)
    this.all = [repositoryAround(root) ?? boundOf(root, 'folder')]
  }

  /**
   * A person has named an absolute path. If it lies elsewhere, it may be read as well, and the folders around it may be
   * listed. A name in the repository permits nothing more: hooks name any file that a stranger has committed.
   */
  admit(path: string): void {
    if (this.has(path)) return
    const folder = isDirectory(path) ? path : dirname(path)
    const repository = repositoryAround(folder)
    if (repository) this.all.push(repository)
    else
      append(
        this.all,
        withAncestors(folder).map(each => boundOf(each, 'folder')),
      )
  }

  /** The real path behind links, absolute. Throws an OutsideError, or the system's error if it does not exist. */
  real(path: string): string {
    const bound = this.around(path)
    if (!bound) throw new OutsideError(path, `it lies outside of the ${this.all[0]?.what}`)
    const real = realpathSync.native(path)
    const why = refusal(real, bound)
    if (why !== null) throw new OutsideError(culprit(path, bound), why)
    return real
  }

  /**
   * The place that writing to a path would lead to, absolute, whether it exists or not. Its folders may be read as far
   * as they exist. Throws as `real` does, and also for a link that leads nowhere.
   */
  target(path: string): string {
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined
    return isThere || dirname(path) === path ? this.real(path) : join(this.target(dirname(path)), basename(path))
  }

  /** True for a path whose name lies in one of them. */
  has(path: string): boolean {
    return this.around(path) !== undefined
  }

  /** The innermost bound that contains the path by its name. */
  private around(path: string): Bound | undefined {
    return this.all
      .filter(({ folder, real }) => isBelow(folder, path) || isBelow(real, path))
      .sort((a, b) => b.folder.length - a.folder.length)[0]
  }
}

/** The reason why a real path may not be read, as a clause; null: it may be read. */
function refusal(real: string, { real: root, what }: Bound): string | null {
  if (!isBelow(root, real)) return `it leads out of the ${what}`
  const isGit = relative(root, real)
    .split(sep)
    .some(name => name.toLowerCase() === '.git')
  return isGit ? 'it leads into .git' : null
}

/** The first part of a path that leads out of the bound. */
function culprit(path: string, bound: Bound): string {
  const parts = withAncestors(path).reverse()
  return parts.find(part => isBelow(bound.folder, part) && refusal(realPath(part), bound) !== null) ?? path
}

/**
 * The repository that contains a folder: the nearest one, except one that is only reached through a link of another
 * repository.
 */
function repositoryAround(folder: string): Bound | null {
  const [nearest, ...others] = withAncestors(folder)
    .filter(each => existsSync(join(each, '.git')))
    .map(each => boundOf(each, 'repository'))
  return (
    others.reduce((chosen, outer) => (chosen && isBelow(outer.real, chosen.real) ? chosen : outer), nearest) ?? null
  )
}

function boundOf(folder: string, what: Bound['what']): Bound {
  return { folder, real: realPath(folder), what }
}

function withAncestors(path: string): string[] {
  const all = [path]
  for (let at = path; dirname(at) !== at; at = dirname(at)) all.push(dirname(at))
  return all
}

function isBelow(folder: string, path: string): boolean {
  return isInside(relative(folder, path))
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
