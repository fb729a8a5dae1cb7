import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { append } from '../../parse/list.ts'
import { isInside, realPath } from './path.ts'

/** A folder as it is named, and the real folder that everything that is named below it has to lie in. */
interface Bound {
  readonly folder: string
  readonly real: string
  /** What it is, for people. */
  readonly what: 'repository' | 'folder'
}

/** A path leads to where nothing may be read. The message says why, a clause. */
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
 * Where files may be read. Links are written by whoever wrote the repository, who may be a stranger, and what is read is shown: a link
 * may lead anywhere in its repository but into `.git`, which holds tokens; where there is no repository, anywhere in the folder that was
 * asked for.
 */
export class Bounds {
  private readonly all: Bound[]

  /** What may be read for a folder whose name nobody but the user has chosen. */
  constructor(folder: string) {
    const root = resolve(folder)
    this.all = [repositoryAround(root) ?? boundOf(root, 'folder')]
  }

  /**
   * A person has named a path, absolute. Where it lies elsewhere, what is there may be read, too, and the folders around it may be
   * looked into. A name in the repository admits nothing: hooks name whatever a stranger has committed.
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

  /** What links of a path lead to, absolute. Throws an OutsideError, or the system's error when there is no such thing. */
  real(path: string): string {
    const bound = this.around(path)
    if (!bound) throw new OutsideError(path, `it lies outside of the ${this.all[0]?.what}`)
    const real = realpathSync.native(path)
    const why = refusal(real, bound)
    if (why !== null) throw new OutsideError(culprit(path, bound), why)
    return real
  }

  /**
   * The place that writing to a path would lead to, absolute, be there something or not: what is there of its folders may be read. Throws
   * as `real`; also for a link that leads nowhere.
   */
  target(path: string): string {
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined
    return isThere || dirname(path) === path ? this.real(path) : join(this.target(dirname(path)), basename(path))
  }

  /** True for a path that is named in them. */
  has(path: string): boolean {
    return this.around(path) !== undefined
  }

  /** The innermost bound that the path is named in. */
  private around(path: string): Bound | undefined {
    return this.all
      .filter(({ folder, real }) => isBelow(folder, path) || isBelow(real, path))
      .sort((a, b) => b.folder.length - a.folder.length)[0]
  }
}

/** Why what really is there may not be read, a clause; null: it may. */
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

/** The repository that a folder is in: the nearest one, but not one that only a link of another repository leads to. */
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
