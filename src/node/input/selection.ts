import { resolve } from 'node:path'
import { matcher } from '../../lint/config/glob.ts'
import { conventionalFolders } from '../../systems/reading/conventional-folder.ts'
import { parentOf } from '../../systems/reading/files.ts'
import { wholeOfNumbered } from '../../systems/reading/numbered-folders.ts'
import { contains } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { isDescriptor } from '../disk/reading.ts'
import { Failure } from '../failure.ts'
import { baseOf, expand, type Place } from './expand.ts'
import { quotedFew } from './few.ts'
import { mistakenCommand } from './mistaken-command.ts'

/** The name of what comes by standard input without a name. */
export const standardInput = '<stdin>'

/** Which migrations are read, and which of them are reported on. Paths are those of the tree. */
export interface Selection {
  /** The places that the command line names, or else the configuration; null if neither does. */
  readonly asked: readonly Place[] | null
  /** Only these `.sql` files are read; null: all that exist. */
  readonly files: readonly string[] | null
  /**
   * For places without a system: the folders that contain the history they belong to. They are read in this order, as
   * one.
   */
  homesOf(places: readonly Place[]): readonly Place[]
  /** True for files that the command line names. The other files of their folders are read only to know the tables. */
  isAsked(path: string): boolean
  /** Single files that the command line names, without ignored ones. */
  readonly askedFiles: readonly string[]
  /** True for files that the configuration ignores. */
  isIgnored(path: string): boolean
  /** Files that the command line names and the configuration ignores. */
  readonly ignoredFiles: readonly string[]
  /** Files that the command line names although they are deleted, as hooks may. Their deletion still matters. */
  readonly goneFiles: readonly string[]
  /** True if the command line names files but no directory. */
  readonly isOnlyFiles: boolean
  /** Facts that people should know: one line each. */
  readonly notices: readonly string[]
}

export interface SelectionInput {
  readonly typed: readonly string[]
  readonly workingDirectory: string
  /** Its root is the directory that the configuration's paths are relative to. */
  readonly tree: ProjectTree
  readonly paths: readonly string[]
  readonly ignore: readonly string[]
  readonly errorOnUnmatchedPattern: boolean
  /** True for a file, given by its absolute path, that existed in the last commit. */
  isDeleted(path: string): boolean
}

/**
 * Finds the files that the command line and the configuration name. Throws a Failure that names the patterns without a
 * match.
 */
export function select(input: SelectionInput): Selection {
  const { typed, workingDirectory, tree } = input
  const notices: string[] = []
  const goneFiles: string[] = []
  const expandAll = (patterns: readonly string[], from: string): Place[] => {
    const unmatched: string[] = []
    const places = patterns.flatMap(pattern => {
      const found = expand(pattern, from, tree) ?? deleted(resolve(from, pattern))
      if (!found) unmatched.push(pattern)
      return found ?? []
    })
    if (unmatched.length > 0) {
      const command = from === workingDirectory ? mistakenCommand(typed, unmatched) : null
      if (command !== null && input.errorOnUnmatchedPattern) throw new Failure(command)
      complain(unmatched, input.errorOnUnmatchedPattern, notices)
    }
    return places
  }
  const deleted = (path: string): Place[] | null => {
    if (!input.isDeleted(path)) return null
    const name = tree.disk.name(path)
    goneFiles.push(name)
    return [{ directory: parentOf(name), files: [name] }]
  }
  const isIgnored = matcher(input.ignore)
  const common = {
    isIgnored,
    notices,
    goneFiles,
    askedFiles: [],
    ignoredFiles: [],
    isOnlyFiles: false,
    isAsked: () => true,
  }
  if (typed.length === 0) {
    const places = outermost(expandAll(input.paths, tree.disk.root), tree)
    const files =
      places.length > 0 && places.every(place => place.files) ? places.flatMap(place => place.files ?? []) : null
    return { ...common, files, asked: input.paths.length > 0 ? places : null, homesOf: loose => [...loose] }
  }

  // Files that a person has typed may be read, even outside of the repository.
  for (const pattern of typed) {
    const path = resolve(workingDirectory, baseOf(pattern))
    if (!isDescriptor(path)) tree.disk.bounds.admit(path)
  }
  const asked = expandAll(typed, workingDirectory)
  // A configured path that is missing does not matter if the command line names others.
  const configured = input.paths.flatMap(path => expand(path, tree.disk.root, tree) ?? [])
  const named = asked.flatMap(place => place.files ?? [])
  const askedFiles = named.filter(path => !isIgnored(path))
  return {
    ...common,
    asked: asked.filter(place => place.files === null || place.files.some(path => !isIgnored(path))),
    files: null,
    homesOf: loose => outermost(inFolders(loose.flatMap(place => home(place, configured, tree))), tree),
    isAsked: path =>
      askedFiles.includes(path) || asked.some(({ directory, files }) => files === null && contains(directory, path)),
    askedFiles,
    ignoredFiles: named.filter(isIgnored),
    isOnlyFiles: asked.length > 0 && asked.every(place => place.files !== null),
  }
}

function complain(unmatched: readonly string[], isError: boolean, notices: string[]): void {
  const message = `No such file or directory, and no match: ${quotedFew(unmatched)}`
  if (isError) throw new Failure(`${message}.`)
  notices.push(`${message}.`)
}

/**
 * The folder that contains the history a place belongs to: one of the configured paths, a folder with a telling name,
 * or the place itself.
 */
function home(place: Place, configured: readonly Place[], tree: ProjectTree): Place[] {
  const around = configured.filter(({ directory, files }) => {
    if (files !== null) return place.files?.some(path => files.includes(path)) || contains(place.directory, directory)
    return contains(directory, place.directory) || (place.files === null && contains(place.directory, directory))
  })
  if (around.length > 0) return around
  const telling = tellingAncestor(place.directory)
  if (telling !== null) return [{ directory: telling, files: null }]
  const whole = wholeOfNumbered(tree, place.directory, folder =>
    tree.list(folder).some(({ name }) => /\.sql$/i.test(name)),
  )
  if (whole !== null) return [{ directory: whole, files: null }]
  // With a file that somebody names, the files beside it are read, but not the folders below.
  return [{ directory: place.directory, files: null, ...(place.files && { folders: place.files.map(parentOf) }) }]
}

/** Joins the places of one directory: all of it, or all their folders. */
function inFolders(places: readonly Place[]): Place[] {
  const found = new Map<string, Place>()
  const others: Place[] = []
  for (const place of places) {
    const known = found.get(place.directory)
    if (place.files !== null) others.push(place)
    else if (known?.folders && place.folders) {
      found.set(place.directory, { ...known, folders: [...new Set([...known.folders, ...place.folders])] })
    } else found.set(place.directory, known && !known.folders ? known : place)
  }
  return [...others, ...found.values()]
}

/** `db/migrations` for `db/migrations/2025/03`. */
function tellingAncestor(directory: string): string | null {
  for (let path = directory; path !== '' && path !== '/'; path = parentOf(path)) {
    if (conventionalFolders.some(folder => path === folder || path.endsWith(`/${folder}`))) return path
  }
  return null
}

/** The places without those that lie inside others, each of them once, whatever name it was given by. */
function outermost(places: readonly Place[], tree: ProjectTree): Place[] {
  const real = new Map(places.map(({ directory }) => [directory, tree.real(directory)]))
  const named = (place: Place) => real.get(place.directory) ?? place.directory
  return places.filter(
    (place, i) =>
      !places.some(
        (other, j) =>
          i !== j &&
          other.files === null &&
          !other.folders &&
          contains(named(other), named(place)) &&
          (named(other) !== named(place) || place.files !== null || j < i),
      ),
  )
}
